package io.github.httppool.faults;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.faults.FaultCase.Fault;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.SampledPool;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Plays a case once: the fault, until it is found; and without the fault, until nothing
 * is found. At no moment anything else may be found.
 */
final class FaultRun {

	/** On a busy machine. */
	private static final Duration SLACK = Duration.ofSeconds(15);

	private static final Duration LOOK = Duration.ofMillis(20);

	private final FaultCase fault;

	FaultRun(FaultCase fault) {
		this.fault = fault;
	}

	/**
	 * Play.
	 * @return what was found
	 */
	Finding play() throws Exception {
		try (Scene scene = new Scene()) {
			Fault made = this.fault.play().begin(scene);
			Finding finding = await(scene, "what is to be found",
					(findings) -> findings.stream().anyMatch((found) -> isRight(found, made)))
				.stream()
				.filter((found) -> found.code() == this.fault.code())
				.findFirst()
				.orElseThrow();
			assertThat(finding.severity()).isEqualTo(this.fault.severity());
			made.mend().make();
			await(scene, "nothing", List::isEmpty);
			return finding;
		}
	}

	private boolean isRight(Finding finding, Fault made) {
		if (finding.code() != this.fault.code() || finding.severity() != this.fault.severity()) {
			return false;
		}
		assertThat(finding.route()).as("route of %s", finding).isEqualTo(made.route());
		return Pattern.compile(made.numbers()).matcher(finding.message()).find()
				&& Pattern.compile(made.advice()).matcher(finding.advice()).find();
	}

	private List<Finding> await(Scene scene, String what, Predicate<List<Finding>> condition) throws Exception {
		Set<FindingCode> allowed = EnumSet.of(this.fault.code());
		allowed.addAll(this.fault.beside());
		long end = System.nanoTime() + SampledPool.WINDOW.plus(SLACK).toNanos();
		while (true) {
			List<Finding> findings = scene.findings();
			assertThat(findings).as("findings, while %s is awaited", what)
				.allMatch((finding) -> allowed.contains(finding.code()), "is right");
			if (condition.test(findings)) {
				return findings;
			}
			assertThat(System.nanoTime()).as("%s in time, in place of %s", what, findings).isLessThan(end);
			Pause.of(LOOK);
		}
	}

}

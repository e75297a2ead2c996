package io.github.httppool.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.testing.BackgroundRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Makes for each finding a real situation, and workloads without any, several at once
 * because they spend their time waiting; and keeps the table of them in the
 * documentation. {@code -Dfaults.only=} and a regular expression plays those alone whose
 * name has a part that matches, such as {@code SLOW_DNS} or {@code bursts}.
 */
@Tag("slow")
class FaultTableTests {

	private static final List<FaultCase> FAULTS = Stream
		.of(LimitCases.cases(), ReuseCases.cases(), OpeningCases.cases(), MachineCases.cases())
		.flatMap(List::stream)
		.toList();

	private static final List<HealthyCase> HEALTHY = HealthyCases.cases();

	private static ExecutorService executor;

	private final Map<FaultCase, BackgroundRun<Finding>> faults = new LinkedHashMap<>();

	private final Map<HealthyCase, BackgroundRun<Void>> healthy = new LinkedHashMap<>();

	/** Not a constant: failed tests run once more, in the same class. */
	@BeforeAll
	static void createExecutor() {
		executor = Executors.newFixedThreadPool(5);
	}

	@AfterAll
	static void endExecutor() {
		executor.shutdownNow();
	}

	@Test
	void everyFindingHasItsSituation() {
		Set<FindingCode> made = FAULTS.stream()
			.map(FaultCase::code)
			.collect(Collectors.toCollection(() -> EnumSet.noneOf(FindingCode.class)));
		assertThat(made).containsExactlyInAnyOrderElementsOf(Arrays.asList(FindingCode.values()));
		assertThat(HEALTHY).hasSizeGreaterThanOrEqualTo(10).extracting(HealthyCase::name).doesNotHaveDuplicates();
	}

	@TestFactory
	Stream<DynamicNode> cases() {
		String only = System.getProperty("faults.only", "");
		FAULTS.stream()
			.filter((fault) -> fault.toString().matches(".*(" + only + ").*"))
			.forEach((fault) -> this.faults.put(fault,
					BackgroundRun.begin(fault.toString(), executor, () -> new FaultRun(fault).play())));
		HEALTHY.stream()
			.filter((workload) -> workload.toString().matches(".*(" + only + ").*"))
			.forEach((workload) -> this.healthy.put(workload,
					BackgroundRun.begin(workload.toString(), executor, run(workload))));
		List<DynamicNode> nodes = new ArrayList<>();
		nodes.add(container("Faults", this.faults));
		nodes.add(container("Healthy", this.healthy));
		if (only.isEmpty()) {
			nodes.add(DynamicTest.dynamicTest("docs/findings.md lists these cases", this::checkTable));
		}
		return nodes.stream();
	}

	private static Callable<Void> run(HealthyCase workload) {
		return () -> {
			workload.run();
			return null;
		};
	}

	private static DynamicContainer container(String name, Map<?, ? extends BackgroundRun<?>> runs) {
		return DynamicContainer.dynamicContainer(name,
				runs.entrySet()
					.stream()
					.map((run) -> DynamicTest.dynamicTest(run.getKey().toString(), run.getValue()::await))
					.toList());
	}

	private void checkTable() throws Exception {
		Map<FaultCase, Finding> found = new LinkedHashMap<>();
		for (Map.Entry<FaultCase, BackgroundRun<Finding>> run : this.faults.entrySet()) {
			found.put(run.getKey(), run.getValue().resultForTable());
		}
		for (BackgroundRun<?> run : this.healthy.values()) {
			run.resultForTable();
		}
		assertThat(FaultTable.isCurrent(found, HEALTHY))
			.withFailMessage("docs/findings.md did not say what this run has shown. It does now: look at the "
					+ "difference and commit it together with the change that made it")
			.isTrue();
	}

}

package io.github.httppool.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.FindingCode;
import io.github.httppool.Severity;
import io.github.httppool.faults.FaultCase.Fault;

/**
 * What is wrong with neither the pool nor a server. Played in another JVM.
 */
final class MachineCases {

	private MachineCases() {
	}

	static List<FaultCase> cases() {
		return List.of(

				FaultCase.of(FindingCode.PAUSES, Severity.WARNING,
						"A JVM that is stopped for 600 ms repeatedly (`SIGSTOP`); over when it is left alone.",
						MachineCases::pauses),

				FaultCase.of(FindingCode.CLOCK_CHANGED, Severity.INFO,
						"A JVM whose wall clock is set an hour ahead, and back again (libfaketime); over when it is left alone.",
						MachineCases::clock));
	}

	private static Fault pauses(Scene scene) throws Exception {
		OtherJvm jvm = scene.use(OtherJvm.start(false));
		scene.findings(jvm::findings);
		Callers holdUps = scene.callers(1, Duration.ofMillis(200), () -> jvm.holdUp(Duration.ofMillis(600)));
		return Fault.on(null, "stood still in \\d+ of \\d+ samples, for ([5-9]\\d\\dms|\\d(\\.\\d)?s) at most",
				holdUps::close);
	}

	private static Fault clock(Scene scene) throws Exception {
		OtherJvm jvm = scene.use(OtherJvm.start(true));
		scene.findings(jvm::findings);
		String[] next = { "+1h", "+0" };
		AtomicInteger times = new AtomicInteger();
		Callers setters = scene.callers(1, Duration.ofMillis(700),
				() -> jvm.setClock(next[times.getAndIncrement() % 2]));
		return Fault.on(null, "The wall clock was set (once|[2-9] times), the furthest by 3(599|600|601)s (ahead|back)",
				setters::close);
	}

}

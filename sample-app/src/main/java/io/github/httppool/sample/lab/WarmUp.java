package io.github.httppool.sample.lab;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A run that is not measured: the JVM loads and compiles the classes of both clients, so
 * that the first experiment does not measure that.
 */
final class WarmUp {

	private static final Experiment EXPERIMENT = new Experiment("warm-up", "Warm-up", "", "", Exchange.READ,
			Load.steady(1000, 10, Duration.ofSeconds(2)), Answers.after(Duration.ZERO), List.of());

	private static final long POLL_MILLIS = 20;

	private WarmUp() {
	}

	static void run() throws InterruptedException {
		Side springBoot = Side.withSpringBootDefault(EXPERIMENT);
		Side httpPool = Side.withHttpPool(EXPERIMENT, Map.of());
		try {
			long end = System.nanoTime() + EXPERIMENT.load().limit().toNanos();
			springBoot.start(System.nanoTime());
			httpPool.start(System.nanoTime());
			while (!(springBoot.isDone() && httpPool.isDone()) && System.nanoTime() - end < 0) {
				TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
			}
		}
		finally {
			springBoot.end();
			httpPool.end();
		}
	}

}

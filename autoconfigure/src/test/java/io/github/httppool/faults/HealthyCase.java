package io.github.httppool.faults;

import io.github.httppool.testing.Pause;
import io.github.httppool.testing.SampledPool;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A workload in which nothing is wrong.
 *
 * @param name what it is called
 * @param story what happens, as the table shows it
 * @param play begins it
 */
record HealthyCase(String name, String story, Play play) {

	/**
	 * Play for longer than a sample counts. At no moment anything may be found, and no
	 * call may fail.
	 */
	void run() throws Exception {
		try (Scene scene = new Scene()) {
			this.play.begin(scene);
			long end = System.nanoTime() + SampledPool.WINDOW.plusMillis(500).toNanos();
			while (System.nanoTime() < end) {
				assertThat(scene.findings()).isEmpty();
				Pause.ofMillis(20);
			}
			assertThat(scene.failure()).isNull();
		}
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * Begins the workload.
	 */
	@FunctionalInterface
	interface Play {

		void begin(Scene scene) throws Exception;

	}

}

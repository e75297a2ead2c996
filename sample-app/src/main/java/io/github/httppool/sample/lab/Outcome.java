package io.github.httppool.sample.lab;

import org.jspecify.annotations.Nullable;

/**
 * What became of the calls of one side.
 *
 * @param calls number of calls of the experiment
 * @param answered calls that were answered
 * @param failed calls that failed
 * @param unfinished calls that had not ended, or not begun, when the time was up
 * @param held calls that were under way when the time was up
 * @param firstFailure message of the first failure, or {@code null}
 * @param elapsedMs time from the start to the end of the last call, in milliseconds
 * @param callsPerSecond answered calls per second of that time
 * @param medianMs median time of the calls that were answered or under way, in
 * milliseconds, or {@code null} if there was none
 * @param p99Ms 99th percentile of that, in milliseconds, or {@code null}
 */
record Outcome(int calls, int answered, int failed, int unfinished, int held, @Nullable String firstFailure,
		double elapsedMs, double callsPerSecond, @Nullable Double medianMs, @Nullable Double p99Ms) {

	static Outcome of(int calls, Callers callers) {
		long[] times = callers.times();
		int answered = callers.answered();
		int failed = callers.failed();
		double elapsed = callers.elapsed() / 1e6;
		return new Outcome(calls, answered, failed, Math.max(0, calls - answered - failed), callers.underWay(),
				callers.firstFailure(), rounded(elapsed), (elapsed > 0) ? rounded(answered * 1000 / elapsed) : 0,
				percentile(times, 50), percentile(times, 99));
	}

	private static @Nullable Double percentile(long[] sorted, int percent) {
		if (sorted.length == 0) {
			return null;
		}
		int rank = (int) Math.ceil(sorted.length * percent / 100.0);
		return rounded(sorted[rank - 1] / 1e6);
	}

	static double rounded(double value) {
		return Math.round(value * 10) / 10.0;
	}

}

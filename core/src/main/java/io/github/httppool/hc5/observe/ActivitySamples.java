package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.httppool.PoolActivity;
import io.github.httppool.PoolSample;
import io.github.httppool.findings.Timing;

/**
 * The recent activity of a pool, derived from samples. Written only by the housekeeper;
 * any thread may read.
 */
public final class ActivitySamples {

	/**
	 * When the pool was created.
	 */
	final Instant since = Instant.ofEpochMilli(System.currentTimeMillis());

	/** The same, in nanoseconds of {@link System#nanoTime()}. */
	private final long began = System.nanoTime();

	/**
	 * Cumulative counts, oldest first; empty while sampling is suspended. Replaced as a
	 * whole.
	 */
	private volatile List<Counts> kept = List.of();

	/**
	 * The counts that precede the oldest kept sample.
	 */
	private volatile Counts before = Counts.none(this.began);

	private Timing waited = Timing.NONE;

	/**
	 * Take a sample.
	 * @param now the time
	 * @param pool the pool
	 * @param waited the waits on all routes since the previous sample
	 * @param sampling the sample interval and the window
	 */
	void take(long now, PoolView pool, Timing waited, Sampling sampling) {
		List<Counts> kept = new ArrayList<>(this.kept);
		if (kept.isEmpty()) {
			// Nothing happened while sampling was suspended.
			kept.add(this.before.at(wokeAt(now, sampling)));
		}
		this.waited = new Timing(this.waited.count() + waited.count(), 0, this.waited.nanos() + waited.nanos(),
				waited.longest());
		kept.add(Counts.of(now, pool, this.waited));
		kept.removeIf((counts) -> now - counts.nanoTime > sampling.window());
		this.kept = List.copyOf(kept);
	}

	void sleep() {
		List<Counts> kept = this.kept;
		if (!kept.isEmpty()) {
			this.before = kept.get(kept.size() - 1);
			this.kept = List.of();
		}
	}

	/**
	 * Return the activity within the window, up to now.
	 * @param pool the pool
	 * @param waited the waits on all routes in this period
	 */
	PoolActivity upToNow(long now, PoolView pool, Timing waited, Sampling sampling) {
		List<Counts> kept = this.kept;
		Counts first = kept.isEmpty() ? this.before.at(wokeAt(now, sampling)) : kept.get(0);
		return activity(first, Counts.of(now, pool, Timing.NONE), waited);
	}

	/**
	 * Return the start of the covered period.
	 */
	long coveredSince(long now, Sampling sampling) {
		List<Counts> kept = this.kept;
		return kept.isEmpty() ? wokeAt(now, sampling) : kept.get(0).nanoTime;
	}

	/**
	 * Return when sampling resumed: within one interval before the current sample.
	 */
	private long wokeAt(long now, Sampling sampling) {
		return Math.max(this.began, now - sampling.interval());
	}

	public List<PoolSample> read() {
		List<Counts> kept = this.kept;
		List<PoolSample> samples = new ArrayList<>();
		for (int i = 1; i < kept.size(); i++) {
			Counts then = kept.get(i - 1);
			Counts now = kept.get(i);
			samples.add(new PoolSample(Instant.ofEpochMilli(now.millis), now.leased, now.idle, now.pending,
					activity(then, now, now.waited.since(then.waited))));
		}
		return List.copyOf(samples);
	}

	private static PoolActivity activity(Counts then, Counts now, Timing waited) {
		return new PoolActivity(Duration.ofNanos(now.nanoTime - then.nanoTime), now.calls - then.calls,
				now.opened - then.opened, now.reused - then.reused, now.closed - then.closed, waited.count(),
				Duration.ofNanos(waited.nanos()), Duration.ofNanos(waited.longest()));
	}

	private record Counts(long nanoTime, long millis, long calls, long opened, long reused, long closed, Timing waited,
			int leased, int idle, int pending) {

		static Counts none(long nanoTime) {
			return new Counts(nanoTime, 0, 0, 0, 0, 0, Timing.NONE, 0, 0, 0);
		}

		static Counts of(long nanoTime, PoolView pool, Timing waited) {
			Counters counters = pool.counters();
			long both = pool.tally().both();
			return new Counts(nanoTime, System.currentTimeMillis(), counters.calls.sum(), counters.opened.sum(),
					counters.reused.sum(), counters.closedCount(), waited, ConnectionCounts.leased(both),
					ConnectionCounts.idle(both), pool.pending());
		}

		Counts at(long nanoTime) {
			return new Counts(nanoTime, this.millis, this.calls, this.opened, this.reused, this.closed, this.waited, 0,
					0, 0);
		}

	}

}

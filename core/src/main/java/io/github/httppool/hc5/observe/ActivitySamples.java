package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.httppool.PoolActivity;
import io.github.httppool.PoolSample;
import io.github.httppool.PoolSnapshot.Connections;
import io.github.httppool.PoolSnapshot.Totals;
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
			kept.add(this.before.at(resumedAt(now, sampling)));
		}
		this.waited = new Timing(this.waited.count() + waited.count(), 0, this.waited.nanos() + waited.nanos(),
				waited.longest());
		kept.add(Counts.of(now, pool, this.waited));
		kept.removeIf((counts) -> now - counts.nanoTime > sampling.window());
		this.kept = List.copyOf(kept);
	}

	void suspend() {
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
		Counts first = kept.isEmpty() ? this.before.at(resumedAt(now, sampling)) : kept.get(0);
		return activity(first, Counts.of(now, pool, Timing.NONE), waited);
	}

	/**
	 * Return the start of the covered period.
	 */
	long coveredSince(long now, Sampling sampling) {
		List<Counts> kept = this.kept;
		return kept.isEmpty() ? resumedAt(now, sampling) : kept.get(0).nanoTime;
	}

	/**
	 * Return when sampling resumed: within one interval before the current sample.
	 */
	private long resumedAt(long now, Sampling sampling) {
		return Math.max(this.began, now - sampling.interval());
	}

	public List<PoolSample> read() {
		List<Counts> kept = this.kept;
		List<PoolSample> samples = new ArrayList<>();
		for (int i = 1; i < kept.size(); i++) {
			Counts then = kept.get(i - 1);
			Counts now = kept.get(i);
			samples.add(new PoolSample(Instant.ofEpochMilli(now.millis), now.connections,
					activity(then, now, now.waited.since(then.waited))));
		}
		return List.copyOf(samples);
	}

	private static PoolActivity activity(Counts then, Counts now, Timing waited) {
		return activity(now.nanoTime - then.nanoTime, then.totals, now.totals, waited);
	}

	/**
	 * Return the activity between two moments.
	 * @param nanos the time between them, in nanoseconds
	 * @param then the totals at the first one
	 * @param now the totals at the second one
	 * @param waited the waits between them
	 */
	static PoolActivity activity(long nanos, Totals then, Totals now, Timing waited) {
		return new PoolActivity(Duration.ofNanos(nanos), now.calls() - then.calls(), now.opened() - then.opened(),
				now.reused() - then.reused(), closed(now) - closed(then), waited.count(),
				Duration.ofNanos(waited.nanos()), Duration.ofNanos(waited.longest()));
	}

	private static long closed(Totals totals) {
		return totals.closed().values().stream().mapToLong(Long::longValue).sum();
	}

	private record Counts(long nanoTime, long millis, Totals totals, Timing waited, Connections connections) {

		static Counts none(long nanoTime) {
			return new Counts(nanoTime, 0, Totals.NONE, Timing.NONE, Connections.NONE);
		}

		static Counts of(long nanoTime, PoolView pool, Timing waited) {
			return new Counts(nanoTime, System.currentTimeMillis(), pool.counters().totals(), waited,
					pool.tally().read(pool.pending()));
		}

		Counts at(long nanoTime) {
			return new Counts(nanoTime, this.millis, this.totals, this.waited, Connections.NONE);
		}

	}

}

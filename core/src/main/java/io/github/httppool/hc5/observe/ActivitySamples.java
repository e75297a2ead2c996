package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.httppool.PoolActivity;
import io.github.httppool.PoolSample;
import io.github.httppool.findings.Timing;

/**
 * What the pool did in the last minutes, from sample to sample. Written by the
 * housekeeper alone, read at any time.
 */
public final class ActivitySamples {

	/** When the pool was made. */
	final Instant since = Instant.ofEpochMilli(System.currentTimeMillis());

	/** The same, in nanoseconds of {@link System#nanoTime()}. */
	private final long began = System.nanoTime();

	/** Counts so far, the oldest first; empty while asleep. Replaced as a whole. */
	private volatile List<Counts> kept = List.of();

	/** What was counted before the oldest that is kept. */
	private volatile Counts before = Counts.none(this.began);

	private Timing waited = Timing.NONE;

	/**
	 * Take a sample.
	 * @param now the time
	 * @param pool the pool
	 * @param waited the waits of all routes since the sample before
	 * @param sampling how often samples are taken, and how long they count
	 */
	void take(long now, PoolView pool, Timing waited, Sampling sampling) {
		List<Counts> kept = new ArrayList<>(this.kept);
		if (kept.isEmpty()) {
			// Nothing had happened since the pool fell asleep.
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
	 * Return what happened in the last minutes, up to now.
	 * @param pool the pool
	 * @param waited the waits of all routes in this time
	 */
	PoolActivity upToNow(long now, PoolView pool, Timing waited, Sampling sampling) {
		List<Counts> kept = this.kept;
		Counts first = kept.isEmpty() ? this.before.at(wokeAt(now, sampling)) : kept.get(0);
		return activity(first, Counts.of(now, pool, Timing.NONE), waited);
	}

	/**
	 * Return since when there are numbers.
	 */
	long coveredSince(long now, Sampling sampling) {
		List<Counts> kept = this.kept;
		return kept.isEmpty() ? wokeAt(now, sampling) : kept.get(0).nanoTime;
	}

	/** Something happened for the first time: a sample is taken within an interval. */
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

package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.github.httppool.PoolSnapshot.Connections;
import io.github.httppool.findings.PoolFigures;
import io.github.httppool.findings.RouteFigures;
import io.github.httppool.findings.Timing;
import io.github.httppool.findings.Window;

/**
 * The recent statistics of a pool. The housekeeper takes samples while the pool is in
 * use. Other threads may read at any time without blocking it.
 * <p>
 * An unused route shares its statistics with the previous sample, so that thousands of
 * routes need little memory.
 */
public final class Samples {

	/**
	 * Maximum number of routes that one sample refreshes, in turn.
	 */
	static final int MAX_ROUTES = 200;

	private final PoolView pool;

	private final Sampling sampling;

	/**
	 * Oldest first; empty while sampling is suspended. Replaced as a whole.
	 */
	private volatile List<PoolFigures> kept = List.of();

	/**
	 * The routes when sampling was suspended, for threads that read while it resumes.
	 */
	private volatile List<RouteFigures> lastRoutes = List.of();

	private final ActivitySamples activitySamples = new ActivitySamples();

	/**
	 * Offset of the wall clock from the monotonic clock.
	 */
	private volatile long clockOffset;

	/**
	 * Like {@link #lastActive}, accessed only by the housekeeper.
	 */
	private volatile long activity;

	private long lastActive;

	public Samples(PoolView pool, Sampling sampling) {
		this.pool = pool;
		this.sampling = sampling;
	}

	/**
	 * Take a sample, if one is due. Called by the housekeeper.
	 * @param now the time
	 * @return whether a sample was taken
	 */
	public boolean takeIfDue(long now) {
		List<PoolFigures> before = this.kept;
		long activity = changes();
		boolean active = activity != this.activity || this.pool.isInUse();
		if (before.isEmpty() && !active) {
			return false;
		}
		if (!before.isEmpty() && untilNext(now) > 0) {
			return false;
		}
		this.activity = activity;
		if (active) {
			this.lastActive = now;
		}
		else if (now - this.lastActive > this.sampling.window()) {
			this.lastRoutes = sampled();
			this.kept = List.of();
			this.activitySamples.suspend();
			return true;
		}
		keep(before, now);
		return true;
	}

	private void keep(List<PoolFigures> before, long now) {
		List<PoolFigures> samples = recent(before, now);
		if (before.isEmpty()) {
			this.clockOffset = clockOffset(now);
			samples.add(baseline(now));
		}
		this.activitySamples.take(now, this.pool, refreshRoutes(now), this.sampling);
		samples.add(figures(now, this.clockOffset, sampled(), true));
		this.clockOffset = clockOffset(now);
		this.kept = List.copyOf(samples);
	}

	/**
	 * Return when the next sample is due.
	 * @return the nanoseconds until then, or {@link Long#MAX_VALUE} if the pool is unused
	 */
	public long untilNext(long now) {
		List<PoolFigures> samples = this.kept;
		return samples.isEmpty() ? Long.MAX_VALUE
				: samples.get(samples.size() - 1).nanoTime() + this.sampling.interval() - now;
	}

	/**
	 * Return when to take the first sample after sampling has resumed.
	 */
	public long firstSampleDelay() {
		return this.sampling.interval();
	}

	/**
	 * Return a number that changes with any activity of the pool.
	 */
	private long changes() {
		Counters counters = this.pool.counters();
		return counters.calls.sum() + counters.acquireTimeouts.sum() + counters.acquireRejected.sum()
				+ counters.closedCount();
	}

	// For other threads

	/**
	 * Return whether sampling is suspended because the pool is unused.
	 */
	boolean areSuspended() {
		return this.kept.isEmpty() && changes() == this.activity && !this.pool.isInUse();
	}

	/**
	 * Return the recorded window, up to now.
	 */
	public Window window() {
		long now = System.nanoTime();
		List<PoolFigures> before = this.kept;
		List<PoolFigures> samples = recent(before, now);
		if (before.isEmpty()) {
			samples.add(baseline(now));
		}
		// While sampling is suspended, the stored offset is not updated.
		long offset = before.isEmpty() ? clockOffset(now) : this.clockOffset;
		samples.add(figures(now, offset, current(), false));
		return window(samples);
	}

	/**
	 * Return the recorded window, up to the newest sample.
	 * @return the window; has no samples while sampling is suspended
	 */
	public Window sampledWindow() {
		return window(this.kept);
	}

	List<PoolFigures> kept() {
		return this.kept;
	}

	/**
	 * Return the statistics of the routes at the time sampling was suspended.
	 */
	List<RouteFigures> lastRoutes() {
		return this.lastRoutes;
	}

	public ActivitySamples activity() {
		return this.activitySamples;
	}

	Sampling sampling() {
		return this.sampling;
	}

	private Window window(List<PoolFigures> samples) {
		return new Window(this.pool.name(), this.pool.settings(), Duration.ofNanos(this.sampling.window()),
				withoutQuietRoutes(samples));
	}

	/**
	 * Remove the routes without activity.
	 */
	private static List<PoolFigures> withoutQuietRoutes(List<PoolFigures> samples) {
		if (samples.isEmpty()) {
			return samples;
		}
		List<RouteFigures> now = samples.get(samples.size() - 1).routes();
		Set<RouteFigures> then = new HashSet<>(samples.get(0).routes());
		Set<String> active = new HashSet<>();
		for (RouteFigures route : now) {
			if (!route.connections().equals(Connections.NONE) || !then.contains(route)) {
				active.add(route.route());
			}
		}
		if (active.size() == now.size()) {
			return List.copyOf(samples);
		}
		return samples.stream()
			.map((sample) -> sample
				.of(sample.routes().stream().filter((route) -> active.contains(route.route())).toList()))
			.toList();
	}

	// Taking a sample

	private List<PoolFigures> recent(List<PoolFigures> samples, long now) {
		// Pauses of the process do not count towards the age of samples.
		long lost = this.pool.housekeeper().longestPause(false);
		long end = now - ((lost >= PoolFigures.PAUSE) ? lost : 0);
		int first = samples.size();
		while (first > 0 && end - samples.get(first - 1).nanoTime() <= this.sampling.window()) {
			first--;
			end -= samples.get(first).lost();
		}
		return new ArrayList<>(samples.subList(first, samples.size()));
	}

	/**
	 * Return the state before sampling resumed. Nothing has changed since the last
	 * sample.
	 */
	private PoolFigures baseline(long now) {
		return new PoolFigures(this.activitySamples.coveredSince(now, this.sampling), this.pool.settings(),
				RouteStatsReader.limits(this.pool), Connections.NONE, 0, 0, this.lastRoutes, List.of(), 0, 0,
				this.sampling.ports().get(), this.pool.generation());
	}

	private PoolFigures figures(long now, long offsetBefore, List<RouteFigures> routes, boolean take) {
		ConnectionCounts tally = this.pool.tally();
		return new PoolFigures(now, this.pool.settings(), RouteStatsReader.limits(this.pool),
				tally.read(this.pool.pending()), tally.peakTotal(take), tally.peakLeased(take), routes,
				this.pool.leaseFigures(), this.pool.housekeeper().longestPause(take), clockOffset(now) - offsetBefore,
				this.sampling.ports().get(), this.pool.generation());
	}

	private long clockOffset(long now) {
		// The two clocks are read one after another; the time between the reads
		// is not a clock jump.
		long since = System.nanoTime() - now;
		return TimeUnit.MILLISECONDS.toNanos(this.sampling.wallClock().getAsLong()) - since - now;
	}

	private Timing refreshRoutes(long now) {
		List<RouteStats> changed = new ArrayList<>();
		for (RouteStats route : this.pool.allRoutes()) {
			if (route.sampled.mayHaveChanged(route.isInUse(), route.lastUsed, now, this.sampling.interval())) {
				changed.add(route);
			}
		}
		if (changed.size() > MAX_ROUTES) {
			changed.sort(Comparator.comparingLong((route) -> -route.sampled.age(now)));
		}
		LimitsView limits = this.pool.limits();
		return changed.stream()
			.limit(MAX_ROUTES)
			.map((route) -> route.sampled.keep(RouteStatsReader.of(route, limits, true), now))
			.reduce(Timing.NONE, Timing::plus);
	}

	private List<RouteFigures> sampled() {
		List<RouteFigures> figures = new ArrayList<>();
		for (RouteStats route : this.pool.allRoutes()) {
			RouteFigures sampled = route.sampled.figures();
			if (sampled != null) {
				figures.add(sampled);
			}
		}
		return List.copyOf(figures);
	}

	private List<RouteFigures> current() {
		LimitsView limits = this.pool.limits();
		return this.pool.allRoutes().stream().map((route) -> RouteStatsReader.of(route, limits, false)).toList();
	}

}

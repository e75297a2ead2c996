package io.github.httppool.findings;

import java.time.Duration;
import java.util.List;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PoolSnapshot;

/**
 * A sample: the statistics of a pool at one moment.
 *
 * @param nanoTime {@link System#nanoTime()} of the sample
 * @param settings the settings in force
 * @param limits the limits in force, which can change independently of the settings
 * @param connections what the connections are doing
 * @param peakTotal maximum number of connections, leased and idle, since the previous
 * sample
 * @param peakLeased maximum number of leased connections since the previous sample
 * @param routes the statistics of each route
 * @param leases the longest-held leases, at most 20, longest first
 * @param longestPause longest time by which the housekeeper woke late since the previous
 * sample, in nanoseconds
 * @param clockJump how far the wall clock moved ahead of the monotonic clock (or, if
 * negative, behind it) since the previous sample, in nanoseconds
 * @param ports the local ports of the machine
 * @param evictions number of times that all connections were evicted, by an operator or
 * because an SSL bundle was reloaded
 */
public record PoolFigures(long nanoTime, HttpPoolSettings settings, PoolSnapshot.Limits limits,
		PoolSnapshot.Connections connections, int peakTotal, int peakLeased, List<RouteFigures> routes,
		List<LeaseFigures> leases, long longestPause, long clockJump, LocalPorts ports, int evictions) {

	/**
	 * Minimum pause that is reported. Pauses of healthy garbage collectors are shorter.
	 */
	public static final long PAUSE = Duration.ofMillis(500).toNanos();

	/**
	 * Minimum clock change that is reported: more than a leap second or the small steps
	 * of time synchronization.
	 */
	static final long CLOCK_JUMP = Duration.ofSeconds(2).toNanos();

	/**
	 * Return whether the limit of the pool was reached.
	 */
	boolean isFull() {
		return this.peakLeased >= this.limits.maxTotal();
	}

	/**
	 * Return whether the machine may have been suspended since the previous sample. The
	 * monotonic clock may stop during suspension.
	 */
	boolean isAfterSuspension() {
		return this.clockJump >= CLOCK_JUMP;
	}

	/**
	 * Return how long the process was paused since the previous sample.
	 * @return the time in nanoseconds, or 0 if it is short
	 */
	public long lost() {
		return (this.longestPause >= PAUSE) ? this.longestPause : 0;
	}

	/**
	 * Return this sample reduced to the given routes.
	 */
	public PoolFigures of(List<RouteFigures> routes) {
		return new PoolFigures(this.nanoTime, this.settings, this.limits, this.connections, this.peakTotal,
				this.peakLeased, routes, this.leases, this.longestPause, this.clockJump, this.ports, this.evictions);
	}

}

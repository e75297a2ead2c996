package io.github.httppool.findings;

import java.time.Duration;
import java.util.List;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PoolSnapshot;

/**
 * A sample: the numbers of a pool at one moment.
 *
 * @param nanoTime when, as {@link System#nanoTime()}
 * @param settings the settings in force
 * @param limits the limits in force, which can be changed without the settings
 * @param leased connections that callers hold, including those being opened
 * @param idle open connections that nobody holds
 * @param pending callers that wait for a connection
 * @param peakTotal most connections, leased and idle, since the sample before
 * @param peakLeased most connections leased at once since the sample before
 * @param routes the numbers of each route
 * @param leases the longest-held leases, at most 20, the longest-held first
 * @param longestPause longest time by which the housekeeper woke too late, since the
 * sample before, in nanoseconds
 * @param clockJump by how much the wall clock went ahead (or, below 0, back) of the
 * monotonic clock since the sample before, in nanoseconds
 * @param ports the local ports of the machine
 * @param evictions how often all connections were given up, by an operator or because an
 * SSL bundle was reloaded
 */
public record PoolFigures(long nanoTime, HttpPoolSettings settings, PoolSnapshot.Limits limits, int leased, int idle,
		int pending, int peakTotal, int peakLeased, List<RouteFigures> routes, List<LeaseFigures> leases,
		long longestPause, long clockJump, LocalPorts ports, int evictions) {

	/** Garbage collectors keep below that when all is well. */
	public static final long PAUSE = Duration.ofMillis(500).toNanos();

	/** A leap second is no jump, and a clock that is disciplined goes in small steps. */
	static final long CLOCK_JUMP = Duration.ofSeconds(2).toNanos();

	/**
	 * Return whether the limit of the pool was reached.
	 */
	boolean isFull() {
		return this.peakLeased >= this.limits.maxTotal();
	}

	/**
	 * Returns whether the machine may have been suspended since the sample before: the
	 * monotonic clock may not advance then.
	 */
	boolean isAfterSuspension() {
		return this.clockJump >= CLOCK_JUMP;
	}

	/**
	 * Returns the part of the time since the sample before in which nothing could happen.
	 * @return nanoseconds, 0 unless that is long
	 */
	public long lost() {
		return (this.longestPause >= PAUSE) ? this.longestPause : 0;
	}

	/**
	 * Returns this sample with the numbers of some routes alone.
	 */
	public PoolFigures of(List<RouteFigures> routes) {
		return new PoolFigures(this.nanoTime, this.settings, this.limits, this.leased, this.idle, this.pending,
				this.peakTotal, this.peakLeased, routes, this.leases, this.longestPause, this.clockJump, this.ports,
				this.evictions);
	}

}

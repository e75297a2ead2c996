package io.github.httppool.findings;

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
 */
public record PoolFigures(long nanoTime, HttpPoolSettings settings, PoolSnapshot.Limits limits, int leased, int idle,
		int pending, int peakTotal, int peakLeased, List<RouteFigures> routes, List<LeaseFigures> leases,
		long longestPause, long clockJump, LocalPorts ports) {

	/**
	 * Say whether the limit of the pool was reached.
	 */
	boolean isFull() {
		return this.peakLeased >= this.limits.maxTotal();
	}

}

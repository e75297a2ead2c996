package io.github.httppool;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Activity of a pool or of one of its routes during a period. Immutable.
 *
 * @param span length of the period
 * @param calls leases granted
 * @param opened connections opened
 * @param reused leases of a connection that was already open
 * @param closed connections closed, for any reason
 * @param waits callers that had to wait for a connection, including those that got none
 * @param waited total time that these callers waited
 * @param longestWait the longest of these waits, zero if no caller had to wait
 * @since 0.1.0
 */
public record PoolActivity(Duration span, long calls, long opened, long reused, long closed, long waits,
		Duration waited, Duration longestWait) {

	/** No activity. */
	public static final PoolActivity NONE = new PoolActivity(Duration.ZERO, 0, 0, 0, 0, 0, Duration.ZERO,
			Duration.ZERO);

	/**
	 * Return the number of calls per second. A period shorter than a second counts as a
	 * second.
	 * @return the number
	 */
	public double callsPerSecond() {
		return perSecond(this.calls);
	}

	/**
	 * Return the number of connections opened per second.
	 * @return the number
	 */
	public double openedPerSecond() {
		return perSecond(this.opened);
	}

	/**
	 * Return the number of connections closed per second.
	 * @return the number
	 */
	public double closedPerSecond() {
		return perSecond(this.closed);
	}

	/**
	 * Return the share of reused connections.
	 * @return a number from 0 to 1, empty if nothing was leased
	 */
	public OptionalDouble reuseRatio() {
		long leases = this.reused + this.opened;
		return (leases != 0) ? OptionalDouble.of((double) this.reused / leases) : OptionalDouble.empty();
	}

	/**
	 * Return the mean wait of the callers that had to wait.
	 * @return the time, empty if no caller had to wait
	 */
	public Optional<Duration> meanWait() {
		return (this.waits != 0) ? Optional.of(this.waited.dividedBy(this.waits)) : Optional.empty();
	}

	/** A period shorter than a second counts as a second. */
	private double perSecond(long count) {
		return count / Math.max(1, this.span.toNanos() / 1e9);
	}

}

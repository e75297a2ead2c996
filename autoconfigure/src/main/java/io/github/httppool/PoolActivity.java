package io.github.httppool;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What happened in a pool, or on one of its routes, during some time.
 *
 * @param span how long that time was
 * @param calls leases granted
 * @param opened connections opened
 * @param reused leases of a connection that was open already
 * @param closed connections closed, for whatever reason
 * @param waits callers that had to wait for a connection, whether they got one or not
 * @param waited the time that these callers waited, all together
 * @param longestWait the longest of their waits, zero if nobody had to wait
 * @since 0.1.0
 */
public record PoolActivity(Duration span, long calls, long opened, long reused, long closed, long waits,
		Duration waited, Duration longestWait) {

	/** Nothing happened. */
	public static final PoolActivity NONE = new PoolActivity(Duration.ZERO, 0, 0, 0, 0, 0, Duration.ZERO,
			Duration.ZERO);

	/**
	 * Return how many calls there were in a second.
	 * @return the number
	 */
	public double callsPerSecond() {
		return perSecond(this.calls);
	}

	/**
	 * Return how many connections were opened in a second.
	 * @return the number
	 */
	public double openedPerSecond() {
		return perSecond(this.opened);
	}

	/**
	 * Return how many connections were closed in a second.
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
	 * Return how long those callers waited on average that had to wait.
	 * @return the time, empty if nobody had to wait
	 */
	public Optional<Duration> meanWait() {
		return (this.waits != 0) ? Optional.of(this.waited.dividedBy(this.waits)) : Optional.empty();
	}

	/** A time of less than a second says nothing about a second. */
	private double perSecond(long count) {
		return count / Math.max(1, this.span.toNanos() / 1e9);
	}

}

package io.github.httppool.hc5.observe;

import io.github.httppool.findings.RouteFigures;
import io.github.httppool.findings.Timing;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a route as they were sampled last. Written by the housekeeper alone.
 */
public final class SampledRoute {

	private volatile @Nullable RouteFigures figures;

	private long sampledAt = System.nanoTime();

	/** Whether nothing had happened between the last two samples, or was under way. */
	private boolean quiet;

	@Nullable RouteFigures figures() {
		return this.figures;
	}

	long age(long now) {
		return now - this.sampledAt;
	}

	/**
	 * Returns whether a look at all numbers is worth while: they are many.
	 * @param inUse whether the route has connections or waiting callers
	 * @param lastUsed when a connection was last asked for
	 */
	boolean mayHaveChanged(boolean inUse, long lastUsed, long now, long interval) {
		// With a margin: a wish is dated before anything that comes of it can be seen.
		return !this.quiet || inUse || now - lastUsed <= 2 * interval || lastUsed - this.sampledAt > 0;
	}

	/**
	 * Keep the numbers of now.
	 * @return how callers waited since the sample before
	 */
	Timing keep(RouteFigures current, long now) {
		RouteFigures before = this.figures;
		boolean unchanged = current.equals(before);
		if (!unchanged) {
			this.figures = current;
		}
		this.quiet = unchanged && current.leased() + current.idle() + current.pending() == 0;
		this.sampledAt = now;
		return (before != null) ? current.waited().since(before.waited()) : current.waited();
	}

}

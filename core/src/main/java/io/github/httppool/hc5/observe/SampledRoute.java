package io.github.httppool.hc5.observe;

import io.github.httppool.PoolSnapshot.Connections;
import io.github.httppool.findings.RouteFigures;
import io.github.httppool.findings.Timing;
import org.jspecify.annotations.Nullable;

/**
 * The last sample of a route. Written only by the housekeeper.
 */
public final class SampledRoute {

	private volatile @Nullable RouteFigures figures;

	private long sampledAt = System.nanoTime();

	/**
	 * Whether the route was unused between the last two samples.
	 */
	private boolean quiet;

	@Nullable RouteFigures figures() {
		return this.figures;
	}

	long age(long now) {
		return now - this.sampledAt;
	}

	/**
	 * Return whether the statistics may have changed, so that a new sample is worth its
	 * cost.
	 * @param inUse whether the route has connections or waiting callers
	 * @param lastUsed when a connection was last requested
	 */
	boolean mayHaveChanged(boolean inUse, long lastUsed, long now, long interval) {
		// With a margin: lastUsed is set before the effects of an acquire become visible.
		return !this.quiet || inUse || now - lastUsed <= 2 * interval || lastUsed - this.sampledAt > 0;
	}

	/**
	 * Store the current statistics.
	 * @return the waits of callers since the previous sample
	 */
	Timing keep(RouteFigures current, long now) {
		RouteFigures before = this.figures;
		boolean unchanged = current.equals(before);
		if (!unchanged) {
			this.figures = current;
		}
		this.quiet = unchanged && current.connections().equals(Connections.NONE);
		this.sampledAt = now;
		return (before != null) ? current.waited().since(before.waited()) : current.waited();
	}

}

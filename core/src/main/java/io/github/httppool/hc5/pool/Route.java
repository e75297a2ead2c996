package io.github.httppool.hc5.pool;

import io.github.httppool.ProxyServer;
import io.github.httppool.hc5.observe.RouteStats;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * One route of a pool.
 */
public final class Route extends RouteStats {

	public final IdleConnections kept = new IdleConnections();

	/** Whether it is no longer among the routes of the pool. */
	volatile boolean forgotten;

	public Route(HttpRoute httpRoute) {
		this(httpRoute, null);
	}

	public Route(HttpRoute httpRoute, @Nullable ProxyServer socks) {
		super(httpRoute, socks);
	}

	@Override
	public boolean isInUse() {
		return super.isInUse() || !this.kept.isEmpty();
	}

}

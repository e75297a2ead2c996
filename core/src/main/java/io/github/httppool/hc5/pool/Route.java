package io.github.httppool.hc5.pool;

import io.github.httppool.ProxyServer;
import io.github.httppool.hc5.observe.RouteStats;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * One route of a pool.
 */
public final class Route extends RouteStats {

	final RouteSlots<PooledConnection> slots = new RouteSlots<>(this.tally, this.pending);

	public Route(HttpRoute httpRoute) {
		this(httpRoute, null);
	}

	public Route(HttpRoute httpRoute, @Nullable ProxyServer socks) {
		super(httpRoute, socks);
	}

}

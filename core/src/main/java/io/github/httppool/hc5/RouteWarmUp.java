package io.github.httppool.hc5;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.github.httppool.CallTimeout;
import io.github.httppool.CallTimeoutException;
import io.github.httppool.WarmUp;
import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.hc5.observe.Explanation;
import io.github.httppool.hc5.pool.ConnectionPool;
import io.github.httppool.hc5.pool.Route;
import io.github.httppool.hc5.pool.RouteLimits;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections to one route before the first calls. Each connection is held until
 * all are open. Otherwise, the pool would lease it again instead of opening the next one.
 */
final class RouteWarmUp {

	private static final Logger log = LoggerFactory.getLogger(RouteWarmUp.class);

	/**
	 * Name of the context attribute that contains the warm-up.
	 */
	private static final String ATTRIBUTE = RouteWarmUp.class.getName();

	private final ConnectionPool pool;

	private final String property;

	private final HttpHost target;

	private final int requested;

	private final int allowed;

	/**
	 * The reason for opening fewer connections than configured.
	 */
	private final String limit;

	private final List<ExecRuntime> held = new ArrayList<>();

	private int begun;

	private int opened;

	private boolean ended;

	private @Nullable Throwable failure;

	/**
	 * Creates a warm-up that has not begun.
	 * @param left number of connections that the pool may still open
	 */
	RouteWarmUp(ConnectionPool pool, WarmUp warmUp, int left) {
		this.pool = pool;
		this.property = pool.settings().propertyPrefix() + "warm-up." + warmUp.name();
		this.target = RouteLimits.target(this.property, warmUp.uri());
		this.requested = Objects.requireNonNull(warmUp.connections());
		int maxIdle = pool.limits().mostIdle(this.target);
		// The settings are consistent, but the pool may have been resized since.
		this.limit = (maxIdle <= left) ? "the limit of the route is " + maxIdle : "http-pool.max-total allows no more";
		this.allowed = Math.min(this.requested, Math.min(maxIdle, left));
	}

	int allowed() {
		return this.allowed;
	}

	/**
	 * Opens connections until there are enough, one of them fails, or the deadline
	 * passes.
	 */
	void open(HttpClient client, long deadline) {
		while (tryBegin()) {
			long left = deadline - System.nanoTime();
			if (left <= 0) {
				return;
			}
			try {
				openOne(client, Duration.ofNanos(left));
			}
			catch (Throwable ex) {
				failed(ex);
			}
		}
	}

	private void openOne(HttpClient client, Duration limit) throws Exception {
		HttpClientContext context = HttpClientContext.create();
		context.setAttribute(ATTRIBUTE, this);
		context.setAttribute(CallTimeout.ATTRIBUTE, limit);
		client.executeOpen(this.target, new BasicClassicHttpRequest("WARM-UP", this.target, "/"), context).close();
	}

	private synchronized boolean tryBegin() {
		return !this.ended && this.failure == null && this.begun++ < this.allowed;
	}

	synchronized void failed(Throwable failure) {
		if (this.failure == null) {
			this.failure = failure;
		}
	}

	/**
	 * Holds a connection that was opened.
	 */
	static void hold(HttpClientContext context, ExecRuntime connection) {
		if (context.getAttribute(ATTRIBUTE) instanceof RouteWarmUp route) {
			route.hold(connection);
		}
	}

	private synchronized void hold(ExecRuntime connection) {
		this.opened++;
		this.held.add(connection);
		if (this.ended) {
			releaseAll();
		}
	}

	/**
	 * Releases the connections to the pool, including those that are opened late.
	 */
	synchronized void end() {
		this.ended = true;
		int opened = this.opened;
		releaseAll();
		if (opened < this.requested) {
			log.warn(Explanation.of(this.pool, "Pool '%s' opened %s of %s connections to %s at start (%s): %s",
					this.pool.name(), opened, this.requested, Route.origin(this.target), this.property, reason()));
		}
		else {
			log.debug("Pool '{}' opened {} connections to {}", this.pool.name(), opened, Route.origin(this.target));
		}
	}

	private String reason() {
		Throwable failure = this.failure;
		if (failure == null && this.opened == this.allowed) {
			return this.limit;
		}
		if (failure == null || failure instanceof CallTimeoutException) {
			return "there was no time for more (http-pool.connect-timeout and http-pool.tls-handshake-timeout together)";
		}
		return Exceptions.messageOrType(failure);
	}

	private void releaseAll() {
		for (ExecRuntime connection : this.held) {
			connection.markConnectionReusable(null, TimeValue.NEG_ONE_MILLISECOND);
			connection.releaseEndpoint();
		}
		this.held.clear();
	}

}

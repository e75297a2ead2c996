package io.github.httppool.hc5.pool;

import java.io.IOException;

import io.github.httppool.hc5.observe.ConnectExplanation;
import io.github.httppool.hc5.observe.ShutdownExplanation;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Presents a pool to HttpClient as its own connection manager, with a
 * {@link ConnectionBook} in place of HttpClient's pool. A {@link Lease} is the endpoint,
 * so there are no HttpClient objects between a call and its connection.
 */
public final class PooledConnectionManager extends PoolingHttpClientConnectionManager {

	/** The connection request timeout of request configurations that do not set one. */
	private static final Timeout UNSAID_TIMEOUT = RequestConfig.DEFAULT.getConnectionRequestTimeout();

	/** HttpClient requires one. {@link #connect} and {@link #upgrade} do not use it. */
	private static final HttpClientConnectionOperator UNUSED_OPERATOR = new DefaultHttpClientConnectionOperator(null,
			null, (scheme) -> null);

	private final PoolContext pool;

	private final PooledSlots slots;

	private final ConnectionSettings settings;

	private final BookControl control;

	PooledConnectionManager(PoolContext pool, PooledSlots slots, ConnectionSettings settings, BookControl control) {
		super(UNUSED_OPERATOR, control, null);
		this.pool = pool;
		this.slots = slots;
		this.settings = settings;
		this.control = control;
	}

	/**
	 * {@inheritDoc}
	 * @param state the call from the context, or any other object
	 */
	@Override
	public LeaseRequest lease(String id, HttpRoute httpRoute, @Nullable Timeout requestTimeout,
			@Nullable Object state) {
		long now = System.nanoTime();
		Route route = this.slots.routes.get(httpRoute);
		route.lastUsed = now;
		boolean explicit = requestTimeout != this.pool.made().acquireTimeout && requestTimeout != UNSAID_TIMEOUT
				&& TimeValue.isPositive(requestTimeout);
		return new AcquireRequest(this.pool, this.slots, new Lease(this.pool, id, route, Call.of(state)),
				explicit ? requestTimeout : this.pool.inForce().acquireTimeout, now);
	}

	@Override
	public void release(ConnectionEndpoint endpoint, @Nullable Object newState, @Nullable TimeValue validDuration) {
		Lease lease = (Lease) endpoint;
		lease.takeUserToken(newState);
		lease.end(validDuration);
	}

	@Override
	public void connect(ConnectionEndpoint endpoint, @Nullable TimeValue connectTimeout, HttpContext context)
			throws IOException {
		Lease lease = (Lease) endpoint;
		lease.call.enter(HttpClientContext.cast(context));
		try {
			if (lease.route.httpRoute.getTargetHost().getPort() == 0) {
				throw ConnectExplanation.noPort(this.pool, lease.route);
			}
			open(lease, connectTimeout, context);
			if (!lease.route.httpRoute.isLayered()) {
				this.pool.listeners().calls().opened(lease);
			}
		}
		catch (Throwable ex) {
			lease.connectFailed(ex);
			if (this.pool.isClosed() && !(ex instanceof Error)) {
				throw ShutdownExplanation.callAborted(this.pool, lease.route, ex);
			}
			throw ex;
		}
	}

	private void open(Lease lease, @Nullable TimeValue connectTimeout, HttpContext context) throws IOException {
		PooledConnection connection = lease.held();
		if (connection.isOpen()) {
			return;
		}
		if (this.pool.isClosed()) {
			throw new RequestFailedException("The connection to %s was closed before it was opened (pool '%s')"
				.formatted(lease.route(), lease.pool()));
		}
		if (connection.isClosed()) {
			// The new connection uses the same slot, so the old socket
			// must be closed first.
			connection.close(CloseMode.IMMEDIATE);
			connection = this.slots.connections.create();
		}
		lease.reconnected(connection);
		HttpRoute route = lease.route.httpRoute;
		ConnectionConfig config = this.pool.inForce().connectionConfig;
		Timeout timeout = (connectTimeout != null)
				? Timeout.of(connectTimeout.getDuration(), connectTimeout.getTimeUnit()) : config.getConnectTimeout();
		this.settings.connector()
			.connect(lease, timeout, this.settings.socketConfig(route),
					route.isTunnelled() ? null : this.settings.tlsConfig(route.getTargetHost()), context);
		Timeout socketTimeout = config.getSocketTimeout();
		if (socketTimeout != null) {
			connection.setSocketTimeout(socketTimeout);
		}
	}

	@Override
	public void upgrade(ConnectionEndpoint endpoint, HttpContext context) throws IOException {
		Lease lease = (Lease) endpoint;
		lease.call.enter(HttpClientContext.cast(context));
		try {
			this.settings.connector()
				.upgrade(lease, this.settings.tlsConfig(lease.route.httpRoute.getTargetHost()), context);
			lease.exchange.upgraded();
			this.pool.listeners().calls().opened(lease);
		}
		catch (Throwable ex) {
			lease.connectFailed(ex);
			throw ex;
		}
	}

	/**
	 * Does nothing, because HttpClient closes its manager after an {@code Error}
	 * (HTTPCLIENT-1924), and when any of its clients is closed.
	 */
	@Override
	public void close(CloseMode closeMode) {
	}

	@Override
	public void close() {
	}

	@Override
	public boolean isClosed() {
		return this.pool.isClosed();
	}

	@Override
	public void closeIdle(TimeValue idleTime) {
		this.control.closeIdle(idleTime);
	}

	@Override
	public void closeExpired() {
		this.control.closeExpired();
	}

}

package io.github.httppool.hc5.pool;

import java.time.Duration;
import java.util.Objects;

import io.github.httppool.CloseReason;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.findings.MessageLines;
import io.github.httppool.hc5.net.ConnectAttempt;
import io.github.httppool.hc5.observe.LeaseView;
import io.github.httppool.hc5.observe.RouteStats;
import org.apache.hc.client5.http.impl.ConnectionShutdownException;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.util.Identifiable;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The data of a lease that listeners, explanations and the leak detector use.
 */
abstract class LeaseDetails extends ConnectionEndpoint implements LeaseView, Identifiable {

	/** Changes only while the caller has no connection yet. */
	public Route route;

	final PoolContext pool;

	final Call call;

	volatile @Nullable PooledConnection connection;

	volatile long leasedAt;

	/** Read later by listeners. */
	volatile long heldUntil;

	volatile boolean reused;

	/** HttpClient may set it before each exchange. */
	volatile @Nullable Timeout responseTimeout;

	private final String id;

	private final String thread = nameOf(Thread.currentThread());

	private @Nullable ConnectAttempt attempt;

	private @Nullable String whyNotReplayed;

	LeaseDetails(PoolContext pool, String id, Route route, Call call) {
		this.pool = pool;
		this.id = id;
		this.route = route;
		this.call = call;
	}

	/**
	 * Return the current exchange, or the last one.
	 */
	abstract Exchange exchange();

	@Override
	public final String getId() {
		return this.id;
	}

	@Override
	public final long callId() {
		return this.call.id();
	}

	@Override
	public final @Nullable String call() {
		HttpRequest request = exchange().request();
		return (request != null) ? CallDescription.of(request) : null;
	}

	/**
	 * Return the deadline of the call, or {@code null} if it has none.
	 */
	public final @Nullable CallDeadline deadline() {
		return this.call.deadline();
	}

	/**
	 * Return the user to whom the connection belongs, or {@code null} if it is shared.
	 */
	public final @Nullable Object userToken() {
		return this.call.userToken();
	}

	/**
	 * Use the user token that the caller has set in the meantime, if any.
	 */
	public final void takeUserToken(@Nullable Object token) {
		this.call.takeUserToken(token);
	}

	@Override
	public final String pool() {
		return this.pool.name();
	}

	@Override
	public final String route() {
		return this.route.name;
	}

	@Override
	public final RouteStats routeStats() {
		return this.route;
	}

	@Override
	public final String thread() {
		// A line break in the name could imitate a line of the log.
		return MessageLines.inOneLine(this.thread);
	}

	/**
	 * Return the name of a thread. Virtual threads have none by default.
	 */
	private static String nameOf(Thread thread) {
		String name = thread.getName();
		return !name.isEmpty() ? name : thread.toString();
	}

	@Override
	public final @Nullable PooledConnectionInfo connection() {
		return this.connection;
	}

	/**
	 * Return the connection. Must not be called before the lease holds one.
	 */
	@Override
	public final PooledConnection held() {
		return Objects.requireNonNull(this.connection, "No connection was leased");
	}

	/**
	 * Return the connection, which must be open.
	 */
	final PooledConnection open() throws ConnectionShutdownException {
		PooledConnection connection = held();
		if (!connection.isOpen()) {
			throw new ConnectionShutdownException();
		}
		return connection;
	}

	/**
	 * Return the current attempt to connect.
	 */
	public final ConnectAttempt attempt() {
		return Objects.requireNonNull(this.attempt, "No connection is being opened");
	}

	public final void attempt(ConnectAttempt attempt) {
		this.attempt = attempt;
	}

	@Override
	public final boolean isReused() {
		return this.reused;
	}

	@Override
	public final long leasedAt() {
		return this.leasedAt;
	}

	@Override
	public final Duration heldFor() {
		if (this.leasedAt == 0) {
			return Duration.ZERO;
		}
		long end = this.heldUntil;
		return Duration.ofNanos(((end != 0) ? end : System.nanoTime()) - this.leasedAt);
	}

	@Override
	public final @Nullable Duration responseTimeout() {
		Timeout timeout = this.responseTimeout;
		return TimeValue.isPositive(timeout) ? timeout.toDuration() : null;
	}

	@Override
	public final boolean isUnattended() {
		return exchange().isUnattended();
	}

	/**
	 * Return whether the server had closed the reused connection before it answered.
	 */
	public final boolean wasStale() {
		return exchange().failure() == CloseReason.STALE;
	}

	/**
	 * Record why the request was not sent again over another connection.
	 */
	public final void notReplayed(String reason) {
		this.whyNotReplayed = reason;
	}

	@Override
	public final @Nullable String whyNotReplayed() {
		return this.whyNotReplayed;
	}

}

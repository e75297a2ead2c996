package io.github.httppool.hc5.observe;

import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CallInfo;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.TlsInfo;
import io.github.httppool.findings.MessageLines;
import io.github.httppool.hc5.net.Exceptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for each step of each call while it is enabled. Logs only the class of
 * failures, because foreign messages may contain secrets.
 */
final class TraceLog implements HttpPoolListener {

	private static final Logger log = LoggerFactory.getLogger("io.github.httppool.trace");

	/**
	 * Leaves room for the pool, the route and the connection in front of it.
	 */
	private static final int MAX_STEP = 130;

	boolean isOn() {
		return log.isDebugEnabled();
	}

	private static void step(CallInfo call, String what) {
		log.debug("call {} {} - - {}", call.id(), call.pool(), MessageLines.shortened(what, MAX_STEP));
	}

	private static void step(LeaseInfo lease, String what) {
		PooledConnectionInfo connection = lease.connection();
		log.debug("call {} {} {} {} {}", (lease.callId() != 0) ? lease.callId() : "-", lease.pool(), lease.route(),
				(connection != null) ? connection.id() : "-", MessageLines.shortened(what, MAX_STEP));
	}

	private static String millis(long nanos) {
		// Not a floating-point number, whose text has an exponent for large values.
		return BigDecimal.valueOf(nanos / 1000 / 1000.0).toPlainString() + " ms";
	}

	private static String bytes(long bytes) {
		return (bytes == 1) ? "1 byte" : bytes + " bytes";
	}

	private static String ended(String what, long tookNanos, @Nullable Throwable failure) {
		return what + ((failure != null) ? " failed after " : " took ") + millis(tookNanos) + because(failure);
	}

	private static String because(@Nullable Throwable failure) {
		if (failure == null) {
			return "";
		}
		Throwable shown = (failure instanceof ExecutionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		return ": " + Exceptions.type(shown);
	}

	@Override
	public void callStarted(CallInfo call) {
		step(call, call.call() + " begins");
	}

	@Override
	public void acquireStarted(LeaseInfo lease) {
		step(lease, "asks for a connection");
	}

	@Override
	public void acquireEnded(LeaseInfo lease, AcquireOutcome outcome, long waitedNanos, long idleNanos) {
		String waited = " after " + millis(waitedNanos);
		step(lease, switch (outcome) {
			case REUSED -> "reuses a connection" + waited + ", idle for " + millis(idleNanos);
			case OPENED -> "may open a connection" + waited;
			case TIMEOUT, REJECTED, FAILED -> "gets no connection" + waited + ": " + outcome.code();
		});
	}

	@Override
	public void dnsStarted(LeaseInfo lease, String host) {
		step(lease, "looks up " + host);
	}

	@Override
	public void dnsEnded(LeaseInfo lease, String host, long tookNanos, @Nullable Exception failure) {
		step(lease, ended("lookup of " + host, tookNanos, failure));
	}

	@Override
	public void connectStarted(LeaseInfo lease, InetSocketAddress address) {
		step(lease, "connects to " + address);
	}

	@Override
	public void connectEnded(LeaseInfo lease, InetSocketAddress address, long tookNanos, @Nullable Exception failure) {
		step(lease, ended("connect to " + address, tookNanos, failure));
	}

	@Override
	public void tlsStarted(LeaseInfo lease) {
		step(lease, "begins the TLS handshake");
	}

	@Override
	public void tlsEnded(LeaseInfo lease, @Nullable TlsInfo tls, long tookNanos, @Nullable Exception failure) {
		step(lease, ended("TLS handshake", tookNanos, failure) + ((tls != null)
				? ": " + tls.protocol() + ", " + tls.cipherSuite() + ", " + (tls.resumed() ? "resumed" : "full") : ""));
	}

	@Override
	public void connectionOpened(LeaseInfo lease, PooledConnectionInfo connection) {
		step(lease, "connection is open");
	}

	@Override
	public void requestHeadSent(LeaseInfo lease) {
		step(lease, "wrote the head of " + lease.call());
	}

	@Override
	public void requestBodySent(LeaseInfo lease, long bytes) {
		step(lease, "sent a body of " + bytes(bytes));
	}

	@Override
	public void requestSent(LeaseInfo lease) {
		step(lease, "sent the request");
	}

	@Override
	public void informationReceived(LeaseInfo lease, int status) {
		step(lease, "got an interim response, " + status);
	}

	@Override
	public void firstByteReceived(LeaseInfo lease) {
		step(lease, "got the first byte");
	}

	@Override
	public void responseStarted(LeaseInfo lease, int status) {
		step(lease, "got the head of the response, " + status);
	}

	@Override
	public void replayed(LeaseInfo stale) {
		step(stale, "connection was stale; the request is sent again");
	}

	@Override
	public void bodyEnded(LeaseInfo lease, long bytes) {
		step(lease, "read the body to its end, " + bytes(bytes));
	}

	@Override
	public void exchangeFailed(LeaseInfo lease, Exception failure) {
		step(lease, "exchange failed" + because(failure));
	}

	@Override
	public void drained(LeaseInfo lease, DrainOutcome outcome, long bytes, long tookNanos) {
		step(lease, "drained " + bytes(bytes) + " in " + millis(tookNanos) + ": " + outcome.code());
	}

	@Override
	public void leakDetected(LeaseInfo lease, @Nullable Throwable caller) {
		step(lease,
				"seems to be leaked by thread " + lease.thread() + ", held for " + millis(lease.heldFor().toNanos()));
	}

	@Override
	public void released(LeaseInfo lease, @Nullable CloseReason notKept) {
		step(lease, "released the connection, held for " + millis(lease.heldFor().toNanos()) + ": "
				+ ((notKept != null) ? "not kept, " + notKept.code() : "kept"));
	}

	@Override
	public void connectionClosed(PooledConnectionInfo connection, CloseReason reason) {
		log.debug("call - {} {} {} closed after {}: {}, {} exchanges, {} in, {} out", connection.pool(),
				connection.route(), connection.id(), millis(connection.age().toNanos()), reason.code(),
				connection.exchanges(), bytes(connection.bytesReceived()), bytes(connection.bytesSent()));
	}

	@Override
	public void callEnded(CallInfo call, long tookNanos, @Nullable Throwable failure) {
		step(call, ended(call.call(), tookNanos, failure));
	}

}

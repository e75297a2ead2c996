package io.github.httppool.hc5;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

import io.github.httppool.AcquireRejectedException;
import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.CallPhase;
import io.github.httppool.PoolShutdownException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions that say what happened, on which pool and route, with which numbers, and
 * which property to look at.
 */
final class Explanation {

	private static final String HOW_TO_CLOSE = "close it, best with try-with-resources, or use retrieve() "
			+ "or exchange(...) with a handler, which close it";

	private Explanation() {
	}

	static IOException timedOut(ConnectionPool pool, Route route, Duration timeout) {
		String message = "No connection from pool '%s' to %s within %s (http-pool.acquire-timeout). %s"
			.formatted(pool.name(), route.name, text(timeout), numbers(pool, route));
		// Code that knows HttpClient looks for its exception.
		return new AcquireTimeoutException(pool.name(), route.name, message,
				new ConnectionRequestTimeoutException(message));
	}

	static IOException rejected(ConnectionPool pool, Route route, int maxPending) {
		String message = "Refused a connection from pool '%s' to %s at once, because %s (http-pool.max-pending). %s"
			.formatted(pool.name(), route.name,
					(maxPending == 0) ? "nobody may wait for one" : maxPending + " callers wait for one already",
					numbers(pool, route));
		return new AcquireRejectedException(pool.name(), route.name, message, null);
	}

	static IOException shutDown(ConnectionPool pool, Route route) {
		String message = ("Pool '%s' gives no connection to %s: it is being shut down, because the application "
				+ "context is closed. Calls that must go out on shutdown belong before that, for example into "
				+ "a listener of ContextClosedEvent")
			.formatted(pool.name(), route.name);
		return new PoolShutdownException(pool.name(), route.name, message, null);
	}

	static IOException cutOff(ConnectionPool pool, Route route, Throwable cause) {
		String message = ("Pool '%s' ended a call to %s: it was shut down, because the application context is "
				+ "closed. spring.lifecycle.timeout-per-shutdown-phase says how long calls may take until then")
			.formatted(pool.name(), route.name);
		return new PoolShutdownException(pool.name(), route.name, message, cause);
	}

	static String callTimedOut(ConnectionPool pool, String route, String call, Duration limit, CallPhase phase,
			Map<CallPhase, Duration> phases) {
		StringJoiner times = new StringJoiner(", ");
		phases.forEach((each, time) -> times.add(each.description() + " " + text(time)));
		return "%s took longer than %s, the limit for the whole call (pool '%s'; http-pool.call-timeout, or the call timeout of this call)%s. It was %s. Times: %s"
			.formatted(call, text(limit), pool.name(), route.isEmpty() ? "" : ", on the way to " + route,
					(phase == CallPhase.TLS_HANDSHAKE) ? "in the TLS handshake" : phase.description(), times);
	}

	static SocketTimeoutException silent(ConnectionPool pool, Route route, SocketTimeoutException cause) {
		SocketTimeoutException exception = new SocketTimeoutException(
				"%s: %s sent nothing for longer than the response timeout of this call (pool '%s'; http-pool.response-timeout, or the read timeout of its client)"
					.formatted(cause.getMessage(), route.name, pool.name()));
		exception.initCause(cause);
		return exception;
	}

	static IOException slowHandshake(ConnectionPool pool, Route route, Duration timeout, Throwable cause) {
		ConnectTimeoutException exception = new ConnectTimeoutException(
				"No TLS with %s within %s (pool '%s'; http-pool.tls-handshake-timeout)".formatted(route.name,
						text(timeout), pool.name()));
		exception.initCause(cause);
		return exception;
	}

	static IOException slowLookup(ConnectionPool pool, Route route, String host, Duration timeout, Exception cause) {
		ConnectTimeoutException exception = new ConnectTimeoutException(
				"No address of '%s' within %s, looked up for %s (pool '%s'; http-pool.connect-timeout, or the connect timeout of its client)"
					.formatted(host, text(timeout), route.name, pool.name()));
		exception.initCause(cause);
		return exception;
	}

	static IOException slowConnect(ConnectionPool pool, Route route, @Nullable Duration timeout, int addresses,
			IOException cause) {
		ConnectTimeoutException exception = new ConnectTimeoutException(
				"No connection with %s within %s, %d address%s tried (pool '%s'; http-pool.connect-timeout, or the connect timeout of its client): %s"
					.formatted(route.name, (timeout != null) ? text(timeout) : "any time", addresses,
							(addresses == 1) ? "" : "es", pool.name(), cause.getMessage()));
		exception.initCause(cause);
		return exception;
	}

	static String heldForTooLong(ConnectionPool pool, Lease lease, Duration threshold) {
		return ("%s has held its connection to %s for %s, longer than %s (pool '%s'; http-pool.leak-detection-threshold). "
				+ "It was taken by thread '%s', as the stack trace shows. %sIf its response is not closed: %s. If the "
				+ "call may take so long: set a longer threshold; http-pool.call-timeout ends calls")
			.formatted(call(lease), lease.route.name, text(lease.heldFor()), text(threshold), pool.name(),
					lease.thread(), counts(pool, lease.route), HOW_TO_CLOSE);
	}

	static String lost(ConnectionPool pool, Lease lease, long others, boolean traced) {
		return ("The response of %s from %s was lost without being closed; its connection, held for %s, is closed and "
				+ "its place in pool '%s' is free again. It was taken by thread '%s'%s. %s%sUntil the garbage collector "
				+ "notices, a lost response takes a connection away from others: %s")
			.formatted(call(lease), lease.route.name, text(lease.heldFor()), pool.name(), lease.thread(),
					traced ? ", as the stack trace shows"
							: "; with http-pool.leak-detection-threshold set, a stack trace shows where",
					(others > 0) ? others + " more were lost since the last such warning. " : "",
					counts(pool, lease.route), HOW_TO_CLOSE);
	}

	static String cameBack(ConnectionPool pool, Lease lease) {
		return "%s has ended: its connection to %s, reported before as held for too long, was held for %s by thread '%s' (pool '%s')"
			.formatted(call(lease), lease.route.name, text(lease.heldFor()), lease.thread(), pool.name());
	}

	private static String call(Lease lease) {
		return Objects.requireNonNullElse(lease.call(), "an unknown call");
	}

	static ProtocolException broken(ConnectionPool pool, String route, ProtocolException cause) {
		return new ProtocolException(broken(pool, route, cause.getMessage()), cause);
	}

	/**
	 * Explain the failure of a read that is due to what the server sent.
	 * @return the exception, of the same kind
	 */
	static IOException broken(ConnectionPool pool, String route, IOException cause) {
		String message = broken(pool, route, cause.getMessage());
		IOException exception;
		if (cause instanceof TruncatedChunkException) {
			exception = new TruncatedChunkException(message);
		}
		else if (cause instanceof MalformedChunkCodingException) {
			exception = new MalformedChunkCodingException(message);
		}
		else if (cause instanceof MessageConstraintException) {
			exception = new MessageConstraintException(message);
		}
		else if (cause instanceof ConnectionClosedException) {
			exception = new ConnectionClosedException(message);
		}
		else {
			return cause;
		}
		exception.initCause(cause);
		return exception;
	}

	private static String broken(ConnectionPool pool, String route, String flaw) {
		return "Broken response from %s (pool '%s'): %s".formatted(route, pool.name(), flaw);
	}

	static String bodyTooLarge(ConnectionPool pool, Route route, String call, int status, long limit, boolean decoded,
			String property) {
		return "The body of the response %d to %s from %s is longer than %s %s (pool '%s'; %s)".formatted(status, call,
				route.name, size(limit), decoded ? "when decoded" : "on the wire", pool.name(), property);
	}

	private static String counts(ConnectionPool pool, Route route) {
		long ofRoute = route.tally.both();
		long ofPool = pool.tally().both();
		return "Route: %d leased, %d idle, %d pending, limit %d. Pool: %d leased, %d idle, %d pending, limit %d. "
			.formatted(Tally.leased(ofRoute), Tally.idle(ofRoute), route.pending.get(), pool.limits().maxPerRoute(),
					Tally.leased(ofPool), Tally.idle(ofPool), pool.pending(), pool.limits().maxTotal());
	}

	private static String numbers(ConnectionPool pool, Route route) {
		int routeLeased = route.tally.leased();
		int routeMax = pool.limits().maxPerRoute();
		int leased = pool.tally().leased();
		int maxTotal = pool.limits().maxTotal();
		StringBuilder text = new StringBuilder(counts(pool, route));
		text.append((routeLeased >= routeMax || leased < maxTotal)
				? "The limit of the route bound: http-pool.max-per-route. "
				: "The limit of the pool bound: http-pool.max-total. ");
		Lease longest = pool.longestLease();
		if (longest != null) {
			text.append("Longest-held lease: %s by thread '%s' for %s to %s.".formatted(text(longest.heldFor()),
					longest.thread(), call(longest), longest.route()));
		}
		return text.toString().strip();
	}

	static String size(long bytes) {
		if (bytes % 1024 != 0) {
			return bytes + " bytes";
		}
		long kilobytes = bytes / 1024;
		return (kilobytes % 1024 == 0) ? kilobytes / 1024 + "MB" : kilobytes + "KB";
	}

	static String text(Duration duration) {
		long millis = duration.toMillis();
		if (millis < 1000) {
			return millis + "ms";
		}
		return (millis % 1000 == 0) ? millis / 1000 + "s" : String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
	}

}

package io.github.httppool.hc5;

import java.util.Iterator;

import org.apache.hc.client5.http.ConnectionKeepAliveStrategy;
import org.apache.hc.core5.http.HeaderElement;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * Evaluates a server's {@code Keep-Alive: timeout=N}. The pool keeps the connection for
 * one second less, so that it does not use the connection just as the server closes it.
 * HttpClient itself uses the full time. The pool's own idle timeout is an upper limit in
 * any case.
 */
final class KeepAliveStrategy implements ConnectionKeepAliveStrategy {

	static final KeepAliveStrategy INSTANCE = new KeepAliveStrategy();

	/**
	 * With larger values, the server in effect never closes the connection.
	 */
	private static final long MAX_SECONDS = 1_000_000;

	private KeepAliveStrategy() {
	}

	@Override
	public TimeValue getKeepAliveDuration(HttpResponse response, HttpContext context) {
		if (!response.containsHeader("Keep-Alive")) {
			return TimeValue.NEG_ONE_MILLISECOND;
		}
		Iterator<HeaderElement> elements = MessageSupport.iterate(response, "Keep-Alive");
		while (elements.hasNext()) {
			HeaderElement element = elements.next();
			if ("timeout".equalsIgnoreCase(element.getName()) && element.getValue() != null) {
				try {
					return toKeepAlive(Long.parseLong(element.getValue().strip()));
				}
				catch (NumberFormatException ex) {
					// Treat an invalid value like a missing one.
				}
			}
		}
		return TimeValue.NEG_ONE_MILLISECOND;
	}

	private static TimeValue toKeepAlive(long seconds) {
		if (seconds < 0) {
			return TimeValue.NEG_ONE_MILLISECOND;
		}
		if (seconds == 0) {
			return TimeValue.ZERO_MILLISECONDS;
		}
		return (seconds == 1) ? TimeValue.ofMilliseconds(500) : TimeValue.ofSeconds(Math.min(seconds, MAX_SECONDS) - 1);
	}

}

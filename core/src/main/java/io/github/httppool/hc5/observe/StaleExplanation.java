package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.net.DurationFormat;
import io.github.httppool.hc5.net.Exceptions;

/**
 * Explains why a call failed on a reused connection that the server had closed, and why
 * it was not retried.
 */
public final class StaleExplanation {

	/**
	 * Same limit as in the findings about servers that close idle connections.
	 */
	private static final long MIN_KEEP_ALIVE = TimeUnit.MILLISECONDS.toNanos(500);

	private StaleExplanation() {
	}

	public static IOException failed(PoolView pool, LeaseView lease, IOException failure) {
		HttpPoolSettings settings = pool.settings();
		ConnectionView connection = lease.held();
		long idle = lease.leasedAt() - connection.idleSince();
		String before = lease.isReused()
				? "after %s of idleness".formatted(DurationFormat.format(Duration.ofNanos(idle)))
				: "after its first answer to this call";
		return ExceptionCopies.withMessage(failure, Explanation.of(pool,
				"%s failed, because %s closed a reused connection before any byte of the response came (pool '%s'). It ended with: %s, "
						+ "%s, after %s %s over it. It was not sent again: %s. %s",
				Explanation.call(lease), lease.route(), pool.name(), Exceptions.messageOrType(failure), before,
				connection.exchanges() - 1, (connection.exchanges() == 2) ? "exchange" : "exchanges",
				whyNotReplayed(pool, lease), advice(settings, lease.isReused() ? idle : 0)));
	}

	/**
	 * A server does not close a connection as idle after a very short time.
	 */
	private static String advice(HttpPoolSettings settings, long idle) {
		if (idle < MIN_KEEP_ALIVE) {
			return "No server closes a connection for being idle for so short a time: check its limit of requests for one "
					+ "connection, its restarts, and whether this request makes it fail";
		}
		return "If the server closes idle connections, an http-pool.idle-timeout (%s) shorter than its keep-alive avoids it, and a shorter http-pool.validate-after-inactivity (%s) notices it more often"
			.formatted(DurationFormat.format(settings.idleTimeout()),
					DurationFormat.format(settings.validateAfterInactivity()));
	}

	private static String whyNotReplayed(PoolView pool, LeaseView lease) {
		String reason = lease.whyNotReplayed();
		if (reason != null) {
			return reason;
		}
		return pool.settings().retryStale() ? "a customizer has disabled HttpClient's automatic retries"
				: "http-pool.retry-stale is off";
	}

}

package io.github.httppool.hc5;

import java.io.IOException;
import java.time.Duration;

import io.github.httppool.HttpPoolSettings;

/**
 * Why a call failed whose reused connection had been closed by the server, and was not
 * sent again.
 */
final class StaleExplanation {

	private StaleExplanation() {
	}

	static IOException failed(ConnectionPool pool, Lease lease, IOException failure) {
		HttpPoolSettings settings = pool.settings();
		PooledConnection connection = lease.held();
		long idle = lease.leasedAt() - connection.idleSince();
		String before = lease.isReused() ? "after %s of idleness".formatted(Explanation.text(Duration.ofNanos(idle)))
				: "after its first answer to this call";
		return Reworded.of(failure, Explanation.of(pool,
				"%s failed, because %s closed a reused connection before any byte of the response came (pool '%s'): %s, "
						+ "%s, after %s %s over it. It was not sent again: %s. Such a close is avoided by an "
						+ "http-pool.idle-timeout (%s) shorter than the server's keep-alive, and seen more often by a shorter "
						+ "http-pool.validate-after-inactivity (%s)",
				Explanation.call(lease), lease.route(), pool.name(), Failures.words(failure), before,
				connection.exchanges() - 1, (connection.exchanges() == 2) ? "exchange" : "exchanges",
				whyNotReplayed(pool, lease), Explanation.text(settings.idleTimeout()),
				Explanation.text(settings.validateAfterInactivity())));
	}

	private static String whyNotReplayed(ConnectionPool pool, Lease lease) {
		String reason = lease.whyNotReplayed();
		if (reason != null) {
			return reason;
		}
		return pool.settings().retryStale() ? "a customizer has disabled HttpClient's automatic retries"
				: "http-pool.retry-stale is off";
	}

}

package io.github.httppool.autoconfigure;

import java.time.Duration;
import java.util.Locale;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.findings.MessageLines;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.format.annotation.DurationFormat.Style;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * Logs one line when a pool is opened and one when it is shut down.
 */
final class PoolLog {

	/**
	 * Not a class name, because users refer to it in their logging configuration.
	 */
	static final String LOGGER = "io.github.httppool.pool";

	private static final Logger log = LoggerFactory.getLogger(LOGGER);

	private PoolLog() {
	}

	/**
	 * Log that a pool is opened.
	 * @param pool the pool
	 * @param user the first user
	 */
	static void opened(HttpPool pool, String user) {
		if (log.isInfoEnabled()) {
			HttpPoolSettings settings = pool.settings();
			PoolSnapshot.Limits limits = pool.snapshot().limits();
			String callTimeout = (settings.callTimeout() == null) ? ""
					: ", call-timeout " + text(settings.callTimeout());
			log.info(MessageLines.of(("Pool '%s' is open for %s: max-total %s, max-per-route %s, max-pending %s, "
					+ "acquire-timeout %s, connect-timeout %s, response-timeout %s%s")
				.formatted(pool.name(), user, limits.maxTotal(), limits.maxPerRoute(), limits.maxPending(),
						text(settings.acquireTimeout()), text(settings.connectTimeout()),
						text(settings.responseTimeout()), callTimeout)));
		}
	}

	/**
	 * Log that a pool is shut down.
	 */
	static void shutDown(HttpPool pool) {
		if (log.isInfoEnabled()) {
			PoolSnapshot.Totals totals = pool.snapshot().totals();
			log.info(
					"Pool '{}' is shut down: {} calls, {} connections opened, {} % of leases reused one, "
							+ "{} acquire timeouts, {} rejected, {} stale calls repeated, {} leaks",
					pool.name(), totals.calls(), totals.opened(),
					String.format(Locale.ROOT, "%.1f", 100 * totals.reuseRatio()), totals.acquireTimeouts(),
					totals.acquireRejected(), totals.replayed(), totals.leaks());
		}
	}

	private static String text(@Nullable Duration time) {
		return (time == null || time.isZero()) ? "none" : DurationFormatterUtils.print(time, Style.COMPOSITE);
	}

}

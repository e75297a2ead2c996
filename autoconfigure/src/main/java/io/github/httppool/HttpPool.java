package io.github.httppool;

import java.util.List;
import java.util.function.Consumer;

import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * A pool of HTTP connections that all clients of an application share. Thread-safe.
 *
 * @since 0.1.0
 */
public interface HttpPool {

	/**
	 * Name of the pool that every client uses unless it asks for another.
	 */
	String DEFAULT_NAME = "default";

	/**
	 * Return the name of this pool.
	 * @return the name, unique within the application
	 */
	String name();

	/**
	 * Return the settings of this pool: those that it was made with, or that were
	 * {@linkplain #change changed} since. A {@linkplain #resize resize} does not change
	 * them: the limits in force are in the {@linkplain #snapshot() snapshot}.
	 * @return the settings
	 */
	HttpPoolSettings settings();

	/**
	 * Make an HttpClient over this pool, for code that does not use Spring's clients.
	 * @return a new client; see {@link #newHttpClient(Consumer)}
	 */
	default CloseableHttpClient newHttpClient() {
		return newHttpClient((client) -> {
		});
	}

	/**
	 * Make an HttpClient over this pool, for code that does not use Spring's clients. All
	 * guarantees of the pool apply to it: limits, timeouts, bounded drains, the check of
	 * idle connections. It keeps no cookies unless it gets a cookie store. Create one
	 * client and keep it: clients are cheap, but not free. Closing one closes neither the
	 * pool nor a connection.
	 * @param customizer customizes the builder before the {@link HttpPoolCustomizer}s do.
	 * If it sets a request configuration without a connection request timeout or a
	 * response timeout, those of the pool apply. If it sets a connection manager, the
	 * client ignores it and the log contains a warning
	 * @return a new client
	 */
	CloseableHttpClient newHttpClient(Consumer<HttpClientBuilder> customizer);

	/**
	 * Return the numbers of this pool at this moment. Numbers of different routes are
	 * read one after the other, without stopping the pool.
	 * @return the numbers
	 */
	PoolSnapshot snapshot();

	/**
	 * Return the numbers of this pool at this moment, with those of its busiest routes
	 * only: routes for which callers wait come first, then those with the most calls in
	 * the last two minutes.
	 * @param mostRoutes how many routes at most
	 * @return the numbers
	 */
	PoolSnapshot snapshot(int mostRoutes);

	/**
	 * Return what this pool bears at this moment. Costs much less than a snapshot if
	 * there are many routes.
	 * @return connections and waiting callers of each route
	 */
	PoolLoad load();

	/**
	 * Return how the last two minutes went.
	 * @return a sample for every five seconds in which the pool was used, the oldest
	 * first, unmodifiable
	 */
	List<PoolSample> history();

	/**
	 * Return the leases that have been held for the longest time.
	 * @return at most 20, the longest-held first, unmodifiable
	 */
	List<HeldLease> leases();

	/**
	 * Return what the pool has found to be wrong, from what it saw in the last minutes.
	 * While it is used, it looks every five seconds; in the first seconds also when it is
	 * asked.
	 * @return the findings, the severest first, unmodifiable; empty for a healthy pool
	 */
	List<Finding> findings();

	/**
	 * Return what remarkable happened. Connections that open and close, failures of
	 * calls, and findings and changes take no places of each other.
	 * @return the last 200 entries about connections, the last 200 about failures and the
	 * last 100 findings and changes, newest first, unmodifiable
	 */
	List<PoolEvent> events();

	/**
	 * Change the limits now. Waiting callers profit at once from a higher limit. Where a
	 * lower one is exceeded, idle connections are closed at once, and leased ones above
	 * it when they are released.
	 * @param maxTotal most connections of the pool, at least 1
	 * @param maxPerRoute most connections to one route, at least 1
	 * @throws IllegalArgumentException if a limit is below 1
	 */
	void resize(int maxTotal, int maxPerRoute);

	/**
	 * Change the settings now. Nobody loses a connection, but for what a lower limit or a
	 * shorter time demands: limits are changed as by a {@linkplain #resize resize}, and
	 * connections that are too old or idle for too long are closed at once. A call keeps
	 * the timeouts with which it began a step: waiting for a connection, connecting, an
	 * exchange, the whole call. A limit that is the same as in the
	 * {@linkplain #settings() settings} so far stays as the last resize left it.
	 * <p>
	 * Start from {@link HttpPoolSettings#toBuilder()} to change a few settings.
	 * @param settings what the pool is to do from now on
	 * @return the names of the settings that are different and cannot follow, because
	 * clients and connections are built with them, such as {@code proxy}; unmodifiable.
	 * They stay as they were, without a word in the log
	 */
	List<String> change(HttpPoolSettings settings);

	/**
	 * Close all idle connections now and each leased one when it is released.
	 */
	void evict();

}

package io.github.httppool;

import java.util.List;
import java.util.function.Consumer;

import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * A pool of HTTP connections that all clients of an application share. Inject
 * {@link HttpPools} to get one. Thread-safe.
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
	 * Return the settings of this pool: the initial ones, or as they were last
	 * {@linkplain #change changed}. A {@linkplain #resize resize} does not change them;
	 * the {@linkplain #snapshot() snapshot} has the limits in force.
	 * @return the settings
	 */
	HttpPoolSettings settings();

	/**
	 * Create an HttpClient over this pool, for code that does not use Spring's clients.
	 * @return a new client, as {@link #newHttpClient(Consumer)} describes it
	 */
	default CloseableHttpClient newHttpClient() {
		return newHttpClient((client) -> {
		});
	}

	/**
	 * Create an HttpClient over this pool, for code that does not use Spring's clients.
	 * All guarantees of the pool apply to it: limits, timeouts, bounded drains, the check
	 * of idle connections. It keeps no cookies unless it gets a cookie store. Create one
	 * client and keep it. Closing a client closes neither the pool nor a connection.
	 * @param customizer customizes the builder before the {@link HttpPoolCustomizer}s do.
	 * If it sets a request configuration without a connection request timeout or a
	 * response timeout, the timeouts of the pool apply. If it sets a connection manager,
	 * the client ignores it and the pool logs a warning
	 * @return a new client, thread-safe
	 */
	CloseableHttpClient newHttpClient(Consumer<HttpClientBuilder> customizer);

	/**
	 * Return the numbers of this pool at this moment. Numbers of different routes are
	 * read one after the other, without stopping the pool.
	 * @return the numbers
	 */
	PoolSnapshot snapshot();

	/**
	 * Return the numbers of this pool at this moment, but only those of its busiest
	 * routes: first routes with waiting callers, then routes with the most calls in the
	 * last two minutes.
	 * @param mostRoutes maximum number of routes, at least 0
	 * @return the numbers
	 */
	PoolSnapshot snapshot(int mostRoutes);

	/**
	 * Return the load of this pool at this moment. If there are many routes, this costs
	 * much less than a snapshot.
	 * @return the load, with connections and waiting callers of each route
	 */
	PoolLoad load();

	/**
	 * Return the samples of the last two minutes.
	 * @return one sample for every five seconds in which the pool was used, oldest first,
	 * unmodifiable
	 */
	List<PoolSample> history();

	/**
	 * Return the leases that have been held longest.
	 * @return at most 20 leases, longest-held first, unmodifiable
	 */
	List<HeldLease> leases();

	/**
	 * Return the problems that the pool saw in the last minutes. A pool in use looks for
	 * problems every five seconds; in its first seconds of use, also when this method is
	 * called.
	 * @return the findings, most severe first, unmodifiable; empty for a healthy pool
	 */
	List<Finding> findings();

	/**
	 * Return the remarkable events of this pool. Opened and closed connections, failed
	 * calls, and findings and changes do not displace each other.
	 * @return the last 200 entries about connections, the last 200 about failures and the
	 * last 100 findings and changes, newest first, unmodifiable
	 */
	List<PoolEvent> events();

	/**
	 * Change the limits now. Waiting callers can use a higher limit at once. If a lower
	 * limit is exceeded, the pool closes idle connections at once, and leased ones above
	 * the limit when they are released.
	 * @param maxTotal maximum number of connections of the pool, at least 1
	 * @param maxPerRoute maximum number of connections per route, at least 1
	 * @throws IllegalArgumentException if a limit is below 1
	 */
	void resize(int maxTotal, int maxPerRoute);

	/**
	 * Change the settings now. The pool keeps its connections, except those that a lower
	 * limit or a shorter time forbids: it changes limits as a {@linkplain #resize resize}
	 * does, and closes connections at once that are too old or idle for too long. A step
	 * that is under way keeps its timeout: waiting for a connection, connecting, an
	 * exchange, the whole call. A limit that does not differ from the current
	 * {@linkplain #settings() settings} stays as the last resize left it.
	 * <p>
	 * Start from {@link HttpPoolSettings#toBuilder()} to change a few settings.
	 * @param settings the new settings
	 * @return the names of the settings that differ but cannot change at run time, such
	 * as {@code proxy}; unmodifiable. They keep their values, and the pool does not log
	 * this
	 */
	List<String> change(HttpPoolSettings settings);

	/**
	 * Close all idle connections now and each leased one when it is released.
	 */
	void evict();

}

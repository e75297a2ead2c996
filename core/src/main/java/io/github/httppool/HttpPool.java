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
	 * Name of the pool that every client uses unless it selects another one.
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
	 * the {@linkplain #snapshot() snapshot} contains the limits in force.
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
	 * of idle connections. It keeps no cookies unless it has a cookie store. Create one
	 * client and keep it. Closing a client closes neither the pool nor a connection.
	 * @param customizer customizes the builder before the {@link HttpPoolCustomizer}s do.
	 * If it sets a request configuration without a connection request timeout or a
	 * response timeout, the timeouts of the pool apply. If it sets a connection manager,
	 * the client ignores it and the pool logs a warning
	 * @return a new client, thread-safe
	 */
	CloseableHttpClient newHttpClient(Consumer<HttpClientBuilder> customizer);

	/**
	 * Return the current numbers of this pool. They are read route by route, without
	 * stopping the pool.
	 * @return the numbers
	 */
	PoolSnapshot snapshot();

	/**
	 * Return the current numbers of this pool, but only those of its busiest routes:
	 * first routes with waiting callers, then routes with the most calls in the last two
	 * minutes.
	 * @param mostRoutes maximum number of routes, at least 0
	 * @return the numbers
	 */
	PoolSnapshot snapshot(int mostRoutes);

	/**
	 * Return the current load of this pool. If there are many routes, this method is much
	 * cheaper than a snapshot.
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
	 * Return the problems that the pool detected in the last few minutes. A pool in use
	 * checks for problems every five seconds. In its first seconds of use, it also does
	 * so when this method is called.
	 * @return the findings, most severe first, unmodifiable; empty for a healthy pool
	 */
	List<Finding> findings();

	/**
	 * Return the notable events of this pool. Opened and closed connections, failed
	 * calls, and findings and changes do not displace each other.
	 * @return the last 200 entries about connections, the last 200 about failures and the
	 * last 100 findings and changes, newest first, unmodifiable
	 */
	List<PoolEvent> events();

	/**
	 * Change the limits now. Waiting callers can use a higher limit immediately. If a
	 * lower limit is exceeded, the pool closes idle connections immediately, and leased
	 * ones above the limit when they are released.
	 * @param maxTotal maximum number of connections of the pool, at least 1
	 * @param maxPerRoute maximum number of connections per route, at least 1
	 * @throws IllegalArgumentException if a limit is below 1
	 */
	void resize(int maxTotal, int maxPerRoute);

	/**
	 * Change the settings now. The pool keeps its connections, except those that exceed a
	 * lower limit or a shorter time. It changes limits as a {@linkplain #resize resize}
	 * does, and immediately closes connections that are too old or have been idle for too
	 * long. A step in progress keeps its timeout: waiting for a connection, connecting,
	 * an exchange, or the whole call. A limit that equals the one in the current
	 * {@linkplain #settings() settings} keeps the value of the last resize.
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

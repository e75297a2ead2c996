package io.github.httppool.hc5.pool;

import io.github.httppool.hc5.net.SharedLookups;
import io.github.httppool.hc5.observe.EventLog;
import io.github.httppool.hc5.observe.Listeners;
import io.github.httppool.hc5.observe.LogWriter;
import io.github.httppool.hc5.observe.PoolView;
import io.github.httppool.hc5.observe.Samples;
import org.apache.hc.core5.util.Timeout;

/**
 * The view that connections, leases and calls have of their pool: settings in force,
 * reports, and the housekeeper. {@link ConnectionPool} implements it. Only classes that
 * need the whole pool depend on {@code ConnectionPool}.
 */
public interface PoolContext extends PoolView {

	/**
	 * Return the settings in force.
	 */
	ActiveSettings inForce();

	/**
	 * Return the settings with which the pool and its clients were created.
	 */
	ActiveSettings made();

	/**
	 * Return the response timeout of an exchange.
	 * @param requestTimeout the timeout of the request, or the initial timeout of the
	 * pool
	 */
	default Timeout responseTimeout(Timeout requestTimeout) {
		return (requestTimeout != made().responseTimeout) ? requestTimeout : inForce().responseTimeout;
	}

	/**
	 * Return whether the pool rejects new calls.
	 */
	boolean isStopping();

	/**
	 * Return whether the pool is shut down.
	 */
	boolean isClosed();

	Listeners listeners();

	/**
	 * Return the writer of log messages for threads that must not wait for the log.
	 */
	default LogWriter log() {
		return listeners().log();
	}

	PoolReporter reporter();

	LeakReports leaks();

	EventLog events();

	Samples samples();

	SharedLookups lookups();

}

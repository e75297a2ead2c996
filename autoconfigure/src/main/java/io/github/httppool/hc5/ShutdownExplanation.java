package io.github.httppool.hc5;

import java.io.IOException;

import io.github.httppool.PoolShutdownException;

/**
 * What the end of the pool does to its callers.
 */
final class ShutdownExplanation {

	private ShutdownExplanation() {
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

}

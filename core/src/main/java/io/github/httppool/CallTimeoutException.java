package io.github.httppool;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Thrown when a whole call took longer than {@code http-pool.call-timeout}, or than the
 * {@link CallTimeout} of this call. HttpClient has no such limit. Like HttpClient's
 * timeouts, this exception is a {@link SocketTimeoutException}. Its cause is also one,
 * for code that examines only causes.
 *
 * @since 0.1.0
 */
public class CallTimeoutException extends SocketTimeoutException implements HttpPoolException {

	private final String pool;

	private final String route;

	private final CallPhase phase;

	private final transient Map<CallPhase, Duration> phases;

	/**
	 * Create an exception.
	 * @param pool the name of the pool
	 * @param route the route
	 * @param message what happened, with the numbers
	 * @param phase the phase of the call when its time limit expired
	 * @param phases the time that the call spent in each phase that it reached
	 */
	public CallTimeoutException(String pool, String route, String message, CallPhase phase,
			Map<CallPhase, Duration> phases) {
		super(message);
		initCause(new SocketTimeoutException(message));
		this.pool = pool;
		this.route = route;
		this.phase = phase;
		this.phases = Collections.unmodifiableMap(new EnumMap<>(phases));
	}

	/**
	 * Return the phase of the call when its time limit expired.
	 * @return the phase
	 */
	public CallPhase getPhase() {
		return this.phase;
	}

	/**
	 * Return the time that the call spent in each phase, summed over all redirects.
	 * @return the times of the phases that the call reached, in the order of the phases,
	 * unmodifiable; empty after deserialization
	 */
	public Map<CallPhase, Duration> getPhases() {
		return (this.phases != null) ? this.phases : Map.of();
	}

	@Override
	public String getPool() {
		return this.pool;
	}

	@Override
	public String getRoute() {
		return this.route;
	}

}

package io.github.httppool;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Sets the maximum time for a whole call, where it differs from
 * {@code http-pool.call-timeout}. The time includes the wait for a connection, redirects
 * and the body. <pre class="code">
 * restClient.get().uri("/report").attribute(CallTimeout.ATTRIBUTE, Duration.ofSeconds(30))…
 *
 * RestClient.builder().defaultRequest((request) -> request.attribute(CallTimeout.ATTRIBUTE, Duration.ofSeconds(2)))…
 * </pre> Code that uses HttpClient directly sets an attribute of the {@code HttpContext}.
 * A call that exceeds its time fails with a {@link CallTimeoutException}.
 *
 * @since 0.1.0
 */
public final class CallTimeout {

	/**
	 * Name of the request attribute. Its value is a {@link Duration} from 1 ms to 24
	 * days, or {@link Duration#ZERO} for no limit.
	 */
	public static final String ATTRIBUTE = "io.github.httppool.call-timeout";

	private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

	private CallTimeout() {
	}

	/**
	 * Return the limit that the value of an attribute represents.
	 * @param value the value of {@link #ATTRIBUTE}, or {@code null} if it is not set
	 * @param otherwise the limit to use if it is not set, or {@code null} for no limit
	 * @return the limit, or {@code null} for no limit
	 * @throws IllegalArgumentException if the value is not a {@link Duration}, or is
	 * negative or longer than 24 days
	 */
	public static @Nullable Duration of(@Nullable Object value, @Nullable Duration otherwise) {
		if (value == null) {
			return otherwise;
		}
		if (!(value instanceof Duration duration) || duration.isNegative() || duration.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException(
					"The request's attribute '" + ATTRIBUTE + "' is " + value + " (" + value.getClass().getName()
							+ "): give a java.time.Duration from 1ms to 24 days, or Duration.ZERO for no limit");
		}
		return duration.isZero() ? null : duration;
	}

}

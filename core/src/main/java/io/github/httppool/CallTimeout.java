package io.github.httppool;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The limit for a whole call where it differs from {@code http-pool.call-timeout}: from
 * the wait for a connection to the end of the body, redirects included.
 * <pre class="code">
 * restClient.get().uri("/report").attribute(CallTimeout.ATTRIBUTE, Duration.ofSeconds(30))…
 *
 * RestClient.builder().defaultRequest((request) -> request.attribute(CallTimeout.ATTRIBUTE, Duration.ofSeconds(2)))…
 * </pre> Code that uses HttpClient itself sets the attribute of its {@code HttpContext}.
 *
 * @since 0.1.0
 */
public final class CallTimeout {

	/**
	 * Name of the attribute of a request, whose value is a {@link Duration};
	 * {@link Duration#ZERO} means no limit.
	 */
	public static final String ATTRIBUTE = "io.github.httppool.call-timeout";

	private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

	private CallTimeout() {
	}

	/**
	 * Return the limit that an attribute's value stands for.
	 * @param value the value of {@link #ATTRIBUTE}, or {@code null} if it is not set
	 * @param otherwise the limit where it is not set, or {@code null} for none
	 * @return the limit, or {@code null} for none
	 * @throws IllegalArgumentException if the value is no {@link Duration}, negative, or
	 * longer than 24 days
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

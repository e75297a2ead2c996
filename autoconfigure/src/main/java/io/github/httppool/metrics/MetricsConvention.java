package io.github.httppool.metrics;

/**
 * Naming convention for the meters of connections.
 *
 * @since 0.1.0
 */
public enum MetricsConvention {

	/** Names of this project, {@code http.pool.*}, in Micrometer's style. */
	MICROMETER,

	/**
	 * Names of OpenTelemetry's semantic conventions, {@code http.client.*}, where these
	 * have one.
	 */
	OTEL

}

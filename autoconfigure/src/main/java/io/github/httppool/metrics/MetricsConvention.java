package io.github.httppool.metrics;

/**
 * Convention for the names of the meters of connections.
 *
 * @since 0.1.0
 */
public enum MetricsConvention {

	/** Names of HTTP Pool, {@code http.pool.*}, in Micrometer's style. */
	MICROMETER,

	/**
	 * Names of OpenTelemetry's semantic conventions, {@code http.client.*}, as far as
	 * these define one.
	 */
	OTEL

}

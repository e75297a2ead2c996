package io.github.httppool.autoconfigure.properties;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.httppool.metrics.MetricsConvention;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties of the HTTP connection pools.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("http-pool")
public class HttpPoolProperties extends PoolProperties {

	/**
	 * Whether clients share a pool. If not, Spring Boot behaves as if the starter were
	 * not there.
	 */
	private boolean enabled = true;

	private final Metrics metrics = new Metrics();

	/**
	 * Further, isolated pools by name. Each inherits the values of 'http-pool' that it
	 * does not set.
	 */
	private final Map<String, Pool> pools = new LinkedHashMap<>();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public Metrics getMetrics() {
		return this.metrics;
	}

	public Map<String, Pool> getPools() {
		return this.pools;
	}

	/**
	 * Settings of the meters.
	 */
	public static class Metrics {

		/**
		 * Naming convention of the connection meters.
		 */
		private MetricsConvention convention = MetricsConvention.MICROMETER;

		public MetricsConvention getConvention() {
			return this.convention;
		}

		public void setConvention(MetricsConvention convention) {
			this.convention = convention;
		}

	}

	/**
	 * A further pool.
	 */
	public static class Pool extends PoolProperties {

		/**
		 * Base URL of the pool's client.
		 */
		private @Nullable String baseUrl;

		/**
		 * Name of the SSL bundle for the pool's connections. As
		 * 'spring.http.clients.ssl.bundle' by default.
		 */
		private @Nullable String sslBundle;

		public @Nullable String getBaseUrl() {
			return this.baseUrl;
		}

		public void setBaseUrl(@Nullable String baseUrl) {
			this.baseUrl = baseUrl;
		}

		public @Nullable String getSslBundle() {
			return this.sslBundle;
		}

		public void setSslBundle(@Nullable String sslBundle) {
			this.sslBundle = sslBundle;
		}

	}

}

package io.github.httppool.autoconfigure.properties;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundle;

/**
 * A pool as the properties of the application describe it.
 *
 * @param name the name of the pool
 * @param settings its settings, inherited ones included
 * @param baseUrl address that the paths of its client are relative to, or {@code null}
 * @param sslBundle name of the SSL bundle of its connections, empty for none at all, or
 * {@code null} for that of all clients
 * @param ownConnectTimeout whether the pool says itself how long a connect may take
 * @param ownResponseTimeout whether it says itself how long a response may be silent
 */
public record ConfiguredPool(String name, HttpPoolSettings settings, @Nullable String baseUrl,
		@Nullable String sslBundle, boolean ownConnectTimeout, boolean ownResponseTimeout) {

	/**
	 * Return the prefix of the properties of the pool.
	 */
	public String prefix() {
		return prefix(this.name);
	}

	public static String prefix(String pool) {
		return HttpPool.DEFAULT_NAME.equals(pool) ? "http-pool" : "http-pool.pools." + pool;
	}

	/**
	 * Return the settings of the clients of the pool that have none of their own. What
	 * the pool says itself is meant for these clients, and comes before what is said for
	 * all; what it inherits comes after.
	 * @param all the settings of all clients
	 * @param bundles where SSL bundles are
	 */
	public HttpClientSettings clientSettings(HttpClientSettings all, NamedBundles bundles) {
		HttpClientSettings settings = all;
		if (this.ownConnectTimeout) {
			settings = settings.withConnectTimeout(null);
		}
		if (this.ownResponseTimeout) {
			settings = settings.withReadTimeout(null);
		}
		if (this.sslBundle != null) {
			SslBundle bundle = this.sslBundle.isEmpty() ? null : bundles.get(this.sslBundle);
			settings = settings.withSslBundle(bundle);
		}
		return settings;
	}

}

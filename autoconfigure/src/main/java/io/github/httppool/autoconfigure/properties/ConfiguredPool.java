package io.github.httppool.autoconfigure.properties;

import java.util.List;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.InvalidHttpPoolSettingsException.Problem;
import io.github.httppool.InvalidHttpPoolSettingsException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundle;

/**
 * A pool as described by the properties of the application.
 *
 * @param name the name of the pool
 * @param settings its settings, including inherited ones
 * @param baseUrl base URL of its client, or {@code null}
 * @param sslBundle name of the SSL bundle of its connections, empty for none, or
 * {@code null} for the bundle of all clients
 * @param ownConnectTimeout whether the pool sets its own connect timeout
 * @param ownResponseTimeout whether the pool sets its own response timeout
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
	 * Check that the SSL bundles of pools exist.
	 * @throws InvalidHttpPoolSettingsException if a bundle does not exist; reports all
	 * missing bundles together
	 */
	public static void requireBundles(List<ConfiguredPool> pools, NamedBundles bundles) {
		List<Problem> problems = pools.stream()
			.flatMap((pool) -> bundles.problems("pools." + pool.name + ".ssl-bundle", pool.sslBundle).stream())
			.toList();
		if (!problems.isEmpty()) {
			throw new InvalidHttpPoolSettingsException(problems);
		}
	}

	/**
	 * Return the settings of the pool's clients that have no individual settings. Values
	 * that the pool sets itself take precedence over the settings of all clients;
	 * inherited values do not.
	 * @param all the settings of all clients
	 * @param bundles the SSL bundles of the application
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

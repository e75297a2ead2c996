package io.github.httppool.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.HttpClientPool;

import org.springframework.boot.http.client.HttpClientSettings;

/**
 * A configured pool and those that differ from it in nothing but their {@link Peers}.
 */
final class PoolFamily {

	final ConfiguredPool configured;

	/** Of the clients that have none of their own. */
	final HttpClientSettings clientSettings;

	final Map<Peers, HttpClientPool> byPeers = new ConcurrentHashMap<>();

	/** All of them, the first one first, known before others can find them. */
	private final List<HttpClientPool> pools = new ArrayList<>();

	private final HttpClientSettings all;

	PoolFamily(ConfiguredPool configured, HttpClientSettings all, NamedBundles bundles) {
		this.configured = configured;
		this.clientSettings = configured.clientSettings(all, bundles);
		this.all = all;
	}

	void add(HttpClientPool pool) {
		this.pools.add(pool);
	}

	/**
	 * Return the settings of all of them.
	 */
	HttpPoolSettings settings() {
		return this.pools.isEmpty() ? this.configured.settings() : this.pools.get(0).settings();
	}

	/**
	 * Let all of them follow other settings.
	 * @return the names of those that cannot follow
	 */
	Set<String> change(HttpPoolSettings settings) {
		Set<String> fixed = new LinkedHashSet<>();
		this.pools.forEach((pool) -> fixed.addAll(pool.change(settings)));
		return fixed;
	}

	/**
	 * Return what holds for a client whose builder has certain settings. Spring Boot's
	 * builders come with those of all clients filled in; only what differs from them was
	 * said for this one.
	 */
	HttpClientSettings complete(HttpClientSettings settings) {
		HttpClientSettings own = SettingsSinceBoot41.without(this.all, settings);
		if (own.redirects() == this.all.redirects()) {
			own = own.withRedirects(null);
		}
		if (Objects.equals(own.connectTimeout(), this.all.connectTimeout())) {
			own = own.withConnectTimeout(null);
		}
		if (Objects.equals(own.readTimeout(), this.all.readTimeout())) {
			own = own.withReadTimeout(null);
		}
		if (own.sslBundle() == this.all.sslBundle()) {
			own = own.withSslBundle(null);
		}
		return own.orElse(this.clientSettings);
	}

}

package io.github.httppool.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.github.httppool.hc5.HttpClientPool;
import io.github.httppool.hc5.PoolWarmUp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.http.client.HttpClientSettings;

/**
 * Opens the configured warm-up connections before the first call, for all pools
 * concurrently. Failures are logged as warnings, because the application works without a
 * warm-up.
 */
final class PoolWarmUps {

	private static final Logger log = LoggerFactory.getLogger(PoolWarmUps.class);

	private final SharedPools pools;

	private final PooledRequestFactories factories;

	PoolWarmUps(SharedPools pools, PooledRequestFactories factories) {
		this.pools = pools;
		this.factories = factories;
	}

	/**
	 * Open the connections and wait for them.
	 */
	void run() {
		List<PoolWarmUp> begun = new ArrayList<>();
		for (PoolVariants variants : this.pools.warmedUp()) {
			// Do not warm up the other variants, because their connections
			// belong to other clients.
			HttpClientSettings settings = variants.clientSettings();
			begin(this.pools.poolFor(variants, settings, "its warm-up"), settings, begun);
		}
		begun.forEach(PoolWarmUp::await);
	}

	private void begin(HttpClientPool pool, HttpClientSettings settings, List<PoolWarmUp> begun) {
		try {
			PoolWarmUp warmUp = new PoolWarmUp(pool);
			warmUp.begin(this.factories.createClient(pool, settings, warmUp));
			begun.add(warmUp);
		}
		catch (RuntimeException ex) {
			log.warn("Pool '{}' opens no connections at start ({}warm-up)", pool.name(),
					pool.settings().propertyPrefix(), ex);
		}
	}

}

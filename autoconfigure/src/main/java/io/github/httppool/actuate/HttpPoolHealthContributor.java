package io.github.httppool.actuate;

import java.util.stream.Stream;

import io.github.httppool.HttpPools;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;

/**
 * {@link CompositeHealthContributor} with one {@link HttpPoolHealthIndicator} per pool,
 * under the pool's name. A pool that is added later, such as the pool of an SSL bundle,
 * appears with the next request. Thread-safe.
 *
 * @since 0.1.0
 */
public class HttpPoolHealthContributor implements CompositeHealthContributor {

	private final HttpPools pools;

	/**
	 * Create a contributor.
	 * @param pools the pools to examine
	 */
	public HttpPoolHealthContributor(HttpPools pools) {
		this.pools = pools;
	}

	@Override
	public @Nullable HealthContributor getContributor(String name) {
		return this.pools.find(name).map(HttpPoolHealthIndicator::new).orElse(null);
	}

	@Override
	public Stream<Entry> stream() {
		return this.pools.all().stream().map((pool) -> new Entry(pool.name(), new HttpPoolHealthIndicator(pool)));
	}

}

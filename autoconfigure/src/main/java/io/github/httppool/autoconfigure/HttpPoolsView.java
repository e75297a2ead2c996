package io.github.httppool.autoconfigure;

import java.util.List;
import java.util.Optional;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;

/**
 * Shows the pools to the application. Clients do not need it, so that a test can replace
 * it with a mock and they still work.
 */
final class HttpPoolsView implements HttpPools {

	private final SharedPools pools;

	HttpPoolsView(SharedPools pools) {
		this.pools = pools;
	}

	@Override
	public Optional<HttpPool> find(String name) {
		return this.pools.find(name);
	}

	@Override
	public List<HttpPool> all() {
		return this.pools.all();
	}

}

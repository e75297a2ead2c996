package io.github.httppool.autoconfigure;

import java.util.List;
import java.util.Optional;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;

/**
 * Shows the pools to the application. Clients do not need it, so that a test can replace
 * it with a mock and they still work.
 */
record HttpPoolsView(SharedPools pools) implements HttpPools {

	@Override
	public Optional<HttpPool> find(String name) {
		return this.pools.find(name);
	}

	@Override
	public List<HttpPool> all() {
		return this.pools.all();
	}

}

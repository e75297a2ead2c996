package io.github.httppool.autoconfigure.properties;

import io.github.httppool.autoconfigure.properties.HttpPoolProperties.Pool;

import org.springframework.core.convert.converter.Converter;

/**
 * Converts an empty {@code http-pool.pools.<name>} to a pool that inherits all values.
 */
public final class EmptyPool implements Converter<String, Pool> {

	@Override
	public Pool convert(String source) {
		if (!source.isBlank()) {
			throw new IllegalArgumentException("A pool has properties, not a value");
		}
		return new Pool();
	}

}

package io.github.httppool.autoconfigure;

/**
 * Names of internal beans. Their prefix avoids collisions with beans of the application.
 */
final class BeanNames {

	static final String PREFIX = "io.github.httppool.";

	/**
	 * The listener that records the meters.
	 */
	static final String METRICS = PREFIX + "metrics";

	/**
	 * The creator of the {@code ClientHttpRequestFactoryBuilder}.
	 */
	static final String FACTORIES = PREFIX + "requestFactories";

	/**
	 * The creator of the clients.
	 */
	static final String CLIENTS = PREFIX + "clients";

	private BeanNames() {
	}

}

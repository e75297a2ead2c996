package io.github.httppool;

import java.util.List;
import java.util.Optional;

/**
 * The pools of an application by name. Thread-safe.
 *
 * @since 0.1.0
 */
public interface HttpPools {

	/**
	 * Return the pool with a name.
	 * @param name the name, such as {@link HttpPool#DEFAULT_NAME}
	 * @return the pool
	 * @throws IllegalArgumentException if there is no such pool; its message lists the
	 * names that exist
	 */
	default HttpPool get(String name) {
		return find(name).orElseThrow(() -> new IllegalArgumentException("There is no pool '" + name
				+ "': the pools of this application are " + all().stream().map(HttpPool::name).toList()));
	}

	/**
	 * Return the pool with a name, if there is one. A pool of the properties is there
	 * from the start and is opened for its first call, or for a method that changes it.
	 * @param name the name
	 * @return the pool, or empty
	 */
	Optional<HttpPool> find(String name);

	/**
	 * Return all pools, the default one first: those of the properties, also before they
	 * are opened, and those that clients with an SSL bundle or an address filter of their
	 * own have added.
	 * @return the pools, unmodifiable
	 */
	List<HttpPool> all();

}

package io.github.httppool;

import java.util.List;
import java.util.Optional;

/**
 * The pools of an application by name. The starter registers one bean of this type.
 * Thread-safe. <pre class="code">
 * PoolSnapshot numbers = pools.get("default").snapshot();
 * </pre>
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
	 * Return the pool with a name, if there is one. Configured pools exist from the
	 * start. A pool opens on its first call, or when a method changes it.
	 * @param name the name
	 * @return the pool, or empty
	 */
	Optional<HttpPool> find(String name);

	/**
	 * Return all pools, the default one first: the configured pools, even before they
	 * open, and the pools added by clients with their own SSL bundle or address filter.
	 * @return the pools, unmodifiable
	 */
	List<HttpPool> all();

}

package io.github.httppool.hc5;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;

/**
 * The pools of an application, made when they are first asked for.
 *
 * @since 0.1.0
 */
public final class HttpClientPools implements HttpPools {

	private final Map<String, HttpClientPool> pools = new ConcurrentHashMap<>();

	private volatile boolean shutDown;

	/**
	 * Return the pool with a name, and make it if there is none. A pool that is made
	 * after the others were shut down is shut down as well.
	 * @param name the name
	 * @param factory makes a pool with this name
	 * @return the pool
	 */
	public HttpClientPool getOrCreate(String name, Function<String, HttpClientPool> factory) {
		HttpClientPool pool = this.pools.computeIfAbsent(name, factory);
		if (this.shutDown) {
			pool.shutDown();
		}
		return pool;
	}

	@Override
	public Optional<HttpPool> find(String name) {
		return Optional.ofNullable(this.pools.get(name));
	}

	@Override
	public List<HttpPool> all() {
		return this.pools.values()
			.stream()
			.<HttpPool>map((pool) -> pool)
			.sorted(Comparator.<HttpPool, Boolean>comparing((pool) -> !HttpPool.DEFAULT_NAME.equals(pool.name()))
				.thenComparing(HttpPool::name))
			.toList();
	}

	/**
	 * {@linkplain HttpClientPool#start() Start} all pools.
	 */
	public void start() {
		this.pools.values().forEach(HttpClientPool::start);
	}

	/**
	 * {@linkplain HttpClientPool#stop Stop} all pools.
	 * @param timeout how long to wait at most, for all of them together
	 * @return whether all connections came back in time
	 */
	public boolean stop(Duration timeout) {
		long end = System.nanoTime() + timeout.toNanos();
		boolean inTime = true;
		for (HttpClientPool pool : this.pools.values()) {
			inTime &= pool.stop(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
		}
		return inTime;
	}

	/**
	 * {@linkplain HttpClientPool#shutDown() Shut down} all pools.
	 */
	public void shutDown() {
		this.shutDown = true;
		this.pools.values().forEach(HttpClientPool::shutDown);
	}

}

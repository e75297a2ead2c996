package io.github.httppool.faults;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.httppool.Finding;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.findings.LocalPorts;
import io.github.httppool.testing.SampledPool;
import io.github.httppool.testing.SampledPool.Resolver;

/**
 * Where a case is played: a pool, servers, and callers. Ends all of it.
 */
final class Scene implements AutoCloseable {

	private final Deque<AutoCloseable> resources = new ArrayDeque<>();

	private Supplier<List<Finding>> findings = List::of;

	private volatile Throwable failure;

	/**
	 * Let something end with the scene.
	 */
	<T extends AutoCloseable> T use(T resource) {
		this.resources.push(resource);
		return resource;
	}

	/**
	 * Make the pool.
	 */
	SampledPool pool(Consumer<HttpPoolSettings.Builder> settings) {
		return pool(settings, Resolver.LOCAL, null);
	}

	SampledPool pool(Consumer<HttpPoolSettings.Builder> settings, Resolver resolver, Supplier<LocalPorts> ports) {
		SampledPool pool = use(SampledPool.with(settings, resolver, ports));
		this.findings = pool::findings;
		return pool;
	}

	/**
	 * Let somebody else say what was found.
	 */
	void findings(Supplier<List<Finding>> findings) {
		this.findings = findings;
	}

	List<Finding> findings() {
		return this.findings.get();
	}

	/**
	 * Let callers make calls, each one after the other.
	 * @param pause between two calls of a caller
	 */
	Callers callers(int count, Duration pause, Call call) {
		return use(new Callers(count, pause, call, (failure) -> this.failure = failure));
	}

	/**
	 * Return why a call failed that was not to fail.
	 */
	Throwable failure() {
		return this.failure;
	}

	@Override
	public void close() throws Exception {
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

	/**
	 * One call.
	 */
	@FunctionalInterface
	interface Call {

		void make() throws Exception;

	}

}

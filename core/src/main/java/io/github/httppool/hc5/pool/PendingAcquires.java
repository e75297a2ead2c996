package io.github.httppool.hc5.pool;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The callers that wait for a connection of a pool, so many at most.
 */
final class PendingAcquires {

	/** -1 for no limit. */
	private volatile int max;

	private final AtomicInteger count = new AtomicInteger();

	private final Set<AcquireRequest> callers = ConcurrentHashMap.newKeySet();

	PendingAcquires(int max) {
		this.max = max;
	}

	/**
	 * Begin to wait.
	 * @return {@code false} if too many are waiting already
	 */
	boolean enter(AcquireRequest caller) {
		int max = this.max;
		int current;
		do {
			current = this.count.get();
			if (max >= 0 && current >= max) {
				return false;
			}
		}
		while (!this.count.compareAndSet(current, current + 1));
		Route route = caller.lease().route;
		route.traffic.pending.raise(route.pending.incrementAndGet());
		this.callers.add(caller);
		return true;
	}

	/**
	 * Let so many wait from now on; those who wait already go on.
	 */
	void limit(int max) {
		this.max = max;
	}

	void leave(AcquireRequest caller) {
		this.callers.remove(caller);
		caller.lease().route.pending.decrementAndGet();
		this.count.decrementAndGet();
	}

	int count() {
		return this.count.get();
	}

	/**
	 * Tell all of them that the pool is shut down.
	 */
	void shutDown() {
		this.callers.forEach(AcquireRequest::shutDownWait);
	}

}

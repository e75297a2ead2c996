package io.github.httppool.hc5.net;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Addresses that recently failed to connect. They are tried last, so that a dead address
 * does not delay each new connection to its host.
 */
public final class AddressHistory {

	/**
	 * After this time a failed address returns to its normal position.
	 */
	static final long MAX_AGE = TimeUnit.MINUTES.toNanos(1);

	static final int MAX_ADDRESSES = 1000;

	/** By address, the {@link System#nanoTime()} of the last failure. */
	private final Map<InetSocketAddress, Long> failures = new ConcurrentHashMap<>();

	synchronized void failed(InetSocketAddress address, long now) {
		if (this.failures.size() >= MAX_ADDRESSES) {
			this.failures.values().removeIf((failure) -> now - failure >= MAX_AGE);
			if (this.failures.size() >= MAX_ADDRESSES) {
				this.failures.keySet().remove(this.failures.keySet().iterator().next());
			}
		}
		this.failures.put(address, now);
	}

	void succeeded(InetSocketAddress address) {
		this.failures.remove(address);
	}

	/**
	 * Returns how long ago an address failed.
	 * @return the time in nanoseconds, or -1 if it has not failed recently
	 */
	long sinceFailure(@Nullable InetSocketAddress address, long now) {
		Long failure = (address != null) ? this.failures.get(address) : null;
		return (failure != null && now - failure < MAX_AGE) ? Math.max(0, now - failure) : -1;
	}

	int size() {
		return this.failures.size();
	}

}

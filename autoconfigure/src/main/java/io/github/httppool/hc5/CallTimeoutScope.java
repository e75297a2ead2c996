package io.github.httppool.hc5;

import java.io.Closeable;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Carries a call timeout past clients that give no access to the {@code HttpContext} of
 * their calls. Costs a call nothing before one was used.
 */
final class CallTimeoutScope implements Closeable {

	private static final ThreadLocal<@Nullable Duration> CURRENT = new ThreadLocal<>();

	private static volatile boolean used;

	private final @Nullable Duration before = CURRENT.get();

	CallTimeoutScope(Duration timeout) {
		used = true;
		CURRENT.set(timeout);
	}

	static @Nullable Duration current() {
		return used ? CURRENT.get() : null;
	}

	@Override
	public void close() {
		if (this.before != null) {
			CURRENT.set(this.before);
		}
		else {
			CURRENT.remove();
		}
	}

}

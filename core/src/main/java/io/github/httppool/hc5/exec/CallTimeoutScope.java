package io.github.httppool.hc5.exec;

import java.io.Closeable;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Passes a call timeout through clients that give no access to the {@code HttpContext} of
 * their calls. Calls have no overhead until the first scope is opened.
 */
public final class CallTimeoutScope implements Closeable {

	private static final ThreadLocal<@Nullable Duration> CURRENT = new ThreadLocal<>();

	private static volatile boolean used;

	private final @Nullable Duration before = CURRENT.get();

	public CallTimeoutScope(Duration timeout) {
		used = true;
		CURRENT.set(timeout);
	}

	/**
	 * Takes the timeout for the call that begins in this thread. Until it is
	 * {@linkplain #restore restored}, other calls of this thread do not use it. It
	 * therefore does not apply to nested calls, for example to request a token.
	 */
	static @Nullable Duration take() {
		if (!used) {
			return null;
		}
		Duration current = CURRENT.get();
		if (current != null) {
			CURRENT.remove();
		}
		return current;
	}

	static void restore(@Nullable Duration taken) {
		if (taken != null) {
			CURRENT.set(taken);
		}
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

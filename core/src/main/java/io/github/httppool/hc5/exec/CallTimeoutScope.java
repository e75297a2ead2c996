package io.github.httppool.hc5.exec;

import java.io.Closeable;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Carries a call timeout past clients that give no access to the {@code HttpContext} of
 * their calls. Costs a call nothing before one was used.
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
	 * Take what is set for the call that begins in this thread. Until it is
	 * {@linkplain #putBack put back} there is none: it is not meant for the calls that
	 * this one makes in the same thread, such as one for a token.
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

	static void putBack(@Nullable Duration taken) {
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

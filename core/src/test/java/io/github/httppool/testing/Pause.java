package io.github.httppool.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets time pass, for tests and scripts whose subject is time: a slow server, a busy
 * caller, or something that must not happen. To wait for something that happens, await it
 * with {@link Soon}.
 */
public final class Pause {

	private Pause() {
	}

	/**
	 * Pause the current thread.
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static void of(Duration time) throws InterruptedException {
		Thread.sleep(time.toMillis());
	}

	/**
	 * Pause the current thread.
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static void ofMillis(long millis) throws InterruptedException {
		Thread.sleep(millis);
	}

	/**
	 * Wait for the interrupt of another thread, for up to 20 s.
	 * @throws InterruptedException when the thread is interrupted
	 */
	public static void untilInterrupted() throws InterruptedException {
		Thread.sleep(20_000);
		throw new AssertionError("No interrupt came");
	}

	/**
	 * Pause the current thread for about as long, or until it is interrupted, which the
	 * thread remembers. For races, whose threads must be out of step.
	 */
	public static void ofNanos(long nanos) {
		LockSupport.parkNanos(nanos);
	}

}

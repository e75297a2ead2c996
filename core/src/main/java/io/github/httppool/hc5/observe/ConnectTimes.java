package io.github.httppool.hc5.observe;

import org.jspecify.annotations.Nullable;

/**
 * How long each step took in opening a connection. Used by the thread that opens it.
 */
public final class ConnectTimes {

	/** In nanoseconds, like the others; -1 for a step that was not taken. */
	public long dns = -1;

	public long tcp = -1;

	public long tls = -1;

	private long started;

	private long total;

	private boolean ended;

	/** {@code null} while nothing is recorded. */
	private @Nullable Object recorded;

	/**
	 * Start the clock.
	 * @param recorded what is recorded of it, or {@code null}
	 */
	public void begin(@Nullable Object recorded) {
		this.recorded = recorded;
		this.started = System.nanoTime();
	}

	/**
	 * Stop the clock: the connection is open, with TLS where it has TLS, or never will
	 * be.
	 * @return whether it was still running
	 */
	boolean end() {
		if (this.ended) {
			return false;
		}
		this.ended = true;
		this.total = (this.started != 0) ? System.nanoTime() - this.started : 0;
		return true;
	}

	@Nullable Object takeRecorded() {
		Object recorded = this.recorded;
		this.recorded = null;
		return recorded;
	}

	public long total() {
		return this.total;
	}

}

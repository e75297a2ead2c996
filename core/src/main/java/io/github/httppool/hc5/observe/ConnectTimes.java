package io.github.httppool.hc5.observe;

import org.jspecify.annotations.Nullable;

/**
 * The duration of each step in opening a connection. Used by the thread that opens it.
 */
public final class ConnectTimes {

	/**
	 * In nanoseconds, like the other times; -1 for a step that was skipped.
	 */
	public long dns = -1;

	public long tcp = -1;

	public long tls = -1;

	private long started;

	private long total;

	private boolean ended;

	/**
	 * The Flight Recorder event, or {@code null} if none is recorded.
	 */
	private @Nullable Object recorded;

	/**
	 * Starts the clock.
	 * @param recorded the Flight Recorder event, or {@code null}
	 */
	public void begin(@Nullable Object recorded) {
		this.recorded = recorded;
		this.started = System.nanoTime();
	}

	/**
	 * Stops the clock, because the connection is fully open or has failed.
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

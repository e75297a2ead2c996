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

	public void begin() {
		this.recorded = JfrEvents.connectStarted();
		this.started = System.nanoTime();
	}

	/**
	 * The connection is open, with TLS where it has TLS, or will never be.
	 * @param failure why it failed, or {@code null}
	 */
	public void ended(LeaseView lease, @Nullable Throwable failure) {
		if (this.ended) {
			return;
		}
		this.ended = true;
		this.total = (this.started != 0) ? System.nanoTime() - this.started : 0;
		JfrEvents.connectEnded(this.recorded, lease, this, failure);
		this.recorded = null;
	}

	public long total() {
		return this.total;
	}

}

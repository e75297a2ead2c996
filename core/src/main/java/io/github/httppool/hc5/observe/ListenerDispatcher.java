package io.github.httppool.hc5.observe;

import java.util.concurrent.atomic.AtomicBoolean;

import io.github.httppool.HttpPoolListener;
import io.github.httppool.hc5.net.BackgroundTasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one listener, in a thread of its own, of what happens where nobody may be held
 * up: under the lock of HttpClient's pool, or in the housekeeper.
 */
public final class ListenerDispatcher {

	/** More connections than are closed at once; what a listener leaves lying is lost. */
	public static final int MOST_UNTOLD = 10_000;

	private static final Logger log = LoggerFactory.getLogger(HttpPoolListener.class);

	private final HttpPoolListener listener;

	private final BackgroundTasks events;

	private final LogWriter writer;

	private final AtomicBoolean losing = new AtomicBoolean();

	ListenerDispatcher(String pool, HttpPoolListener listener, LogWriter writer) {
		this.listener = listener;
		this.events = new BackgroundTasks("http-pool-" + pool + "-listener", 1, MOST_UNTOLD);
		this.writer = writer;
	}

	/**
	 * Tell the listener later. Never blocks, never throws.
	 */
	void later(Runnable event) {
		if (!this.events.offer(event) && this.losing.compareAndSet(false, true)) {
			this.writer.warn(log,
					"Listener %s is not told of every connection that was closed while idle any more: %s such events wait for it. It blocks, or there is no thread for it"
						.formatted(this.listener.getClass().getName(), this.events.waiting()),
					null);
		}
	}

	/**
	 * Tell what is left, and take nothing more.
	 */
	void shutDown() {
		this.events.shutDown();
	}

	/**
	 * Wait until all is told, but not for a listener that blocks.
	 */
	void awaitEnd(long nanos) {
		this.events.awaitEnd(nanos);
	}

}

package io.github.httppool.hc5.observe;

import java.util.concurrent.atomic.AtomicBoolean;

import io.github.httppool.HttpPoolListener;
import io.github.httppool.hc5.net.BackgroundTasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events to one listener on a separate thread. Used for events that occur where
 * third-party code must not run: while a lock of the pool is held, or on the housekeeper.
 */
public final class ListenerDispatcher {

	/**
	 * Maximum number of queued events. Exceeds the number of connections that are closed
	 * at once; further events are dropped.
	 */
	public static final int MAX_QUEUED = 10_000;

	private static final Logger log = LoggerFactory.getLogger(HttpPoolListener.class);

	private final HttpPoolListener listener;

	private final BackgroundTasks events;

	private final LogWriter writer;

	private final AtomicBoolean overflowed = new AtomicBoolean();

	ListenerDispatcher(String pool, HttpPoolListener listener, LogWriter writer) {
		this.listener = listener;
		this.events = new BackgroundTasks("http-pool-" + pool + "-listener", 1, MAX_QUEUED);
		this.writer = writer;
	}

	/**
	 * Delivers an event later. Never blocks or throws.
	 */
	void enqueue(Runnable event) {
		if (!this.events.offer(event) && this.overflowed.compareAndSet(false, true)) {
			this.writer.warn(log,
					"Listener %s does not receive all events of connections that were closed while idle: %s events are waiting. It blocks, or no thread can be started for it"
						.formatted(this.listener.getClass().getName(), this.events.queued()),
					null);
		}
	}

	/**
	 * Delivers the queued events and accepts no more.
	 */
	void shutDown() {
		this.events.shutDown();
	}

	/**
	 * Waits until all events are delivered, for a limited time.
	 */
	void awaitEnd(long nanos) {
		this.events.awaitTermination(nanos);
	}

}

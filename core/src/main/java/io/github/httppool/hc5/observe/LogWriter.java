package io.github.httppool.hc5.observe;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

import io.github.httppool.findings.MessageLines;
import io.github.httppool.hc5.net.BackgroundTasks;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes the housekeeper's log entries on another thread, because an appender may block
 * and the housekeeper enforces all deadlines. If the log is too slow, entries are dropped
 * and counted.
 */
public final class LogWriter {

	public static final int MAX_QUEUED = 1000;

	private static final Logger log = LoggerFactory.getLogger(LogWriter.class);

	private static final long MAX_SHUTDOWN_WAIT = TimeUnit.SECONDS.toNanos(1);

	private final String pool;

	private final BackgroundTasks entries;

	private final AtomicLong dropped = new AtomicLong();

	public LogWriter(String pool) {
		this.pool = pool;
		this.entries = new BackgroundTasks("http-pool-" + pool + "-log", 1, MAX_QUEUED);
	}

	public void warn(Logger log, String message, @Nullable Throwable thrown) {
		write(log, Level.WARN, message, thrown);
	}

	/**
	 * Returns a function that logs warnings with the logger of a class.
	 */
	public BiConsumer<String, Throwable> warnings(Class<?> source) {
		Logger log = LoggerFactory.getLogger(source);
		return (message, failure) -> warn(log, message, failure);
	}

	/**
	 * Writes an entry later, broken into lines unless it already contains line breaks.
	 * Never blocks or throws.
	 */
	public void write(Logger log, Level level, String message, @Nullable Throwable thrown) {
		enqueue(() -> log.atLevel(level)
			.setCause(thrown)
			.log((message.indexOf('\n') < 0) ? MessageLines.of(message) : message));
	}

	/**
	 * Runs a task later that may write to the log. Never blocks or throws.
	 */
	public void enqueue(Runnable entry) {
		if (!this.entries.offer(() -> run(entry))) {
			this.dropped.incrementAndGet();
		}
	}

	/**
	 * Runs a task later that may write to the log and must not be dropped.
	 */
	public void enqueueAlways(Runnable step) {
		if (!this.entries.add(() -> run(step))) {
			run(step);
		}
	}

	private void run(Runnable entry) {
		try {
			entry.run();
			long dropped = this.dropped.getAndSet(0);
			if (dropped != 0) {
				log.warn(
						"{} log entries of pool '{}' were dropped, because {} were waiting: the log is too slow, or one of its appenders blocks",
						dropped, this.pool, MAX_QUEUED);
			}
		}
		catch (Throwable ex) {
			// The log itself failed, or memory is exhausted.
		}
	}

	/**
	 * Writes queued entries, for at most one second.
	 */
	public void shutDown() {
		this.entries.shutDown();
		this.entries.awaitTermination(MAX_SHUTDOWN_WAIT);
	}

}

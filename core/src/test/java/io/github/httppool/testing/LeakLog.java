package io.github.httppool.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Remembers the log entries about leaks.
 */
public final class LeakLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.httppool.leak");

	private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

	public LeakLog() {
		setContext(this.logger.getLoggerContext());
		start();
		this.logger.addAppender(this);
	}

	@Override
	protected void append(ILoggingEvent event) {
		this.events.add(event);
	}

	/**
	 * Return the entries of a level, as soon as there are this many.
	 */
	public List<ILoggingEvent> at(Level level, int count) {
		Soon.soon().until(() -> at(level).size() >= count);
		return at(level);
	}

	public List<ILoggingEvent> at(Level level) {
		return this.events.stream().filter((event) -> event.getLevel() == level).toList();
	}

	@Override
	public void close() {
		this.logger.detachAppender(this);
	}

}

package io.github.httppool.hc5;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Remembers what is logged about leaks.
 */
final class LeakLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.httppool.leak");

	private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

	LeakLog() {
		setContext(this.logger.getLoggerContext());
		start();
		this.logger.addAppender(this);
	}

	@Override
	protected void append(ILoggingEvent event) {
		this.events.add(event);
	}

	/**
	 * Return what was logged, once there are so many entries.
	 */
	List<ILoggingEvent> at(Level level, int count) {
		Soon.soon().until(() -> at(level).size() >= count);
		return at(level);
	}

	List<ILoggingEvent> at(Level level) {
		return this.events.stream().filter((event) -> event.getLevel() == level).toList();
	}

	@Override
	public void close() {
		this.logger.detachAppender(this);
	}

}

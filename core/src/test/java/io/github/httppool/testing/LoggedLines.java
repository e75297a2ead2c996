package io.github.httppool.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * Remembers the lines that a logger writes.
 */
public final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final Logger logger;

	private final List<String> lines = new CopyOnWriteArrayList<>();

	private LoggedLines(Logger logger) {
		this.logger = logger;
		setContext(logger.getLoggerContext());
	}

	public static LoggedLines of(String logger) {
		LoggedLines lines = new LoggedLines((Logger) LoggerFactory.getLogger(logger));
		lines.start();
		lines.logger.addAppender(lines);
		return lines;
	}

	@Override
	protected void append(ILoggingEvent event) {
		this.lines.add(event.getLevel() + " " + event.getFormattedMessage());
	}

	/**
	 * Return the lines of all levels.
	 */
	public List<String> all() {
		return List.copyOf(this.lines);
	}

	/**
	 * Return the warnings.
	 */
	public List<String> lines() {
		return this.lines.stream().filter((line) -> line.startsWith("WARN ")).toList();
	}

	@Override
	public void close() {
		this.logger.detachAppender(this);
		stop();
	}

}

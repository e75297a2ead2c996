package io.github.httppool.runbook;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/**
 * What an application logs about its pools.
 */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.github.httppool");

	private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

	LogLines() {
		setContext(LOGGER.getLoggerContext());
		start();
		LOGGER.addAppender(this);
	}

	@Override
	protected void append(ILoggingEvent event) {
		event.getFormattedMessage();
		this.events.add(event);
	}

	/**
	 * Return what a logger has logged about a route, each with those lines of its stack
	 * trace that are in a class.
	 */
	List<String> of(String logger, String route, Class<?> inTrace) {
		return this.events.stream()
			.filter((event) -> event.getLoggerName().equals(logger) && event.getFormattedMessage().contains(route))
			.map((event) -> event.getLevel() + " " + logger + " : " + event.getFormattedMessage()
					+ trace(event, inTrace))
			.toList();
	}

	private static String trace(ILoggingEvent event, Class<?> inTrace) {
		Stream<StackTraceElementProxy> trace = (event.getThrowableProxy() != null)
				? Stream.of(event.getThrowableProxy().getStackTraceElementProxyArray()) : Stream.of();
		return trace.map(StackTraceElementProxy::toString)
			.filter((line) -> line.contains(inTrace.getName() + "."))
			.map((line) -> "\n    " + line)
			.collect(Collectors.joining());
	}

	@Override
	public void close() {
		LOGGER.detachAppender(this);
		stop();
	}

}

package io.github.httppool.hc5;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.httppool.Finding;
import io.github.httppool.Finding.Severity;
import io.github.httppool.FindingCode;
import io.github.httppool.PoolEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static io.github.httppool.hc5.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how findings are told of.
 */
class FindingReportsTests {

	private static final Finding SMALL = new Finding(FindingCode.POOL_TOO_SMALL, Severity.WARNING, "http://orders",
			"They wait", "Raise it");

	private static final Finding SMALL_ELSEWHERE = new Finding(FindingCode.POOL_TOO_SMALL, Severity.CRITICAL,
			"http://users", "They wait", "Raise it");

	private static final Finding LARGE = new Finding(FindingCode.POOL_TOO_LARGE, Severity.INFO, null, "Nobody waits",
			"Lower it");

	private final EventLog events = new EventLog();

	private final LogWriter writer = new LogWriter("default");

	private final FindingReports reports = new FindingReports("default", this.events, this.writer);

	private final List<ILoggingEvent> logged = new CopyOnWriteArrayList<>();

	private final Logger logger = (Logger) LoggerFactory.getLogger(FindingReports.class);

	private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

		@Override
		protected void append(ILoggingEvent event) {
			FindingReportsTests.this.logged.add(event);
		}

	};

	@BeforeEach
	void listen() {
		this.appender.setContext(this.logger.getLoggerContext());
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	@AfterEach
	void stopListening() {
		this.logger.detachAppender(this.appender);
	}

	@Test
	void appearanceAndDisappearanceAreEvents() {
		this.reports.changed(List.of(SMALL), 1);
		this.reports.changed(List.of(SMALL), 2);
		assertThat(this.events.newestFirst()).singleElement().satisfies((event) -> {
			assertThat(event.type()).isEqualTo(PoolEvent.Type.FINDING);
			assertThat(event.route()).isEqualTo("http://orders");
			assertThat(event.message()).isEqualTo("POOL_TOO_SMALL (warning): They wait");
		});
		this.reports.changed(List.of(SMALL, SMALL_ELSEWHERE), 3);
		assertThat(this.events.newestFirst()).hasSize(2);
		this.reports.changed(List.of(SMALL_ELSEWHERE), 4);
		this.reports.changed(List.of(SMALL_ELSEWHERE), 5);
		assertThat(this.events.newestFirst()).hasSize(3).first().satisfies((event) -> {
			assertThat(event.type()).isEqualTo(PoolEvent.Type.FINDING);
			assertThat(event.route()).isEqualTo("http://orders");
			assertThat(event.message()).isEqualTo("POOL_TOO_SMALL is over");
		});
		this.reports.changed(List.of(), 6);
		assertThat(this.events.newestFirst()).hasSize(4);
	}

	@Test
	void findingIsLoggedOnceAtTheLevelOfItsSeverity() {
		this.reports.changed(List.of(SMALL, SMALL_ELSEWHERE, LARGE), 1);
		this.reports.changed(List.of(SMALL, SMALL_ELSEWHERE, LARGE), 2);
		soon().until(() -> this.logged.size() == 3);
		assertThat(this.logged).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.WARN, Level.INFO);
		assertThat(this.logged).extracting(ILoggingEvent::getFormattedMessage)
			.containsExactly("POOL_TOO_SMALL (pool 'default', route http://orders): They wait. Raise it",
					"POOL_TOO_SMALL (pool 'default', route http://users): They wait. Raise it",
					"POOL_TOO_LARGE (pool 'default'): Nobody waits. Lower it");
	}

	@Test
	void oneThatComesAndGoesIsLoggedOnceInTenMinutes() {
		for (int i = 0; i < 10; i++) {
			this.reports.changed(List.of(SMALL), i);
			this.reports.changed(List.of(), i);
		}
		soon().until(() -> this.logged.size() == 1);
		assertThat(this.events.newestFirst()).hasSize(20);
		this.reports.changed(List.of(SMALL), FindingReports.QUIET + 10);
		this.writer.shutDown();
		assertThat(this.logged).hasSize(2);
	}

}

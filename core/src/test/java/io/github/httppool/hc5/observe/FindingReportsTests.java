package io.github.httppool.hc5.observe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.PoolEvent;
import io.github.httppool.Severity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the reports of findings, with an injected clock.
 */
class FindingReportsTests {

	private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

	private static final Finding SMALL = small(Severity.WARNING);

	private static final Finding WORSE = small(Severity.CRITICAL);

	private static final Finding LARGE = new Finding(FindingCode.POOL_TOO_LARGE, Severity.INFO, null,
			"60 connections were open", "Lower it");

	private final EventLog events = new EventLog();

	private final LogWriter writer = new LogWriter("default");

	private final FindingReports reports = new FindingReports("default", this.events, this.writer);

	private final List<ILoggingEvent> logged = new CopyOnWriteArrayList<>();

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.httppool.findings");

	/** Starts far below 0, as nanoTime may. */
	private long now = Long.MIN_VALUE / 2;

	private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

		@Override
		protected void append(ILoggingEvent event) {
			FindingReportsTests.this.logged.add(event);
		}

	};

	private static Finding small(Severity severity) {
		return new Finding(FindingCode.POOL_TOO_SMALL, severity, "http://orders",
				"All 50 were leased, and 7 callers waited. By Little's law it is 60", "Raise it");
	}

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
	void appearanceIsLoggedOnceAtTheLevelOfItsSeverity() {
		Finding critical = new Finding(FindingCode.FAILING_CONNECTS, Severity.CRITICAL, "http://users",
				"5 of 5 connections could not be opened", "Check it");
		see(SMALL, critical, LARGE);
		see(SMALL, critical, LARGE);
		assertLogged("""
				WARN POOL_TOO_SMALL (pool 'default', route http://orders): All 50 were leased, and 7 callers waited.
				    By Little's law it is 60
				    Raise it""", """
				ERROR FAILING_CONNECTS (pool 'default', route http://users): 5 of 5 connections could not be opened
				    Check it""", """
				INFO POOL_TOO_LARGE (pool 'default'): 60 connections were open
				    Lower it""");
		assertThat(events()).containsExactly(
				"POOL_TOO_SMALL (warning): All 50 were leased, and 7 callers waited. By Little's law it is 60",
				"FAILING_CONNECTS (critical): 5 of 5 connections could not be opened",
				"POOL_TOO_LARGE (info): 60 connections were open");
		assertThat(this.events.newestFirst()).extracting(PoolEvent::type).containsOnly(PoolEvent.Type.FINDING);
		assertThat(this.events.newestFirst()).extracting(PoolEvent::route)
			.containsExactly(null, "http://users", "http://orders");
	}

	@Test
	void theEndIsReportedAtOnce() {
		see(SMALL);
		pass(90 * MINUTE / 60);
		see();
		see();
		assertLast(2, "INFO POOL_TOO_SMALL is over (pool 'default', route http://orders): it lasted 90s");
		assertThat(events()).last().isEqualTo("POOL_TOO_SMALL is over: it lasted 90s");
	}

	@Test
	void changesToAndFromCriticalAreReportedAtOnce() {
		see(SMALL);
		see(WORSE);
		see(WORSE);
		assertLast(2, "ERROR POOL_TOO_SMALL is critical now (pool 'default', route http://orders): All 50 were leased");
		assertThat(events()).last().asString().startsWith("POOL_TOO_SMALL is critical now: All 50 were leased");
		pass(MINUTE);
		see(SMALL);
		assertLast(3,
				"INFO POOL_TOO_SMALL is no longer critical (pool 'default', route http://orders): All 50 were leased");
		pass(MINUTE);
		see();
		assertLast(4,
				"INFO POOL_TOO_SMALL is over (pool 'default', route http://orders): it lasted 120s and was critical at its worst");
		assertThat(events()).hasSize(4);
	}

	@Test
	void endOfAFindingThatWasAlwaysCriticalIsOneLine() {
		see(WORSE);
		see();
		assertThat(levels()).containsExactly(Level.ERROR, Level.INFO);
	}

	@Test
	void endOfAnUnstableFindingIsReportedOnceItHasStayedAway() {
		for (int i = 0; i < 50; i++) {
			see(SMALL);
			pass(MINUTE);
			see();
			pass(MINUTE);
		}
		assertThat(levels()).containsExactly(Level.WARN, Level.INFO, Level.WARN);
		assertThat(lines()).last()
			.asString()
			.startsWith("WARN POOL_TOO_SMALL is back (pool 'default', route http://orders): All 50 were leased")
			.endsWith(
					"This finding comes and goes: the pool reports further improvements once they have lasted for 10 minutes");
		pass(8 * MINUTE);
		see();
		assertThat(levels()).hasSize(3);
		pass(MINUTE);
		see();
		assertLast(4,
				"INFO POOL_TOO_SMALL is over (pool 'default', route http://orders): it lasted 97m; meanwhile it was gone, or better, 48 times");
		assertThat(events()).as("as many as lines").hasSize(4);
	}

	@Test
	void endOfAnUnstableFindingIsReportedEvenIfThePoolIsUnused() {
		see(SMALL);
		see();
		see(SMALL);
		see();
		assertThat(this.reports.untilNext(this.now)).isEqualTo(FindingReport.QUIET);
		pass(FindingReport.QUIET);
		assertThat(this.reports.untilNext(this.now)).isZero();
		see();
		assertThat(levels()).containsExactly(Level.WARN, Level.INFO, Level.WARN, Level.INFO);
		assertThat(this.reports.untilNext(this.now)).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void unstableSeverityIsReportedInTheSameWay() {
		see(SMALL);
		for (int i = 0; i < 50; i++) {
			see(WORSE);
			pass(MINUTE);
			see(SMALL);
			pass(MINUTE);
		}
		assertThat(levels()).containsExactly(Level.WARN, Level.ERROR, Level.INFO, Level.ERROR);
		pass(FindingReport.QUIET);
		see();
		assertLast(5, "INFO POOL_TOO_SMALL is no longer critical");
		pass(FindingReport.QUIET);
		see();
		assertLast(5, "INFO POOL_TOO_SMALL is no longer critical");
	}

	@Test
	void lastLogLineNeverShowsALowerSeverityThanTheActualOne() {
		Finding[] seen = { null, SMALL, WORSE };
		Random random = new Random(7);
		for (int i = 0; i < 2000; i++) {
			int level = random.nextInt(3);
			if (level == 0) {
				see();
			}
			else {
				see(seen[level]);
			}
			assertThat(told()).isGreaterThanOrEqualTo(level);
			pass(random.nextInt(10) * MINUTE);
		}
		for (int i = 0; i < 4; i++) {
			see();
			pass(FindingReport.QUIET);
		}
		assertThat(told()).isZero();
		assertThat(this.logged.size()).as("lines in 150 hours").isLessThan(900 * 6);
	}

	/**
	 * Return the severity of the last log entry.
	 */
	private int told() {
		List<String> lines = lines();
		String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
		if (last.isEmpty() || last.contains("is over")) {
			return 0;
		}
		return (last.startsWith("ERROR")) ? 2 : 1;
	}

	@Test
	void oneThatComesBackAfterTheQuietTimeIsNew() {
		see(SMALL);
		see();
		pass(FindingReport.QUIET + 1);
		see(SMALL);
		assertLast(3, "WARN POOL_TOO_SMALL (pool 'default', route http://orders): All 50 were leased");
		see();
		assertThat(levels()).hasSize(4);
	}

	@Test
	void noLineIsLong() {
		String words = "callers waited for a connection very long, ".repeat(40);
		Finding finding = new Finding(FindingCode.POOL_TOO_SMALL, Severity.WARNING,
				"https://" + "a".repeat(253) + ":443 via http://" + "b".repeat(253) + ":3128",
				words + ". Second\n sentence " + "c".repeat(700), words);
		see(finding);
		see();
		assertThat(lines()).hasSize(2)
			.allSatisfy((entry) -> assertThat(entry.lines()).allMatch((line) -> line.length() <= 200));
		assertThat(lines().get(0).replaceAll("\\s+", "")).contains(words.replace(" ", ""), "c".repeat(700));
		assertThat(lines().get(0)).doesNotContain("Second\n");
	}

	@Test
	void theSameProblemOnManyRoutesIsSummarized() {
		Finding[] many = IntStream.range(0, 300)
			.mapToObj(
					(i) -> new Finding(FindingCode.SLOW_DNS, Severity.WARNING, "http://host-" + i, "5 lookups", "Wait"))
			.toArray(Finding[]::new);
		see(many);
		assertThat(lines()).hasSize(11)
			.last()
			.isEqualTo("WARN SLOW_DNS is open on 290 further routes of pool 'default' at the same time");
		see();
		assertThat(lines()).hasSize(22)
			.last()
			.isEqualTo("INFO SLOW_DNS is over on 290 further routes of pool 'default' at the same time");
	}

	private void see(Finding... findings) {
		this.reports.changed(List.of(findings), this.now);
	}

	private void pass(long nanos) {
		this.now += nanos;
	}

	private List<String> events() {
		List<String> events = new ArrayList<>(this.events.newestFirst().stream().map(PoolEvent::message).toList());
		Collections.reverse(events);
		return events;
	}

	private List<Level> levels() {
		return written().stream().map(ILoggingEvent::getLevel).toList();
	}

	private List<String> lines() {
		return written().stream().map((event) -> event.getLevel() + " " + event.getFormattedMessage()).toList();
	}

	/** The log is written by another thread. */
	private List<ILoggingEvent> written() {
		CountDownLatch written = new CountDownLatch(1);
		this.writer.enqueueAlways(written::countDown);
		try {
			assertThat(written.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		return this.logged;
	}

	private void assertLogged(String... lines) {
		assertThat(lines()).containsExactly(lines);
	}

	private void assertLast(int number, String beginning) {
		assertThat(lines()).hasSize(number).last().asString().startsWith(beginning);
	}

}

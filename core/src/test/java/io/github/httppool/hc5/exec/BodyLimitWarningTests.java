package io.github.httppool.hc5.exec;

import java.util.List;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.httppool.BodyTooLargeException;
import io.github.httppool.hc5.pool.Route;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the warning about error bodies that are too large.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BodyLimitWarningTests {

	private static final Logger logger = (Logger) LoggerFactory.getLogger(BodyLimit.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.log.start();
		logger.addAppender(this.log);
	}

	@AfterEach
	void leave() {
		logger.detachAppender(this.log);
	}

	@Test
	void routeIsWarnedAboutOnceHoweverManyCallsThereAre() throws Exception {
		ScriptedUpstream.Script script = (exchange) -> exchange.status(404, "too long");
		try (ScriptedUpstream one = ScriptedUpstream.plain(script);
				ScriptedUpstream other = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxErrorBody(3))) {
			for (int i = 0; i < 10; i++) {
				readTooMuch(pool, one, "/one?secret=1");
				readTooMuch(pool, other, "/other?secret=2");
			}
			List<ILoggingEvent> warnings = warningsOf(one, other);
			assertThat(warnings).hasSize(2).allMatch((warning) -> warning.getLevel() == Level.WARN);
			assertThat(warnings.get(0).getFormattedMessage())
				.startsWith("The body of the response 404 to GET /one from " + one.url()
						+ " is longer than 3 bytes on the wire (pool 'default'; http-pool.max-error-body).\n")
				.doesNotContain("secret");
			assertThat(warnings.get(1).getFormattedMessage()).contains("GET /other from " + other.url());
		}
	}

	@Test
	void bodyThatIsNotOfAnErrorIsLeftToItsException() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("too long"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxBody(3))) {
			readTooMuch(pool, upstream, "/");
			assertThat(warningsOf(upstream)).isEmpty();
		}
	}

	@Test
	void limitForAllBodiesIsNamedWhereItBindsForAnError() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.status(404, "too long"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxBody(3))) {
			readTooMuch(pool, upstream, "/");
			assertThat(warningsOf(upstream)).singleElement()
				.extracting(ILoggingEvent::getFormattedMessage)
				.asString()
				.contains("http-pool.max-body");
		}
	}

	@Test
	void routeIsWarnedAboutAgainLater() {
		Route route = new Route(new HttpRoute(new HttpHost("http", "127.0.0.1", 1)));
		long quiet = TimeUnit.MINUTES.toNanos(1);
		long now = System.nanoTime();
		assertThat(route.mayWarn(now, quiet)).isTrue();
		assertThat(route.mayWarn(now, quiet)).isFalse();
		assertThat(route.mayWarn(now + quiet, quiet)).isFalse();
		assertThat(route.mayWarn(now + quiet + 1, quiet)).isTrue();
		assertThat(route.mayWarn(now + quiet + 2, quiet)).isFalse();
	}

	private static void readTooMuch(PoolFixture pool, ScriptedUpstream upstream, String path) {
		assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(() -> pool.get(upstream.uri(path)));
	}

	/** Other tests may run beside this one. */
	private List<ILoggingEvent> warningsOf(ScriptedUpstream... upstreams) {
		return this.log.list.stream().filter((event) -> {
			for (ScriptedUpstream upstream : upstreams) {
				if (event.getFormattedMessage().contains(upstream.url() + " ")) {
					return true;
				}
			}
			return false;
		}).toList();
	}

}

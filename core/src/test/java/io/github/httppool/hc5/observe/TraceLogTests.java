package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.httppool.CallInfo;
import io.github.httppool.CloseReason;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link TraceLog}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TraceLogTests {

	private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.github.httppool.trace");

	private final List<String> lines = new CopyOnWriteArrayList<>();

	private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

		@Override
		protected void append(ILoggingEvent event) {
			assertThat(event.getLevel()).isEqualTo(Level.DEBUG);
			TraceLogTests.this.lines.add(event.getFormattedMessage());
		}

	};

	@BeforeEach
	void listen() {
		this.appender.setContext(LOGGER.getLoggerContext());
		this.appender.start();
		LOGGER.addAppender(this.appender);
	}

	@AfterEach
	void leaveOff() {
		LOGGER.setLevel(null);
		LOGGER.detachAppender(this.appender);
	}

	@Test
	void eachStepOfACallIsLogged() throws Exception {
		LOGGER.setLevel(Level.DEBUG);
		try (ScriptedUpstream upstream = ScriptedUpstream.tls((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/orders/7"));
			String id = this.lines.get(0).split(" ")[1];
			String lease = "call " + id + " default " + upstream.url() + " http-pool-default-\\d+ ";
			String time = "[0-9.]+ ms";
			assertSteps("call " + id + " default - - GET /orders/7 begins",
					"call " + id + " default " + upstream.url() + " - asks for a connection",
					lease + "may open a connection after " + time, lease + "looks up 127.0.0.1",
					lease + "lookup of 127.0.0.1 took " + time, lease + "connects to .*127.0.0.1:" + upstream.port(),
					lease + "connect to .*127.0.0.1:" + upstream.port() + " took " + time,
					lease + "begins the TLS handshake",
					lease + "TLS handshake took " + time + ": TLSv1.3, TLS_AES_256_GCM_SHA384, full",
					lease + "connection is open", lease + "wrote the head of GET /orders/7", lease + "sent the request",
					lease + "got the first byte", lease + "got the head of the response, 200",
					lease + "read the body to its end, 5 bytes",
					lease + "released the connection, held for " + time + ": kept",
					"call " + id + " default - - GET /orders/7 took " + time);
			this.lines.clear();
			pool.pool.evict();
			soon().until(() -> this.lines.size() == 1);
			assertSteps("call - default " + upstream.url() + " http-pool-default-\\d+ closed after " + time
					+ ": evicted, 1 exchanges, " + upstream.lastConnection().bytesSent() + " bytes in, "
					+ upstream.lastConnection().bytesReceived() + " bytes out");
		}
	}

	private void assertSteps(String... patterns) {
		assertThat(this.lines).hasSameSizeAs(patterns);
		for (int i = 0; i < patterns.length; i++) {
			assertThat(this.lines.get(i)).matches(patterns[i]);
		}
	}

	@Test
	void traceLogIsSwitchedOnAndOffAtRunTime() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			assertThat(this.lines).isEmpty();
			LOGGER.setLevel(Level.DEBUG);
			pool.get(upstream.uri("/"));
			assertThat(this.lines).hasSize(10).allMatch((line) -> line.matches("call \\d+ default .*"));
			LOGGER.setLevel(Level.INFO);
			this.lines.clear();
			pool.get(upstream.uri("/"));
			assertThat(this.lines).isEmpty();
		}
	}

	@Test
	void noThreadExistsWhileTraceLogIsDisabled() throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, events.listener)) {
			pool.get(upstream.uri("/"));
			pool.pool.evict();
			soon().until(() -> events.closed.size() == 1);
			assertThat(Thread.getAllStackTraces().keySet())
				.filteredOn((thread) -> thread.getName().equals("http-pool-default-listener"))
				.hasSizeLessThan(2);
		}
	}

	@Test
	void traceLogShowsNeitherQueryNorUserinfoNorFieldsNorMessages() throws Exception {
		LOGGER.setLevel(Level.DEBUG);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			switch (exchange.path().split("\\?")[0]) {
				case "/from" -> exchange.head(302, "Location: /to?hidden=1", "Content-Length: 0");
				case "/garbage" -> exchange.sendRaw("hidden\r\n\r\n");
				default -> exchange.ok("hidden".getBytes(), "X-Answer: hidden");
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> {
		}, (client) -> client.addRequestInterceptorLast((request, entity, context) -> {
			if (request.getPath().startsWith("/interceptor")) {
				throw new IOException("hidden");
			}
		}))) {
			pool.read(get(upstream, "/from?hidden=1"));
			assertThatThrownBy(() -> pool.read(get(upstream, "/garbage?hidden=1"))).isInstanceOf(IOException.class);
			assertThatThrownBy(() -> pool.read(get(upstream, "/interceptor"))).hasMessage("hidden");
			HttpGet userinfo = new HttpGet(upstream.url().replace("://", "://hidden:hidden@") + "/userinfo");
			assertThatThrownBy(() -> pool.read(userinfo)).isInstanceOf(IOException.class);
			assertThat(this.lines).hasSizeGreaterThan(20)
				.noneMatch((line) -> line.contains("hidden"))
				.anyMatch((line) -> line.contains("GET /interceptor failed after") && line.endsWith(": IOException"));
		}
	}

	@Test
	void timesOfHoursAndOfNanosecondsAreWrittenOut() {
		LOGGER.setLevel(Level.DEBUG);
		PooledConnectionInfo connection = new ClosedConnection("c", "default", "http://there", Duration.ofHours(50), 2,
				0, 0);
		new TraceLog().connectionClosed(connection, CloseReason.IDLE_TIMEOUT);
		CallInfo call = new CallInfo() {

			@Override
			public long id() {
				return 7;
			}

			@Override
			public String pool() {
				return "default";
			}

			@Override
			public String call() {
				return "GET /";
			}

		};
		new TraceLog().callEnded(call, 999, null);
		new TraceLog().callEnded(call, 1_500, null);
		assertThat(this.lines.get(0)).contains(" closed after 180000000 ms: ");
		assertThat(this.lines.get(1)).endsWith(" took 0.0 ms");
		assertThat(this.lines.get(2)).endsWith(" took 0.001 ms");
	}

	private static HttpGet get(ScriptedUpstream upstream, String path) {
		HttpGet request = new HttpGet(upstream.uri(path));
		request.setHeader("Authorization", "Bearer hidden");
		request.setHeader("Cookie", "hidden=1");
		return request;
	}

}

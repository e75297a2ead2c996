package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.github.httppool.CallTimeout;
import io.github.httppool.CallTimeoutException;
import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.hc5.net.Housekeeper;
import io.github.httppool.hc5.net.ScheduledTimeout;
import io.github.httppool.testing.LostResponse;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedEntity;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Scripts;
import io.github.httppool.testing.StrictServer;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that no deadline, drain or sweep waits for foreign code that blocks: an appender
 * of the log, or code that an interrupt or a close calls.
 */
@Tag("waiting")
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BlockedLogTests {

	private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(1);

	private final CountDownLatch unblock = new CountDownLatch(1);

	private final AtomicInteger blocked = new AtomicInteger();

	private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

	private final Logger httpClient = (Logger) LoggerFactory.getLogger("org.apache.hc.client5.http.impl");

	/**
	 * Blocks the threads of pools, and not those of callers, which may block as before.
	 */
	private final UnsynchronizedAppenderBase<ILoggingEvent> appender = new UnsynchronizedAppenderBase<>() {

		@Override
		protected void append(ILoggingEvent event) {
			if (Thread.currentThread().getName().startsWith("http-pool-")) {
				block();
			}
		}

	};

	private void block() {
		this.blocked.incrementAndGet();
		try {
			this.unblock.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void blockTheLog() {
		this.appender.setContext(this.root.getLoggerContext());
		this.appender.start();
		this.root.addAppender(this.appender);
	}

	@AfterEach
	void unblock() {
		this.unblock.countDown();
		this.root.detachAppender(this.appender);
		this.httpClient.setLevel(null);
	}

	@Test
	void housekeeperDoesNotWaitToReportALongLease() throws Exception {
		blockTheLog();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.with((settings) -> settings.responseTimeout(RESPONSE_TIMEOUT)
					.idleTimeout(Duration.ofMillis(300))
					.leakDetectionThreshold(Duration.ofMillis(100)));
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
			soon().until(() -> this.blocked.get() == 1);
			assertDeadlinesHold(pool, upstream);
			assertThat(held.getCode()).isEqualTo(200);
			this.unblock.countDown();
		}
	}

	@Test
	void poolDoesNotWaitToReportALostResponse() throws Exception {
		blockTheLog();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.with(
						(settings) -> settings.responseTimeout(RESPONSE_TIMEOUT).idleTimeout(Duration.ofMillis(300)))) {
			LostResponse.lose(pool, upstream.uri("/"));
			LostResponse.awaitNoneLeased(pool);
			soon().until(() -> this.blocked.get() == 1);
			assertDeadlinesHold(pool, upstream);
			this.unblock.countDown();
		}
	}

	/**
	 * HttpClient writes to the log whenever it closes or releases a connection.
	 */
	@Test
	void housekeeperDoesNotWaitForEntriesOfHttpClient() throws Exception {
		this.httpClient.setLevel(Level.DEBUG);
		blockTheLog();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.with(
						(settings) -> settings.responseTimeout(RESPONSE_TIMEOUT).idleTimeout(Duration.ofMillis(300)))) {
			pool.get(upstream.uri("/"));
			soon().until(() -> this.blocked.get() == 1);
			assertDeadlinesHold(pool, upstream);
			LostResponse.lose(pool, upstream.uri("/"));
			LostResponse.awaitNoneLeased(pool);
			pool.get(upstream.uri("/"));
			pool.pool.evict();
			assertDeadlinesHold(pool, upstream);
			this.unblock.countDown();
			soon().untilAsserted(() -> RecordedEvents.assertAccounted(pool.snapshot()));
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void housekeeperDoesNotWaitToLogItsFailures() throws Exception {
		blockTheLog();
		LogWriter writer = new LogWriter("failing");
		Housekeeper housekeeper = new Housekeeper("failing", (now) -> {
			throw new IllegalStateException("of a sweep");
		}, () -> 0, writer.warnings(Housekeeper.class));
		try {
			for (int i = 0; i < LogWriter.MAX_QUEUED + 100; i++) {
				CountDownLatch fired = new CountDownLatch(1);
				housekeeper.schedule(new ScheduledTimeout(System.nanoTime(), 0) {

					@Override
					protected void expired() {
						fired.countDown();
						throw new IllegalStateException("of a watch");
					}

				});
				assertThat(fired.await(5, TimeUnit.SECONDS)).isTrue();
			}
			assertThat(this.blocked).hasValue(1);
		}
		finally {
			this.unblock.countDown();
			housekeeper.stop();
			writer.shutDown();
		}
	}

	@Test
	void housekeeperDoesNotWaitForCodeThatAnInterruptRuns() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.with(
						(settings) -> settings.responseTimeout(RESPONSE_TIMEOUT).idleTimeout(Duration.ofMillis(300)))) {
			CountDownLatch proceed = new CountDownLatch(1);
			CompletableFuture<Throwable> failure = new CompletableFuture<>();
			Thread caller = new Thread(() -> failure.complete(failureOf(pool, upstream, proceed)), "caller") {

				@Override
				public void interrupt() {
					block();
				}

			};
			caller.setDaemon(true);
			caller.start();
			soon().until(() -> this.blocked.get() == 1);
			assertDeadlinesHold(pool, upstream);
			this.unblock.countDown();
			proceed.countDown();
			assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(CallTimeoutException.class);
		}
	}

	private static Throwable failureOf(PoolFixture pool, ScriptedUpstream upstream, CountDownLatch proceed) {
		HttpPut request = new HttpPut(upstream.uri("/"));
		request.setEntity(new ScriptedEntity(-1, (out) -> {
			try {
				proceed.await();
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
		}));
		HttpClientContext context = HttpClientContext.create();
		context.setAttribute(CallTimeout.ATTRIBUTE, Duration.ofMillis(200));
		try {
			pool.client.execute(request, context, (response) -> response.getCode());
			return null;
		}
		catch (IOException ex) {
			return ex;
		}
	}

	/**
	 * With a linger time, a close waits until the peer has accepted everything.
	 */
	@Test
	void housekeeperDoesNotWaitForACloseThatLingers() throws Exception {
		HttpPoolCustomizer lingering = new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String name, PoolingHttpClientConnectionManagerBuilder builder) {
				builder.setDefaultSocketConfig(
						SocketConfig.custom().setSoLinger(TimeValue.ofSeconds(30)).setSndBufSize(500_000).build());
			}

		};
		try (StrictServer deaf = StrictServer.start(false, (peer) -> {
			peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
			awaitTheEnd();
			return false;
		}).receiveBuffer(2048);
				ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.customized(
						(settings) -> settings.responseTimeout(RESPONSE_TIMEOUT).idleTimeout(Duration.ofMillis(300)),
						lingering)) {
			HttpPut request = new HttpPut(deaf.uri("/"));
			request.setEntity(new ByteArrayEntity(new byte[100_000], ContentType.APPLICATION_OCTET_STREAM));
			assertThat(pool.client.<Integer>execute(request, (response) -> response.getCode())).isEqualTo(200);
			soon().until(() -> pool.closed(CloseReason.IDLE_TIMEOUT) == 1);
			assertDeadlinesHold(pool, upstream);
			this.unblock.countDown();
		}
	}

	private void awaitTheEnd() {
		try {
			this.unblock.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void entriesThatFindNoRoomAreDroppedAndCounted() throws Exception {
		List<String> lines = new CopyOnWriteArrayList<>();
		UnsynchronizedAppenderBase<ILoggingEvent> recorder = new UnsynchronizedAppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				lines.add(event.getFormattedMessage());
			}

		};
		recorder.setContext(this.root.getLoggerContext());
		recorder.start();
		blockTheLog();
		this.root.addAppender(recorder);
		LogWriter writer = new LogWriter("busy");
		try {
			for (int i = 0; i < LogWriter.MAX_QUEUED + 51; i++) {
				writer.warn(this.root, "entry " + i, null);
			}
			this.unblock.countDown();
			String notice = "50 log entries of pool 'busy' were dropped, because 1000 were waiting";
			soon().until(() -> lines.stream().anyMatch((line) -> line.startsWith(notice)));
			writer.shutDown();
			assertThat(lines).filteredOn((line) -> line.startsWith("entry ")).hasSize(LogWriter.MAX_QUEUED + 1);
		}
		finally {
			this.root.detachAppender(recorder);
		}
	}

	/**
	 * A read, a call, a drain and the sweep of idle connections end in time.
	 */
	private void assertDeadlinesHold(PoolFixture pool, ScriptedUpstream upstream) throws Exception {
		long started = System.nanoTime();
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> pool.get(upstream.uri("/stall")));
		HttpClientContext context = HttpClientContext.create();
		context.setAttribute(CallTimeout.ATTRIBUTE, Duration.ofMillis(200));
		assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(
				() -> pool.client.execute(new HttpGet(upstream.uri("/stall")), context, (response) -> response));
		assertThat(pool.ignore(upstream.uri("/drip"))).isEqualTo(200);
		pool.get(upstream.uri("/"));
		soon().until(() -> pool.snapshot().connections().idle() == 0);
		assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(8));
		assertThat(this.unblock.getCount()).isEqualTo(1);
	}

}

package io.github.httppool.hc5;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.hc5.net.Housekeeper;
import io.github.httppool.hc5.observe.LogWriter;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Scripts;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.core5.util.TimeValue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that code of an application can change what it should, and cannot break the pool.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HarmlessUserCodeTests {

	@Test
	void customizerMayAskForRetries() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (calls.incrementAndGet() < 3) {
				exchange.status(503, "later");
			}
			else {
				exchange.ok("hello");
			}
		}); PoolFixture fixture = PoolFixture.with((settings) -> {
		}, (client) -> client.setRetryStrategy(new DefaultHttpRequestRetryStrategy(3, TimeValue.ofMilliseconds(1))))) {
			assertThat(fixture.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(calls).hasValue(3);
		}
	}

	/**
	 * Loggers ask an exception for its message.
	 */
	@Test
	void listenerWhoseExceptionCannotBeLoggedDoesNotAffectCalls() throws Exception {
		HttpPoolListener listener = new HttpPoolListener() {

			@Override
			public void acquireEnded(LeaseInfo lease, io.github.httppool.AcquireOutcome outcome, long waitedNanos,
					long idleNanos) {
				throw new Unspeakable();
			}

			@Override
			public void released(LeaseInfo lease, io.github.httppool.CloseReason notKept) {
				throw new Unspeakable();
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture fixture = PoolFixture.with((settings) -> {
				}, listener)) {
			for (int i = 0; i < 3; i++) {
				assertThat(fixture.get(upstream.uri("/"))).isEqualTo("hello");
			}
			assertThat(fixture.leased()).isZero();
			assertThat(upstream.accepted()).isOne();
		}
	}

	/**
	 * As one does that sends what it is told of to somebody else.
	 */
	@ParameterizedTest
	@EnumSource
	void listenerMayCallThroughThePoolInEveryStep(Transport transport) throws Exception {
		RecordedEvents events = new RecordedEvents();
		AtomicReference<Runnable> report = new AtomicReference<>();
		Set<String> reported = ConcurrentHashMap.newKeySet();
		ThreadLocal<Boolean> reporting = new ThreadLocal<>();
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		HttpPoolListener reporter = RecordedEvents.listener((proxy, method, arguments) -> {
			if (report.get() != null && reporting.get() == null) {
				reporting.set(true);
				try {
					report.get().run();
					reported.add(method.getName());
				}
				catch (Throwable ex) {
					failures.add(ex);
				}
				finally {
					reporting.remove();
				}
			}
			return null;
		});
		try (ScriptedUpstream upstream = transport.start(Scripts.AS_ASKED);
				ScriptedUpstream reports = ScriptedUpstream.plain((exchange) -> exchange.ok("thanks"));
				PoolFixture fixture = PoolFixture.with((settings) -> settings.drainMaxTime(Duration.ofMillis(20)),
						reporter, events.listener)) {
			report.set(() -> {
				try {
					assertThat(fixture.get(reports.uri("/"))).isEqualTo("thanks");
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
			for (int i = 0; i < 3; i++) {
				assertThat(fixture.get(upstream.uri("/"))).isEqualTo("hello");
				assertThat(fixture.ignore(upstream.uri("/chunked"))).isEqualTo(200);
				assertThat(fixture.ignore(upstream.uri("/drip"))).isEqualTo(200);
			}
			report.set(null);
			assertThat(failures).isEmpty();
			assertThat(reported).contains("callStarted", "acquireStarted", "acquireEnded", "dnsStarted", "dnsEnded",
					"connectStarted", "connectEnded", "connectionOpened", "requestHeadSent", "requestSent",
					"firstByteReceived", "responseStarted", "bodyEnded", "drained", "released", "connectionClosed",
					"callEnded");
			assertThat(fixture.leased()).isZero();
			events.assertComplete(fixture.snapshot());
		}
	}

	@Test
	void housekeeperSurvivesAnExceptionThatCannotBeLogged() {
		AtomicInteger sweeps = new AtomicInteger();
		Housekeeper housekeeper = new Housekeeper("default", (now) -> {
			if (sweeps.incrementAndGet() < 3) {
				throw new Unspeakable();
			}
			return Long.MAX_VALUE;
		}, () -> 0, new LogWriter("default").warnings(Housekeeper.class));
		housekeeper.start();
		try {
			Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> sweeps.get() >= 3);
		}
		finally {
			housekeeper.stop();
		}
	}

	private static final class Unspeakable extends RuntimeException {

		@Override
		public String getMessage() {
			throw new IllegalStateException("not even that");
		}

	}

}

package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.Sampler;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Scripts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for what the pool counts and reports about each connection.
 */
@Tag("waiting")
@Timeout(60)
class AccountingTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	static final String[] PATHS = { "/close", "/goodbye", "/reset", "/truncated", "/garbage", "/surplus", "/short",
			"/stall", "/drip", "/gigabyte", "/chunked", "/until-close", "/", "/", "/", "/" };

	@Test
	void everyOpenedConnectionIsAccountedForAfterMixedTraffic() throws Exception {
		long seed = System.nanoTime();
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream one = ScriptedUpstream.plain(Scripts.AS_ASKED);
				ScriptedUpstream two = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(8)
					.maxPerRoute(6)
					.maxIdlePerRoute(3)
					.idleTimeout(Duration.ofMillis(200))
					.timeToLive(Duration.ofMillis(300))
					.drainMaxTime(Duration.ofMillis(20))
					.responseTimeout(Duration.ofMillis(100)), events.listener);
				Sampler sampler = new Sampler(pool.pool);
				Crowd crowd = new Crowd(12)) {
			AtomicInteger succeeded = new AtomicInteger();
			crowd.all(80, (caller, time) -> {
				Random random = new Random(seed + caller * 1000 + time);
				ScriptedUpstream upstream = random.nextBoolean() ? one : two;
				String path = PATHS[random.nextInt(PATHS.length)];
				try {
					if (random.nextBoolean()) {
						pool.ignore(upstream.uri(path));
					}
					else if (!path.equals("/drip") && !path.equals("/gigabyte")) {
						pool.get(upstream.uri(path));
					}
					succeeded.incrementAndGet();
				}
				catch (IOException ex) {
					// As the script wants.
				}
				if (random.nextInt(100) == 0) {
					pool.pool.evict();
				}
			});
			assertThat(succeeded).as("seed %d", seed).hasValueGreaterThan(300);
			assertThat(pool.leased()).as("seed %d", seed).isZero();
			soon().until(() -> pool.snapshot().connections().idle() == 0);
			// A connection that the housekeeper closes is no longer idle before it counts
			// as closed.
			soon().untilAsserted(() -> events.assertComplete(pool.snapshot()));
			assertThat(pool.snapshot().totals().closed()).containsKeys(CloseReason.SERVER_CLOSE, CloseReason.ERROR,
					CloseReason.DRAIN_TIME, CloseReason.DRAIN_BYTES);
			soon().until(() -> one.open() + two.open() == 0);
		}
	}

	@Test
	void eventsOfACallComeInTheirOrder() throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.tls(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, events.listener)) {
			pool.get(upstream.uri("/"));
			assertThat(events.names).containsExactly("poolCreated", "callStarted", "acquireStarted", "acquireEnded",
					"dnsStarted", "dnsEnded", "connectStarted", "connectEnded", "tlsStarted", "tlsEnded",
					"connectionOpened", "requestHeadSent", "requestSent", "firstByteReceived", "responseStarted",
					"bodyEnded", "released", "callEnded");
			events.names.clear();
			pool.ignore(upstream.uri("/"));
			assertThat(events.names).containsExactly("callStarted", "acquireStarted", "acquireEnded", "requestHeadSent",
					"requestSent", "firstByteReceived", "responseStarted", "bodyEnded", "drained", "released",
					"callEnded");
			events.names.clear();
			pool.pool.evict();
			soon().untilAsserted(() -> assertThat(events.names).containsExactly("connectionClosed"));
			events.assertComplete(pool.snapshot());
		}
	}

	@Test
	void connectionHasItsAgeAndExchangesAsLongAsItIsKnown() throws Exception {
		AtomicReference<PooledConnectionInfo> opened = new AtomicReference<>();
		HttpPoolListener listener = new HttpPoolListener() {

			@Override
			public void connectionOpened(LeaseInfo lease, PooledConnectionInfo connection) {
				assertThat(connection.exchanges()).isZero();
				opened.set(connection);
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, listener)) {
			long before = System.nanoTime();
			for (int i = 0; i < 3; i++) {
				pool.get(upstream.uri("/"));
			}
			PooledConnectionInfo connection = opened.get();
			assertThat(connection.pool()).isEqualTo("default");
			assertThat(connection.route()).isEqualTo(upstream.url());
			assertThat(connection.exchanges()).isEqualTo(3);
			Duration young = connection.age();
			assertThat(young).isPositive().isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - before));
			assertThat(connection.age()).as("while it is open").isGreaterThan(young);
			pool.pool.evict();
			Duration end = connection.age();
			assertThat(end).isGreaterThan(young);
			assertThat(connection.age()).as("when it is closed").isEqualTo(end);
		}
	}

	@Test
	void closeIsReportedAfterTheRelease() throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, events.listener)) {
			for (String path : new String[] { "/close", "/gigabyte", "/reset", "/garbage" }) {
				events.names.clear();
				try {
					pool.ignore(upstream.uri(path));
				}
				catch (IOException | RuntimeException ex) {
					// As the script wants.
				}
				assertThat(events.names).as(path).endsWith("released", "connectionClosed", "callEnded");
			}
			events.assertComplete(pool.snapshot());
		}
	}

	@Test
	void exceptionsOfAListenerAffectNeitherCallsNorOtherListeners() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		HttpPoolListener bad = RecordedEvents.listener((proxy, method, arguments) -> {
			if (calls.incrementAndGet() % 2 == 0) {
				throw new IllegalStateException("of a listener");
			}
			throw new AssertionError("of a listener");
		});
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.tls(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.with((settings) -> settings.idleTimeout(Duration.ofMillis(200)), bad,
						events.listener)) {
			for (int i = 0; i < 3; i++) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
				assertThat(pool.ignore(upstream.uri("/gigabyte"))).isEqualTo(200);
				assertThatThrownBy(() -> pool.get(upstream.uri("/reset"))).isInstanceOf(IOException.class);
			}
			pool.get(upstream.uri("/"));
			soon().until(() -> pool.closed(CloseReason.IDLE_TIMEOUT) > 0);
			assertThat(calls).hasValueGreaterThan(50);
			assertThat(pool.leased()).isZero();
			events.assertComplete(pool.snapshot());
		}
	}

}

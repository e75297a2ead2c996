package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.time.Duration;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for the check of an idle connection before it is leased.
 */
@Timeout(60)
class LeaseCheckTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	@Test
	void connectionThatTheServerClosedIsReplaced() throws Exception {
		assertReplaced(ScriptedUpstream.Connection::close, CloseReason.STALE);
	}

	@Test
	void connectionThatTheServerResetIsReplaced() throws Exception {
		assertReplaced(ScriptedUpstream.Connection::reset, CloseReason.STALE);
	}

	@Test
	void connectionThatTheServerHalfClosedIsReplaced() throws Exception {
		assertReplaced(ScriptedUpstream.Connection::halfClose, CloseReason.STALE);
	}

	@Test
	void connectionWithUnsolicitedDataIsReplaced() throws Exception {
		assertReplaced((connection) -> connection.sendRaw("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"),
				CloseReason.UNSOLICITED_DATA);
	}

	@Test
	void connectionWithOneUnsolicitedByteBeforeItsCloseIsReplaced() throws Exception {
		assertReplaced((connection) -> {
			connection.sendRaw("x");
			connection.close();
		}, CloseReason.UNSOLICITED_DATA);
	}

	@Test
	void everyConnectionIsProbedAfterNoInactivity() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.validateAfterInactivity(Duration.ZERO))) {
			for (int i = 0; i < 50; i++) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
				PoolFixture.awaitIdle(upstream);
				upstream.lastConnection().close();
			}
			assertThat(upstream.accepted()).isEqualTo(50);
			assertThat(pool.closed(CloseReason.STALE)).isEqualTo(49);
		}
	}

	@Test
	void connectionIsNotProbedBeforeItWasInactiveForTheTime() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.validateAfterInactivity(Duration.ofHours(1)).retryStale(false))) {
			pool.get(upstream.uri("/"));
			PoolFixture.awaitIdle(upstream);
			upstream.lastConnection().close();
			assertThatThrownBy(() -> pool.get(upstream.uri("/"))).isInstanceOf(IOException.class);
			assertThat(pool.closed(CloseReason.STALE)).as("reported by the exchange that failed").isEqualTo(1);
			assertThat(upstream.accepted()).isEqualTo(1);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
		}
	}

	@Test
	void unsolicitedDataIsSeenWithoutInactivity() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.validateAfterInactivity(Duration.ofHours(1)))) {
			pool.get(upstream.uri("/"));
			PoolFixture.awaitIdle(upstream);
			upstream.lastConnection().sendRaw("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(pool.closed(CloseReason.UNSOLICITED_DATA)).isEqualTo(1);
		}
	}

	@Test
	void closeOfTlsIsTakenForACloseAndNotForData() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.tls(HELLO); PoolFixture pool = probing()) {
			pool.get(upstream.uri("/"));
			PoolFixture.awaitIdle(upstream);
			upstream.lastConnection().close();
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(upstream.accepted()).isEqualTo(2);
			assertThat(pool.closed(CloseReason.STALE) + pool.closed(CloseReason.UNSOLICITED_DATA)).isEqualTo(1);
		}
	}

	private static void assertReplaced(Mischief mischief, CloseReason reason) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = probing()) {
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			PoolFixture.awaitIdle(upstream);
			mischief.does(upstream.lastConnection());
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(upstream.accepted()).isEqualTo(2);
			assertThat(pool.closed(reason)).isEqualTo(1);
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	private static PoolFixture probing() {
		return PoolFixture.with((settings) -> settings.validateAfterInactivity(Duration.ZERO));
	}

	private interface Mischief {

		void does(ScriptedUpstream.Connection connection) throws IOException;

	}

}

package io.github.httppool.hc5;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.core5.util.TimeValue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that code of users has its say and can do no harm.
 */
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
	void listenerWhoseExceptionCannotBeLoggedHarmsNobody() throws Exception {
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

	@Test
	void housekeeperSurvivesAnExceptionThatCannotBeLogged() {
		AtomicInteger sweeps = new AtomicInteger();
		Housekeeper housekeeper = new Housekeeper("default", (now) -> {
			if (sweeps.incrementAndGet() < 3) {
				throw new Unspeakable();
			}
			return Long.MAX_VALUE;
		});
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

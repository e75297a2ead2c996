package io.github.httppool.hc5.pool;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a caller who leaves an endless body unread is free at once.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndlessBodyTests {

	private static final int TRIES = 7;

	private static final Duration PAUSE = Duration.ofMillis(5);

	enum Endless {

		DRIPPING_DATA(DrainOutcome.TOO_SLOW, CloseReason.DRAIN_TIME) {

			@Override
			void answer(Exchange exchange) throws Exception {
				exchange.dripData(PAUSE);
			}

		},

		DRIPPING_KNOWN_LENGTH(DrainOutcome.TOO_SLOW, CloseReason.DRAIN_TIME) {

			@Override
			void answer(Exchange exchange) throws Exception {
				exchange.head(200, "Content-Length: 60000").drip("x", PAUSE);
			}

		},

		DRIPPING_CHUNK_EXTENSION(DrainOutcome.TOO_SLOW, CloseReason.DRAIN_TIME) {

			@Override
			void answer(Exchange exchange) throws Exception {
				exchange.dripChunkExtension(PAUSE);
			}

		},

		DRIPPING_TRAILERS(DrainOutcome.TOO_SLOW, CloseReason.DRAIN_TIME) {

			@Override
			void answer(Exchange exchange) throws Exception {
				exchange.head(200, "Transfer-Encoding: chunked").sendRaw("0\r\n").drip("Trailer: x\r\n", PAUSE);
			}

		},

		STALLED(DrainOutcome.TOO_SLOW, CloseReason.DRAIN_TIME) {

			@Override
			void answer(Exchange exchange) throws Exception {
				exchange.head(200, "Content-Length: 100").sendRaw("x").stall();
			}

		},

		FLOOD(DrainOutcome.TOO_LARGE, CloseReason.DRAIN_BYTES) {

			@Override
			void answer(Exchange exchange) throws Exception {
				exchange.flood();
			}

		},

		GIGABYTE(DrainOutcome.TOO_LARGE, CloseReason.DRAIN_BYTES) {

			@Override
			void answer(Exchange exchange) throws Exception {
				exchange.gigabyte();
			}

		};

		private final DrainOutcome outcome;

		private final CloseReason reason;

		Endless(DrainOutcome outcome, CloseReason reason) {
			this.outcome = outcome;
			this.reason = reason;
		}

		abstract void answer(Exchange exchange) throws Exception;

	}

	@ParameterizedTest
	@EnumSource
	void callerIsFreeAtOnceOverPlainSockets(Endless endless) throws Exception {
		callerIsFreeAtOnce(Transport.PLAIN, endless, false);
	}

	@ParameterizedTest
	@EnumSource
	void callerIsFreeAtOnceOverTls12(Endless endless) throws Exception {
		callerIsFreeAtOnce(Transport.TLS_1_2, endless, false);
	}

	@ParameterizedTest
	@EnumSource
	void callerIsFreeAtOnceOverTls13(Endless endless) throws Exception {
		callerIsFreeAtOnce(Transport.TLS_1_3, endless, false);
	}

	@ParameterizedTest
	@CsvSource({ "PLAIN,DRIPPING_CHUNK_EXTENSION", "TLS_1_3,DRIPPING_CHUNK_EXTENSION", "TLS_1_3,FLOOD",
			"PLAIN,STALLED" })
	void callerOnAVirtualThreadIsFreeAtOnce(Transport transport, Endless endless) throws Exception {
		Assumptions.assumeTrue(Runtime.version().feature() >= 21, "this JDK has no virtual threads");
		callerIsFreeAtOnce(transport, endless, true);
	}

	private void callerIsFreeAtOnce(Transport transport, Endless endless, boolean virtual) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			if (exchange.path().equals("/endless")) {
				endless.answer(exchange);
			}
			else {
				exchange.ok("next");
			}
		};
		try (ScriptedUpstream upstream = transport.start(script); PoolFixture pool = PoolFixture.withDefaults()) {
			long[] millis = new long[TRIES];
			for (int i = 0; i < TRIES; i++) {
				FutureTask<Long> close = new FutureTask<>(() -> closeUnread(pool, upstream));
				start(close, virtual);
				millis[i] = TimeUnit.NANOSECONDS.toMillis(close.get(30, TimeUnit.SECONDS));
				assertThat(pool.leased()).isZero();
				long started = System.nanoTime();
				assertThat(pool.get(upstream.uri("/next"))).isEqualTo("next");
				assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(1));
			}
			Arrays.sort(millis);
			// The contract's bound for the usual case; the machine may be busy with
			// others.
			assertThat(millis[TRIES / 2]).as("median of %s ms", Arrays.toString(millis)).isLessThan(100);
			assertThat(millis[TRIES - 1]).as("longest").isLessThan(250);
			assertThat(pool.drained(endless.outcome)).isEqualTo(TRIES);
			assertThat(pool.closed(endless.reason)).isEqualTo(TRIES);
			Awaitility.await()
				.untilAsserted(() -> assertThat(
						upstream.connections().stream().filter(ScriptedUpstream.Connection::isClosedByClient))
					.hasSizeGreaterThanOrEqualTo(TRIES));
		}
	}

	private static long closeUnread(PoolFixture pool, ScriptedUpstream upstream) throws Exception {
		CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/endless")));
		long started = System.nanoTime();
		response.close();
		return System.nanoTime() - started;
	}

	/** By reflection, because the tests are compiled for Java 17. */
	private static void start(Runnable task, boolean virtual) throws Exception {
		if (virtual) {
			Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
		}
		else {
			new Thread(task).start();
		}
	}

}

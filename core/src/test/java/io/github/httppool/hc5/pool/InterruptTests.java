package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.httppool.AcquireRejectedException;
import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Scripts;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for interrupts and cancels in each phase of a call: the call ends at once and
 * leaves nothing behind.
 */
@Tag("waiting")
@Timeout(60)
class InterruptTests {

	/** Where a call can stand still, and how its stack tells. */
	enum Phase {

		LOOKUP("AddressLookup.addresses", null), CONNECT("SocketAdaptor.connect", null),
		HANDSHAKE("startHandshake", null), SENDING("SocketOutput.awaitRoom", CloseReason.CANCELLED),
		CONTINUE("isDataAvailable", CloseReason.CANCELLED), HEAD("receiveResponseHeader", CloseReason.CANCELLED),
		BODY_OF_KNOWN_LENGTH("ContentLengthBody.read", CloseReason.CANCELLED),
		BODY_IN_CHUNKS("ChunkedBody.read", CloseReason.CANCELLED),
		BODY_UNTIL_CLOSE("CloseDelimitedBody.read", CloseReason.CANCELLED),
		DRAIN("Drain.readToEnd", CloseReason.CANCELLED);

		private final String frame;

		private final CloseReason reason;

		Phase(String frame, CloseReason reason) {
			this.frame = frame;
			this.reason = reason;
		}

		boolean isReached(Thread caller) {
			return List.of(caller.getStackTrace()).toString().contains(this.frame);
		}

	}

	private final CountDownLatch lookup = new CountDownLatch(1);

	@ParameterizedTest
	@EnumSource
	void interruptEndsTheCallAndLeavesNothingBehind(Phase phase) throws Exception {
		endIn(phase, (caller, request) -> caller.interrupt(), true);
	}

	/**
	 * A look-up that is under way is left to its own time limit.
	 */
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LOOKUP")
	void cancelEndsTheCallAndLeavesNothingBehind(Phase phase) throws Exception {
		endIn(phase, (caller, request) -> request.cancel(), false);
	}

	private void endIn(Phase phase, End end, boolean interrupted) throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream upstream = upstream(phase);
				ScriptedUpstream next = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.customized((settings) -> settings.maxTotal(1)
					.maxPending(0)
					.connectTimeout(Duration.ofSeconds(50))
					.tlsHandshakeTimeout(Duration.ofSeconds(50))
					.responseTimeout(Duration.ofSeconds(50))
					.expectContinueTimeout(Duration.ofSeconds(50))
					.drainMaxBytes(Long.MAX_VALUE / 2)
					.drainMaxTime(Duration.ofSeconds(50)), blockedLookup(), events.listener)) {
			HttpUriRequestBase request = request(phase, switch (phase) {
				case LOOKUP -> URI.create("http://blocked.invalid:" + upstream.port() + "/");
				case CONNECT -> dead.uri();
				case HANDSHAKE -> URI.create("https://127.0.0.1:" + upstream.port() + "/");
				default -> upstream.uri("/");
			});
			CompletableFuture<Boolean> left = new CompletableFuture<>();
			Thread caller = new Thread(() -> {
				try (CloseableHttpResponse response = pool.open(request)) {
					if (phase != Phase.DRAIN) {
						EntityUtils.toByteArray(response.getEntity());
					}
				}
				catch (IOException ex) {
					// As it should be, but for a drain.
				}
				left.complete(Thread.currentThread().isInterrupted());
			}, "call");
			caller.setDaemon(true);
			caller.start();
			soon().until(() -> phase.isReached(caller));
			assertThat(left).isNotDone();
			end.end(caller, request);
			assertThat(left.get(10, TimeUnit.SECONDS)).as("left interrupted").isEqualTo(interrupted);
			soon().until(() -> pool.leased() == 0);
			assertThat(pool.snapshot().connections().idle()).isZero();
			if (phase.reason != null) {
				soon().untilAsserted(
						() -> assertThat(pool.snapshot().totals().closed()).isEqualTo(Map.of(phase.reason, 1L)));
			}
			assertServesOneAtATime(pool, next);
			events.assertConnectionsComplete(pool.snapshot());
		}
		finally {
			this.lookup.countDown();
		}
	}

	private static ScriptedUpstream upstream(Phase phase) {
		ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			switch (phase) {
				case BODY_OF_KNOWN_LENGTH -> exchange.head(200, "Content-Length: 9").sendRaw("hell").stall();
				case BODY_IN_CHUNKS, DRAIN ->
					exchange.head(200, "Transfer-Encoding: chunked").sendRaw("5\r\nhe").stall();
				case BODY_UNTIL_CLOSE -> exchange.head(200).sendRaw("hello").stall();
				default -> exchange.stall();
			}
		});
		return switch (phase) {
			case SENDING, HANDSHAKE -> upstream.onConnect((connection) -> new CountDownLatch(1).await());
			case CONTINUE -> upstream.ignoreExpect();
			default -> upstream;
		};
	}

	private static HttpUriRequestBase request(Phase phase, URI uri) {
		if (phase != Phase.SENDING && phase != Phase.CONTINUE) {
			return new HttpGet(uri);
		}
		HttpPost post = new HttpPost(uri);
		post.setEntity(new ByteArrayEntity(new byte[(phase == Phase.SENDING) ? 50_000_000 : 5],
				ContentType.APPLICATION_OCTET_STREAM));
		post.setConfig(RequestConfig.custom().setExpectContinueEnabled(phase == Phase.CONTINUE).build());
		return post;
	}

	/**
	 * The housekeeper, whose interrupt nobody expects, goes on.
	 */
	@Test
	void interruptOfTheHousekeeperHasNoEffect() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.with((settings) -> settings.idleTimeout(Duration.ofMillis(200)))) {
			for (int i = 1; i <= 3; i++) {
				pool.get(upstream.uri("/"));
				Thread.getAllStackTraces()
					.keySet()
					.stream()
					.filter((thread) -> thread.getName().equals("http-pool-default"))
					.forEach(Thread::interrupt);
				pool.ignore(upstream.uri("/drip"));
				pool.get(upstream.uri("/"));
				int expected = i;
				soon().until(() -> pool.closed(CloseReason.IDLE_TIMEOUT) == expected);
			}
			assertThat(pool.leased()).isZero();
		}
	}

	private static void assertServesOneAtATime(PoolFixture pool, ScriptedUpstream next) throws IOException {
		assertThat(pool.snapshot().connections().pending()).isZero();
		assertThat(pool.get(next.uri("/"))).isEqualTo("hello");
		try (CloseableHttpResponse held = pool.open(new HttpGet(next.uri("/held")))) {
			assertThatExceptionOfType(AcquireRejectedException.class).isThrownBy(() -> pool.get(next.uri("/")));
		}
		assertThat(pool.get(next.uri("/"))).isEqualTo("hello");
		RecordedEvents.assertAccounted(pool.snapshot());
	}

	private HttpPoolCustomizer blockedLookup() {
		return new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
				connections.setDnsResolver(new SystemDefaultDnsResolver() {

					@Override
					public InetAddress[] resolve(String host) throws UnknownHostException {
						if (host.startsWith("blocked")) {
							awaitUninterruptibly();
						}
						return super.resolve(host);
					}

				});
			}

		};
	}

	/** As the JDK's own look-up does. */
	private void awaitUninterruptibly() {
		while (this.lookup.getCount() != 0) {
			try {
				this.lookup.await();
			}
			catch (InterruptedException ex) {
				// Not to be interrupted.
			}
		}
	}

	private interface End {

		void end(Thread caller, HttpUriRequestBase request);

	}

}

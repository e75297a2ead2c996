package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PoolEvent;
import io.github.httppool.ReusePolicy;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.Relay;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Soon;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests with something between client and server that drops idle connections without
 * telling anybody.
 */
@Tag("waiting")
@Timeout(60)
class SilentConnectionsTests {

	private static final Duration SILENCE = Duration.ofMillis(400);

	@ParameterizedTest
	@EnumSource(Transport.class)
	void oneSilentConnectionSparesTheOthersThatHaveBeenIdleForAsLong(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(SilentConnectionsTests::answer);
				Relay relay = new Relay(upstream, Duration.ZERO);
				ScriptedUpstream other = ScriptedUpstream.plain(SilentConnectionsTests::answer);
				PoolFixture pool = with((settings) -> {
				})) {
			pool.get(other.uri("/"));
			open(pool, relay.uri("/"), 5);
			relay.drop();
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> pool.get(relay.uri("/first")))
				.withMessageContaining("sent nothing for longer than 400ms, the response timeout of GET /first")
				.withMessageContaining(
						"no byte has arrived over it since; 4 idle connections of the route that had been "
								+ "idle for as long were closed")
				.withMessageContaining("http-pool.idle-timeout (50s)");
			assertThat(pool.snapshot().totals().closed())
				.isEqualTo(Map.of(CloseReason.ERROR, 1L, CloseReason.EVICTED, 4L));
			for (int i = 0; i < 5; i++) {
				assertThat(pool.get(relay.uri("/next"))).isEqualTo("hello");
			}
			assertThat(pool.snapshot().totals().opened()).as("the other route, five, and a new one").isEqualTo(7);
			assertThat(pool.get(other.uri("/"))).isEqualTo("hello");
			assertThat(other.accepted()).isEqualTo(1);
			assertThat(pool.pool.events()).filteredOn((event) -> event.type() == PoolEvent.Type.EVICTED)
				.singleElement()
				.satisfies((event) -> assertThat(event.message()).startsWith("4 idle connections were closed: ")
					.contains("sent no byte to GET /first, after "));
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	/**
	 * The request does not fit into what the kernel keeps for a peer.
	 */
	@Test
	void bodyThatTheServerDoesNotAcceptCountsAsSilence() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SilentConnectionsTests::answer);
				Relay relay = new Relay(upstream, Duration.ZERO);
				PoolFixture pool = with((settings) -> {
				})) {
			open(pool, relay.uri("/"), 3);
			relay.stopReading();
			HttpPost post = new HttpPost(relay.uri("/first"));
			post.setEntity(new ByteArrayEntity(new byte[50_000_000], null));
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> pool.read(post))
				.withMessageContaining("accepted no byte of the request for longer than")
				.withMessageContaining("2 idle connections of the route that had been idle for as long were closed");
			assertThat(pool.closed(CloseReason.EVICTED)).isEqualTo(2);
		}
	}

	@Test
	void connectionsThatHaveNotBeenIdleForAsLongAreKept() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SilentConnectionsTests::answer);
				PoolFixture pool = with((settings) -> settings.reusePolicy(ReusePolicy.FIFO))) {
			List<CloseableHttpResponse> held = hold(pool, upstream.uri("/"), 2);
			release(held.subList(0, 1));
			// What is measured is how long the one is idle and the other is not.
			Pause.of(SILENCE.multipliedBy(5));
			release(held.subList(1, 2));
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> pool.get(upstream.uri("/stall")))
				.withMessageContaining("0 idle connections of the route");
			assertThat(pool.closed(CloseReason.EVICTED)).isZero();
			assertThat(pool.snapshot().connections().idle()).isEqualTo(1);
		}
	}

	/**
	 * A slow answer is no sign of a dead connection where others answer after as long.
	 */
	@Test
	void connectionsAreKeptWhereOthersAnswerAfterAsLong() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SilentConnectionsTests::answer);
				PoolFixture pool = with((settings) -> settings.responseTimeout(Duration.ofSeconds(2)))) {
			open(pool, upstream.uri("/"), 4);
			Thread slow = new Thread(() -> assertThatExceptionOfType(SocketTimeoutException.class)
				.isThrownBy(() -> pool.get(upstream.uri("/stall")))
				.withMessageNotContaining("idle"), "slow");
			slow.start();
			Soon.soon().until(() -> pool.leased() == 1);
			// Over one that has been idle for longer, as each is below the last one.
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			slow.join();
			assertThat(pool.snapshot().totals().closed()).isEqualTo(Map.of(CloseReason.ERROR, 1L));
			assertThat(pool.snapshot().connections().idle()).isEqualTo(3);
		}
	}

	@Test
	void silenceOfANewConnectionSaysNothingAboutIdleOnes() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SilentConnectionsTests::answer);
				PoolFixture pool = with((settings) -> {
				})) {
			List<CloseableHttpResponse> held = hold(pool, upstream.uri("/"), 2);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> pool.get(upstream.uri("/stall")))
				.withMessageNotContaining("idle");
			release(held);
			assertThat(pool.snapshot().connections().idle()).isEqualTo(2);
		}
	}

	/**
	 * What came shows that the connection lives.
	 */
	@Test
	void silenceAfterTheFirstByteSaysNothingAboutIdleConnections() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SilentConnectionsTests::answer);
				PoolFixture pool = with((settings) -> {
				})) {
			open(pool, upstream.uri("/"), 3);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> pool.get(upstream.uri("/half")))
				.withMessageNotContaining("idle");
			assertThat(pool.snapshot().connections().idle()).isEqualTo(2);
		}
	}

	private static PoolFixture with(Consumer<HttpPoolSettings.Builder> settings) {
		return PoolFixture.with((builder) -> {
			builder.responseTimeout(SILENCE);
			settings.accept(builder);
		});
	}

	private static void answer(Exchange exchange) throws Exception {
		switch (exchange.path()) {
			case "/stall" -> exchange.stall();
			case "/half" -> exchange.sendRaw("HTTP/1.1 2").stall();
			default -> exchange.ok("hello");
		}
	}

	private static void open(PoolFixture pool, URI uri, int connections) throws IOException {
		release(hold(pool, uri, connections));
	}

	private static List<CloseableHttpResponse> hold(PoolFixture pool, URI uri, int connections) throws IOException {
		List<CloseableHttpResponse> held = new ArrayList<>();
		for (int i = 0; i < connections; i++) {
			held.add(pool.open(new HttpGet(uri)));
		}
		return held;
	}

	private static void release(List<CloseableHttpResponse> held) throws IOException {
		for (CloseableHttpResponse response : held) {
			EntityUtils.consume(response.getEntity());
			response.close();
		}
	}

}

package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.HaProxy;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what a load balancer does to its clients, with HAProxy.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@RequiresProgram(Program.HAPROXY)
class HaProxyTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	@Test
	void callsOfACrowdShareConnectionsOverServersThatTakeTurns() throws Exception {
		try (ScriptedUpstream one = ScriptedUpstream.plain((exchange) -> exchange.ok("one"));
				ScriptedUpstream two = ScriptedUpstream.plain((exchange) -> exchange.ok("two"));
				HaProxy proxy = HaProxy.start("", """
						balance roundrobin
						server one 127.0.0.1:%s
						server two 127.0.0.1:%s""".formatted(one.port(), two.port()));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(4));
				Crowd crowd = new Crowd(8)) {
			URI uri = URI.create(proxy.url());
			crowd.all(50, (caller, time) -> assertThat(pool.get(uri)).isIn("one", "two"));
			assertThat(one.requests()).hasSize(200);
			assertThat(two.requests()).hasSize(200);
			pool.assertConnections(4, Map.of());
		}
	}

	@Test
	void unannouncedCloseOfAnIdleConnectionCostsNoCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				HaProxy proxy = start("timeout http-keep-alive 300ms", upstream);
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(URI.create(proxy.url()))).isEqualTo("hello");
			soon().until(() -> pool.snapshot().connections().idle() == 0);
			assertThat(pool.get(URI.create(proxy.url()))).isEqualTo("hello");
			pool.assertConnections(2, Map.of(CloseReason.STALE, 1L));
		}
	}

	@Test
	void closingTheConnectionsToServersCostsNoneOfThePool() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				HaProxy proxy = start("option http-server-close", upstream);
				PoolFixture pool = PoolFixture.withDefaults()) {
			for (int call = 0; call < 20; call++) {
				assertThat(pool.get(URI.create(proxy.url()))).isEqualTo("hello");
			}
			assertThat(upstream.accepted()).isEqualTo(20);
			pool.assertConnections(1, Map.of());
		}
	}

	@Test
	void closingTheConnectionsOfBothSidesCostsNoCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				HaProxy proxy = start("option httpclose", upstream);
				PoolFixture pool = PoolFixture.withDefaults()) {
			for (int call = 0; call < 20; call++) {
				assertThat(pool.spring().get().uri(proxy.url()).retrieve().body(String.class)).isEqualTo("hello");
			}
			pool.assertConnections(20, Map.of(CloseReason.SERVER_CLOSE, 20L));
		}
	}

	@Test
	void backendWithoutServersAnswers503() throws Exception {
		try (HaProxy proxy = HaProxy.start("", ""); PoolFixture pool = PoolFixture.withDefaults()) {
			for (int call = 0; call < 5; call++) {
				assertThat(status(pool, proxy, "/")).isEqualTo(503);
				assertThat(pool.ignore(URI.create(proxy.url()))).isEqualTo(503);
			}
			pool.assertConnections(1, Map.of());
		}
	}

	@Test
	void serverThatRefusesAndOneThatIsSilentAndOneThatBreaksHttpAreErrorsOfTheGateway() throws Exception {
		int unused;
		try (ScriptedUpstream gone = ScriptedUpstream.plain(HELLO)) {
			unused = gone.port();
		}
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			switch (exchange.path()) {
				case "/silent" -> exchange.stall();
				case "/garbage" -> exchange.sendRaw("This is no HTTP\r\n\r\n").close();
				default -> exchange.ok("hello");
			}
		});
				HaProxy proxy = HaProxy.start("use_backend refusing if { path /refused }", """
						timeout server 300ms
						server one 127.0.0.1:%s
						backend refusing
						retries 0
						server one 127.0.0.1:%s""".formatted(upstream.port(), unused));
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(status(pool, proxy, "/refused")).isEqualTo(503);
			assertThat(status(pool, proxy, "/silent")).isEqualTo(504);
			assertThat(status(pool, proxy, "/garbage")).isEqualTo(502);
			assertThat(pool.get(URI.create(proxy.url()))).isEqualTo("hello");
			pool.assertConnections(1, Map.of());
		}
	}

	@Test
	void denialsAndRedirectsOfTheProxyItselfCostNoConnection() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				HaProxy proxy = start("""
						http-request deny deny_status 429 if { path /many }
						http-request redirect location / if { path /moved }""", upstream);
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(status(pool, proxy, "/many")).isEqualTo(429);
			assertThat(status(pool, proxy, "/moved")).isEqualTo(200);
			assertThat(pool.ignore(URI.create(proxy.url() + "/many"))).isEqualTo(429);
			pool.assertConnections(1, Map.of());
		}
	}

	@Test
	void bodyThatBreaksOffBehindTheProxyFailsAndCostsItsConnection() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			switch (exchange.path()) {
				case "/length" -> exchange.head(200, "Content-Length: 100000").sendRaw(new byte[1000]).close();
				case "/chunks" -> exchange.head(200, "Transfer-Encoding: chunked").chunk(new byte[1000]).close();
				case "/stalled" -> exchange.head(200, "Content-Length: 100000").sendRaw(new byte[1000]).stall();
				default -> exchange.ok("hello");
			}
		});
				HaProxy proxy = HaProxy.start("",
						"timeout server 300ms\n\tserver one 127.0.0.1:%s".formatted(upstream.port()));
				PoolFixture pool = PoolFixture.withDefaults()) {
			for (String path : new String[] { "/length", "/chunks", "/stalled" }) {
				assertThatExceptionOfType(IOException.class).as(path)
					.isThrownBy(() -> pool.get(URI.create(proxy.url() + path)));
			}
			assertThat(pool.get(URI.create(proxy.url()))).isEqualTo("hello");
			pool.assertConnections(4, Map.of(CloseReason.ERROR, 3L));
		}
	}

	@Test
	void answersInHttp10EndWithTheirConnectionUnlessTheySayOtherwise() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			switch (exchange.path()) {
				case "/kept" ->
					exchange.sendRaw("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello");
				default -> exchange.sendRaw("HTTP/1.0 200 OK\r\n\r\nhello").close();
			}
		}); HaProxy proxy = start("", upstream); PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(URI.create(proxy.url() + "/kept"))).isEqualTo("hello");
			assertThat(pool.get(URI.create(proxy.url() + "/kept"))).isEqualTo("hello");
			pool.assertConnections(1, Map.of());
			pool.client.execute(new HttpGet(proxy.url()),
					(response) -> assertThat(response.getVersion()).isEqualTo(HttpVersion.HTTP_1_0));
			assertThat(pool.get(URI.create(proxy.url()))).isEqualTo("hello");
			pool.assertConnections(2, Map.of(CloseReason.SERVER_CLOSE, 2L));
		}
	}

	@Test
	void ignoredBodiesBehindTheProxyAreDrainedOrTheirConnectionIsClosed() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			switch (exchange.path()) {
				case "/endless" -> exchange.flood();
				default -> exchange.chunked("a".repeat(10_000), "b".repeat(10_000));
			}
		}); HaProxy proxy = start("", upstream); PoolFixture pool = PoolFixture.withDefaults()) {
			for (int call = 0; call < 20; call++) {
				assertThat(pool.ignore(URI.create(proxy.url()))).isEqualTo(200);
			}
			assertThat(pool.drained(DrainOutcome.REUSED)).isEqualTo(20);
			pool.assertConnections(1, Map.of());
			assertThat(pool.ignore(URI.create(proxy.url() + "/endless"))).isEqualTo(200);
			pool.assertConnections(1, Map.of(CloseReason.DRAIN_BYTES, 1L));
			soon().until(() -> upstream.connections().stream().anyMatch((connection) -> !connection.isOpen()));
		}
	}

	private static HaProxy start(String frontend, ScriptedUpstream upstream) throws IOException {
		return HaProxy.start(frontend, "server one 127.0.0.1:" + upstream.port());
	}

	private static int status(PoolFixture pool, HaProxy proxy, String path) throws IOException {
		return pool.client.execute(new HttpGet(proxy.url() + path), (response) -> {
			EntityUtils.consume(response.getEntity());
			return response.getCode();
		});
	}

}

package io.github.httppool.hc5.net;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.httppool.HttpPoolListener;
import io.github.httppool.ProxySettings;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.FixedAddresses;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.SocksScript;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for proxies with several addresses, the first of which is dead.
 */
@Tag("waiting")
@Timeout(60)
class ProxyRaceTests {

	private static final URI PLAIN = URI.create("http://origin.example/page");

	private final List<Integer> ports = new CopyOnWriteArrayList<>();

	private final HttpPoolListener listener = RecordedEvents.listener((proxy, method, arguments) -> {
		if (method.getName().equals("connectStarted")) {
			this.ports.add(((InetSocketAddress) arguments[1]).getPort());
		}
		return null;
	});

	@ParameterizedTest
	@ValueSource(strings = { "http", "https" })
	void nextAddressOfAnHttpProxyIsTriedWhileTheFirstIsPending(String scheme) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> exchange.ok("by the proxy");
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream proxy = scheme.equals("https") ? ScriptedUpstream.tls(script)
						: ScriptedUpstream.plain(script);
				PoolFixture pool = through(scheme + "://localhost:3128", 250, dead.address(), at(proxy.port()))) {
			assertServes(pool, "by the proxy", dead.address().getPort(), proxy.port());
			assertThat(proxy.requests()).extracting((request) -> request.path()).containsOnly(PLAIN.toString());
		}
	}

	@Test
	void nextAddressOfASocksProxyIsTriedWhileTheFirstIsPending() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				SocksScript proxy = SocksScript.start(upstream.port(), SocksScript.Answers.of(0, SocksScript.GRANTED));
				PoolFixture pool = through("socks5://proxy.example:1080", 250, dead.address(), port(proxy))) {
			assertServes(pool, "hello", dead.address().getPort(), port(proxy).getPort());
		}
	}

	@Test
	void tlsBeginsWithTheServerBehindASocksProxyWithSeveralAddresses() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream upstream = ScriptedUpstream.tls((exchange) -> exchange.ok("hello"));
				SocksScript proxy = SocksScript.start(upstream.port(), SocksScript.Answers.of(0, SocksScript.GRANTED));
				PoolFixture pool = through("socks5://proxy.example:1080", 250, dead.address(), port(proxy))) {
			assertThat(pool.get(URI.create("https://localhost:8443/"))).isEqualTo("hello");
		}
	}

	@Test
	void addressesOfAProxyAreTriedInTurnWithoutADelay() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> exchange.ok("by the proxy"));
				PoolFixture pool = through("http://proxy.example:3128", 0, dead.address(), at(proxy.port()))) {
			assertServes(pool, "by the proxy", dead.address().getPort(), proxy.port());
		}
	}

	@Test
	void failureNamesEachAddressOfTheProxy() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				DeadAddress other = new DeadAddress();
				PoolFixture pool = through("socks5://proxy.example:1080", 250, dead.address(), other.address())) {
			assertThatIOException().isThrownBy(() -> pool.get(PLAIN))
				.withMessageContaining("2 addresses tried")
				.withMessageContaining("of the proxy, 127.0.0.1:" + dead.address().getPort() + " timed out after ")
				.withMessageContaining(", 127.0.0.1:" + other.address().getPort() + " timed out after ");
			assertThat(pool.leased()).isZero();
		}
	}

	private void assertServes(PoolFixture pool, String body, int dead, int proxy) throws Exception {
		for (int i = 0; i < 3; i++) {
			assertThat(pool.get(PLAIN)).isEqualTo(body);
		}
		assertThat(this.ports).containsExactly(dead, proxy, proxy, proxy);
	}

	private PoolFixture through(String url, int delay, InetSocketAddress... addresses) {
		return PoolFixture.customized((settings) -> settings.proxy(new ProxySettings(url, null, null, List.of(), false))
			.keepAlive(false)
			.connectTimeout(Duration.ofSeconds(5))
			.connectFallbackDelay(Duration.ofMillis(delay)), new FixedAddresses(addresses), this.listener);
	}

	private static InetSocketAddress at(int port) {
		return new InetSocketAddress("127.0.0.1", port);
	}

	private static InetSocketAddress port(SocksScript proxy) {
		return at(URI.create(proxy.url()).getPort());
	}

}

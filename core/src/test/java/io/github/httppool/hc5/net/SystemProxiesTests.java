package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SystemProxies}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SystemProxiesTests {

	private static final List<String> PROPERTIES = List.of("http.proxyHost", "http.proxyPort", "https.proxyHost",
			"https.proxyPort", "proxyHost", "proxyPort", "http.nonProxyHosts");

	@BeforeEach
	void requireNone() {
		assertThat(PROPERTIES).noneMatch((property) -> System.getProperty(property) != null);
	}

	@AfterEach
	void clear() {
		PROPERTIES.forEach(System::clearProperty);
	}

	@Test
	void thereIsNoProxyWithoutProperties() {
		SystemProxies proxies = new SystemProxies();
		assertThat(proxies.areAllDirect()).isTrue();
		assertThat(proxies.select(URI.create("http://example.com/"))).containsExactly(Proxy.NO_PROXY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http", "https" })
	void propertyThatIsSetLaterIsUsed(String scheme) {
		SystemProxies proxies = new SystemProxies();
		URI uri = URI.create(scheme + "://example.com/");
		proxies.select(uri);
		System.setProperty(scheme + ".proxyHost", "127.0.0.1");
		System.setProperty(scheme + ".proxyPort", "3128");
		assertThat(proxies.areAllDirect()).isFalse();
		assertThat(proxies.select(uri)).first()
			.extracting(Proxy::address)
			.extracting((address) -> ((InetSocketAddress) address).getPort())
			.isEqualTo(3128);
		System.clearProperty(scheme + ".proxyHost");
		assertThat(proxies.select(uri)).containsExactly(Proxy.NO_PROXY);
	}

	@Test
	void propertyForAllSchemesIsUsed() {
		SystemProxies proxies = new SystemProxies();
		System.setProperty("proxyHost", "127.0.0.1");
		System.setProperty("proxyPort", "3128");
		assertThat(proxies.select(URI.create("https://example.com/"))).first()
			.extracting(Proxy::type)
			.isEqualTo(Proxy.Type.HTTP);
	}

	@Test
	void anotherSelectorIsAskedForEachCall() {
		OwnSelector own = new OwnSelector(3128);
		SystemProxies proxies = new SystemProxies(own);
		assertThat(proxies.areAllDirect()).isFalse();
		assertThat(proxies.select(URI.create("http://example.com/"))).containsExactly(own.proxy);
		assertThat(proxies.select(URI.create("http://example.com/"))).containsExactly(own.proxy);
		assertThat(own.asked).isEqualTo(2);
	}

	@Test
	void currentSelectorIsAskedIfThereWasNone() {
		SystemProxies proxies = new SystemProxies(null);
		ProxySelector before = ProxySelector.getDefault();
		try {
			ProxySelector.setDefault(null);
			assertThat(proxies.select(URI.create("http://example.com/"))).containsExactly(Proxy.NO_PROXY);
			OwnSelector own = new OwnSelector(3128);
			ProxySelector.setDefault(own);
			assertThat(proxies.select(URI.create("http://example.com/"))).containsExactly(own.proxy);
		}
		finally {
			ProxySelector.setDefault(before);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "http", "https" })
	void selectorIsAskedForEachCallIfItHasAProxyAtFirst(String scheme) {
		System.setProperty(scheme + ".proxyHost", "127.0.0.1");
		SystemProxies proxies = new SystemProxies();
		System.clearProperty(scheme + ".proxyHost");
		assertThat(proxies.areAllDirect()).isFalse();
		assertThat(proxies.select(URI.create(scheme + "://example.com/"))).containsExactly(Proxy.NO_PROXY);
	}

	@Test
	void selectorIsAskedForEachCallIfTheDesktopMayHaveAProxy() {
		System.setProperty("java.net.useSystemProxies", "true");
		try {
			assertThat(new SystemProxies().areAllDirect()).isFalse();
		}
		finally {
			System.clearProperty("java.net.useSystemProxies");
		}
	}

	@Test
	void failedConnectIsReportedToTheSelector() {
		OwnSelector own = new OwnSelector(3128);
		IOException failure = new IOException("refused");
		new SystemProxies(own).connectFailed(URI.create("http://example.com/"), own.proxy.address(), failure);
		new SystemProxies(null).connectFailed(URI.create("http://example.com/"), own.proxy.address(), failure);
		assertThat(own.failures).containsExactly(failure);
	}

	@Test
	void clientFollowsThePropertiesOfTheMoment() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> exchange.ok("by proxy"));
				ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("direct"));
				PoolFixture pool = PoolFixture.withDefaults();
				CloseableHttpClient client = pool.pool.newHttpClient((builder) -> {
				})) {
			assertThat(get(client, upstream)).isEqualTo("direct");
			assertThat(get(client, upstream)).isEqualTo("direct");
			System.setProperty("http.nonProxyHosts", "");
			System.setProperty("http.proxyHost", "127.0.0.1");
			System.setProperty("http.proxyPort", String.valueOf(proxy.port()));
			assertThat(get(client, upstream)).isEqualTo("by proxy");
			System.clearProperty("http.proxyHost");
			assertThat(get(client, upstream)).isEqualTo("direct");
		}
	}

	@Test
	void proxyAndSelectorOfACustomizerAreUsed() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> exchange.ok("by proxy"));
				ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("direct"));
				PoolFixture named = PoolFixture.with((settings) -> {
				}, (client) -> client.setProxy(new HttpHost("http", "127.0.0.1", proxy.port())));
				PoolFixture selected = PoolFixture.with((settings) -> {
				}, (client) -> client.setProxySelector(new OwnSelector(proxy.port())))) {
			for (int i = 0; i < 3; i++) {
				assertThat(named.get(upstream.uri("/"))).isEqualTo("by proxy");
				assertThat(selected.get(upstream.uri("/"))).isEqualTo("by proxy");
			}
		}
	}

	private static String get(CloseableHttpClient client, ScriptedUpstream upstream) throws IOException {
		return client.execute(new HttpGet(upstream.uri("/")), (response) -> EntityUtils.toString(response.getEntity()));
	}

	private static final class OwnSelector extends ProxySelector {

		private final Proxy proxy;

		private final List<IOException> failures = new ArrayList<>();

		private int asked;

		OwnSelector(int port) {
			this.proxy = new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", port));
		}

		@Override
		public List<Proxy> select(URI uri) {
			this.asked++;
			return List.of(this.proxy);
		}

		@Override
		public void connectFailed(URI uri, SocketAddress address, IOException failure) {
			this.failures.add(failure);
		}

	}

}

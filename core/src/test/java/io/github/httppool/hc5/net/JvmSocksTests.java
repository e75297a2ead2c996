package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests whether the JVM has a SOCKS proxy for an address.
 */
class JvmSocksTests {

	private static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.1", 8080);

	private final ProxySelector before = ProxySelector.getDefault();

	@AfterEach
	void resetSelector() {
		ProxySelector.setDefault(this.before);
	}

	@Test
	void selectorWithASocksProxyForTheAddressHasOne() {
		select((uri) -> List.of(Proxy.NO_PROXY, new Proxy(Proxy.Type.SOCKS, ADDRESS)));
		assertThat(JvmSocks.isFor(ADDRESS)).isTrue();
	}

	@Test
	void otherProxiesAreIgnored() {
		select((uri) -> List.of(new Proxy(Proxy.Type.HTTP, ADDRESS)));
		assertThat(JvmSocks.isFor(ADDRESS)).isFalse();
		select((uri) -> null);
		assertThat(JvmSocks.isFor(ADDRESS)).isFalse();
	}

	@Test
	void thereIsNoneWithoutASelectorOrAnAddress() {
		select((uri) -> List.of(new Proxy(Proxy.Type.SOCKS, ADDRESS)));
		assertThat(JvmSocks.isFor(null)).isFalse();
		ProxySelector.setDefault(null);
		assertThat(JvmSocks.isFor(ADDRESS)).isFalse();
	}

	@Test
	void selectorThatFailsMayHaveOne() {
		select((uri) -> {
			throw new IllegalArgumentException("of the selector");
		});
		assertThat(JvmSocks.isFor(ADDRESS)).isTrue();
	}

	@Test
	void selectorIsAskedAsByTheSocketsOfTheJdk() {
		List<URI> asked = new CopyOnWriteArrayList<>();
		select((uri) -> {
			asked.add(uri);
			return List.of();
		});
		JvmSocks.isFor(ADDRESS);
		JvmSocks.isFor(InetSocketAddress.createUnresolved("::1", 80));
		JvmSocks.isFor(InetSocketAddress.createUnresolved("[::1]", 80));
		assertThat(asked).containsExactly(URI.create("socket://" + ADDRESS.getHostString() + ":8080"),
				URI.create("socket://[::1]:80"), URI.create("socket://[::1]:80"));
	}

	private static void select(Function<URI, @Nullable List<Proxy>> selection) {
		ProxySelector.setDefault(new ProxySelector() {

			@Override
			public @Nullable List<Proxy> select(URI uri) {
				return selection.apply(uri);
			}

			@Override
			public void connectFailed(URI uri, SocketAddress address, IOException failure) {
			}

		});
	}

}

package io.github.httppool.hc5;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The SOCKS proxies of the JVM ({@code socksProxyHost}, a default {@link ProxySelector}).
 * The socket of a channel does not ask for them, so where there is one the connection
 * gets a plain socket, which does, with the JVM's login and its exceptions.
 */
final class JvmSocks {

	private JvmSocks() {
	}

	/**
	 * Say whether the JVM has a SOCKS proxy for an address, or may have one.
	 * @param address the address, or {@code null} if it is no address of the network
	 */
	static boolean isFor(@Nullable InetSocketAddress address) {
		ProxySelector selector = ProxySelector.getDefault();
		if (selector == null || address == null) {
			return false;
		}
		try {
			List<Proxy> proxies = selector.select(uri(address));
			return proxies != null && proxies.stream().anyMatch((proxy) -> proxy.type() == Proxy.Type.SOCKS);
		}
		catch (RuntimeException ex) {
			// The plain socket asks again, and fails as it does elsewhere.
			return true;
		}
	}

	/** As the JDK's sockets ask. */
	private static URI uri(InetSocketAddress address) {
		String host = address.getHostString();
		boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
		return URI.create("socket://" + (bare ? "[" + host + "]" : host) + ":" + address.getPort());
	}

}

package io.github.httppool.hc5.net;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The SOCKS proxies of the JVM ({@code socksProxyHost}, a default {@link ProxySelector}).
 * Sockets of channels ignore them, so connections through such a proxy use a plain
 * socket, with the JDK's authentication and exceptions.
 */
public final class JvmSocks {

	private JvmSocks() {
	}

	/**
	 * Returns whether the JVM has, or may have, a SOCKS proxy for an address.
	 * @param address the address, or {@code null} if it is not a network address
	 */
	public static boolean isFor(@Nullable InetSocketAddress address) {
		ProxySelector selector = ProxySelector.getDefault();
		if (selector == null || address == null) {
			return false;
		}
		try {
			List<Proxy> proxies = selector.select(uri(address));
			return proxies != null && proxies.stream().anyMatch((proxy) -> proxy.type() == Proxy.Type.SOCKS);
		}
		catch (RuntimeException ex) {
			// The plain socket queries the selector again and fails with the
			// JDK's own exception.
			return true;
		}
	}

	/** The URI with which the JDK's sockets query the selector. */
	private static URI uri(InetSocketAddress address) {
		String host = address.getHostString();
		boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
		return URI.create("socket://" + (bare ? "[" + host + "]" : host) + ":" + address.getPort());
	}

}

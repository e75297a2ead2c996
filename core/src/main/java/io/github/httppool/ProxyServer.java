package io.github.httppool;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A proxy, and how it knows this application. Immutable; never shows its credentials.
 *
 * @param scheme {@code http}, {@code https} or {@code socks5}
 * @param host name or IP address, one of IPv6 without brackets
 * @param port port, 1 to 65535
 * @param username by which the proxy knows this application, or {@code null}
 * @param password for the proxy, or {@code null}
 * @since 0.1.0
 */
public record ProxyServer(String scheme, String host, int port, @Nullable String username, @Nullable String password) {

	/**
	 * Create a proxy.
	 */
	public ProxyServer {
		scheme = scheme.toLowerCase(Locale.ROOT);
	}

	/**
	 * Whether it speaks SOCKS, and not HTTP.
	 * @return {@code true} if so
	 */
	public boolean isSocks() {
		return this.scheme.equals("socks5");
	}

	/**
	 * Return the address of the proxy, without credentials.
	 * @return scheme, host and port
	 */
	@Override
	public String toString() {
		return this.scheme + "://" + ((this.host.indexOf(':') >= 0) ? "[" + this.host + "]" : this.host) + ":"
				+ this.port;
	}

}

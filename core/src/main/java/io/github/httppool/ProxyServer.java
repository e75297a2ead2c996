package io.github.httppool;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Address of a proxy, with the credentials of this application. Immutable;
 * {@link #toString()} never contains the credentials.
 *
 * @param scheme {@code http}, {@code https} or {@code socks5}
 * @param host name or IP address; an IPv6 address has no brackets
 * @param port port, 1 to 65535
 * @param username user name for the proxy, or {@code null} if it needs none
 * @param password password for the proxy, or {@code null} if it needs none
 * @since 0.1.0
 */
public record ProxyServer(String scheme, String host, int port, @Nullable String username, @Nullable String password) {

	/**
	 * Create a proxy.
	 * @param scheme {@code http}, {@code https} or {@code socks5}, in any case
	 * @param host name or IP address
	 * @param port port, 1 to 65535
	 * @param username user name for the proxy, or {@code null}
	 * @param password password for the proxy, or {@code null}
	 */
	public ProxyServer {
		scheme = scheme.toLowerCase(Locale.ROOT);
	}

	/**
	 * Return whether the proxy speaks SOCKS, not HTTP.
	 * @return {@code true} for SOCKS
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

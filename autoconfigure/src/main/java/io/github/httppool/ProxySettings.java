package io.github.httppool;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Through which proxy a pool makes its connections. Immutable; never shows a password.
 *
 * @param url {@code http://}, {@code https://} or {@code socks5://host:port}, or
 * {@code null} for none
 * @param username by which the proxy knows this application, or {@code null}
 * @param password for the proxy, or {@code null}
 * @param nonProxyHosts hosts that are reached directly: names, {@code *.domain} patterns,
 * IP addresses and CIDR blocks
 * @param fromEnvironment whether {@code HTTP_PROXY}, {@code HTTPS_PROXY},
 * {@code ALL_PROXY} and {@code NO_PROXY} are followed
 * @since 0.1.0
 */
public record ProxySettings(@Nullable String url, @Nullable String username, @Nullable String password,
		List<String> nonProxyHosts, boolean fromEnvironment) {

	/**
	 * No proxy.
	 */
	public static final ProxySettings NONE = new ProxySettings(null, null, null, List.of(), false);

	/**
	 * Create settings of a proxy.
	 */
	public ProxySettings {
		nonProxyHosts = List.copyOf(nonProxyHosts);
	}

	@Override
	public String toString() {
		return "ProxySettings[username=" + this.username + ", nonProxyHosts=" + this.nonProxyHosts
				+ ", fromEnvironment=" + this.fromEnvironment + "]";
	}

}

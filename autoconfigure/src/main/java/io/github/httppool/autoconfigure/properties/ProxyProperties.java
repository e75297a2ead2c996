package io.github.httppool.autoconfigure.properties;

import java.util.ArrayList;
import java.util.List;

import io.github.httppool.ProxySettings;
import org.jspecify.annotations.Nullable;

/**
 * Properties of the proxy for the connections of a pool.
 *
 * @since 0.1.0
 */
public class ProxyProperties {

	/**
	 * Address of the proxy: 'http://host:port', 'https://host:port' or
	 * 'socks5://host:port'.
	 */
	private @Nullable String url;

	/**
	 * User name for the proxy.
	 */
	private @Nullable String username;

	/**
	 * Password for the proxy.
	 */
	private @Nullable String password;

	/**
	 * Hosts to connect to directly: names, '*.domain' patterns, IP addresses and CIDR
	 * blocks.
	 */
	private List<String> nonProxyHosts = new ArrayList<>();

	/**
	 * Whether to read the environment variables HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and
	 * NO_PROXY if 'proxy.url' is not set.
	 */
	private boolean fromEnvironment;

	public @Nullable String getUrl() {
		return this.url;
	}

	public void setUrl(@Nullable String url) {
		this.url = url;
	}

	public @Nullable String getUsername() {
		return this.username;
	}

	public void setUsername(@Nullable String username) {
		this.username = username;
	}

	public @Nullable String getPassword() {
		return this.password;
	}

	public void setPassword(@Nullable String password) {
		this.password = password;
	}

	public List<String> getNonProxyHosts() {
		return this.nonProxyHosts;
	}

	public void setNonProxyHosts(List<String> nonProxyHosts) {
		this.nonProxyHosts = nonProxyHosts;
	}

	public boolean isFromEnvironment() {
		return this.fromEnvironment;
	}

	public void setFromEnvironment(boolean fromEnvironment) {
		this.fromEnvironment = fromEnvironment;
	}

	ProxySettings toSettings() {
		return new ProxySettings(this.url, this.username, this.password, this.nonProxyHosts, this.fromEnvironment);
	}

}

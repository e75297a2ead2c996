package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The proxies from Java's system properties. Java's own selector reads all properties and
 * builds a URI for each call, even if no proxy is set. It is therefore queried only if a
 * property is set. Any other selector is always queried.
 */
public final class SystemProxies extends ProxySelector {

	private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

	/**
	 * Properties that name an HTTP proxy. SOCKS proxies are not part of a route.
	 */
	private static final List<String> PROPERTIES = List.of("http.proxyHost", "https.proxyHost", "proxyHost");

	/**
	 * The default selector at the time the client is built, as with HttpClient.
	 */
	private final @Nullable ProxySelector selector;

	/**
	 * Whether all routes are direct unless one of the properties is set.
	 */
	private final boolean directUnlessSet;

	public SystemProxies() {
		this(ProxySelector.getDefault());
	}

	public SystemProxies(@Nullable ProxySelector selector) {
		this.selector = selector;
		this.directUnlessSet = selector != null
				&& selector.getClass().getName().equals("sun.net.spi.DefaultProxySelector")
				&& !Boolean.getBoolean("java.net.useSystemProxies") && isDirect(selector);
	}

	/**
	 * Java also reads proxies from its own configuration file and from the desktop
	 * settings.
	 */
	private static boolean isDirect(ProxySelector selector) {
		return selector.select(URI.create("http://host.invalid/")).equals(DIRECT)
				&& selector.select(URI.create("https://host.invalid/")).equals(DIRECT);
	}

	private static boolean isAnySet() {
		for (String property : PROPERTIES) {
			if (System.getProperty(property) != null) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns whether all routes are currently direct.
	 */
	boolean areAllDirect() {
		return this.directUnlessSet && !isAnySet();
	}

	@Override
	public List<Proxy> select(URI uri) {
		if (areAllDirect()) {
			return DIRECT;
		}
		ProxySelector asked = (this.selector != null) ? this.selector : ProxySelector.getDefault();
		return (asked != null) ? asked.select(uri) : DIRECT;
	}

	@Override
	public void connectFailed(URI uri, SocketAddress address, IOException failure) {
		if (this.selector != null) {
			this.selector.connectFailed(uri, address, failure);
		}
	}

}

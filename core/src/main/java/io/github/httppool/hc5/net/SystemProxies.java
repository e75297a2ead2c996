package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The proxies that Java's properties name. Java's own selector looks them all up and
 * builds a URI to find that there is none, for each call: it is not asked where none is
 * set. Any other selector is.
 */
public final class SystemProxies extends ProxySelector {

	private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

	/** What names a proxy for HTTP; one that speaks SOCKS is no part of a route. */
	private static final List<String> PROPERTIES = List.of("http.proxyHost", "https.proxyHost", "proxyHost");

	/** As HttpClient has it, that of the time at which a client is built, if any. */
	private final @Nullable ProxySelector selector;

	/** Whether nothing but a property could make a route other than a direct one. */
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
	 * Java takes what is not set from a file of its own, too, and from the desktop.
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
	 * Return whether all routes are direct at the moment.
	 */
	boolean areNone() {
		return this.directUnlessSet && !isAnySet();
	}

	@Override
	public List<Proxy> select(URI uri) {
		if (areNone()) {
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

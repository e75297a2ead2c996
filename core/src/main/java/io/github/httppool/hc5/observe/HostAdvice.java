package io.github.httppool.hc5.observe;

import java.util.Arrays;

import org.apache.hc.core5.http.HttpHost;

/**
 * Advises what to check if a host has no address, based on its name and the resolver's
 * answer.
 */
final class HostAdvice {

	/** RFC 1035, section 2.3.4. */
	private static final int MAX_LABEL = 63;

	private static final int MAX_NAME = 253;

	private HostAdvice() {
	}

	/**
	 * Returns the advice.
	 * @param host the host without an address
	 * @param answer the message of the resolver
	 */
	static String of(RouteStats route, String host, String answer) {
		String where = isProxy(route, host) ? "the address of the proxy (http-pool.proxy, or the client's)"
				: "the call";
		if (host.indexOf(':') >= 0) {
			return "It is an address, so DNS is not used: check it and its zone in " + where;
		}
		if (host.matches("[0-9.]+")) {
			return "It looks like an address but is not one: check it in " + where;
		}
		if (isImpossible(host)) {
			return "DNS has no such names: a part of one is empty or longer than %s characters, or all of it is longer than %s. Check it in %s"
				.formatted(MAX_LABEL, MAX_NAME, where);
		}
		if (answer.contains("Temporary failure")) {
			return "The DNS of this machine gave no answer, which says nothing about the name: check its servers and "
					+ "the network";
		}
		if (answer.equals(host + " has no address")) {
			return "The lookup succeeded without an address, which the JDK's never does: check the resolver that the "
					+ "application sets";
		}
		return "Check the name in %s, and what resolves it: DNS, the hosts file, or a resolver that the application sets. The JDK's resolver repeats this answer for 10s, unless networkaddress.cache.negative.ttl says otherwise"
			.formatted(where);
	}

	private static boolean isImpossible(String host) {
		String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
		return name.length() > MAX_NAME || Arrays.stream(name.split("\\.", -1))
			.anyMatch((label) -> label.isEmpty() || label.length() > MAX_LABEL);
	}

	private static boolean isProxy(RouteStats route, String host) {
		HttpHost proxy = route.httpRoute.getProxyHost();
		boolean targets = route.httpRoute.getTargetHost().getHostName().equalsIgnoreCase(host);
		return !targets && ((proxy != null && proxy.getHostName().equalsIgnoreCase(host))
				|| (route.socks != null && route.socks.host().equalsIgnoreCase(host)));
	}

}

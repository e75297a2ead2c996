package io.github.httppool;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

import org.apache.hc.core5.net.InetAddressUtils;
import org.jspecify.annotations.Nullable;

/**
 * Scheme, host and port of a route, normalized for comparison.
 */
record RouteUri(String scheme, String host, int port) {

	private static final Set<String> SCHEMES = Set.of("http", "https");

	/**
	 * Parse a URI.
	 * @return the route, or {@code null} if scheme, host or port is missing or invalid
	 */
	static @Nullable RouteUri parse(String text) {
		try {
			URI uri = new URI(text.trim());
			String scheme = (uri.getScheme() != null) ? uri.getScheme().toLowerCase(Locale.ROOT) : "";
			// Not getHost(), which returns null for a name with an underscore.
			String authority = uri.getRawAuthority();
			if (!SCHEMES.contains(scheme) || authority == null) {
				return null;
			}
			String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
			int colon = hostAndPort.indexOf(':', hostAndPort.lastIndexOf(']') + 1);
			String host = ((colon < 0) ? hostAndPort : hostAndPort.substring(0, colon)).toLowerCase(Locale.ROOT);
			int port = (colon >= 0) ? port(hostAndPort.substring(colon + 1)) : scheme.equals("https") ? 443 : 80;
			// HttpCore rejects IPv4-mapped IPv6 addresses.
			boolean noAddress = host.startsWith("[")
					&& !(host.endsWith("]") && InetAddressUtils.isIPv6(HostPattern.normalized(host)));
			return (host.isEmpty() || noAddress || port < 1 || port > 65535) ? null : new RouteUri(scheme, host, port);
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

	private static int port(String text) {
		return text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
	}

	/**
	 * Return a text without the parts that would be the user info and the query of a URI.
	 */
	static String withoutSecrets(String text) {
		int end = text.indexOf('?');
		String shown = (end < 0) ? text : text.substring(0, end);
		int at = shown.lastIndexOf('@');
		int start = shown.indexOf("//");
		return (at < 0) ? shown
				: ((start >= 0 && start < at) ? shown.substring(0, start + 2) : "") + "***" + shown.substring(at);
	}

	@Override
	public String toString() {
		return this.scheme + "://" + this.host + ":" + this.port;
	}

}

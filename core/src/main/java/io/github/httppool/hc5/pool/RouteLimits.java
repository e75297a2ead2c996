package io.github.httppool.hc5.pool;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.httppool.RouteLimit;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.URIScheme;
import org.jspecify.annotations.Nullable;

/**
 * Limits of individual routes, by scheme, host and port. A limit applies to direct
 * connections to a target and to connections through any proxy.
 */
public final class RouteLimits {

	private final Map<HttpHost, RouteLimit> byTarget = new HashMap<>();

	public RouteLimits(String propertyPrefix, List<RouteLimit> limits) {
		limits.forEach((limit) -> this.byTarget
			.putIfAbsent(target(propertyPrefix + "routes." + limit.name(), limit.uri()), limit));
	}

	public @Nullable RouteLimit of(HttpHost target) {
		return this.byTarget.isEmpty() ? null : this.byTarget.get(normalized(target));
	}

	/**
	 * Return the target of an address, ignoring its other parts.
	 * @param property the property that contains the address, without its last element
	 * @param uri the address
	 */
	public static HttpHost target(String property, @Nullable String uri) {
		try {
			URI parsed = new URI((uri != null) ? uri.strip() : "");
			// Not URI.getHost(), which returns null if the name contains an underscore.
			String authority = parsed.getRawAuthority();
			if (authority != null && defaultPort(parsed.getScheme()) != -1) {
				String host = authority.substring(authority.lastIndexOf('@') + 1);
				return normalized(HttpHost.create(parsed.getScheme() + "://" + host));
			}
		}
		catch (URISyntaxException | IllegalArgumentException ex) {
			// No cause, because its message would contain a password from the address.
		}
		throw new IllegalArgumentException(
				property + ".uri is no address of a route: use scheme, host and port, such as https://api.example:443");
	}

	/**
	 * Return a target without the resolved address that a caller may have supplied.
	 */
	private static HttpHost normalized(HttpHost target) {
		String name = target.getHostName();
		boolean bracketed = name.startsWith("[") && name.endsWith("]");
		int port = (target.getPort() > 0) ? target.getPort() : defaultPort(target.getSchemeName());
		return new HttpHost(target.getSchemeName(), bracketed ? name.substring(1, name.length() - 1) : name, port);
	}

	private static int defaultPort(@Nullable String scheme) {
		return URIScheme.HTTP.same(scheme) ? 80 : URIScheme.HTTPS.same(scheme) ? 443 : -1;
	}

}

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
 * Limits of their own for single routes, found by scheme, host and port: they hold for
 * each way to a target, directly and through any proxy.
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
	 * Return whom an address is about, whatever else is in it.
	 * @param property the property that it comes from, without its last part
	 * @param uri the address
	 */
	public static HttpHost target(String property, @Nullable String uri) {
		try {
			URI parsed = new URI((uri != null) ? uri.strip() : "");
			// Not its host, which is none where there is an underscore in the name.
			String authority = parsed.getRawAuthority();
			if (authority != null && defaultPort(parsed.getScheme()) != -1) {
				String host = authority.substring(authority.lastIndexOf('@') + 1);
				return normalized(HttpHost.create(parsed.getScheme() + "://" + host));
			}
		}
		catch (URISyntaxException | IllegalArgumentException ex) {
			// Its message would repeat a password that is in the address.
		}
		throw new IllegalArgumentException(property
				+ ".uri is no address of a route: write scheme, host and port, such as https://api.example:443");
	}

	/** Without an address that a caller may have given along with the name. */
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

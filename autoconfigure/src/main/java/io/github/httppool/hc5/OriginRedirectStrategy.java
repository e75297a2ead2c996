package io.github.httppool.hc5;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Follows redirects as HttpClient does, but what tells who the caller is stays with the
 * origin (scheme, host and port) that it was meant for. HttpClient itself would not
 * follow such a redirect at all, and earlier versions sent everything along.
 */
final class OriginRedirectStrategy extends DefaultRedirectStrategy {

	private static final List<String> SECRETS = List.of(HttpHeaders.AUTHORIZATION, HttpHeaders.PROXY_AUTHORIZATION,
			HttpHeaders.COOKIE);

	@Override
	public boolean isRedirectAllowed(HttpHost from, HttpHost to, HttpRequest redirect, HttpContext context) {
		if (!isSameOrigin(from, to)) {
			List<Header> secrets = new ArrayList<>();
			for (Iterator<Header> headers = redirect.headerIterator(); headers.hasNext();) {
				Header header = headers.next();
				if (header.isSensitive() || SECRETS.stream().anyMatch(header.getName()::equalsIgnoreCase)) {
					secrets.add(header);
				}
			}
			secrets.forEach((header) -> redirect.removeHeaders(header.getName()));
		}
		return true;
	}

	private static boolean isSameOrigin(HttpHost one, HttpHost other) {
		return one.getSchemeName().equalsIgnoreCase(other.getSchemeName())
				&& one.getHostName().equalsIgnoreCase(other.getHostName()) && port(one) == port(other);
	}

	private static int port(HttpHost host) {
		return DefaultSchemePortResolver.INSTANCE.resolve(host.getSchemeName(), host);
	}

}

package io.github.httppool.hc5.exec;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import io.github.httppool.hc5.pool.Route;
import org.apache.hc.client5.http.CircularRedirectException;
import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.utils.URIUtils;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Follows redirects as HttpClient does, but removes credentials from requests to another
 * origin (scheme, host and port). HttpClient itself does not follow such redirects.
 * Earlier versions followed them and sent the credentials.
 */
public final class OriginRedirectStrategy extends DefaultRedirectStrategy {

	private static final List<String> SECRETS = List.of(HttpHeaders.AUTHORIZATION, HttpHeaders.PROXY_AUTHORIZATION,
			HttpHeaders.COOKIE);

	/**
	 * {@inheritDoc}
	 * <p>
	 * HttpClient includes the whole location in its exception messages, although the
	 * location may contain secrets.
	 */
	@Override
	public URI getLocationURI(HttpRequest request, HttpResponse response, HttpContext context) throws HttpException {
		Header field = response.getFirstHeader(HttpHeaders.LOCATION);
		URI location;
		try {
			location = RedirectLocation.resolve(request.getUri(), (field != null) ? field.getValue() : "");
		}
		catch (URISyntaxException ex) {
			throw invalid("%s redirects to a location that is not a valid URI", context);
		}
		HttpHost host = URIUtils.extractHost(location);
		if (host == null) {
			throw invalid("%s redirects to a location without a valid host", context);
		}
		HttpClientContext clientContext = HttpClientContext.cast(context);
		if (!clientContext.getRequestConfigOrDefault().isCircularRedirectsAllowed()
				&& clientContext.getRedirectLocations().contains(location)) {
			throw new CircularRedirectException(
					"Circular redirect to %s%s".formatted(Route.origin(host), location.getRawPath()));
		}
		return location;
	}

	/**
	 * Returns an exception whose cause has the same class as HttpClient's, without the
	 * text that the server sent.
	 */
	private static ProtocolException invalid(String message, HttpContext context) {
		return new ProtocolException(message.formatted(origin(context)),
				new URISyntaxException(HttpHeaders.LOCATION, "invalid"));
	}

	private static String origin(HttpContext context) {
		return Route.origin(HttpClientContext.cast(context).getHttpRoute().getTargetHost());
	}

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

package io.github.httppool.client;

import java.net.URI;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The parts that all requests to one server share. HttpClient would parse each URI again
 * to get them.
 *
 * @param scheme the scheme as written in the URI
 * @param host the host as written in the URI
 * @param port the port, or -1
 * @param authority host and port for the request
 * @param target the target host of the request
 */
record RequestTarget(String scheme, String host, int port, URIAuthority authority, HttpHost target) {

	/**
	 * Return the origin of a URI.
	 * @param uri the URI
	 * @param known a target to compare with, or {@code null}
	 * @return the origin, or {@code null} if the URI needs HttpClient's own parsing
	 */
	static @Nullable RequestTarget of(URI uri, @Nullable RequestTarget known) {
		String scheme = uri.getScheme();
		String host = uri.getHost();
		if (scheme == null || host == null || uri.getRawUserInfo() != null) {
			return null;
		}
		if (known != null && known.port == uri.getPort() && known.host.equals(host) && known.scheme.equals(scheme)) {
			return known;
		}
		URIAuthority authority = new URIAuthority(host, uri.getPort());
		return new RequestTarget(scheme, host, uri.getPort(), authority, new HttpHost(scheme, authority));
	}

	/**
	 * Create a request.
	 */
	ClassicHttpRequest request(String method, URI uri) {
		String path = StringUtils.hasText(uri.getRawPath()) ? uri.getRawPath() : "/";
		String query = uri.getRawQuery();
		return new BasicClassicHttpRequest(method, this.scheme, this.authority,
				(query != null) ? path + '?' + query : path);
	}

}

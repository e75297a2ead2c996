package io.github.httppool.client;

import java.net.URI;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * What is the same for all requests to one server, made once for them: HttpClient would
 * take it out of each URI again.
 *
 * @param scheme as the URI has it
 * @param host as the URI has it
 * @param port the port, or -1
 * @param authority both for the request
 * @param target where the request goes
 */
record RequestTarget(String scheme, String host, int port, URIAuthority authority, HttpHost target) {

	/**
	 * Return the origin of a URI.
	 * @param uri the URI
	 * @param known one that it might be
	 * @return the origin, or {@code null} if the URI is not as simple as they all are
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
	 * Make a request.
	 */
	ClassicHttpRequest request(String method, URI uri) {
		String path = StringUtils.hasText(uri.getRawPath()) ? uri.getRawPath() : "/";
		String query = uri.getRawQuery();
		return new BasicClassicHttpRequest(method, this.scheme, this.authority,
				(query != null) ? path + '?' + query : path);
	}

}

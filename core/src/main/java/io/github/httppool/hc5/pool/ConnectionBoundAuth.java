package io.github.httppool.hc5.pool;

import java.util.List;
import java.util.Map;

import org.apache.hc.client5.http.auth.AuthExchange;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;

/**
 * Detects authentication that applies to a whole connection instead of one request. The
 * server attributes later requests over that connection to the caller that authenticated,
 * so it must not be shared (RFC 4559 section 6, and Microsoft's description of NTLM).
 */
public final class ConnectionBoundAuth {

	private static final List<String> SCHEMES = List.of("Negotiate", "NTLM", "Kerberos");

	private ConnectionBoundAuth() {
	}

	/**
	 * Return whether a request authenticates its connection. It does not matter whether
	 * HttpClient or the application has set the headers.
	 */
	public static boolean isIn(HttpRequest request) {
		return isLogin(request, HttpHeaders.AUTHORIZATION) || isLogin(request, HttpHeaders.PROXY_AUTHORIZATION);
	}

	private static boolean isLogin(HttpRequest request, String name) {
		Header first = request.getFirstHeader(name);
		if (first == null || request.countHeaders(name) == 1) {
			return first != null && isLogin(first);
		}
		// Check all headers, because servers differ in which one they use.
		for (Header header : request.getHeaders(name)) {
			if (isLogin(header)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isLogin(Header header) {
		String value = header.getValue();
		if (value == null) {
			return false;
		}
		String credentials = value.stripLeading();
		for (String scheme : SCHEMES) {
			if (credentials.regionMatches(true, 0, scheme, 0, scheme.length())) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return whether HttpClient uses a scheme that authenticates the connection,
	 * regardless of the scheme's name.
	 */
	public static boolean isIn(HttpClientContext context) {
		Map<HttpHost, AuthExchange> exchanges = context.getAuthExchanges();
		if (exchanges.isEmpty()) {
			return false;
		}
		for (AuthExchange exchange : exchanges.values()) {
			if (exchange.isConnectionBased()) {
				return true;
			}
		}
		return false;
	}

}

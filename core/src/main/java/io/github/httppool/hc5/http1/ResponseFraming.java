package io.github.httppool.hc5.http1;

import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.NotImplementedException;
import org.apache.hc.core5.http.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Determines the length of the body of a response (RFC 9112 section 6.3), and whether
 * every implementation on the way must have determined the same length. If not, the
 * connection is not reused.
 */
final class ResponseFraming implements ContentLengthStrategy {

	static final ResponseFraming INSTANCE = new ResponseFraming();

	private static final String IDENTITY_CODING = "identity";

	private ResponseFraming() {
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * HttpCore accepts a sign before a number, and rejects repeated equal lengths.
	 */
	@Override
	public long determineLength(HttpMessage response) throws ProtocolException {
		ParsedResponse parsed = parsed(response);
		if (parsed != null) {
			return parsed.length();
		}
		if (hasTransferCoding(response)) {
			if (!isChunked(response)) {
				throw new NotImplementedException("its transfer encoding is not just 'chunked'");
			}
			return CHUNKED;
		}
		Header first = response.getFirstHeader(HttpHeaders.CONTENT_LENGTH);
		if (first == null) {
			return UNDEFINED;
		}
		if (response.countHeaders(HttpHeaders.CONTENT_LENGTH) == 1) {
			return FramingFields.parseLength(first.getValue());
		}
		long length = FramingFields.parseLength(first.getValue());
		for (Header further : response.getHeaders(HttpHeaders.CONTENT_LENGTH)) {
			FramingFields.requireEqual(length, FramingFields.parseLength(further.getValue()));
		}
		return length;
	}

	/**
	 * Returns the response if its fields need not be searched.
	 */
	private static @Nullable ParsedResponse parsed(HttpMessage response) {
		return (response instanceof ParsedResponse parsed && parsed.hasPlainLength()) ? parsed : null;
	}

	/**
	 * Returns whether the body has a transfer coding. Some servers still send
	 * {@code identity}, which means none (RFC 2616 section 3.6).
	 */
	private static boolean hasTransferCoding(HttpMessage response) {
		for (Header coding : response.getHeaders(HttpHeaders.TRANSFER_ENCODING)) {
			if (!IDENTITY_CODING.equalsIgnoreCase(coding.getValue())) {
				return true;
			}
		}
		return false;
	}

	private static boolean isChunked(HttpMessage response) {
		Header coding = response.getFirstHeader(HttpHeaders.TRANSFER_ENCODING);
		return FramingFields.isChunked(coding.getValue()) && response.countHeaders(HttpHeaders.TRANSFER_ENCODING) == 1;
	}

	/**
	 * Rejects a response that its request does not permit.
	 */
	static void requireAllowed(ClassicHttpResponse response, @Nullable HttpRequest request) throws ProtocolException {
		int status = response.getCode();
		if (status == HttpStatus.SC_SWITCHING_PROTOCOLS
				&& (request == null || !request.containsHeader(HttpHeaders.UPGRADE))) {
			// HttpClient would begin TLS at the server's request.
			throw new ProtocolException("it switches to another protocol, which the request did not ask for");
		}
		if (status < HttpStatus.SC_SUCCESS && declaresBody(response)) {
			throw new ProtocolException("an interim response has a body");
		}
		if (isSuccessOfConnect(response, request) && status != HttpStatus.SC_OK) {
			// The connection is a tunnel from here on (RFC 9110 section 9.3.6), but
			// HttpClient would read a body.
			throw new ProtocolException("the proxy answered CONNECT with " + status + ", not 200");
		}
	}

	private static boolean isSuccessOfConnect(ClassicHttpResponse response, @Nullable HttpRequest request) {
		return request != null && response.getCode() / 100 == 2 && Method.CONNECT.isSame(request.getMethod());
	}

	private static boolean declaresBody(HttpMessage response) {
		ParsedResponse parsed = parsed(response);
		if (parsed != null) {
			return parsed.length() > 0 || parsed.length() == CHUNKED;
		}
		Header length = response.getFirstHeader(HttpHeaders.CONTENT_LENGTH);
		return (length != null && FramingFields.parseDigits(length.getValue()) != 0)
				|| response.containsHeader(HttpHeaders.TRANSFER_ENCODING);
	}

	/**
	 * Returns whether the framing is ambiguous: another implementation on the way might
	 * find the end of the response elsewhere.
	 * @param clean whether its head has exactly the form that the RFC defines
	 */
	static boolean isAmbiguous(ClassicHttpResponse response, @Nullable HttpRequest request, boolean clean) {
		if (isSuccessOfConnect(response, request)) {
			// Fields about a body are meaningless, and TLS begins after the head.
			return false;
		}
		if (!clean || (response.getCode() == HttpStatus.SC_NO_CONTENT && declaresBody(response))) {
			return true;
		}
		if (parsed(response) != null) {
			return false;
		}
		Header length = response.getFirstHeader(HttpHeaders.CONTENT_LENGTH);
		if (response.getFirstHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
			return length != null || !isChunked(response) || !response.getVersion().greaterEquals(HttpVersion.HTTP_1_1);
		}
		return length != null && (FramingFields.parseDigits(length.getValue()) < 0
				|| response.countHeaders(HttpHeaders.CONTENT_LENGTH) != 1);
	}

	/**
	 * Reduces the fields to the one length that is valid by RFC 9112 section 6.3 and RFC
	 * 9110 section 8.6, because other code reads them again. Spring interprets
	 * {@code Content-Length: 0} beside {@code chunked} as the absence of a body, and
	 * fails with a {@code NumberFormatException} if a length is not a number.
	 */
	static void normalizeLength(ClassicHttpResponse response, @Nullable HttpRequest request) throws ProtocolException {
		if (parsed(response) != null) {
			return;
		}
		if (hasTransferCoding(response)) {
			response.removeHeaders(HttpHeaders.CONTENT_LENGTH);
			return;
		}
		response.removeHeaders(HttpHeaders.TRANSFER_ENCODING);
		Header first = response.getFirstHeader(HttpHeaders.CONTENT_LENGTH);
		if (first == null || (FramingFields.parseDigits(first.getValue()) >= 0
				&& response.countHeaders(HttpHeaders.CONTENT_LENGTH) == 1)) {
			return;
		}
		long length = hasNoBody(response, request) ? -1 : INSTANCE.determineLength(response);
		// Remove all, because HttpCore replaces only the first one.
		response.removeHeaders(HttpHeaders.CONTENT_LENGTH);
		if (length >= 0) {
			response.addHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
		}
	}

	/**
	 * Returns whether a final response ends with its head.
	 */
	static boolean hasNoBody(ClassicHttpResponse response, @Nullable HttpRequest request) {
		int status = response.getCode();
		return status == HttpStatus.SC_NO_CONTENT || status == HttpStatus.SC_NOT_MODIFIED
				|| (request != null && Method.HEAD.isSame(request.getMethod()))
				|| isSuccessOfConnect(response, request);
	}

}

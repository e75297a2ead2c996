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
 * Says where the body of a response ends (RFC 9112 section 6.3), and whether everybody on
 * the way must have read that in the same way: if not, its connection is not kept.
 */
public final class ResponseFraming implements ContentLengthStrategy {

	public static final ResponseFraming INSTANCE = new ResponseFraming();

	private static final String CHUNKED_CODING = "chunked";

	private static final String IDENTITY_CODING = "identity";

	private ResponseFraming() {
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * HttpCore takes a sign before a number, and refuses equal lengths.
	 */
	@Override
	public long determineLength(HttpMessage response) throws ProtocolException {
		ParsedResponse usual = usual(response);
		if (usual != null) {
			return usual.length();
		}
		if (isCoded(response)) {
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
			return lengthIn(first.getValue());
		}
		long length = lengthIn(first.getValue());
		for (Header further : response.getHeaders(HttpHeaders.CONTENT_LENGTH)) {
			requireEqual(length, lengthIn(further.getValue()));
		}
		return length;
	}

	/**
	 * Return a response of which nothing need be looked for in its fields.
	 */
	private static @Nullable ParsedResponse usual(HttpMessage response) {
		return (response instanceof ParsedResponse received && received.isUsual()) ? received : null;
	}

	/**
	 * Return the length that a value says, also as a list of equal ones.
	 */
	private static long lengthIn(String value) throws ProtocolException {
		if (value.indexOf(',') < 0) {
			return number(value);
		}
		String[] lengths = value.split(",", -1);
		long length = number(lengths[0].strip());
		for (String further : lengths) {
			requireEqual(length, number(further.strip()));
		}
		return length;
	}

	private static void requireEqual(long length, long further) throws ProtocolException {
		if (length != further) {
			throw new ProtocolException("it has several content lengths");
		}
	}

	private static long number(String digits) throws ProtocolException {
		long number = plainNumber(digits);
		if (number < 0) {
			throw new ProtocolException("its content length is not a number");
		}
		return number;
	}

	/**
	 * Return the number that is written with nothing but digits.
	 * @return the number, or -1 if there is none or it is too large
	 */
	static long plainNumber(String digits) {
		if (digits.isEmpty()) {
			return -1;
		}
		long number = 0;
		for (int i = 0; i < digits.length(); i++) {
			int digit = digits.charAt(i) - '0';
			if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
				return -1;
			}
			number = number * 10 + digit;
		}
		return number;
	}

	static boolean isChunkedCoding(String value) {
		return CHUNKED_CODING.equalsIgnoreCase(value);
	}

	/**
	 * Returns whether the body has a transfer coding: {@code identity} says that it has
	 * none (RFC 2616 section 3.6), and some servers still send it.
	 */
	private static boolean isCoded(HttpMessage response) {
		for (Header coding : response.getHeaders(HttpHeaders.TRANSFER_ENCODING)) {
			if (!IDENTITY_CODING.equalsIgnoreCase(coding.getValue())) {
				return true;
			}
		}
		return false;
	}

	private static boolean isChunked(HttpMessage response) {
		Header coding = response.getFirstHeader(HttpHeaders.TRANSFER_ENCODING);
		return isChunkedCoding(coding.getValue()) && response.countHeaders(HttpHeaders.TRANSFER_ENCODING) == 1;
	}

	/**
	 * Refuse a response that its request does not allow.
	 */
	public static void requireAllowed(ClassicHttpResponse response, @Nullable HttpRequest request)
			throws ProtocolException {
		int status = response.getCode();
		if (status == HttpStatus.SC_SWITCHING_PROTOCOLS
				&& (request == null || !request.containsHeader(HttpHeaders.UPGRADE))) {
			// HttpClient would begin TLS if the server said so.
			throw new ProtocolException("it switches to another protocol, which the request did not ask for");
		}
		if (status < HttpStatus.SC_SUCCESS && saysThatABodyFollows(response)) {
			throw new ProtocolException("an interim response has a body");
		}
		if (isSuccessOfConnect(response, request) && status != HttpStatus.SC_OK) {
			// A tunnel from here on (RFC 9110 section 9.3.6), where HttpClient would read
			// a body.
			throw new ProtocolException("the proxy answered CONNECT with " + status + ", not 200");
		}
	}

	private static boolean isSuccessOfConnect(ClassicHttpResponse response, @Nullable HttpRequest request) {
		return request != null && response.getCode() / 100 == 2 && Method.CONNECT.isSame(request.getMethod());
	}

	private static boolean saysThatABodyFollows(HttpMessage response) {
		ParsedResponse usual = usual(response);
		if (usual != null) {
			return usual.length() > 0 || usual.length() == CHUNKED;
		}
		Header length = response.getFirstHeader(HttpHeaders.CONTENT_LENGTH);
		return (length != null && plainNumber(length.getValue()) != 0)
				|| response.containsHeader(HttpHeaders.TRANSFER_ENCODING);
	}

	/**
	 * Return whether somebody on the way might see another end of the response.
	 * @param clean whether its head is by the letter
	 */
	public static boolean canBeMistaken(ClassicHttpResponse response, @Nullable HttpRequest request, boolean clean) {
		if (isSuccessOfConnect(response, request)) {
			// What it says of a body means nothing, and TLS begins behind it.
			return false;
		}
		if (!clean || (response.getCode() == HttpStatus.SC_NO_CONTENT && saysThatABodyFollows(response))) {
			return true;
		}
		if (usual(response) != null) {
			return false;
		}
		Header length = response.getFirstHeader(HttpHeaders.CONTENT_LENGTH);
		if (response.getFirstHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
			return length != null || !isChunked(response) || !response.getVersion().greaterEquals(HttpVersion.HTTP_1_1);
		}
		return length != null
				&& (plainNumber(length.getValue()) < 0 || response.countHeaders(HttpHeaders.CONTENT_LENGTH) != 1);
	}

	/**
	 * Leave in the head the one length that counts, as RFC 9112 section 6.3 and RFC 9110
	 * section 8.6 have it, or none: others read it there again. Spring takes
	 * {@code Content-Length: 0} beside chunks for the absence of a body, and fails with a
	 * {@code NumberFormatException} at what is no number.
	 */
	public static void settleLength(ClassicHttpResponse response, @Nullable HttpRequest request)
			throws ProtocolException {
		if (usual(response) != null) {
			return;
		}
		if (isCoded(response)) {
			response.removeHeaders(HttpHeaders.CONTENT_LENGTH);
			return;
		}
		response.removeHeaders(HttpHeaders.TRANSFER_ENCODING);
		Header first = response.getFirstHeader(HttpHeaders.CONTENT_LENGTH);
		if (first == null
				|| (plainNumber(first.getValue()) >= 0 && response.countHeaders(HttpHeaders.CONTENT_LENGTH) == 1)) {
			return;
		}
		long length = hasNoBody(response, request) ? -1 : INSTANCE.determineLength(response);
		// All of them: HttpCore would replace the first one alone.
		response.removeHeaders(HttpHeaders.CONTENT_LENGTH);
		if (length >= 0) {
			response.addHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
		}
	}

	/**
	 * Return whether a final response ends with its head.
	 */
	public static boolean hasNoBody(ClassicHttpResponse response, @Nullable HttpRequest request) {
		int status = response.getCode();
		return status == HttpStatus.SC_NO_CONTENT || status == HttpStatus.SC_NOT_MODIFIED
				|| (request != null && Method.HEAD.isSame(request.getMethod()))
				|| isSuccessOfConnect(response, request);
	}

}

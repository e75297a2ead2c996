package io.github.httppool.hc5.http1;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.DefaultContentLengthStrategy;

/**
 * Determines the length of the body of a request, and rejects contradictory heads (RFC
 * 9112 section 6). HttpClient sets the fields itself, but interceptors may change them
 * afterwards.
 */
final class RequestFraming implements ContentLengthStrategy {

	static final RequestFraming INSTANCE = new RequestFraming();

	private RequestFraming() {
	}

	@Override
	public long determineLength(HttpMessage request) throws HttpException {
		long length = DefaultContentLengthStrategy.INSTANCE.determineLength(request);
		Header declared = request.getFirstHeader(HttpHeaders.CONTENT_LENGTH);
		if (length == CHUNKED && declared != null) {
			throw new ProtocolException("The request has a Transfer-Encoding and a Content-Length of %s; remove one"
				.formatted(declared.getValue()));
		}
		if (length >= 0 && FramingFields.parseDigits(declared.getValue()) < 0) {
			throw new ProtocolException("Invalid content length: " + declared.getValue());
		}
		return length;
	}

	/**
	 * Checks the head of a request before it is sent.
	 * @throws ProtocolException if the head declares a body that does not exist, or
	 * declares its length twice
	 */
	static void check(ClassicHttpRequest request) throws HttpException {
		if (request.getEntity() != null) {
			INSTANCE.determineLength(request);
			return;
		}
		if (!request.containsHeader(HttpHeaders.CONTENT_LENGTH)
				&& !request.containsHeader(HttpHeaders.TRANSFER_ENCODING)) {
			return;
		}
		long length = INSTANCE.determineLength(request);
		if (length != 0) {
			throw new ProtocolException("The request declares a body (%s), but has none"
				.formatted((length < 0) ? "Transfer-Encoding: chunked" : "Content-Length: " + length));
		}
	}

}

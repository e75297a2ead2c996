package io.github.httppool.hc5.http1;

import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;

/**
 * A response as it was received. Determines the length of its body while its fields are
 * added, if they declare it in a plain way: by one length, by {@code chunked} alone, or
 * not at all. Searching the parsed fields for it would take longer than parsing them.
 */
final class ParsedResponse extends BasicClassicHttpResponse {

	private long length = ContentLengthStrategy.UNDEFINED;

	private boolean plain = true;

	ParsedResponse(int status, String reason, ProtocolVersion version) {
		super(status, reason);
		setVersion(version);
	}

	/**
	 * Adds the next field.
	 */
	void add(Header field) {
		addHeader(field);
		String name = field.getName();
		if (HttpHeaders.CONTENT_LENGTH.equalsIgnoreCase(name)) {
			long number = FramingFields.parseDigits(field.getValue());
			declareLength(number, number >= 0);
		}
		else if (HttpHeaders.TRANSFER_ENCODING.equalsIgnoreCase(name)) {
			declareLength(ContentLengthStrategy.CHUNKED,
					FramingFields.isChunked(field.getValue()) && getVersion().greaterEquals(HttpVersion.HTTP_1_1));
		}
	}

	private void declareLength(long length, boolean plain) {
		this.plain = plain && this.length == ContentLengthStrategy.UNDEFINED && this.plain;
		this.length = length;
	}

	/**
	 * Returns whether the fields declare the length of the body in a plain way.
	 */
	boolean hasPlainLength() {
		return this.plain;
	}

	/**
	 * Returns the length of the body, or a constant of {@link ContentLengthStrategy}.
	 * Only valid if it {@linkplain #hasPlainLength() was declared in a plain way}.
	 */
	long length() {
		return this.length;
	}

}

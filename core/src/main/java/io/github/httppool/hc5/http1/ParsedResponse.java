package io.github.httppool.hc5.http1;

import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;

/**
 * A response as it came. Sees where its body ends while its fields come, if they say that
 * in one of the usual ways: one length, just chunks, or nothing. To look for it in the
 * fields afterwards, again and again, takes longer than to parse them.
 */
final class ParsedResponse extends BasicClassicHttpResponse {

	private long length = ContentLengthStrategy.UNDEFINED;

	private boolean usual = true;

	ParsedResponse(int status, String reason, ProtocolVersion version) {
		super(status, reason);
		setVersion(version);
	}

	/**
	 * Take the next field.
	 */
	void received(Header field) {
		addHeader(field);
		String name = field.getName();
		if (HttpHeaders.CONTENT_LENGTH.equalsIgnoreCase(name)) {
			long number = ResponseFraming.plainNumber(field.getValue());
			says(number, number >= 0);
		}
		else if (HttpHeaders.TRANSFER_ENCODING.equalsIgnoreCase(name)) {
			says(ContentLengthStrategy.CHUNKED, ResponseFraming.isChunkedCoding(field.getValue())
					&& getVersion().greaterEquals(HttpVersion.HTTP_1_1));
		}
	}

	private void says(long length, boolean usual) {
		this.usual = usual && this.length == ContentLengthStrategy.UNDEFINED && this.usual;
		this.length = length;
	}

	/**
	 * Return whether its fields said in a usual way where the body ends.
	 */
	boolean isUsual() {
		return this.usual;
	}

	/**
	 * Return the length of the body, in the terms of {@link ContentLengthStrategy}, if it
	 * was said in a usual way.
	 */
	long length() {
		return this.length;
	}

}

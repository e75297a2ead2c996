package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.UnsupportedHttpVersionException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Parses the heads of the responses of one connection (RFC 9112 section 4).
 */
public final class ResponseParser
		implements HttpMessageParser<ClassicHttpResponse>, HttpMessageParserFactory<ClassicHttpResponse> {

	/** Interim responses before the one that counts. HttpCore reads them without end. */
	static final int MAX_INTERIM = 100;

	private static final String PROTOCOL = "HTTP/";

	/** As in {@code HTTP/1.1 200}. */
	private static final int SHORTEST = 12;

	/** Characters of a reason; an idle connection does not hold a longer one. */
	private static final int LONGEST_KEPT = 64;

	private final ReadBuffer buffer;

	private final FieldReader fields;

	/** Most responses have the same. */
	private String reason = "OK";

	private Runnable whenBegun = () -> {
	};

	private int interim;

	private boolean begun;

	public ResponseParser(ReadBuffer buffer) {
		this.buffer = buffer;
		this.fields = new FieldReader(buffer);
	}

	/**
	 * Do something as soon as the first byte of a response is there, interim or final.
	 */
	public void whenBegun(Runnable action) {
		this.whenBegun = action;
	}

	@Override
	@Deprecated
	public HttpMessageParser<ClassicHttpResponse> create(Http1Config config) {
		return this;
	}

	@Override
	public HttpMessageParser<ClassicHttpResponse> create() {
		return this;
	}

	@Override
	public @Nullable ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream in)
			throws IOException, ProtocolException {
		this.buffer.over(buffer);
		if (this.interim == 0) {
			this.fields.begin();
		}
		if (!readStatusLine(in)) {
			return null;
		}
		ParsedResponse response = parseStatusLine();
		this.fields.take();
		List<Header> fields = this.fields.readFields(in);
		for (int i = 0; i < fields.size(); i++) {
			response.received(fields.get(i));
		}
		if (response.getCode() >= HttpStatus.SC_SUCCESS) {
			this.interim = 0;
		}
		else if (++this.interim > MAX_INTERIM) {
			throw new MessageConstraintException("more than " + MAX_INTERIM + " interim responses came before it");
		}
		return response;
	}

	/**
	 * Read the first line. Empty ones before it are left out, as HttpCore does.
	 * @return {@code false} if the connection has ended without a byte of a response
	 */
	private boolean readStatusLine(InputStream in) throws IOException, ProtocolException {
		this.begun = this.interim > 0;
		while (this.buffer.await(in)) {
			this.whenBegun.run();
			this.begun = true;
			try {
				this.fields.readLine(in);
			}
			catch (FieldReader.Ended ex) {
				break;
			}
			if (this.fields.length() > 0) {
				return true;
			}
			this.fields.take();
			this.fields.unclean();
		}
		if (this.begun) {
			throw new NoHttpResponseException(FieldReader.Ended.MESSAGE);
		}
		return false;
	}

	/**
	 * Return whether any byte of the last head has arrived.
	 */
	public boolean hasBegun() {
		return this.begun;
	}

	private ParsedResponse parseStatusLine() throws ProtocolException {
		for (int i = 0; i < PROTOCOL.length(); i++) {
			if (i == this.fields.length() || this.fields.at(i) != PROTOCOL.charAt(i)) {
				throw new ProtocolException("it does not begin with HTTP/");
			}
		}
		int length = this.fields.length();
		if (length < SHORTEST || this.fields.at(6) != '.' || this.fields.at(8) != ' '
				|| (length > SHORTEST && this.fields.at(SHORTEST) != ' ')) {
			throw new ProtocolException("its status line is malformed");
		}
		int major = digit(5);
		int minor = digit(7);
		int status = digit(9) * 100 + digit(10) * 10 + digit(11);
		if (major != 1) {
			throw new UnsupportedHttpVersionException("its version is HTTP/" + major + "." + minor + ", not HTTP/1.1");
		}
		if (status < HttpStatus.SC_INFORMATIONAL) {
			throw new ProtocolException("its status is " + status);
		}
		if (minor > 1) {
			// To be read as the highest version that is known (RFC 9110 section 2.5).
			this.fields.unclean();
		}
		return new ParsedResponse(status, reason(length), (minor == 0) ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1);
	}

	private String reason(int length) {
		if (this.fields.isText(this.reason, SHORTEST + 1, length)) {
			return this.reason;
		}
		String reason = this.fields.text(SHORTEST, length);
		if (reason.length() <= LONGEST_KEPT) {
			this.reason = reason;
		}
		return reason;
	}

	private int digit(int index) throws ProtocolException {
		int digit = this.fields.at(index) - '0';
		if (digit < 0 || digit > 9) {
			throw new ProtocolException("its status line is malformed");
		}
		return digit;
	}

	/**
	 * Return whether the head that was parsed last, with the interim ones before it, was
	 * by the letter.
	 */
	public boolean wasClean() {
		return this.fields.isClean();
	}

	/**
	 * Return what reads the fields of this connection, for its trailers.
	 */
	public FieldReader fields() {
		return this.fields;
	}

}

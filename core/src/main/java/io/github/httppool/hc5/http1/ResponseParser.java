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
 * Parses the response heads of one connection (RFC 9112 section 4).
 */
final class ResponseParser
		implements HttpMessageParser<ClassicHttpResponse>, HttpMessageParserFactory<ClassicHttpResponse> {

	/** Maximum number of interim responses before a final one. HttpCore has no limit. */
	static final int MAX_INTERIM = 100;

	private static final String PROTOCOL = "HTTP/";

	/** Minimum length of a status line, such as {@code HTTP/1.1 200}. */
	private static final int MIN_LENGTH = 12;

	/** Maximum length of a reason phrase that is kept for the next response. */
	private static final int MAX_KEPT = 64;

	private final ReadBuffer buffer;

	private final LineReader line;

	private final FieldReader fields;

	/** The last reason phrase, because most responses have the same. */
	private String reason = "OK";

	private Runnable onFirstByte = () -> {
	};

	private int interim;

	private boolean started;

	ResponseParser(ReadBuffer buffer) {
		this.buffer = buffer;
		this.fields = new FieldReader(buffer);
		this.line = this.fields.line();
	}

	/**
	 * Sets an action that runs when the first byte of a head has arrived, of an interim
	 * response or a final one.
	 */
	void onFirstByte(Runnable action) {
		this.onFirstByte = action;
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
		this.buffer.readFrom(buffer);
		if (this.interim == 0) {
			this.line.begin();
		}
		if (!readStatusLine(in)) {
			return null;
		}
		ParsedResponse response = parseStatusLine();
		this.line.skip();
		List<Header> fields = this.fields.readFields(in);
		for (int i = 0; i < fields.size(); i++) {
			response.add(fields.get(i));
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
	 * Reads the status line, and skips empty lines before it, as HttpCore does.
	 * @return {@code false} if the connection ended before the first byte of a response
	 */
	private boolean readStatusLine(InputStream in) throws IOException, ProtocolException {
		this.started = this.interim > 0;
		while (this.buffer.awaitByte(in)) {
			this.onFirstByte.run();
			this.started = true;
			try {
				this.line.readLine(in);
			}
			catch (LineReader.TruncatedException ex) {
				break;
			}
			if (this.line.length() > 0) {
				return true;
			}
			this.line.skip();
			this.line.markUnclean();
		}
		if (this.started) {
			throw new NoHttpResponseException(LineReader.TruncatedException.MESSAGE);
		}
		return false;
	}

	/**
	 * Returns whether any byte of the last head has arrived.
	 */
	boolean hasStarted() {
		return this.started;
	}

	private ParsedResponse parseStatusLine() throws ProtocolException {
		for (int i = 0; i < PROTOCOL.length(); i++) {
			if (i == this.line.length() || this.line.at(i) != PROTOCOL.charAt(i)) {
				throw new ProtocolException("it does not begin with HTTP/");
			}
		}
		int length = this.line.length();
		if (length < MIN_LENGTH || this.line.at(6) != '.' || this.line.at(8) != ' '
				|| (length > MIN_LENGTH && this.line.at(MIN_LENGTH) != ' ')) {
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
			// Treated as the highest known minor version (RFC 9110 section 2.5).
			this.line.markUnclean();
		}
		return new ParsedResponse(status, reason(length), (minor == 0) ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1);
	}

	private String reason(int length) {
		if (this.line.matches(this.reason, MIN_LENGTH + 1, length)) {
			return this.reason;
		}
		String reason = this.line.text(MIN_LENGTH, length);
		if (reason.length() <= MAX_KEPT) {
			this.reason = reason;
		}
		return reason;
	}

	private int digit(int index) throws ProtocolException {
		int digit = this.line.at(index) - '0';
		if (digit < 0 || digit > 9) {
			throw new ProtocolException("its status line is malformed");
		}
		return digit;
	}

	/**
	 * Returns whether the last head, and the interim ones before it, had exactly the form
	 * that the RFC defines.
	 */
	boolean wasClean() {
		return this.line.isClean();
	}

	/**
	 * Returns the reader of the connection's fields, which also reads trailers.
	 */
	FieldReader fields() {
		return this.fields;
	}

}

package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;

/**
 * Reads the lines of a head or of trailers, within limits that no reasonable server
 * reaches. HttpCore's reader accepts the end of the connection as the end of a line, and
 * a bare CR or a NUL as whitespace.
 * <p>
 * Exception messages never contain what the server sent, because it may be a secret.
 */
final class LineReader {

	/** Maximum number of bytes of a line. */
	static final int MAX_LINE = 64 * 1024;

	/** Maximum number of bytes of a head, including the interim responses before it. */
	static final int MAX_HEAD = 256 * 1024;

	/** Maximum number of lines of a head, or of trailers. */
	static final int MAX_LINES = 1000;

	private final ReadBuffer buffer;

	/** Length of the current line, which is in the buffer, without its end. */
	private int length;

	/** Length of the current line including its end. */
	private int lengthWithEnd;

	private int bytesLeft;

	private int linesLeft;

	private boolean clean;

	LineReader(ReadBuffer buffer) {
		this.buffer = buffer;
	}

	/**
	 * Begins a head, or trailers.
	 */
	void begin() {
		this.bytesLeft = MAX_HEAD;
		this.linesLeft = MAX_LINES;
		this.clean = true;
		this.buffer.shrink();
	}

	/**
	 * Returns whether everything since {@link #begin()} had exactly the form that the RFC
	 * defines. Some deviations are accepted.
	 */
	boolean isClean() {
		return this.clean;
	}

	/**
	 * Records a deviation from that form.
	 */
	void markUnclean() {
		this.clean = false;
	}

	/**
	 * Reads a line. It stays in the buffer until it is {@linkplain #skip() skipped}.
	 * @return {@code false} if the connection ended before the line
	 */
	boolean readLine(InputStream in) throws IOException, ProtocolException {
		int length = this.buffer.firstControl(0);
		while (length == this.buffer.count() && length <= MAX_LINE) {
			if (!this.buffer.fill(in)) {
				if (length == 0) {
					return false;
				}
				throw truncated();
			}
			length = this.buffer.firstControl(length);
		}
		if (length > MAX_LINE) {
			throw new MessageConstraintException("a line is longer than " + MAX_LINE / 1024 + " KB");
		}
		beginLine(length, length + readEnd(length, in));
		return true;
	}

	/**
	 * Reads the end of a line.
	 * @return the number of its bytes
	 */
	private int readEnd(int index, InputStream in) throws IOException, ProtocolException {
		byte end = this.buffer.at(index);
		if (end == '\n') {
			// May be accepted as the end of a line (RFC 9112 section 2.2), but not
			// all implementations do.
			this.clean = false;
			return 1;
		}
		if (end != '\r') {
			throw new ProtocolException("a line has a control character");
		}
		while (this.buffer.count() == index + 1) {
			if (!this.buffer.fill(in)) {
				throw truncated();
			}
		}
		if (this.buffer.at(index + 1) != '\n') {
			throw new ProtocolException("a line has a CR without a LF");
		}
		return 2;
	}

	static ProtocolException truncated() {
		return new TruncatedException();
	}

	static boolean isControl(int character) {
		return (character < ' ' && character != '\t') || character == 0x7f;
	}

	/**
	 * Makes the next bytes of the buffer the current line, and counts it.
	 */
	void beginLine(int length, int lengthWithEnd) throws MessageConstraintException {
		this.length = length;
		this.lengthWithEnd = lengthWithEnd;
		this.bytesLeft -= length + 2;
		if (this.bytesLeft < 0) {
			throw new MessageConstraintException("its fields are longer than " + MAX_HEAD / 1024 + " KB");
		}
		if (--this.linesLeft < 0) {
			throw new MessageConstraintException("it has more than " + MAX_LINES + " lines of fields");
		}
	}

	/**
	 * Removes the line from the buffer.
	 */
	void skip() {
		this.buffer.skip(this.lengthWithEnd);
	}

	/**
	 * Returns the length of the line, without its end.
	 */
	int length() {
		return this.length;
	}

	/**
	 * Returns the length of the line, including its end.
	 */
	int lengthWithEnd() {
		return this.lengthWithEnd;
	}

	/**
	 * Returns a byte of the line.
	 */
	int at(int index) {
		return this.buffer.at(index) & 0xff;
	}

	/**
	 * Returns whether a part of the line equals a text.
	 */
	boolean matches(String text, int from, int to) {
		if (text.length() != to - from) {
			return false;
		}
		for (int i = from; i < to; i++) {
			if (at(i) != text.charAt(i - from)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Returns a part of the line without leading and trailing whitespace.
	 */
	String text(int from, int to) {
		int start = from;
		int end = to;
		while (start < end && isBlank(at(start))) {
			start++;
		}
		while (start < end && isBlank(at(end - 1))) {
			end--;
		}
		return this.buffer.text(start, end - start);
	}

	static boolean isBlank(int character) {
		return character == ' ' || character == '\t';
	}

	/**
	 * Thrown when the connection ends before the last line.
	 */
	static final class TruncatedException extends ProtocolException {

		static final String MESSAGE = "the connection ended in the middle of it";

		private TruncatedException() {
			super(MESSAGE);
		}

	}

}

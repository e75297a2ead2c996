package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * Reads the lines of a head or of trailers, within limits that no reasonable server
 * reaches. HttpCore's reader accepts the end of the connection as the end of a line, and
 * a bare CR or a NUL as whitespace.
 * <p>
 * Exception messages never contain what the server sent, because it may be a secret.
 */
final class FieldReader {

	/** Maximum number of bytes of a line. */
	static final int MAX_LINE = 64 * 1024;

	/** Maximum number of bytes of a head, including the interim responses before it. */
	static final int MAX_HEAD = 256 * 1024;

	/** Maximum number of lines of a head, or of trailers. */
	static final int MAX_LINES = 1000;

	private static final boolean[] TOKEN = new boolean[256];

	static {
		String characters = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
		characters.chars().forEach((character) -> TOKEN[character] = true);
	}

	private final ReadBuffer buffer;

	/** The fields of the current head, or of the current trailers. */
	private final List<Header> fields = new ArrayList<>();

	private final FieldCache cache = new FieldCache();

	/** Length of the current line, which is in the buffer, without its end. */
	private int length;

	/** Length of the current line including its end. */
	private int lengthWithEnd;

	private int bytesLeft;

	private int linesLeft;

	private boolean clean;

	FieldReader(ReadBuffer buffer) {
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
	 * Releases the memory that an unusually long head needed. Called when the connection
	 * becomes idle.
	 */
	void trimBuffers() {
		this.fields.clear();
		this.buffer.shrink();
	}

	/**
	 * Returns whether everything since {@link #begin()} had exactly the form that the RFC
	 * defines. Some deviations are accepted.
	 */
	boolean isClean() {
		return this.clean;
	}

	void markUnclean() {
		this.clean = false;
	}

	/**
	 * Reads a line. It stays in the buffer until it is {@linkplain #take() taken}.
	 * @return {@code false} if the connection ended before the line
	 */
	boolean readLine(InputStream in) throws IOException, ProtocolException {
		int length = this.buffer.firstControl(0);
		while (length == this.buffer.count() && length <= MAX_LINE) {
			if (!this.buffer.more(in)) {
				if (length == 0) {
					return false;
				}
				throw ended();
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
			// May be accepted as the end of a line (RFC 9112 section 2.2), but not all
			// implementations do.
			this.clean = false;
			return 1;
		}
		if (end != '\r') {
			throw new ProtocolException("a line has a control character");
		}
		while (this.buffer.count() == index + 1) {
			if (!this.buffer.more(in)) {
				throw ended();
			}
		}
		if (this.buffer.at(index + 1) != '\n') {
			throw new ProtocolException("a line has a CR without a LF");
		}
		return 2;
	}

	static ProtocolException ended() {
		return new Ended();
	}

	static boolean isControl(int character) {
		return (character < ' ' && character != '\t') || character == 0x7f;
	}

	private void beginLine(int length, int lengthWithEnd) throws MessageConstraintException {
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
	void take() {
		this.buffer.skip(this.lengthWithEnd);
	}

	/**
	 * Returns the length of the line.
	 */
	int length() {
		return this.length;
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
	boolean isText(String text, int from, int to) {
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

	private static boolean isBlank(int character) {
		return character == ' ' || character == '\t';
	}

	/**
	 * Reads fields up to the empty line.
	 * @return the fields, in a list that the next call reuses
	 */
	List<Header> readFields(InputStream in) throws IOException, ProtocolException {
		this.fields.clear();
		while (true) {
			if (!readCached()) {
				if (!readLine(in)) {
					throw ended();
				}
				if (this.length == 0) {
					take();
					return this.fields;
				}
				if (isBlank(at(0))) {
					fold();
				}
				else {
					field();
				}
			}
			take();
		}
	}

	private boolean readCached() throws MessageConstraintException {
		FieldCache.Line line = this.cache.find(this.fields.size(), this.buffer);
		if (line == null) {
			return false;
		}
		beginLine(line.length() - 2, line.length());
		this.fields.add(line.field());
		return true;
	}

	private void field() throws ProtocolException {
		int colon = 0;
		while (colon < this.length && TOKEN[at(colon)]) {
			colon++;
		}
		if (colon == 0 || colon == this.length || at(colon) != ':') {
			boolean blank = colon > 0 && colon < this.length && isBlank(at(colon));
			throw new ParseException(
					blank ? "the name of a field is followed by a blank" : "a line of its fields has no name");
		}
		int index = this.fields.size();
		String name = this.cache.findName(index, this.buffer, colon);
		Header field = new BasicHeader((name != null) ? name : this.buffer.text(0, colon),
				text(colon + 1, this.length));
		this.fields.add(field);
		if (this.lengthWithEnd == this.length + 2) {
			this.cache.keep(index, this.buffer, this.lengthWithEnd, field);
		}
	}

	/**
	 * Appends a continuation line to the previous field. The syntax is obsolete, and the
	 * line break is replaced by a space (RFC 9112 section 5.2).
	 */
	private void fold() throws ProtocolException {
		if (this.fields.isEmpty()) {
			throw new ParseException("its fields begin with a blank");
		}
		this.clean = false;
		Header folded = this.fields.remove(this.fields.size() - 1);
		String value = folded.getValue();
		String more = text(0, this.length);
		this.fields.add(new BasicHeader(folded.getName(),
				(value.isEmpty() || more.isEmpty()) ? value + more : value + " " + more));
	}

	/**
	 * The connection ended before the fields were complete.
	 */
	static final class Ended extends ProtocolException {

		static final String MESSAGE = "the connection ended in the middle of it";

		private Ended() {
			super(MESSAGE);
		}

	}

}

package io.github.httppool.hc5;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * Reads the lines of a head or of trailers, within limits that no sound server meets. Not
 * HttpCore's reader, which takes the end of the connection for the end of a line, and a
 * lone CR or a NUL for a blank.
 * <p>
 * What it says of a flaw is never what the server sent there: that may be a secret.
 */
final class FieldReader {

	/** Bytes of one line. */
	static final int MAX_LINE = 64 * 1024;

	/** Bytes of a head, together with those of the interim responses before it. */
	static final int MAX_HEAD = 256 * 1024;

	/** Lines of a head, or of trailers. */
	static final int MAX_LINES = 1000;

	private static final int USUAL_LINE = 256;

	private static final int LARGEST_KEPT = 8 * 1024;

	private static final boolean[] TOKEN = new boolean[256];

	static {
		String characters = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
		characters.chars().forEach((character) -> TOKEN[character] = true);
	}

	private final List<Header> fields = new ArrayList<>();

	private byte[] line = new byte[USUAL_LINE];

	private int length;

	private int bytesLeft;

	private int linesLeft;

	private boolean clean;

	/**
	 * Begin a head, or trailers.
	 */
	void begin() {
		this.bytesLeft = MAX_HEAD;
		this.linesLeft = MAX_LINES;
		this.clean = true;
		this.fields.clear();
		if (this.line.length > LARGEST_KEPT) {
			this.line = new byte[USUAL_LINE];
		}
	}

	/**
	 * Say whether all since the beginning was by the letter: not all that can be read is.
	 */
	boolean isClean() {
		return this.clean;
	}

	void unclean() {
		this.clean = false;
	}

	/**
	 * Read a line.
	 * @return {@code false} if the connection has ended before it
	 */
	boolean readLine(SessionInputBuffer buffer, InputStream in) throws IOException, ProtocolException {
		int first = buffer.read(in);
		if (first < 0) {
			return false;
		}
		readLine(first, buffer, in);
		return true;
	}

	/**
	 * Read a line whose first byte is known.
	 */
	void readLine(int first, SessionInputBuffer buffer, InputStream in) throws IOException, ProtocolException {
		byte[] line = this.line;
		int length = 0;
		int next = first;
		while (next != '\r' && next != '\n') {
			if (isControl(next)) {
				throw new ProtocolException("a line has a control character");
			}
			if (length == line.length) {
				line = grow();
			}
			line[length++] = (byte) next;
			next = read(buffer, in);
		}
		if (next == '\n') {
			// May be taken for the end of a line (RFC 9112 section 2.2), which not all
			// do.
			this.clean = false;
		}
		else if (read(buffer, in) != '\n') {
			throw new ProtocolException("a line has a CR without a LF");
		}
		lineEnds(length);
	}

	private static int read(SessionInputBuffer buffer, InputStream in) throws IOException, ProtocolException {
		int next = buffer.read(in);
		if (next < 0) {
			throw ended();
		}
		return next;
	}

	static ProtocolException ended() {
		return new ProtocolException("the connection ended in the middle of it");
	}

	private byte[] grow() throws MessageConstraintException {
		if (this.line.length == MAX_LINE) {
			throw new MessageConstraintException("a line is longer than " + MAX_LINE / 1024 + " KB");
		}
		this.line = Arrays.copyOf(this.line, this.line.length * 2);
		return this.line;
	}

	static boolean isControl(int character) {
		return (character < ' ' && character != '\t') || character == 0x7f;
	}

	private void lineEnds(int length) throws MessageConstraintException {
		this.length = length;
		this.bytesLeft -= length + 2;
		if (this.bytesLeft < 0) {
			throw new MessageConstraintException("its fields are longer than " + MAX_HEAD / 1024 + " KB");
		}
		if (--this.linesLeft < 0) {
			throw new MessageConstraintException("it has more than " + MAX_LINES + " lines of fields");
		}
	}

	/**
	 * Return how long the line is that was read last.
	 */
	int length() {
		return this.length;
	}

	/**
	 * Return a byte of the line that was read last.
	 */
	int at(int index) {
		return this.line[index] & 0xff;
	}

	/**
	 * Return a part of the line that was read last, without blanks around it.
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
		return new String(this.line, start, end - start, StandardCharsets.ISO_8859_1);
	}

	private static boolean isBlank(int character) {
		return character == ' ' || character == '\t';
	}

	/**
	 * Read fields up to the empty line.
	 */
	Header[] readFields(SessionInputBuffer buffer, InputStream in) throws IOException, ProtocolException {
		while (true) {
			if (!readLine(buffer, in)) {
				throw ended();
			}
			if (this.length == 0) {
				Header[] all = this.fields.toArray(Header[]::new);
				this.fields.clear();
				return all;
			}
			if (isBlank(at(0))) {
				fold();
			}
			else {
				field();
			}
		}
	}

	private void field() throws ProtocolException {
		int colon = 0;
		while (colon < this.length && TOKEN[at(colon)]) {
			colon++;
		}
		if (colon == 0 || colon == this.length || at(colon) != ':') {
			boolean blank = colon > 0 && colon < this.length && isBlank(at(colon));
			throw new ProtocolException(
					blank ? "the name of a field is followed by a blank" : "a line of its fields has no name");
		}
		this.fields.add(new BasicHeader(text(0, colon), text(colon + 1, this.length)));
	}

	/**
	 * A value goes on in the next line. Obsolete, and to be read as a blank (RFC 9112
	 * section 5.2).
	 */
	private void fold() throws ProtocolException {
		if (this.fields.isEmpty()) {
			throw new ProtocolException("its fields begin with a blank");
		}
		this.clean = false;
		Header folded = this.fields.remove(this.fields.size() - 1);
		String value = folded.getValue();
		String more = text(0, this.length);
		this.fields.add(new BasicHeader(folded.getName(),
				(value.isEmpty() || more.isEmpty()) ? value + more : value + " " + more));
	}

}

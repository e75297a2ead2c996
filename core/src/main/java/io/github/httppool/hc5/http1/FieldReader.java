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
 * Reads the fields of a head or of trailers (RFC 9112 section 5). Fields that equal those
 * of the previous response are not parsed again.
 */
final class FieldReader {

	private static final boolean[] TOKEN = new boolean[256];

	static {
		String characters = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
		characters.chars().forEach((character) -> TOKEN[character] = true);
	}

	private final ReadBuffer buffer;

	private final LineReader line;

	/** The fields of the current head, or of the current trailers. */
	private final List<Header> fields = new ArrayList<>();

	private final FieldCache cache = new FieldCache();

	FieldReader(ReadBuffer buffer) {
		this.buffer = buffer;
		this.line = new LineReader(buffer);
	}

	/**
	 * Returns the reader of the lines, which counts those of a head and of its fields
	 * together.
	 */
	LineReader line() {
		return this.line;
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
	 * Reads fields up to the empty line.
	 * @return the fields, in a list that the next call reuses
	 */
	List<Header> readFields(InputStream in) throws IOException, ProtocolException {
		this.fields.clear();
		while (true) {
			if (!readCached()) {
				if (!this.line.readLine(in)) {
					throw LineReader.truncated();
				}
				if (this.line.length() == 0) {
					this.line.skip();
					return this.fields;
				}
				if (LineReader.isBlank(this.line.at(0))) {
					unfold();
				}
				else {
					parseField();
				}
			}
			this.line.skip();
		}
	}

	private boolean readCached() throws MessageConstraintException {
		FieldCache.Line cached = this.cache.find(this.fields.size(), this.buffer);
		if (cached == null) {
			return false;
		}
		this.line.beginLine(cached.length() - 2, cached.length());
		this.fields.add(cached.field());
		return true;
	}

	private void parseField() throws ProtocolException {
		int length = this.line.length();
		int colon = 0;
		while (colon < length && TOKEN[this.line.at(colon)]) {
			colon++;
		}
		if (colon == 0 || colon == length || this.line.at(colon) != ':') {
			boolean blank = colon > 0 && colon < length && LineReader.isBlank(this.line.at(colon));
			throw new ParseException(
					blank ? "the name of a field is followed by a blank" : "a line of its fields has no name");
		}
		int index = this.fields.size();
		String name = this.cache.findName(index, this.buffer, colon);
		Header field = new BasicHeader((name != null) ? name : this.buffer.text(0, colon),
				this.line.text(colon + 1, length));
		this.fields.add(field);
		if (this.line.lengthWithEnd() == length + 2) {
			this.cache.keep(index, this.buffer, this.line.lengthWithEnd(), field);
		}
	}

	/**
	 * Appends a continuation line to the previous field. The syntax is obsolete, and the
	 * line break is replaced by a space (RFC 9112 section 5.2).
	 */
	private void unfold() throws ProtocolException {
		if (this.fields.isEmpty()) {
			throw new ParseException("its fields begin with a blank");
		}
		this.line.markUnclean();
		Header folded = this.fields.remove(this.fields.size() - 1);
		String value = folded.getValue();
		String more = this.line.text(0, this.line.length());
		this.fields.add(new BasicHeader(folded.getName(),
				(value.isEmpty() || more.isEmpty()) ? value + more : value + " " + more));
	}

}

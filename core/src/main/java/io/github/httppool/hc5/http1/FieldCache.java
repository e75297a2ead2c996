package io.github.httppool.hc5.http1;

import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/**
 * The fields of the last response over a connection. Most of them are repeated in the
 * next response, with the same bytes and in the same order. These fields are reused
 * instead of being parsed again.
 */
final class FieldCache {

	private static final int MAX_FIELDS = 32;

	private static final int MAX_LINE = 256;

	private final @Nullable Line[] lines = new Line[MAX_FIELDS];

	/**
	 * Finds the next line of the buffer, if it equals the line of the last response.
	 * @param index the number of fields before it
	 */
	@Nullable Line find(int index, ReadBuffer buffer) {
		Line line = lineAt(index);
		return (line != null && buffer.startsWith(line.bytes, line.length)) ? line : null;
	}

	/**
	 * Finds the name of the next field of the buffer, if it equals the name in the last
	 * response.
	 * @param length the length of the name
	 */
	@Nullable String findName(int index, ReadBuffer buffer, int length) {
		Line line = lineAt(index);
		if (line == null || !buffer.startsWith(line.bytes, Math.min(length, line.length))) {
			return null;
		}
		String name = line.field.getName();
		return (name.length() == length) ? name : null;
	}

	private @Nullable Line lineAt(int index) {
		return (index < MAX_FIELDS) ? this.lines[index] : null;
	}

	/**
	 * Keeps the next line of the buffer.
	 * @param length its length, including CRLF
	 */
	void keep(int index, ReadBuffer buffer, int length, Header field) {
		if (index >= MAX_FIELDS || length > MAX_LINE) {
			return;
		}
		Line line = this.lines[index];
		if (line == null) {
			this.lines[index] = new Line(buffer.copy(length), field);
		}
		else {
			line.replace(buffer, length, field);
		}
	}

	/**
	 * The bytes of a line, and the field that was parsed from it.
	 */
	static final class Line {

		private byte[] bytes;

		private int length;

		private Header field;

		private Line(byte[] bytes, Header field) {
			this.bytes = bytes;
			this.length = bytes.length;
			this.field = field;
		}

		private void replace(ReadBuffer buffer, int length, Header field) {
			if (length > this.bytes.length) {
				this.bytes = buffer.copy(length);
			}
			else {
				buffer.copyTo(this.bytes, length);
			}
			this.length = length;
			this.field = field;
		}

		/**
		 * Returns the length of the line, including CRLF.
		 */
		int length() {
			return this.length;
		}

		Header field() {
			return this.field;
		}

	}

}

package io.github.httppool.hc5.http1;

import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/**
 * The fields of the last response over a connection. The next response has most of them
 * again, byte by byte and in the same places: these are neither parsed nor made again.
 */
final class FieldCache {

	private static final int MOST_FIELDS = 32;

	private static final int LONGEST_LINE = 256;

	private final @Nullable Line[] lines = new Line[MOST_FIELDS];

	/**
	 * Find the line that comes next, if it is the same as last time.
	 * @param index how many fields came before it
	 */
	@Nullable Line find(int index, ReadBuffer buffer) {
		Line line = at(index);
		return (line != null && buffer.startsWith(line.bytes, line.length)) ? line : null;
	}

	/**
	 * Find the name of the field that comes next, if it is the same as last time.
	 * @param length how long the name is
	 */
	@Nullable String findName(int index, ReadBuffer buffer, int length) {
		Line line = at(index);
		if (line == null || !buffer.startsWith(line.bytes, Math.min(length, line.length))) {
			return null;
		}
		String name = line.field.getName();
		return (name.length() == length) ? name : null;
	}

	private @Nullable Line at(int index) {
		return (index < MOST_FIELDS) ? this.lines[index] : null;
	}

	/**
	 * Keep the line that comes next.
	 * @param length how long it is with its CRLF
	 */
	void keep(int index, ReadBuffer buffer, int length, Header field) {
		if (index >= MOST_FIELDS || length > LONGEST_LINE) {
			return;
		}
		Line line = this.lines[index];
		if (line == null) {
			this.lines[index] = new Line(buffer.copy(length), field);
		}
		else {
			line.become(buffer, length, field);
		}
	}

	/**
	 * A line and what was made of it.
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

		private void become(ReadBuffer buffer, int length, Header field) {
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
		 * Return how long the line is with its CRLF.
		 */
		int length() {
			return this.length;
		}

		Header field() {
			return this.field;
		}

	}

}

package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

import org.apache.hc.core5.http.io.HttpTransportMetrics;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The received bytes of a connection that were not consumed yet. They come from
 * HttpCore's buffer, which counts them, and which only returns single bytes or lines
 * without their ends. This buffer gives access to all bytes in place.
 */
final class ReadBuffer implements SessionInputBuffer {

	static final int SIZE = 8 * 1024;

	/** Reads that are at least as large bypass this buffer. */
	private static final int BYPASS_SIZE = 512;

	private @Nullable SessionInputBuffer source;

	private byte[] bytes;

	private int from;

	private int to;

	ReadBuffer(int size) {
		this.bytes = new byte[size];
	}

	/**
	 * Sets HttpCore's buffer, which is not accessible before the first response.
	 */
	void readFrom(SessionInputBuffer source) {
		this.source = source;
	}

	private SessionInputBuffer source() {
		return Objects.requireNonNull(this.source);
	}

	/**
	 * Returns how many bytes are accessible in place.
	 */
	int count() {
		return this.to - this.from;
	}

	/**
	 * Returns the byte at an index; 0 is the index of the next byte to be consumed.
	 */
	byte at(int index) {
		return this.bytes[this.from + index];
	}

	/**
	 * Returns the index of the first control character other than a tab, or
	 * {@link #count()} if there is none.
	 * @param index the index to begin at
	 */
	int firstControl(int index) {
		byte[] bytes = this.bytes;
		int to = this.to;
		for (int i = this.from + index; i < to; i++) {
			// Bytes outside ASCII are negative.
			if ((bytes[i] < ' ' && bytes[i] >= 0 && bytes[i] != '\t') || bytes[i] == 0x7f) {
				return i - this.from;
			}
		}
		return to - this.from;
	}

	boolean startsWith(byte[] expected, int length) {
		return length <= count() && Arrays.equals(this.bytes, this.from, this.from + length, expected, 0, length);
	}

	byte[] copy(int length) {
		return Arrays.copyOfRange(this.bytes, this.from, this.from + length);
	}

	void copyTo(byte[] copy, int length) {
		System.arraycopy(this.bytes, this.from, copy, 0, length);
	}

	String text(int index, int length) {
		return new String(this.bytes, this.from + index, length, StandardCharsets.ISO_8859_1);
	}

	void skip(int count) {
		this.from += count;
	}

	/**
	 * Waits until there is at least one byte.
	 * @return {@code false} at the end of the stream
	 */
	boolean awaitByte(InputStream in) throws IOException {
		while (count() == 0) {
			if (!fill(in)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Waits for more bytes.
	 * @return {@code false} at the end of the stream
	 */
	boolean fill(InputStream in) throws IOException {
		if (this.from > 0) {
			moveTo(this.bytes);
		}
		if (this.to == this.bytes.length) {
			moveTo(new byte[this.bytes.length * 2]);
		}
		int read = source().read(this.bytes, this.to, this.bytes.length - this.to, in);
		this.to += Math.max(read, 0);
		return read >= 0;
	}

	private void moveTo(byte[] bytes) {
		int count = count();
		System.arraycopy(this.bytes, this.from, bytes, 0, count);
		this.bytes = bytes;
		this.from = 0;
		this.to = count;
	}

	/**
	 * Releases the memory that a very long line needed.
	 */
	void shrink() {
		if (this.bytes.length > SIZE && count() <= SIZE) {
			moveTo(new byte[SIZE]);
		}
	}

	@Override
	public int read(InputStream in) throws IOException {
		return awaitByte(in) ? this.bytes[this.from++] & 0xff : -1;
	}

	@Override
	public int read(byte[] bytes, int offset, int length, InputStream in) throws IOException {
		if (length == 0) {
			return 0;
		}
		if (count() == 0 && length >= BYPASS_SIZE) {
			return source().read(bytes, offset, length, in);
		}
		if (!awaitByte(in)) {
			return -1;
		}
		int read = Math.min(length, count());
		System.arraycopy(this.bytes, this.from, bytes, offset, read);
		this.from += read;
		return read;
	}

	@Override
	public int read(byte[] bytes, InputStream in) throws IOException {
		return read(bytes, 0, bytes.length, in);
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Not supported: {@link LineReader} reads lines, and has to know how they end.
	 */
	@Override
	public int readLine(CharArrayBuffer line, InputStream in) {
		throw new UnsupportedOperationException("Read lines with a LineReader");
	}

	/**
	 * Returns how many bytes can be read without a system call.
	 */
	@Override
	public int length() {
		SessionInputBuffer source = this.source;
		return count() + ((source != null) ? source.length() : 0);
	}

	@Override
	public int capacity() {
		return this.bytes.length;
	}

	@Override
	public int available() {
		return capacity() - count();
	}

	@Override
	public HttpTransportMetrics getMetrics() {
		return source().getMetrics();
	}

}

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
 * What a connection has received and nobody has taken yet. Lies over HttpCore's buffer,
 * which gives a head away byte by byte, or in lines without saying how they ended; here
 * it can be looked at where it lies. HttpCore's counts the bytes, and holds those that
 * HttpCore itself waited for.
 */
public final class ReadBuffer implements SessionInputBuffer {

	public static final int SIZE = 8 * 1024;

	/** Whoever has room for as much reads past this buffer. */
	private static final int WORTH_A_READ = 512;

	private @Nullable SessionInputBuffer source;

	private byte[] bytes;

	private int from;

	private int to;

	public ReadBuffer(int size) {
		this.bytes = new byte[size];
	}

	/**
	 * Lie over HttpCore's buffer, which is not visible before the first response.
	 */
	public void over(SessionInputBuffer source) {
		this.source = source;
	}

	private SessionInputBuffer source() {
		return Objects.requireNonNull(this.source);
	}

	/**
	 * Return how many bytes can be looked at.
	 */
	public int count() {
		return this.to - this.from;
	}

	/**
	 * Return the byte at a place; the next one to be taken is at 0.
	 */
	byte at(int index) {
		return this.bytes[this.from + index];
	}

	/**
	 * Return the place of the first control character, or {@link #count()} if there is
	 * none. A tab is none.
	 * @param index the place to begin at
	 */
	int firstControl(int index) {
		byte[] bytes = this.bytes;
		int to = this.to;
		for (int i = this.from + index; i < to; i++) {
			// What is not ASCII is negative.
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

	public void skip(int count) {
		this.from += count;
	}

	/**
	 * Wait until there is a byte.
	 * @return {@code false} at the end of the stream
	 */
	boolean await(InputStream in) throws IOException {
		while (count() == 0) {
			if (!more(in)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Wait for more bytes than there are.
	 * @return {@code false} at the end of the stream
	 */
	boolean more(InputStream in) throws IOException {
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
	 * Give back the memory that a very long line has needed.
	 */
	void shrink() {
		if (this.bytes.length > SIZE && count() <= SIZE) {
			moveTo(new byte[SIZE]);
		}
	}

	@Override
	public int read(InputStream in) throws IOException {
		return await(in) ? this.bytes[this.from++] & 0xff : -1;
	}

	@Override
	public int read(byte[] bytes, int offset, int length, InputStream in) throws IOException {
		if (length == 0) {
			return 0;
		}
		if (count() == 0 && length >= WORTH_A_READ) {
			return source().read(bytes, offset, length, in);
		}
		if (!await(in)) {
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
	 * Lines are for {@link FieldReader}, which is told how they ended.
	 */
	@Override
	public int readLine(CharArrayBuffer line, InputStream in) {
		throw new UnsupportedOperationException("Read lines with a FieldReader");
	}

	/**
	 * Return how many bytes can be read without asking the socket.
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

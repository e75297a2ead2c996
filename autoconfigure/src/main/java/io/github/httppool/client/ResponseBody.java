package io.github.httppool.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A response body optimized for Spring's access pattern. Spring checks for a first byte,
 * with a mark or through a buffered stream, and then reads everything. If the size is
 * known, this class handles both with a single array of that size.
 */
final class ResponseBody extends InputStream {

	/**
	 * Maximum allocation based on a length that the server or the caller states.
	 */
	private static final int LARGEST_SEGMENT = 64 * 1024;

	private static final int SMALLEST_SEGMENT = 1024;

	private static final byte[] NOTHING = {};

	private final InputStream content;

	/**
	 * Bytes that were read since the mark, or will be read again.
	 */
	private byte[] kept = NOTHING;

	/**
	 * Number of bytes in {@link #kept}.
	 */
	private int end;

	/**
	 * Position of the next read in {@link #kept}.
	 */
	private int next;

	/**
	 * Maximum number of bytes after the mark, or -1 without a mark.
	 */
	private int markLimit = -1;

	/**
	 * Closing leaves {@link #kept} unchanged, because another thread may be reading.
	 */
	private volatile boolean closed;

	ResponseBody(InputStream content) {
		this.content = content;
	}

	@Override
	public int read() throws IOException {
		if (this.next < this.end && !this.closed) {
			return this.kept[this.next++] & 0xff;
		}
		int read = this.content.read();
		if (read >= 0 && makeRoom(1)) {
			this.kept[this.end++] = (byte) read;
			this.next = this.end;
		}
		return read;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		if (length > 0 && this.next < this.end && !this.closed) {
			int again = Math.min(length, this.end - this.next);
			System.arraycopy(this.kept, this.next, bytes, offset, again);
			this.next += again;
			return again;
		}
		int read = this.content.read(bytes, offset, length);
		if (read > 0 && makeRoom(read)) {
			System.arraycopy(bytes, offset, this.kept, this.end, read);
			this.end += read;
			this.next = this.end;
		}
		return read;
	}

	/**
	 * Make room for bytes to keep. Invalidates the mark beyond its limit.
	 */
	private boolean makeRoom(int read) {
		if (this.markLimit < 0) {
			return false;
		}
		if (read > this.markLimit - this.end) {
			forget();
			return false;
		}
		if (read > this.kept.length - this.end) {
			long twice = Math.max(2L * this.kept.length, this.end + read);
			this.kept = Arrays.copyOf(this.kept, (int) Math.min(twice, this.markLimit));
		}
		return true;
	}

	private void forget() {
		this.markLimit = -1;
		this.kept = NOTHING;
		this.end = 0;
		this.next = 0;
	}

	@Override
	public boolean markSupported() {
		return true;
	}

	@Override
	public void mark(int readLimit) {
		this.kept = (this.next < this.end) ? Arrays.copyOfRange(this.kept, this.next, this.end) : NOTHING;
		this.end -= this.next;
		this.next = 0;
		this.markLimit = Math.max(readLimit, this.end);
	}

	@Override
	public void reset() throws IOException {
		if (this.markLimit < 0) {
			throw new IOException("There is no mark, or more was read than its limit");
		}
		this.next = 0;
	}

	@Override
	public int available() throws IOException {
		return (int) Math.min((long) this.end - this.next + this.content.available(), Integer.MAX_VALUE);
	}

	@Override
	public byte[] readAllBytes() throws IOException {
		return readNBytes(Integer.MAX_VALUE);
	}

	@Override
	public byte[] readNBytes(int length) throws IOException {
		if (length < 0) {
			throw new IllegalArgumentException("length is " + length + ": give a number of at least 0");
		}
		List<byte[]> full = null;
		byte[] last = NOTHING;
		int lastLength = 0;
		int total = 0;
		while (total < length) {
			int first = read();
			if (first < 0) {
				break;
			}
			if (lastLength > 0) {
				full = (full != null) ? full : new ArrayList<>();
				full.add(last);
			}
			last = new byte[segment(total, length)];
			last[0] = (byte) first;
			lastLength = 1 + readNBytes(last, 1, last.length - 1);
			total += lastLength;
			if (lastLength < last.length) {
				break;
			}
		}
		return (full == null && lastLength == last.length) ? last : join(full, last, total);
	}

	/**
	 * Return the size of the next segment, including the byte that was already read: the
	 * available bytes if known, otherwise the number of bytes read so far.
	 */
	private int segment(int total, int length) throws IOException {
		int left = length - total;
		if (left <= LARGEST_SEGMENT) {
			return left;
		}
		// Decoders report 1 if they do not know the number.
		int available = available();
		int likely = (available > 1) ? available : Math.max(total, SMALLEST_SEGMENT) - 1;
		return 1 + Math.min(likely, LARGEST_SEGMENT - 1);
	}

	private static byte[] join(@Nullable List<byte[]> full, byte[] last, int total) {
		byte[] all = new byte[total];
		int joined = 0;
		if (full != null) {
			for (byte[] segment : full) {
				System.arraycopy(segment, 0, all, joined, segment.length);
				joined += segment.length;
			}
		}
		System.arraycopy(last, 0, all, joined, total - joined);
		return all;
	}

	@Override
	public void close() throws IOException {
		this.closed = true;
		this.content.close();
	}

}

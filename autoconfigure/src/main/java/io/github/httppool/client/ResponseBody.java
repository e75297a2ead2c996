package io.github.httppool.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A response body as Spring reads it: Spring looks whether there is a first byte, with a
 * mark or else through a stream with a buffer, and then reads all. Made for both with one
 * array of the right size where that can be known.
 */
final class ResponseBody extends InputStream {

	/** What is taken on the word of a server, and of whoever asks for so many bytes. */
	private static final int LARGEST_SEGMENT = 64 * 1024;

	private static final int SMALLEST_SEGMENT = 1024;

	private static final byte[] NOTHING = {};

	private final InputStream content;

	/** What was read since the mark, or is to be read again. */
	private byte[] kept = NOTHING;

	/** How many bytes are in {@link #kept}. */
	private int end;

	/** Where in {@link #kept} the next read begins. */
	private int next;

	/** How many bytes may be read after the mark, or -1 if there is none. */
	private int markLimit = -1;

	/** What is kept stays as it is: another thread may close than the one that reads. */
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
	 * Make room for what was read, if it is to be kept. Past its limit, the mark is lost.
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
	 * Say how much to read next, the byte included that was read already: what is known
	 * to be there, and where that says nothing, as much as there was before.
	 */
	private int segment(int total, int length) throws IOException {
		int left = length - total;
		if (left <= LARGEST_SEGMENT) {
			return left;
		}
		// Decoders say 1 as long as they do not know.
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

package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Counts the bytes of a body, and fails instead of reading past its limit. Skipping and
 * transferring count too, because {@link InputStream} implements them by reading.
 */
final class LimitedBody extends InputStream {

	private final InputStream body;

	private final BodyLimit limit;

	private final boolean decoded;

	private final boolean tooLarge;

	private long left;

	LimitedBody(InputStream body, BodyLimit limit, boolean decoded, long length) {
		this.body = body;
		this.limit = limit;
		this.decoded = decoded;
		this.tooLarge = length > limit.bytes;
		this.left = limit.bytes;
	}

	@Override
	public int read() throws IOException {
		this.limit.check();
		if (this.left == 0) {
			return readEnd();
		}
		int next = this.body.read();
		count((next >= 0) ? 1 : -1);
		return next;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		this.limit.check();
		if (length == 0) {
			return 0;
		}
		if (this.left == 0) {
			return readEnd();
		}
		int read = this.body.read(bytes, offset, (int) Math.min(length, this.left));
		count(read);
		return read;
	}

	private void count(int read) throws IOException {
		if (read > 0) {
			this.left -= read;
		}
		else {
			// The JDK's GZIPInputStream interprets a failure after its data as the end.
			this.limit.check();
		}
	}

	/**
	 * Reads one more byte, because only that distinguishes a body that ends at the limit
	 * from a longer one.
	 */
	private int readEnd() throws IOException {
		if (this.tooLarge || this.body.read() >= 0) {
			this.limit.exceed(this.decoded);
		}
		this.limit.check();
		return -1;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Returns at least 1 at the limit, because a decoder interprets 0 as the end.
	 */
	@Override
	public int available() throws IOException {
		return (int) Math.min(this.body.available(), Math.max(this.left, 1));
	}

	@Override
	public void close() throws IOException {
		this.body.close();
	}

}

package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Counts what is read, and fails instead of reading past a limit. What skips or transfers
 * reads here too, as {@link InputStream} does it.
 */
final class LimitedBody extends InputStream {

	private final InputStream body;

	private final BodyLimit limit;

	private final boolean decoded;

	private final boolean knownAsTooLarge;

	private long left;

	LimitedBody(InputStream body, BodyLimit limit, boolean decoded, long length) {
		this.body = body;
		this.limit = limit;
		this.decoded = decoded;
		this.knownAsTooLarge = length > limit.bytes;
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
			// The JDK's GZIPInputStream takes a failure behind its data for the end.
			this.limit.check();
		}
	}

	/**
	 * Only one byte more tells a body that ends at the limit from a longer one.
	 */
	private int readEnd() throws IOException {
		if (this.knownAsTooLarge || this.body.read() >= 0) {
			this.limit.pass(this.decoded);
		}
		this.limit.check();
		return -1;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Says at the limit that there is more: a decoder would take none for the end.
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

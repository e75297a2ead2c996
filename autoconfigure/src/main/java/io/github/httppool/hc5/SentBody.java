package io.github.httppool.hc5;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Counts the bytes of a request's body, above what chunks need. Exists only where
 * somebody is told of the number.
 */
final class SentBody extends FilterOutputStream {

	private final long most;

	private long bytes;

	/**
	 * Create a body.
	 * @param out what frames it
	 * @param length how many bytes of it are sent at most, or negative if all are
	 */
	SentBody(OutputStream out, long length) {
		super(out);
		this.most = (length >= 0) ? length : Long.MAX_VALUE;
	}

	@Override
	public void write(int next) throws IOException {
		this.out.write(next);
		this.bytes++;
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		this.out.write(bytes, offset, length);
		this.bytes += length;
	}

	@Override
	public void close() throws IOException {
		// Not flushed before, as HttpCore does it.
		this.out.close();
	}

	long bytes() {
		return Math.min(this.bytes, this.most);
	}

}

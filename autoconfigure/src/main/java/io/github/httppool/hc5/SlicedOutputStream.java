package io.github.httppool.hc5;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes large arrays in slices: the JDK copies through memory outside the heap, and each
 * thread keeps as much of it as its largest write needed.
 */
final class SlicedOutputStream extends FilterOutputStream {

	private static final int LARGEST_WRITE = 64 * 1024;

	SlicedOutputStream(OutputStream out) {
		super(out);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		for (int written = 0; written < length; written += LARGEST_WRITE) {
			this.out.write(bytes, offset + written, Math.min(length - written, LARGEST_WRITE));
		}
	}

}

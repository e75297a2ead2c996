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

	private final Runnable whenBroken;

	/**
	 * Create a stream.
	 * @param out what writes to the socket
	 * @param whenBroken is run when that fails, to tell it from a failure of what the
	 * bytes come from
	 */
	SlicedOutputStream(OutputStream out, Runnable whenBroken) {
		super(out);
		this.whenBroken = whenBroken;
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		try {
			for (int written = 0; written < length; written += LARGEST_WRITE) {
				this.out.write(bytes, offset + written, Math.min(length - written, LARGEST_WRITE));
			}
		}
		catch (IOException ex) {
			this.whenBroken.run();
			throw ex;
		}
	}

}

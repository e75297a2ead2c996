package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

import io.github.httppool.hc5.pool.CallerFrames;

/**
 * A body before the first step of its decoding, or after one of them.
 * <p>
 * If a {@code GZIPInputStream} calls {@link #available()} at the end of a member, the
 * method returns 0 only at the end of the body, and waits for the next byte if necessary.
 * Up to Java 22, that stream interprets 0 as the end of the body (JDK-7036144), although
 * the next member may not have arrived yet. For all other callers, the method never
 * waits. They call it to find out whether they can continue without waiting, and hold
 * back data if they cannot.
 */
final class DecodingStream extends InputStream {

	private static final int NONE = -2;

	private static final int END = -1;

	private final InputStream body;

	private final BodyDecoding decoding;

	private final boolean decoded;

	/** A byte that was read ahead, {@link #NONE} or {@link #END}. */
	private int next = NONE;

	/**
	 * Creates a stream.
	 * @param body the bytes before or after a step
	 * @param decoding the steps
	 * @param decoded whether this was the last step
	 */
	DecodingStream(InputStream body, BodyDecoding decoding, boolean decoded) {
		this.body = body;
		this.decoding = decoding;
		this.decoded = decoded;
	}

	@Override
	public int read() throws IOException {
		if (this.next == NONE) {
			return readNext();
		}
		int read = this.next;
		if (read != END) {
			this.next = NONE;
		}
		return read;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		if (length == 0) {
			return 0;
		}
		if (this.next == NONE) {
			this.decoding.checkFailure();
			try {
				return checked(this.body.read(bytes, offset, length));
			}
			catch (IOException ex) {
				throw this.decoding.failed(ex);
			}
		}
		int read = read();
		if (read == END) {
			return END;
		}
		bytes[offset] = (byte) read;
		return 1;
	}

	private int readNext() throws IOException {
		this.decoding.checkFailure();
		try {
			return checked(this.body.read());
		}
		catch (IOException ex) {
			throw this.decoding.failed(ex);
		}
	}

	private int checked(int read) throws IOException {
		if (read == END) {
			// Decoders that look for another member interpret a failure as the end.
			this.decoding.checkFailure();
		}
		return read;
	}

	@Override
	public int available() throws IOException {
		if (this.next == NONE) {
			if (this.decoded || !CallerFrames.contain(GZIPInputStream.class, "readTrailer")) {
				return this.body.available();
			}
			this.next = readNext();
		}
		return (this.next == END) ? 0 : 1;
	}

	@Override
	public void close() throws IOException {
		this.body.close();
	}

}

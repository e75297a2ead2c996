package io.github.httppool.hc5.net;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Wraps arrays in buffers, and reuses the buffer of the last array. A stream is usually
 * read into, or written from, the same array each time.
 */
final class LastBuffer {

	/**
	 * Size of a connection's own array. Larger ones belong to callers and must not be
	 * kept reachable.
	 */
	private static final int MAX_KEPT = 8 * 1024;

	private ByteBuffer last = ByteBuffer.allocate(0);

	ByteBuffer wrap(byte[] bytes, int offset, int length) {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		ByteBuffer buffer = this.last;
		if (buffer.array() != bytes) {
			buffer = ByteBuffer.wrap(bytes);
			if (bytes.length <= MAX_KEPT) {
				this.last = buffer;
			}
		}
		return buffer.limit(offset + length).position(offset);
	}

}

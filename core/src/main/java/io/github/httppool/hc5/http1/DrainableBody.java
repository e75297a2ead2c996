package io.github.httppool.hc5.http1;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * The body of a response whose unread part can be discarded, so that its connection can
 * be reused.
 */
public interface DrainableBody {

	/**
	 * Maximum number of bytes per read. The JDK copies them through memory outside the
	 * heap, and each thread keeps as much of it as its largest read needed.
	 */
	int MAX_READ = 64 * 1024;

	/**
	 * Reads and discards bytes.
	 * @param sink a buffer for the bytes; threads share it, so its content is undefined
	 * @return the number of bytes, or -1 at the end of the body
	 */
	int discard(byte[] sink) throws IOException;

	/**
	 * Returns how many bytes are left.
	 * @return the number, or -1 if it is unknown
	 */
	long remaining();

	/**
	 * Returns how many bytes can be read without a system call.
	 */
	int buffered();

	/**
	 * Returns the object that the exchange {@linkplain BodyEvents#attachment() asked the
	 * body to keep}. The exchange itself would keep it reachable after the caller has
	 * lost the response.
	 */
	@Nullable Object attachment();

}

package io.github.httppool.hc5.http1;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * A response body on the wire that can be read for nothing but its end.
 */
public interface DrainableBody {

	/**
	 * The JDK copies through memory outside the heap, and each thread keeps as much of it
	 * as its largest read needed.
	 */
	int LARGEST_READ = 64 * 1024;

	/**
	 * Read and forget some bytes.
	 * @param sink where they go; shared, so that its content means nothing
	 * @return how many, or -1 at the end of the body
	 */
	int discard(byte[] sink) throws IOException;

	/**
	 * Return how many bytes are still to come.
	 * @return the number, or -1 if it is not known
	 */
	long remaining();

	/**
	 * Return how many bytes can be read without asking the socket.
	 * @return the number
	 */
	int buffered();

	/**
	 * Return the observation of the call. The body has it, not the lease, which must not
	 * keep alive what its caller has lost.
	 * @return the observation, or {@code null} if the call has none
	 */
	@Nullable Object observation();

}

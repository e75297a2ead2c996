package io.github.httppool.benchmarks.clients;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/**
 * A client of the comparison. Used by many threads at once.
 */
public interface ComparedClient extends AutoCloseable {

	/**
	 * Get a response and read its body as bytes.
	 * @param uri what to get
	 * @return the body
	 * @throws IOException if the call fails
	 */
	byte[] bytes(URI uri) throws IOException;

	/**
	 * Get a response and read its body as text.
	 * @param uri what to get
	 * @return the body
	 * @throws IOException if the call fails
	 */
	String text(URI uri) throws IOException;

	/**
	 * Get a response and close it without having read its body.
	 * @param uri what to get
	 * @return how long the close took, in nanoseconds
	 * @throws IOException if the call fails
	 */
	long ignore(URI uri) throws IOException;

	@Override
	void close();

	/**
	 * Close a body that was not read.
	 * @param body the body, or the response
	 * @return how long that took, in nanoseconds
	 * @throws IOException if it fails
	 */
	static long timeClose(AutoCloseable body) throws IOException {
		long started = System.nanoTime();
		try {
			body.close();
		}
		catch (IOException | RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IOException(ex);
		}
		return System.nanoTime() - started;
	}

	/**
	 * Read a body to its end.
	 * @param body the body
	 * @return what it said
	 * @throws IOException if it fails
	 */
	static byte[] readAll(InputStream body) throws IOException {
		try (body) {
			return body.readAllBytes();
		}
	}

}

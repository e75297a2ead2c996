package io.github.httppool.benchmarks.clients;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;

import io.github.httppool.benchmarks.measure.Call;

/**
 * A client of the comparison. Used by many threads at once.
 */
public interface ComparedClient extends AutoCloseable {

	/**
	 * Get a response and read its body as bytes.
	 * @param uri the address
	 * @return the body
	 * @throws IOException if the call fails
	 */
	byte[] bytes(URI uri) throws IOException;

	/**
	 * Get a response and read its body as text.
	 * @param uri the address
	 * @return the body
	 * @throws IOException if the call fails
	 */
	String text(URI uri) throws IOException;

	/**
	 * Get a response and close it without reading its body.
	 * @param uri the address
	 * @return the duration of the close, in nanoseconds
	 * @throws IOException if the call fails
	 */
	long ignore(URI uri) throws IOException;

	/**
	 * Return calls that lease and release a connection.
	 * @param uris the addresses whose routes are leased in turn
	 * @return the calls
	 */
	default Call leases(List<URI> uris) {
		throw new UnsupportedOperationException("This client has no pool of HttpClient");
	}

	/**
	 * Return calls of an operation.
	 * @param operation the operation
	 * @param uris the addresses that are called in turn
	 * @return the calls
	 */
	default Call call(Operation operation, List<URI> uris) {
		URI[] all = uris.toArray(URI[]::new);
		return switch (operation) {
			case BYTES -> (number) -> bytes(all[number % all.length]);
			case TEXT -> (number) -> text(all[number % all.length]);
			case IGNORE -> (number) -> ignore(all[number % all.length]);
			case LEASE -> leases(uris);
		};
	}

	@Override
	void close();

	/**
	 * Close a body that was not read.
	 * @param body the body, or the response
	 * @return the duration, in nanoseconds
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

}

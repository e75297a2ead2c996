package io.github.httppool.benchmarks.measure;

import java.io.IOException;

/**
 * One call of a client. Used by many threads at once.
 */
@FunctionalInterface
public interface Call {

	/**
	 * Make the call.
	 * @param number the number of the call. Each thread counts up from its own index, so
	 * that threads spread over routes.
	 * @throws IOException if the call fails
	 */
	void make(int number) throws IOException;

}

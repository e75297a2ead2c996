package io.github.httppool.sample;

import org.jspecify.annotations.Nullable;

/**
 * What came of one call.
 *
 * @param status status of the response, 0 if there was none
 * @param nanos how long the caller was busy with it, in nanoseconds
 * @param failure why there was no response, or {@code null} if there was one
 */
record Call(int status, long nanos, @Nullable String failure) {

	boolean failed() {
		return this.failure != null;
	}

}

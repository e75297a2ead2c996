package io.github.httppool.hc5.pool;

import java.util.Arrays;

/**
 * The stack trace of the code that acquired a connection.
 */
public final class CallerTrace extends Exception {

	CallerTrace(String thread) {
		super("Thread '" + thread + "' took the connection here");
	}

	/**
	 * Remove the frames of HttpClient and of the pool from the top. Done on demand,
	 * because it materializes the frames.
	 */
	CallerTrace trimmed() {
		StackTraceElement[] frames = getStackTrace();
		int first = 0;
		for (int i = 0; i < frames.length; i++) {
			if (frames[i].getClassName().startsWith("org.apache.hc.")) {
				first = i + 1;
			}
			else if (!frames[i].getClassName().startsWith("io.github.httppool.hc5.")) {
				break;
			}
		}
		setStackTrace(Arrays.copyOfRange(frames, first, frames.length));
		return this;
	}

}

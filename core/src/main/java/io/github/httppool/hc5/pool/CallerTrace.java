package io.github.httppool.hc5.pool;

import java.util.Arrays;

/**
 * Where in the application a connection was taken.
 */
public final class CallerTrace extends Exception {

	CallerTrace(String thread) {
		super("Thread '" + thread + "' took the connection here");
	}

	/**
	 * Leave out HttpClient's frames at the top, and ours among them. Not done before it
	 * is needed: until then the frames have no objects.
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

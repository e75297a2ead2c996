package io.github.httppool.hc5.pool;

import io.github.httppool.findings.MessageLines;
import org.apache.hc.core5.http.HttpRequest;

/**
 * Describes a call for messages and listeners.
 */
public final class CallDescription {

	private static final int MAX_PATH_LENGTH = 100;

	private CallDescription() {
	}

	/**
	 * Return method and path of a request. The query is left out, because it may contain
	 * secrets, and a long path is shortened.
	 */
	public static String of(HttpRequest request) {
		String path = String.valueOf(request.getPath());
		int query = path.indexOf('?');
		return request.getMethod() + " "
				+ MessageLines.shortened((query >= 0) ? path.substring(0, query) : path, MAX_PATH_LENGTH);
	}

}

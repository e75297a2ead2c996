package io.github.httppool.hc5.http1;

import java.io.IOException;

/**
 * Ends the writing of a request, the rest of which the server does not want. The caller
 * gets the response instead of this exception.
 */
final class EarlyResponseException extends IOException {

	EarlyResponseException() {
		super("The server responded before the body of the request was sent");
	}

}

package io.github.httppool.hc5;

import java.io.IOException;

/**
 * Ends the writing of a request's body, of which the server does not want the rest. The
 * caller gets the response in its place.
 */
final class EarlyResponseException extends IOException {

	EarlyResponseException() {
		super("The server has answered before the body of the request was sent whole");
	}

}

package io.github.httppool.hc5.http1;

import java.io.IOException;

/**
 * Ends the writing of a request's body, of which the server does not want the rest. The
 * caller gets the response in its place.
 */
public final class EarlyResponseException extends IOException {

	public EarlyResponseException() {
		super("The server has answered before the body of the request was sent whole");
	}

}

package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.util.Iterator;

import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.message.MessageSupport;
import org.jspecify.annotations.Nullable;

/**
 * A final response, or what came in its place, that was read before its request was sent
 * whole (RFC 9112 section 9.5).
 *
 * @param response the response, or {@code null} if reading it failed
 * @param failure what reading it failed with
 */
record EarlyResponse(@Nullable ClassicHttpResponse response, @Nullable Exception failure) {

	/**
	 * Return whether the server does not want the rest of the request. After a success it
	 * may still be reading, as a service does that answers while it reads.
	 */
	boolean endsRequest() {
		return this.response == null || this.response.getCode() >= HttpStatus.SC_REDIRECTION;
	}

	/**
	 * Return whether the server says that it closes the connection.
	 */
	boolean closesConnection() {
		if (this.response == null) {
			return false;
		}
		Iterator<String> options = MessageSupport.iterateTokens(this.response, HttpHeaders.CONNECTION);
		while (options.hasNext()) {
			if (HeaderElements.CLOSE.equalsIgnoreCase(options.next())) {
				return true;
			}
		}
		return !this.response.getVersion().greaterEquals(HttpVersion.HTTP_1_1);
	}

	ClassicHttpResponse get() throws IOException, HttpException {
		if (this.failure instanceof IOException ex) {
			throw ex;
		}
		if (this.failure instanceof HttpException ex) {
			throw ex;
		}
		if (this.response == null) {
			throw (RuntimeException) this.failure;
		}
		return this.response;
	}

}

package io.github.httppool.hc5.http1;

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
 * A final response, or the failure to read it, that arrived before its request was
 * complete (RFC 9112 section 9.5).
 *
 * @param response the response, or {@code null} if it could not be read
 * @param failure the exception with which reading it failed, or {@code null}
 */
record EarlyResponse(@Nullable ClassicHttpResponse response, @Nullable Exception failure) {

	/**
	 * Returns whether a response ends its request. HttpClient also handles the response
	 * that switches protocols.
	 */
	static boolean isFinal(ClassicHttpResponse response) {
		return response.getCode() >= HttpStatus.SC_SUCCESS || response.getCode() == HttpStatus.SC_SWITCHING_PROTOCOLS;
	}

	/**
	 * Returns whether the server does not want the rest of the request. After a 2xx
	 * status, the server may continue to read: some services respond while they read.
	 */
	boolean endsRequest() {
		return this.response == null || this.response.getCode() >= HttpStatus.SC_REDIRECTION;
	}

	/**
	 * Returns whether the response announces that the server closes the connection.
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

	/**
	 * Returns the response, or throws the failure.
	 */
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

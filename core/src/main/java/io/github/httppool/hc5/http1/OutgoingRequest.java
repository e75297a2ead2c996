package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.net.SocketException;

import javax.net.ssl.SSLException;

import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The current request of a connection: how much of it was sent, and whether the server
 * has responded before it was complete (RFC 9112 section 9.5). Used by the thread that
 * uses the connection.
 */
final class OutgoingRequest {

	/** The shortest timeout that a socket supports. */
	private static final Timeout NO_WAIT = Timeout.ofMilliseconds(1);

	private final ReceivingConnection connection;

	/** Bytes that the socket had accepted before this request. */
	private long acceptedBefore;

	/** A response that was read before the request was complete, until it is taken. */
	private @Nullable EarlyResponse early;

	private boolean reading;

	/** Whether the rest is not sent, because the server has responded. */
	private boolean cutOff;

	OutgoingRequest(ReceivingConnection connection) {
		this.connection = connection;
	}

	void begin() {
		this.early = null;
		this.cutOff = false;
		this.acceptedBefore = acceptedBySocket();
	}

	private long acceptedBySocket() {
		UploadSocket socket = this.connection.uploadSocket();
		return (socket != null) ? socket.accepted() : 0;
	}

	/**
	 * Returns how many bytes of the request the socket has accepted.
	 */
	long accepted() {
		return acceptedBySocket() - this.acceptedBefore;
	}

	// Failures of the connection

	/**
	 * Handles a failed write of the request.
	 * @throws IOException unless the server has responded
	 */
	void requireAnswered(IOException ex) throws IOException {
		IOException failure = writeFailed(ex);
		if (!(failure instanceof EarlyResponseException)) {
			throw failure;
		}
	}

	/**
	 * Handles a failed write of the request. The server may have responded before it
	 * closed the connection.
	 * @return the exception that ends the request
	 */
	IOException writeFailed(IOException ex) {
		if (!isAnswered() && accepted() > 0 && this.connection.isOpen()) {
			readEarlyResponse();
			if (this.early != null && isSocketFailure(this.early.failure())) {
				this.early = null;
			}
		}
		if (isAnswered()) {
			cutOff();
			return new EarlyResponseException();
		}
		this.connection.exchange().requestWriteFailed();
		return (ex instanceof ConnectionClosedException) ? closedByPeer(ex) : ex;
	}

	/**
	 * Returns the exception for a peer that closed TLS without a response. Only a client
	 * that watches its input while it sends gets HttpCore's exception; others continue to
	 * send until the socket fails.
	 */
	private static SocketException closedByPeer(IOException ex) {
		SocketException exception = new SocketException("Connection closed by peer");
		exception.setStackTrace(ex.getStackTrace());
		return exception;
	}

	/**
	 * Returns whether a read failed for the same reason as the write before it, and not
	 * because of the bytes that the server sent.
	 */
	private static boolean isSocketFailure(@Nullable Exception failure) {
		return failure instanceof IOException && !(failure instanceof SSLException);
	}

	// An early response

	boolean hasEarlyResponse() {
		return this.early != null;
	}

	/**
	 * Returns whether the final response has begun, so that all further input belongs to
	 * it.
	 */
	boolean isAnswered() {
		return this.early != null || this.connection.exchange().isAnswered();
	}

	/**
	 * Returns whether there is unread input. With TLS, it need not be a response.
	 */
	boolean isInputWaiting() throws IOException {
		return this.connection.hasUnreadBytes() || this.connection.isInputWaiting();
	}

	/**
	 * Reads the responses that have arrived, up to a final one.
	 */
	void readEarlyResponse() {
		this.reading = true;
		try {
			while (this.early == null && this.connection.isDataAvailable(NO_WAIT)) {
				ClassicHttpResponse response = this.connection.parseResponse();
				if (EarlyResponse.isFinal(response)) {
					this.early = new EarlyResponse(response, null);
				}
				else {
					this.connection.checkResponse(response);
				}
			}
		}
		catch (IOException | HttpException | RuntimeException ex) {
			this.early = new EarlyResponse(null, ex);
		}
		finally {
			this.reading = false;
		}
	}

	/**
	 * Returns whether a response is read before the caller asks for it. It is reported
	 * when it is taken, after the events of the request.
	 */
	boolean isReadingEarly(ClassicHttpResponse response) {
		return this.reading && EarlyResponse.isFinal(response);
	}

	/**
	 * Ends the request if the server does not want the rest of it.
	 */
	void stopIfUnwanted() throws EarlyResponseException {
		if (this.early != null && this.early.endsRequest()) {
			cutOff();
			throw new EarlyResponseException();
		}
	}

	/**
	 * Stops sending the request, so that its connection cannot be reused.
	 */
	void cutOff() {
		this.cutOff = true;
		this.connection.exchange().requestCutOff(this.early != null && this.early.closesConnection());
	}

	boolean isCutOff() {
		return this.cutOff;
	}

	/**
	 * Takes the early response.
	 * @return the response, or {@code null} if there is none
	 */
	@Nullable EarlyResponse takeEarlyResponse() {
		EarlyResponse early = this.early;
		this.early = null;
		return early;
	}

}

package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;

import javax.net.ssl.SSLException;

import io.github.httppool.CloseReason;
import io.github.httppool.RequestBodyLengthException;
import io.github.httppool.hc5.http1.EarlyResponseException;
import io.github.httppool.hc5.net.SocketOutput;
import io.github.httppool.hc5.net.WriteTimeoutException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The request that goes over a connection at the moment: how much of it was sent, and
 * whether the server has answered before it was whole (RFC 9112 section 9.5). Used by the
 * thread that holds the lease.
 */
final class OutgoingRequest {

	private static final Timeout AT_ONCE = Timeout.ofMilliseconds(1);

	private final MessageConnection connection;

	private @Nullable RequestBody body;

	private @Nullable Upload upload;

	/** How many bytes had gone over the connection before. */
	private long acceptedBefore;

	/** Read before the request was sent whole, and not yet asked for. */
	private @Nullable EarlyResponse early;

	private boolean receiving;

	/** Whether the request is not sent any further, because the server has answered. */
	private boolean cutOff;

	OutgoingRequest(MessageConnection connection) {
		this.connection = connection;
	}

	void begin() {
		this.early = null;
		this.cutOff = false;
		beginBody();
		this.acceptedBefore = connectionAccepted();
	}

	private long connectionAccepted() {
		SocketOutput output = this.connection.streams.output();
		return (output != null) ? output.accepted() : 0;
	}

	/**
	 * Return how many bytes have gone over the connection.
	 */
	long accepted() {
		return connectionAccepted() - this.acceptedBefore;
	}

	// The body

	void beginBody() {
		this.body = null;
		this.upload = null;
	}

	/**
	 * Return where the framed body is written to.
	 */
	OutputStream upload(OutputStream out, SocketOutput socket) {
		this.upload = new Upload(this, out, socket);
		return this.upload;
	}

	RequestBody body(OutputStream framed, long length, Lease lease) {
		this.body = new RequestBody(framed, length, lease);
		return this.body;
	}

	/**
	 * The entity has returned.
	 * @return how many bytes it has written, or -1 if it was not asked for any
	 */
	long finishBody() throws IOException {
		RequestBody body = this.body;
		if (body == null) {
			return -1;
		}
		body.finish();
		endUpload();
		return body.written();
	}

	void endUpload() {
		if (this.upload != null) {
			this.upload.end();
		}
	}

	/**
	 * Let the server see that the request is not whole.
	 * @param ex what the entity has thrown, which may hide what happened
	 */
	void fail(Throwable ex) throws IOException {
		RequestBody body = this.body;
		Lease lease = this.connection.leaseOrNull();
		this.connection.close(CloseMode.IMMEDIATE);
		if (body == null || lease == null) {
			return;
		}
		IOException failure = body.failure();
		boolean otherLength = failure instanceof RequestBodyLengthException;
		if (failure == null || otherLength) {
			lease.exchange.sourceFailed();
		}
		if (failure != ex && (otherLength || failure instanceof WriteTimeoutException)) {
			throw failure;
		}
	}

	// Failures of the connection

	/**
	 * The connection failed while the request was sent.
	 * @throws IOException unless there is a response all the same
	 */
	void requireAnswered(IOException ex) throws IOException {
		IOException failure = broken(ex);
		if (!(failure instanceof EarlyResponseException)) {
			throw failure;
		}
	}

	/**
	 * The connection failed while the request was sent. The server may have answered
	 * before.
	 * @return what ends the request
	 */
	IOException broken(IOException ex) {
		if (!isAnswered() && accepted() > 0 && this.connection.isOpen()) {
			endUpload();
			receiveEarly();
			if (this.early != null && isOfSocket(this.early.failure())) {
				this.early = null;
			}
		}
		if (isAnswered()) {
			cutOff();
			return new EarlyResponseException();
		}
		Lease lease = this.connection.leaseOrNull();
		if (lease != null) {
			lease.exchange.wireBroke();
		}
		return (ex instanceof ConnectionClosedException) ? closedByPeer(ex) : ex;
	}

	/**
	 * Return the exception for a peer that closed TLS without an answer. Only a client
	 * that looks at its input while it sends gets HttpCore's exception; others go on to
	 * send until the socket fails.
	 */
	private static SocketException closedByPeer(IOException ex) {
		SocketException exception = new SocketException("Connection closed by peer");
		exception.setStackTrace(ex.getStackTrace());
		return exception;
	}

	/**
	 * Return whether a read has failed with the same as the write before, and not with
	 * what the server had to say.
	 */
	private static boolean isOfSocket(@Nullable Exception failure) {
		return failure instanceof IOException && !(failure instanceof SSLException);
	}

	// An early response

	boolean hasEarlyResponse() {
		return this.early != null;
	}

	/**
	 * Return whether the final response has begun: what comes further belongs to it.
	 */
	boolean isAnswered() {
		Lease lease = this.connection.leaseOrNull();
		return this.early != null || (lease != null && lease.exchange.isAnswered());
	}

	/**
	 * Return whether something has come that was not read yet. Below TLS, that need not
	 * be a response.
	 */
	boolean isInputWaiting() throws IOException {
		if (this.connection.hasUnreadBytes()) {
			return true;
		}
		InputStream input = this.connection.streams.input();
		return ((input != null) ? input : this.connection.baseInput()).available() > 0;
	}

	/**
	 * Read what has come, up to a final response.
	 */
	void receiveEarly() {
		this.receiving = true;
		try {
			while (this.early == null && this.connection.isDataAvailable(AT_ONCE)) {
				ClassicHttpResponse response = this.connection.parseResponse();
				if (isFinal(response)) {
					this.early = new EarlyResponse(response, null);
				}
				else {
					this.connection.examine(response);
				}
			}
		}
		catch (IOException | HttpException | RuntimeException ex) {
			this.early = new EarlyResponse(null, ex);
		}
		finally {
			this.receiving = false;
		}
	}

	/** The one that switches protocols is left to HttpClient as well. */
	private static boolean isFinal(ClassicHttpResponse response) {
		return response.getCode() >= HttpStatus.SC_SUCCESS || response.getCode() == HttpStatus.SC_SWITCHING_PROTOCOLS;
	}

	/**
	 * Returns whether a response is read before the caller has asked for it. Then it is
	 * told of later, after all that belongs to the request.
	 */
	boolean isReceivedEarly(ClassicHttpResponse response) {
		return this.receiving && isFinal(response);
	}

	/**
	 * End the request if the server does not want the rest of it.
	 */
	void requireWanted() throws EarlyResponseException {
		if (this.early != null && this.early.endsRequest()) {
			cutOff();
			throw new EarlyResponseException();
		}
	}

	/**
	 * Send no more of the request, whose connection cannot be kept therefore.
	 */
	void cutOff() {
		this.cutOff = true;
		Lease lease = this.connection.leaseOrNull();
		if (lease != null) {
			boolean closes = this.early != null && this.early.closesConnection();
			lease.exchange.failedUnlessBefore(closes ? CloseReason.SERVER_CLOSE : CloseReason.ERROR);
		}
	}

	boolean isCutOff() {
		return this.cutOff;
	}

	/**
	 * Take the response that came early.
	 * @return the response, or {@code null} if none did
	 */
	@Nullable EarlyResponse takeEarly() {
		EarlyResponse early = this.early;
		this.early = null;
		return early;
	}

}

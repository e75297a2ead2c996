package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;

import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * The body of the current request of a connection, if it has one.
 */
final class OutgoingBody {

	private final ReceivingConnection connection;

	private final OutgoingRequest request;

	private @Nullable RequestBody body;

	private @Nullable Upload upload;

	OutgoingBody(ReceivingConnection connection, OutgoingRequest request) {
		this.connection = connection;
		this.request = request;
	}

	/**
	 * Forgets the body of the previous request.
	 */
	void clear() {
		this.body = null;
		this.upload = null;
	}

	/**
	 * Returns the stream that the framed body is written to.
	 */
	OutputStream upload(OutputStream out, UploadSocket socket) {
		this.upload = new Upload(this.request, out, socket);
		return this.upload;
	}

	/**
	 * Returns the stream that the entity writes to.
	 */
	RequestBody stream(OutputStream framed, long length, ExchangeEvents exchange) {
		this.body = new RequestBody(framed, length, exchange);
		return this.body;
	}

	/**
	 * Completes the body after the entity has returned.
	 * @return the number of bytes that the entity has written, or -1 if the request has
	 * no body
	 */
	long finish() throws IOException {
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
	 * Resets the connection after the body has failed, so that the server sees that the
	 * request is not complete.
	 * @param ex the exception that the entity has thrown, which may hide the first one
	 * @throws IOException the first failure, if the caller has to see it instead
	 */
	void fail(Throwable ex) throws IOException {
		RequestBody body = this.body;
		ExchangeEvents exchange = this.connection.exchange();
		this.connection.close(CloseMode.IMMEDIATE);
		if (body == null) {
			return;
		}
		IOException failure = body.failure();
		if (failure == null || body.lengthDiffers()) {
			exchange.requestBodyFailed();
		}
		if (failure != null && failure != ex && (body.lengthDiffers() || failure instanceof SocketTimeoutException)) {
			throw failure;
		}
	}

}

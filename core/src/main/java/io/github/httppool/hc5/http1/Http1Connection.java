package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.SessionOutputBuffer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection that carries one HTTP/1.1 exchange after the other, and reports each step
 * to the {@linkplain #exchange() exchange} that it carries. Used by one thread at a time;
 * only {@link #exchanges()} and {@link #close} may be called by others.
 */
public abstract class Http1Connection extends ReceivingConnection {

	/**
	 * Maximum length of a body that is sent although the server has rejected it. Sending
	 * a short body costs less than opening a connection. The value is HttpCore's.
	 */
	private static final int MAX_UNWANTED_BODY = 1024;

	private final OutgoingRequest outgoing = new OutgoingRequest(this);

	private final OutgoingBody body = new OutgoingBody(this, this.outgoing);

	private volatile long exchanges;

	protected Http1Connection(String id) {
		super(id);
	}

	// The request

	@Override
	public void sendRequestHeader(ClassicHttpRequest request) throws HttpException, IOException {
		RequestFraming.check(request);
		expectResponseTo(request);
		this.outgoing.begin();
		this.body.clear();
		try {
			super.sendRequestHeader(request);
		}
		catch (IOException ex) {
			this.outgoing.requireAnswered(ex);
			return;
		}
		exchange().requestHeadSent();
	}

	@Override
	protected void onRequestSubmitted(ClassicHttpRequest request) {
		// Written only by the thread that uses the connection.
		this.exchanges = this.exchanges + 1;
		super.onRequestSubmitted(request);
	}

	@Override
	protected OutputStream createContentOutputStream(long length, SessionOutputBuffer buffer, OutputStream outputStream,
			Supplier<List<? extends Header>> trailers) {
		UploadSocket socket = uploadSocket();
		OutputStream out = (socket != null) ? this.body.upload(outputStream, socket) : outputStream;
		OutputStream framed = super.createContentOutputStream(length, buffer, out, trailers);
		ExchangeEvents exchange = exchange();
		return this.body.stream(exchange.requestBodyStarts(framed), length, exchange);
	}

	@Override
	public void sendRequestEntity(ClassicHttpRequest request) throws HttpException, IOException {
		if (this.outgoing.isCutOff()) {
			return;
		}
		this.body.clear();
		try {
			super.sendRequestEntity(request);
			long bytes = this.body.finish();
			if (bytes >= 0) {
				exchange().requestBodySent(bytes);
			}
		}
		catch (Throwable ex) {
			this.body.endUpload();
			if (!this.outgoing.isCutOff() || ex instanceof Error) {
				this.body.fail(ex);
				throw ex;
			}
		}
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * HttpCore would send the last chunk of a chunked body immediately, as if the body
	 * were complete.
	 */
	@Override
	public void terminateRequest(ClassicHttpRequest request) throws HttpException, IOException {
		if (request.getEntity() == null) {
			return;
		}
		long length = RequestFraming.INSTANCE.determineLength(request);
		if (length >= 0 && length <= MAX_UNWANTED_BODY) {
			sendRequestEntity(request);
		}
		else {
			this.outgoing.cutOff();
		}
	}

	@Override
	public void flush() throws IOException {
		if (this.outgoing.isCutOff()) {
			return;
		}
		try {
			super.flush();
		}
		catch (IOException ex) {
			this.outgoing.requireAnswered(ex);
			return;
		}
		exchange().requestSent();
	}

	// The response

	@Override
	public boolean isDataAvailable(Timeout timeout) throws IOException {
		if (!this.outgoing.hasEarlyResponse()) {
			return super.isDataAvailable(timeout);
		}
		exchange().firstByteReceived();
		return true;
	}

	@Override
	@Nullable ClassicHttpResponse takeEarlyResponse() throws HttpException, IOException {
		EarlyResponse early = this.outgoing.takeEarlyResponse();
		if (early == null) {
			return null;
		}
		ClassicHttpResponse response = early.get();
		onResponseReceived(response);
		return response;
	}

	@Override
	protected void onResponseReceived(ClassicHttpResponse response) {
		if (!this.outgoing.isReadingEarly(response)) {
			super.onResponseReceived(response);
		}
	}

	@Override
	protected void trimBuffers() {
		this.body.clear();
		super.trimBuffers();
	}

	// Counts

	/**
	 * Returns how many requests were sent, including the current one.
	 */
	public long exchanges() {
		return this.exchanges;
	}

	/**
	 * Returns how many bytes were sent. With TLS, they are counted before encryption.
	 */
	public long bytesSent() {
		EndpointDetails details = getEndpointDetails();
		return (details != null) ? details.getSentBytesCount() : 0;
	}

	/**
	 * Returns how many bytes were received. With TLS, they are counted after decryption.
	 */
	public long bytesReceived() {
		EndpointDetails details = getEndpointDetails();
		return (details != null) ? details.getReceivedBytesCount() : 0;
	}

	/**
	 * Returns how many bytes of the current request the socket has accepted, below TLS.
	 */
	public long sentOfRequest() {
		return this.outgoing.accepted();
	}

}

package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The half of a connection that receives responses. {@link Http1Connection} adds the half
 * that sends requests.
 */
abstract class ReceivingConnection extends DefaultManagedHttpClientConnection {

	/**
	 * HttpCore allocates three buffers of this size, and two of them are hardly used
	 * here. There may be thousands of connections.
	 */
	private static final Http1Config CONFIG = Http1Config.custom().setBufferSize(ReadBuffer.SIZE / 2).build();

	private final ReadBuffer received;

	private final ResponseParser parser;

	/** The request that the next response answers, or {@code null} if it is unknown. */
	private @Nullable HttpRequest request;

	ReceivingConnection(String id) {
		this(id, new ReadBuffer(ReadBuffer.SIZE));
	}

	private ReceivingConnection(String id, ReadBuffer received) {
		this(id, received, new ResponseParser(received));
	}

	private ReceivingConnection(String id, ReadBuffer received, ResponseParser parser) {
		super(id, null, null, CONFIG, ResponseFraming.INSTANCE, RequestFraming.INSTANCE, null, new RequestWriter(),
				parser);
		this.received = received;
		this.parser = parser;
		parser.onFirstByte(() -> exchange().firstByteReceived());
	}

	/**
	 * Returns the exchange that the connection carries, or {@link NoExchange} if the
	 * connection was taken away from its caller.
	 */
	protected abstract ExchangeEvents exchange();

	/**
	 * Returns the socket, below TLS.
	 * @return the socket, or {@code null} if it is not known yet
	 */
	protected abstract @Nullable UploadSocket uploadSocket();

	/**
	 * Returns whether the socket has unread bytes, below TLS.
	 */
	protected abstract boolean isInputWaiting() throws IOException;

	/**
	 * Waits until something can be read.
	 * @return {@code false} if nothing arrives within the timeout
	 */
	protected boolean awaitData(Timeout timeout) throws IOException {
		return super.isDataAvailable(timeout);
	}

	/**
	 * Sets the request that the next response answers.
	 */
	void expectResponseTo(HttpRequest request) {
		this.request = request;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * HttpClient waits for the response to {@code Expect: 100-continue} in this way.
	 */
	@Override
	public boolean isDataAvailable(Timeout timeout) throws IOException {
		boolean available = hasUnreadBytes() || awaitData(timeout);
		if (available) {
			exchange().firstByteReceived();
		}
		return available;
	}

	@Override
	public ClassicHttpResponse receiveResponseHeader() throws HttpException, IOException {
		try {
			ClassicHttpResponse early = takeEarlyResponse();
			ClassicHttpResponse response = (early != null) ? early : parseResponse();
			checkResponse(response);
			return response;
		}
		catch (ProtocolException ex) {
			throw exchange().brokenResponse(ex);
		}
		catch (MessageConstraintException ex) {
			throw exchange().brokenResponse(ex);
		}
		catch (NoHttpResponseException ex) {
			throw this.parser.hasStarted() ? exchange().brokenResponse(ex) : ex;
		}
	}

	/**
	 * Takes the response that was read before its request was complete.
	 * @return the response, or {@code null} if there is none
	 */
	abstract @Nullable ClassicHttpResponse takeEarlyResponse() throws HttpException, IOException;

	ClassicHttpResponse parseResponse() throws HttpException, IOException {
		return super.receiveResponseHeader();
	}

	/**
	 * Checks the head of a response against its request. If its framing is ambiguous, the
	 * response is read, but its connection is not reused.
	 */
	void checkResponse(ClassicHttpResponse response) throws ProtocolException {
		HttpRequest request = this.request;
		ResponseFraming.requireAllowed(response, request);
		if (ResponseFraming.isAmbiguous(response, request, this.parser.wasClean())) {
			exchange().markNotReusable();
		}
		ResponseFraming.normalizeLength(response, request);
		if (response.getCode() >= HttpStatus.SC_SUCCESS && ResponseFraming.hasNoBody(response, request)) {
			exchange().responseHasNoBody();
		}
	}

	@Override
	protected void onResponseReceived(ClassicHttpResponse response) {
		super.onResponseReceived(response);
		exchange().responseHeadReceived(response.getCode());
	}

	@Override
	protected InputStream createContentInputStream(long length, SessionInputBuffer buffer, InputStream inputStream) {
		ExchangeEvents exchange = exchange();
		if (length == 0) {
			return new EmptyBody(exchange);
		}
		if (length > 0) {
			return new ContentLengthBody(this.received, inputStream, length, exchange);
		}
		if (length == ContentLengthStrategy.CHUNKED) {
			return new ChunkedBody(this.received, inputStream, this.parser.fields(), exchange);
		}
		exchange.serverCloses();
		return new CloseDelimitedBody(this.received, inputStream, exchange);
	}

	@Override
	public void receiveResponseEntity(ClassicHttpResponse response) throws HttpException, IOException {
		try {
			super.receiveResponseEntity(response);
		}
		catch (ProtocolException ex) {
			throw exchange().brokenResponse(ex);
		}
	}

	/**
	 * Returns whether bytes were received that belong to no response yet.
	 */
	protected boolean hasUnreadBytes() {
		return this.received.length() > 0;
	}

	/**
	 * Releases what an idle connection does not need: the last request, and buffers that
	 * have grown beyond their usual size.
	 */
	protected void trimBuffers() {
		this.request = null;
		this.parser.fields().trimBuffers();
	}

}

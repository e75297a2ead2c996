package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.io.SessionOutputBuffer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection that carries one HTTP/1.1 exchange after the other, and reports each step
 * to the {@linkplain #exchange() exchange} that it carries. Used by one thread at a time;
 * only {@link #exchanges()} and {@link #close} may be called by others.
 */
public abstract class Http1Connection extends DefaultManagedHttpClientConnection {

	/**
	 * HttpCore allocates three buffers of this size, of which two are hardly used here.
	 * There may be thousands of connections.
	 */
	private static final Http1Config CONFIG = Http1Config.custom().setBufferSize(ReadBuffer.SIZE / 2).build();

	/**
	 * Maximum length of a body that is sent although the server does not want it, because
	 * that keeps the connection. The value is HttpCore's.
	 */
	private static final int WORTH_A_CONNECTION = 1024;

	private final ReadBuffer received;

	private final ResponseParser parser;

	private final OutgoingRequest outgoing = new OutgoingRequest(this);

	private volatile long exchanges;

	protected Http1Connection(String id) {
		this(id, new ReadBuffer(ReadBuffer.SIZE));
	}

	private Http1Connection(String id, ReadBuffer received) {
		this(id, received, new ResponseParser(received));
	}

	private Http1Connection(String id, ReadBuffer received, ResponseParser parser) {
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

	// The request

	@Override
	public void sendRequestHeader(ClassicHttpRequest request) throws HttpException, IOException {
		RequestFraming.check(request);
		this.outgoing.begin(request);
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
		OutputStream out = (socket != null) ? this.outgoing.upload(outputStream, socket) : outputStream;
		OutputStream framed = super.createContentOutputStream(length, buffer, out, trailers);
		ExchangeEvents exchange = exchange();
		return this.outgoing.body(exchange.requestBodyStarts(framed), length, exchange);
	}

	@Override
	public void sendRequestEntity(ClassicHttpRequest request) throws HttpException, IOException {
		if (this.outgoing.isCutOff()) {
			return;
		}
		this.outgoing.beginBody();
		try {
			super.sendRequestEntity(request);
			long bytes = this.outgoing.finishBody();
			if (bytes >= 0) {
				exchange().requestBodySent(bytes);
			}
		}
		catch (Throwable ex) {
			this.outgoing.endUpload();
			if (!this.outgoing.isCutOff() || ex instanceof Error) {
				this.outgoing.fail(ex);
				throw ex;
			}
		}
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * HttpCore would send the last chunk of a chunked body at once, as if the body were
	 * complete.
	 */
	@Override
	public void terminateRequest(ClassicHttpRequest request) throws HttpException, IOException {
		if (request.getEntity() == null) {
			return;
		}
		long length = RequestFraming.INSTANCE.determineLength(request);
		if (length >= 0 && length <= WORTH_A_CONNECTION) {
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

	/**
	 * {@inheritDoc}
	 * <p>
	 * HttpClient waits for the response to {@code Expect: 100-continue} in this way.
	 */
	@Override
	public boolean isDataAvailable(Timeout timeout) throws IOException {
		boolean available = this.outgoing.hasEarlyResponse() || hasUnreadBytes() || awaitData(timeout);
		if (available) {
			exchange().firstByteReceived();
		}
		return available;
	}

	@Override
	public ClassicHttpResponse receiveResponseHeader() throws HttpException, IOException {
		try {
			EarlyResponse early = this.outgoing.takeEarly();
			ClassicHttpResponse response = (early != null) ? early.get() : parseResponse();
			if (early != null) {
				onResponseReceived(response);
			}
			examine(response);
			return response;
		}
		catch (ProtocolException ex) {
			throw exchange().brokenResponse(ex);
		}
		catch (MessageConstraintException ex) {
			throw exchange().brokenResponse(ex);
		}
		catch (NoHttpResponseException ex) {
			throw this.parser.hasBegun() ? exchange().brokenResponse(ex) : ex;
		}
	}

	ClassicHttpResponse parseResponse() throws HttpException, IOException {
		return super.receiveResponseHeader();
	}

	/**
	 * Checks the head of a response against its request. If another implementation might
	 * find the end of the response elsewhere, the response is read, but its connection is
	 * not reused.
	 */
	void examine(ClassicHttpResponse response) throws ProtocolException {
		HttpRequest request = this.outgoing.request();
		ResponseFraming.requireAllowed(response, request);
		if (ResponseFraming.canBeMistaken(response, request, this.parser.wasClean())) {
			exchange().markNotReusable();
		}
		ResponseFraming.settleLength(response, request);
		if (response.getCode() >= HttpStatus.SC_SUCCESS && ResponseFraming.hasNoBody(response, request)) {
			exchange().responseHasNoBody();
		}
	}

	@Override
	protected void onResponseReceived(ClassicHttpResponse response) {
		if (this.outgoing.isReceivedEarly(response)) {
			return;
		}
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

	// Between exchanges

	/**
	 * Returns whether bytes were read that belong to no response so far.
	 */
	protected boolean hasUnreadBytes() {
		return this.received.length() > 0;
	}

	/**
	 * Releases what an idle connection does not need: the last request, and buffers that
	 * have grown beyond their usual size.
	 */
	protected void trimBuffers() {
		this.outgoing.forget();
		this.parser.fields().trimBuffers();
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

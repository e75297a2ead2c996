package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.List;

import io.github.httppool.hc5.http1.ChunkedBody;
import io.github.httppool.hc5.http1.CloseDelimitedBody;
import io.github.httppool.hc5.http1.ContentLengthBody;
import io.github.httppool.hc5.http1.EmptyBody;
import io.github.httppool.hc5.http1.ReadBuffer;
import io.github.httppool.hc5.http1.RequestFraming;
import io.github.httppool.hc5.http1.RequestWriter;
import io.github.httppool.hc5.http1.ResponseFraming;
import io.github.httppool.hc5.http1.ResponseParser;
import io.github.httppool.hc5.net.ChannelInput;
import io.github.httppool.hc5.net.SocketOutput;
import io.github.httppool.hc5.net.SocketStreams;
import io.github.httppool.hc5.observe.ResponseExplanation;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.io.SessionOutputBuffer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes messages as strictly as {@link ResponseFraming} wants them, and tells
 * the exchange that they belong to how far it has got.
 */
abstract class MessageConnection extends DefaultManagedHttpClientConnection {

	/**
	 * HttpCore has three buffers of a size, two of which have next to nothing to hold
	 * here; there may be thousands of connections.
	 */
	private static final Http1Config CONFIG = Http1Config.custom().setBufferSize(ReadBuffer.SIZE / 2).build();

	/** As HttpCore has it: a body that is sent though the server does not want it. */
	private static final int WORTH_A_CONNECTION = 1024;

	final ConnectionPool pool;

	private final ReadBuffer received;

	private final ResponseParser parser;

	private volatile long exchanges;

	/** What goes over the socket, below TLS. */
	final SocketStreams streams;

	private final OutgoingRequest outgoing = new OutgoingRequest(this);

	MessageConnection(String id, ConnectionPool pool) {
		this(id, pool, new ReadBuffer(ReadBuffer.SIZE));
	}

	private MessageConnection(String id, ConnectionPool pool, ReadBuffer received) {
		this(id, pool, received, new ResponseParser(received));
	}

	private MessageConnection(String id, ConnectionPool pool, ReadBuffer received, ResponseParser parser) {
		super(id, null, null, CONFIG, ResponseFraming.INSTANCE, RequestFraming.INSTANCE, null, new RequestWriter(),
				parser);
		this.pool = pool;
		this.streams = new SocketStreams(pool.housekeeper());
		this.received = received;
		this.parser = parser;
		parser.whenBegun(this::firstByte);
	}

	/**
	 * Return the lease whose messages these are.
	 */
	abstract @Nullable Lease leaseOrNull();

	/**
	 * Return the name of the route.
	 */
	public abstract String route();

	/**
	 * The caller logs the connection in.
	 */
	abstract void becomePersonal();

	/**
	 * Return whether bytes were read that belong to no response so far.
	 */
	boolean hasUnreadBytes() {
		return this.received.length() > 0;
	}

	/**
	 * Nobody reads for a while.
	 */
	void rest() {
		this.parser.fields().rest();
	}

	/**
	 * Return how many requests were sent, including one that is under way.
	 */
	public long exchanges() {
		return this.exchanges;
	}

	@Override
	protected InputStream createContentInputStream(long length, SessionInputBuffer buffer, InputStream inputStream) {
		Lease lease = leaseOrNull();
		if (lease == null) {
			return super.createContentInputStream(length, this.received, inputStream);
		}
		if (length == 0) {
			return new EmptyBody(lease);
		}
		if (length > 0) {
			return new ContentLengthBody(this.received, inputStream, length, lease);
		}
		if (length == ContentLengthStrategy.CHUNKED) {
			return new ChunkedBody(this.received, inputStream, this.parser.fields(), lease);
		}
		lease.exchange.serverCloses();
		return new CloseDelimitedBody(this.received, inputStream, lease);
	}

	@Override
	public void sendRequestHeader(ClassicHttpRequest request) throws HttpException, IOException {
		RequestFraming.check(request);
		this.outgoing.begin();
		try {
			super.sendRequestHeader(request);
		}
		catch (IOException ex) {
			this.outgoing.requireAnswered(ex);
			return;
		}
		Lease lease = leaseOrNull();
		if (lease != null) {
			lease.exchange.headSent();
		}
	}

	@Override
	protected OutputStream createContentOutputStream(long length, SessionOutputBuffer buffer, OutputStream outputStream,
			Supplier<List<? extends Header>> trailers) {
		Lease lease = leaseOrNull();
		SocketOutput socket = this.streams.output();
		if (lease == null || socket == null) {
			return super.createContentOutputStream(length, buffer, outputStream, trailers);
		}
		lease.exchange.sendsBody();
		OutputStream framed = super.createContentOutputStream(length, buffer,
				this.outgoing.upload(outputStream, socket), trailers);
		CallDeadline deadline = lease.deadline();
		return this.outgoing.body((deadline != null) ? new WatchedBody(framed, deadline) : framed, length, lease);
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
			Lease lease = leaseOrNull();
			if (bytes >= 0 && lease != null && this.pool.listeners().present()) {
				lease.exchange.bodySent(bytes);
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
	 * HttpCore ends a body of chunks at once, as if it were whole.
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

	/**
	 * Return how many bytes were sent so far; of TLS, before they were encrypted.
	 */
	public long bytesSent() {
		EndpointDetails details = getEndpointDetails();
		return (details != null) ? details.getSentBytesCount() : 0;
	}

	/**
	 * Return how many bytes of the request under way have gone over the socket, below
	 * TLS.
	 */
	public long sentOfRequest() {
		return this.outgoing.accepted();
	}

	/**
	 * Return how many bytes were received so far; of TLS, how many were decrypted.
	 */
	public long bytesReceived() {
		EndpointDetails details = getEndpointDetails();
		return (details != null) ? details.getReceivedBytesCount() : 0;
	}

	@Override
	protected void onRequestSubmitted(ClassicHttpRequest request) {
		// The only writer is the thread that holds the lease.
		this.exchanges = this.exchanges + 1;
		if (ConnectionBoundAuth.isIn(request)) {
			becomePersonal();
		}
		super.onRequestSubmitted(request);
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
		Lease lease = leaseOrNull();
		if (lease != null) {
			lease.exchange.requestSent();
		}
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * HttpClient waits in this way for the answer to {@code Expect: 100-continue}.
	 */
	@Override
	public boolean isDataAvailable(Timeout timeout) throws IOException {
		boolean available = this.outgoing.hasEarlyResponse() || hasUnreadBytes() || awaitData(timeout);
		if (available) {
			firstByte();
		}
		return available;
	}

	private boolean awaitData(Timeout timeout) throws IOException {
		try {
			return super.isDataAvailable(timeout);
		}
		catch (SocketException ex) {
			ChannelInput input = this.streams.input();
			IOException hidden = (input != null) ? input.failure() : null;
			throw (hidden != null) ? hidden : ex;
		}
	}

	private void firstByte() {
		Lease lease = leaseOrNull();
		if (lease != null) {
			lease.exchange.firstByte();
		}
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
			throw ResponseExplanation.broken(this.pool, route(), ex);
		}
		catch (MessageConstraintException ex) {
			throw ResponseExplanation.broken(this.pool, route(), ex);
		}
		catch (NoHttpResponseException ex) {
			throw this.parser.hasBegun() ? ResponseExplanation.broken(this.pool, route(), ex) : ex;
		}
	}

	ClassicHttpResponse parseResponse() throws HttpException, IOException {
		return super.receiveResponseHeader();
	}

	void examine(ClassicHttpResponse response) throws ProtocolException {
		Lease lease = leaseOrNull();
		if (lease != null) {
			lease.exchange.examine(response, this.parser.wasClean());
		}
	}

	/**
	 * Return what the socket is read from, below TLS.
	 */
	InputStream baseInput() throws IOException {
		return ensureOpen().getBaseSocket().getInputStream();
	}

	@Override
	public void receiveResponseEntity(ClassicHttpResponse response) throws HttpException, IOException {
		try {
			super.receiveResponseEntity(response);
		}
		catch (ProtocolException ex) {
			throw ResponseExplanation.broken(this.pool, route(), ex);
		}
	}

	@Override
	protected void onResponseReceived(ClassicHttpResponse response) {
		if (this.outgoing.isReceivedEarly(response)) {
			return;
		}
		super.onResponseReceived(response);
		Lease lease = leaseOrNull();
		if (lease != null) {
			lease.exchange.responseStarted(response.getCode());
		}
	}

}

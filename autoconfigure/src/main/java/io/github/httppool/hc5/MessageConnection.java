package io.github.httppool.hc5;

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

	final ConnectionPool pool;

	private final ReadBuffer received;

	private final ResponseParser parser;

	private volatile long exchanges;

	/** What is written at the moment, if somebody is told of it. */
	private @Nullable SentBody sentBody;

	MessageConnection(String id, ConnectionPool pool) {
		this(id, pool, new ReadBuffer(ReadBuffer.SIZE));
	}

	private MessageConnection(String id, ConnectionPool pool, ReadBuffer received) {
		this(id, pool, received, new ResponseParser(received));
	}

	private MessageConnection(String id, ConnectionPool pool, ReadBuffer received, ResponseParser parser) {
		super(id, null, null, CONFIG, ResponseFraming.INSTANCE, null, null, new RequestWriter(), parser);
		this.pool = pool;
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
	 * Say whether bytes were read that belong to no response so far.
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
	protected OutputStream createContentOutputStream(long length, SessionOutputBuffer buffer, OutputStream outputStream,
			Supplier<List<? extends Header>> trailers) {
		Lease lease = leaseOrNull();
		if (lease != null) {
			lease.exchange.sendsBody();
		}
		OutputStream body = super.createContentOutputStream(length, buffer,
				new SlicedOutputStream(outputStream, this::wireBroke), trailers);
		if (this.pool.listeners().present()) {
			SentBody counted = new SentBody(body, length);
			this.sentBody = counted;
			body = counted;
		}
		CallDeadline deadline = (lease != null) ? lease.deadline() : null;
		return (deadline != null) ? new WatchedBody(body, deadline) : body;
	}

	@Override
	public void sendRequestHeader(ClassicHttpRequest request) throws HttpException, IOException {
		try {
			super.sendRequestHeader(request);
		}
		catch (IOException ex) {
			wireBroke();
			throw ex;
		}
		Lease lease = leaseOrNull();
		if (lease != null) {
			lease.exchange.headSent();
		}
	}

	@Override
	public void sendRequestEntity(ClassicHttpRequest request) throws HttpException, IOException {
		this.sentBody = null;
		super.sendRequestEntity(request);
		SentBody body = this.sentBody;
		Lease lease = leaseOrNull();
		if (body != null && lease != null) {
			lease.exchange.bodySent(body.bytes());
		}
	}

	/**
	 * The connection failed while the request was sent.
	 */
	private void wireBroke() {
		Lease lease = leaseOrNull();
		if (lease != null) {
			lease.exchange.wireBroke();
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
		if (ConnectionLogin.isIn(request)) {
			becomePersonal();
		}
		super.onRequestSubmitted(request);
	}

	@Override
	public void flush() throws IOException {
		try {
			super.flush();
		}
		catch (IOException ex) {
			wireBroke();
			throw ex;
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
		boolean available = hasUnreadBytes() || super.isDataAvailable(timeout);
		if (available) {
			firstByte();
		}
		return available;
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
			ClassicHttpResponse response = super.receiveResponseHeader();
			Lease lease = leaseOrNull();
			if (lease != null) {
				lease.exchange.examine(response, this.parser.wasClean());
			}
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
		super.onResponseReceived(response);
		Lease lease = leaseOrNull();
		if (lease != null) {
			lease.exchange.responseStarted(response.getCode());
		}
	}

}

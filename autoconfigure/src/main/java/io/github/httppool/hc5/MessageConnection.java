package io.github.httppool.hc5;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

import javax.net.ssl.SSLException;

import io.github.httppool.CloseReason;
import io.github.httppool.RequestBodyLengthException;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.io.SessionOutputBuffer;
import org.apache.hc.core5.io.CloseMode;
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

	private static final Timeout AT_ONCE = Timeout.ofMilliseconds(1);

	final ConnectionPool pool;

	private final ReadBuffer received;

	private final ResponseParser parser;

	private volatile long exchanges;

	/** What goes over the socket, below TLS. */
	final SocketStreams streams;

	/** The body that is written at the moment, and where to. */
	private @Nullable RequestBody body;

	private @Nullable Upload upload;

	/** How many bytes had gone over the connection before the request. */
	private long acceptedBefore;

	/** Read before its request was sent whole, and not yet asked for. */
	private @Nullable EarlyResponse early;

	private boolean receivingEarly;

	/** Whether the request is not sent any further, because the server has answered. */
	private boolean cutOff;

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

	// Sending a request

	@Override
	public void sendRequestHeader(ClassicHttpRequest request) throws HttpException, IOException {
		this.early = null;
		this.cutOff = false;
		this.acceptedBefore = accepted();
		RequestFraming.check(request);
		try {
			super.sendRequestHeader(request);
		}
		catch (IOException ex) {
			throwUnlessAnswered(ex);
		}
		Lease lease = leaseOrNull();
		if (lease != null && !this.cutOff) {
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
		Upload upload = new Upload(this, outputStream, socket);
		this.upload = upload;
		RequestBody body = new RequestBody(super.createContentOutputStream(length, buffer, upload, trailers), length,
				(declared, written) -> RequestExplanation.otherLength(this.pool, lease, declared, written));
		this.body = body;
		return body;
	}

	@Override
	public void sendRequestEntity(ClassicHttpRequest request) throws HttpException, IOException {
		if (this.cutOff) {
			return;
		}
		this.body = null;
		this.upload = null;
		try {
			super.sendRequestEntity(request);
			finish(this.body);
			endUpload();
		}
		catch (Throwable ex) {
			endUpload();
			if (!this.cutOff || ex instanceof Error) {
				requireNotBrokenHere(ex);
				throw ex;
			}
		}
	}

	private void finish(@Nullable RequestBody body) throws IOException {
		if (body != null) {
			body.finish();
			Lease lease = leaseOrNull();
			if (lease != null && this.pool.listeners().present()) {
				lease.exchange.bodySent(body.written());
			}
		}
	}

	private void endUpload() {
		Upload upload = this.upload;
		if (upload != null) {
			upload.end();
		}
	}

	/**
	 * Let the server see that the request is not whole.
	 * @param ex what the entity has thrown, which may hide what happened
	 */
	private void requireNotBrokenHere(Throwable ex) throws IOException {
		RequestBody body = this.body;
		Lease lease = leaseOrNull();
		close(CloseMode.IMMEDIATE);
		if (body == null || lease == null) {
			return;
		}
		IOException failure = body.failure();
		if (failure == null) {
			lease.exchange.sourceFailed();
		}
		else if (failure != ex
				&& (failure instanceof RequestBodyLengthException || failure instanceof WriteTimeoutException)) {
			throw failure;
		}
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * HttpCore ends a body of chunks at once, as if it were whole.
	 */
	@Override
	public void terminateRequest(ClassicHttpRequest request) throws HttpException, IOException {
		if (request.getEntity() == null || this.cutOff) {
			return;
		}
		long length = RequestFraming.INSTANCE.determineLength(request);
		if (length >= 0 && length <= WORTH_A_CONNECTION) {
			sendRequestEntity(request);
		}
		else {
			cutOff(null);
		}
	}

	private void throwUnlessAnswered(IOException ex) throws IOException {
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
		Lease lease = leaseOrNull();
		boolean answered = lease != null && lease.exchange.isAnswered();
		if (!answered && this.early == null && accepted() > this.acceptedBefore && isOpen()) {
			if (this.upload != null) {
				this.upload.end();
			}
			receiveEarly();
			if (this.early != null && isOfSocket(this.early.failure())) {
				this.early = null;
			}
		}
		if (answered || this.early != null) {
			cutOff(this.early);
			return new EarlyResponseException();
		}
		if (lease != null) {
			lease.exchange.wireBroke();
		}
		return ex;
	}

	/**
	 * Say whether a read has failed with the same as the write before, and not with what
	 * the server had to say.
	 */
	private static boolean isOfSocket(@Nullable Exception failure) {
		return failure instanceof IOException && !(failure instanceof SSLException);
	}

	// An answer that comes before the request was sent whole

	boolean hasEarlyResponse() {
		return this.early != null;
	}

	/**
	 * Say whether something has come that was not read yet. Below TLS, that need not be a
	 * response.
	 */
	boolean isInputWaiting() throws IOException {
		if (hasUnreadBytes()) {
			return true;
		}
		InputStream input = this.streams.input();
		return ((input != null) ? input : getSocketHolder().getBaseSocket().getInputStream()).available() > 0;
	}

	/**
	 * Read what has come, up to a final response.
	 */
	void receiveEarly() {
		this.receivingEarly = true;
		try {
			while (this.early == null && isDataAvailable(AT_ONCE)) {
				ClassicHttpResponse response = super.receiveResponseHeader();
				int status = response.getCode();
				if (status >= HttpStatus.SC_SUCCESS || status == HttpStatus.SC_SWITCHING_PROTOCOLS) {
					this.early = new EarlyResponse(response, null);
				}
				else {
					examine(response);
				}
			}
		}
		catch (IOException | HttpException | RuntimeException ex) {
			this.early = new EarlyResponse(null, ex);
		}
		finally {
			this.receivingEarly = false;
		}
	}

	/**
	 * End the request if the server does not want the rest of it.
	 */
	void requireWanted() throws EarlyResponseException {
		EarlyResponse early = this.early;
		if (early != null && early.endsRequest()) {
			cutOff(early);
			throw new EarlyResponseException();
		}
	}

	private void cutOff(@Nullable EarlyResponse early) {
		this.cutOff = true;
		Lease lease = leaseOrNull();
		if (lease != null) {
			boolean closes = early != null && early.closesConnection();
			lease.exchange.failedUnlessBefore(closes ? CloseReason.SERVER_CLOSE : CloseReason.ERROR);
		}
	}

	private long accepted() {
		SocketOutput output = this.streams.output();
		return (output != null) ? output.accepted() : 0;
	}

	/**
	 * Return how many bytes of the request have gone over the connection.
	 */
	long acceptedOfRequest() {
		return accepted() - this.acceptedBefore;
	}

	// Bytes and messages

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
		if (this.cutOff) {
			return;
		}
		try {
			super.flush();
		}
		catch (IOException ex) {
			throwUnlessAnswered(ex);
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
		boolean available = this.early != null || hasUnreadBytes() || super.isDataAvailable(timeout);
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
			EarlyResponse early = this.early;
			ClassicHttpResponse response = (early != null) ? take(early) : super.receiveResponseHeader();
			examine(response);
			return response;
		}
		catch (ProtocolException ex) {
			throw ResponseExplanation.broken(this.pool, route(), ex);
		}
		catch (MessageConstraintException ex) {
			throw ResponseExplanation.broken(this.pool, route(), ex);
		}
	}

	private ClassicHttpResponse take(EarlyResponse early) throws HttpException, IOException {
		this.early = null;
		ClassicHttpResponse response = early.get();
		onResponseReceived(response);
		return response;
	}

	private void examine(ClassicHttpResponse response) throws ProtocolException {
		Lease lease = leaseOrNull();
		if (lease != null) {
			lease.exchange.examine(response, this.parser.wasClean());
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
		if (this.receivingEarly && response.getCode() >= HttpStatus.SC_SUCCESS) {
			// Told when it is asked for, after all that belongs to the request.
			return;
		}
		super.onResponseReceived(response);
		Lease lease = leaseOrNull();
		if (lease != null) {
			lease.exchange.responseStarted(response.getCode());
		}
	}

}

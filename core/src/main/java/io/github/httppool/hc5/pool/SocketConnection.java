package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.Socket;
import java.util.Objects;

import javax.net.ssl.SSLSocket;

import io.github.httppool.CloseReason;
import io.github.httppool.hc5.net.Housekeeper;
import io.github.httppool.hc5.net.SocketCheck;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds the sockets of a connection, checks them for unsolicited bytes and the end of the
 * stream, and closes them without blocking.
 */
abstract class SocketConnection extends MessageConnection {

	/** The logger that HttpClient uses. */
	private static final Logger wire = LoggerFactory.getLogger("org.apache.hc.client5.http.wire");

	/** The logger that HttpClient uses. */
	private static final Logger closeLog = LoggerFactory.getLogger(DefaultManagedHttpClientConnection.class);

	private volatile boolean tunnelled;

	private @Nullable SocketCheck socketCheck;

	/** The number of requests that were sent before TLS, to establish a tunnel. */
	private long exchangesBefore;

	SocketConnection(String id, PoolContext pool) {
		super(id, pool);
	}

	public abstract boolean isClosed();

	public abstract void close(CloseReason reason, CloseMode mode);

	public abstract String route();

	// Binding

	@Override
	public void bind(Socket socket) throws IOException {
		if (wire.isDebugEnabled()) {
			super.bind(socket.isConnected() ? this.streams.wrap(socket) : socket);
		}
		else {
			super.bind(this.streams.holder(socket));
		}
		bound(socket, null);
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Fails if bytes arrived before the handshake, from the proxy or from an attacker.
	 * They would be read as if they had come through the tunnel.
	 */
	@Override
	public void bind(SSLSocket sslSocket, Socket socket) throws IOException {
		if (hasUnreadBytes()) {
			close(CloseReason.UNSOLICITED_DATA, CloseMode.IMMEDIATE);
			throw new ConnectionClosedException(
					"The proxy sent bytes without TLS after its answer to CONNECT, on the way to %s (pool '%s')"
						.formatted(route(), pool()));
		}
		SocketHolder before = getSocketHolder();
		if (socket instanceof SSLSocket outer && before != null) {
			// With TLS inside the TLS of a proxy, the base socket is below both.
			Socket baseSocket = before.getBaseSocket();
			super.bind(sslSocket, baseSocket);
			bound(baseSocket, outer);
			return;
		}
		super.bind(sslSocket, socket);
		bound(socket, null);
	}

	private void bound(Socket baseSocket, @Nullable SSLSocket outer) throws IOException {
		// The pool already tracks the connection. A concurrent shutdown therefore either
		// closes this socket or is visible here.
		if (isClosed() || this.pool.isClosed()) {
			baseSocket.close();
			throw new RequestFailedException(
					"The connection to %s was closed while it was being opened (pool '%s')".formatted(route(), pool()));
		}
		this.exchangesBefore = exchanges();
		SocketHolder holder = getSocketHolder();
		this.socketCheck = (baseSocket.isConnected() && holder != null)
				? new SocketCheck(holder, outer, baseSocket, this.streams.input(), this::readByHttpClient) : null;
		if (baseSocket.isConnected()) {
			// Create the details now. HttpCore creates them on demand, but not for
			// a closed connection.
			getEndpointDetails();
		}
		if (baseSocket.isConnected() && holder != null) {
			// Create the stream now. HttpCore would create it for the first read, which
			// may be one that continues after a timeout.
			holder.getInputStream();
		}
	}

	/**
	 * Record that the connection uses TLS with the server itself, through a proxy.
	 */
	void markTunnelled() {
		this.tunnelled = true;
	}

	boolean isTunnelled() {
		return this.tunnelled;
	}

	// Checking

	/**
	 * Return why the socket cannot be used for another exchange.
	 * @param thorough whether to check for the end of the stream
	 * @return the reason, or {@code null} if the socket can be used
	 */
	@Nullable CloseReason checkSocket(boolean thorough) {
		return Objects.requireNonNull(this.socketCheck).checkSocket(thorough, exchanges() == this.exchangesBefore);
	}

	/**
	 * Return why a newly opened socket cannot be used. Nothing has been sent over it.
	 * Processes the TLS messages that have arrived.
	 * @return the reason, or {@code null} if the socket can be used
	 */
	@Nullable CloseReason checkOpenedSocket() {
		return Objects.requireNonNull(this.socketCheck).checkOpenedSocket();
	}

	/**
	 * Check a socket that cannot be read without blocking. Like HttpClient, wait for a
	 * millisecond. Bytes that arrive in that time are put into the buffer of the next
	 * response.
	 */
	private int readByHttpClient() throws IOException {
		if (wire.isDebugEnabled() && Thread.currentThread() instanceof Housekeeper.Worker) {
			// HttpClient would log the bytes, and an appender may block. The next lease
			// checks the socket.
			return 0;
		}
		// Before the first response, only HttpCore can access its buffer.
		long before = bytesReceived();
		if (super.isStale()) {
			return -1;
		}
		return (hasUnreadBytes() || bytesReceived() != before) ? 1 : 0;
	}

	/**
	 * Return whether bytes were read that do not belong to the exchange that ended.
	 */
	boolean hasSurplus() {
		SocketCheck check = this.socketCheck;
		return hasUnreadBytes() || (check != null && check.hasUnreadTls());
	}

	// Closing

	/**
	 * Close the socket below TLS. A graceful close of TLS would write, and block if the
	 * peer does not read. Throws no exceptions.
	 */
	void closeSocket(CloseMode mode) {
		SocketHolder holder = getSocketHolder();
		try {
			if (holder != null) {
				Socket socket = holder.getBaseSocket();
				if (mode == CloseMode.IMMEDIATE) {
					socket.setSoLinger(true, 0);
				}
				else if (socket.getSoLinger() > 0) {
					// A customizer has set SO_LINGER, so the close
					// would wait for the peer.
					socket.setSoLinger(false, 0);
				}
				socket.close();
			}
		}
		catch (Throwable ex) {
			// The socket is unusable either way.
		}
		this.streams.closed();
	}

	/**
	 * Wait until another thread has closed the socket, because the slot must not become
	 * free before that. A second close of a socket waits for the first.
	 */
	void awaitSocketClosed() {
		SocketHolder holder = getSocketHolder();
		try {
			if (holder != null) {
				holder.getBaseSocket().close();
			}
		}
		catch (IOException | RuntimeException ex) {
			// The socket is unusable either way.
		}
	}

	/**
	 * Make HttpClient release its references to the closed socket. HttpClient may write
	 * to the log. Neither the housekeeper nor a thread that holds a lock may wait for the
	 * log.
	 * @param held whether the calling thread holds the connection
	 */
	void closeHttpClientConnection(boolean held) {
		try {
			if (closeLog.isDebugEnabled() && (!held || Thread.currentThread() instanceof Housekeeper.Worker)) {
				this.pool.log().enqueue(() -> super.close(CloseMode.IMMEDIATE));
			}
			else {
				super.close(CloseMode.IMMEDIATE);
			}
		}
		catch (Throwable ex) {
			// The socket is closed.
		}
	}

}

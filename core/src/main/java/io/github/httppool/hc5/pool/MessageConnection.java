package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;

import io.github.httppool.hc5.http1.Http1Connection;
import io.github.httppool.hc5.http1.UploadSocket;
import io.github.httppool.hc5.net.ChannelInput;
import io.github.httppool.hc5.net.SocketOutput;
import io.github.httppool.hc5.net.SocketStreams;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Connects the HTTP/1.1 codec with the streams of the socket, and with the exchange of
 * the lease that holds the connection.
 */
abstract class MessageConnection extends Http1Connection {

	final PoolContext pool;

	/** The streams of the socket, below TLS. */
	final SocketStreams streams;

	private volatile boolean authenticated;

	/** Created again when the connection gets another socket. */
	private @Nullable ConnectionUploadSocket uploadSocket;

	MessageConnection(String id, PoolContext pool) {
		super(id);
		this.pool = pool;
		this.streams = new SocketStreams(pool.housekeeper());
	}

	/**
	 * Record that the caller authenticates the connection itself, so that no other caller
	 * may use it.
	 */
	void markAuthenticated() {
		this.authenticated = true;
	}

	boolean isAuthenticated() {
		return this.authenticated;
	}

	public String id() {
		return getId();
	}

	public String pool() {
		return this.pool.name();
	}

	@Override
	protected @Nullable UploadSocket uploadSocket() {
		SocketOutput output = this.streams.output();
		if (output == null) {
			return null;
		}
		ConnectionUploadSocket socket = this.uploadSocket;
		if (socket == null || !socket.isOver(output)) {
			socket = new ConnectionUploadSocket(output);
			this.uploadSocket = socket;
		}
		return socket;
	}

	@Override
	protected boolean isInputWaiting() throws IOException {
		InputStream input = this.streams.input();
		return ((input != null) ? input : ensureOpen().getBaseSocket().getInputStream()).available() > 0;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * The caller continues if nothing arrives, so a timeout must not break the stream.
	 */
	@Override
	protected boolean awaitData(Timeout timeout) throws IOException {
		ChannelInput input = this.streams.input();
		if (input == null) {
			return super.awaitData(timeout);
		}
		input.keepOpenAfterTimeout(true);
		try {
			return super.awaitData(timeout);
		}
		catch (SocketException ex) {
			// HttpCore replaces the exception that the stream has thrown.
			IOException hidden = input.failure();
			throw (hidden != null) ? hidden : ex;
		}
		finally {
			input.keepOpenAfterTimeout(false);
		}
	}

	@Override
	protected void onRequestSubmitted(ClassicHttpRequest request) {
		if (ConnectionBoundAuth.isIn(request)) {
			markAuthenticated();
		}
		super.onRequestSubmitted(request);
	}

}

package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;

import io.github.httppool.hc5.http1.ExchangeEvents;
import io.github.httppool.hc5.http1.Http1Connection;
import io.github.httppool.hc5.http1.NoExchange;
import io.github.httppool.hc5.http1.UploadSocket;
import io.github.httppool.hc5.net.ChannelInput;
import io.github.httppool.hc5.net.SocketOutput;
import io.github.httppool.hc5.net.SocketStreams;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Joins the HTTP/1.1 codec, the streams of the socket, and the exchange of the lease that
 * holds the connection.
 */
abstract class MessageConnection extends Http1Connection {

	final ConnectionPool pool;

	/** The streams of the socket, below TLS. */
	final SocketStreams streams;

	/** Created again when the connection gets another socket. */
	private @Nullable ConnectionUploadSocket uploadSocket;

	MessageConnection(String id, ConnectionPool pool) {
		super(id);
		this.pool = pool;
		this.streams = new SocketStreams(pool.housekeeper());
	}

	/**
	 * Returns the lease that holds the connection, or {@code null} if none does.
	 */
	abstract @Nullable Lease leaseOrNull();

	/**
	 * The caller authenticates the connection itself, so that no other caller may use it.
	 */
	abstract void becomePersonal();

	@Override
	protected ExchangeEvents exchange() {
		Lease lease = leaseOrNull();
		return (lease != null) ? lease.exchange : NoExchange.INSTANCE;
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
	 * The caller goes on if nothing arrives, so a timeout must not break the stream.
	 */
	@Override
	protected boolean awaitData(Timeout timeout) throws IOException {
		ChannelInput input = this.streams.input();
		if (input == null) {
			return super.awaitData(timeout);
		}
		input.mayGoOnAfterTimeout(true);
		try {
			return super.awaitData(timeout);
		}
		catch (SocketException ex) {
			// HttpCore replaces what the stream has thrown.
			IOException hidden = input.failure();
			throw (hidden != null) ? hidden : ex;
		}
		finally {
			input.mayGoOnAfterTimeout(false);
		}
	}

	@Override
	protected void onRequestSubmitted(ClassicHttpRequest request) {
		if (ConnectionBoundAuth.isIn(request)) {
			becomePersonal();
		}
		super.onRequestSubmitted(request);
	}

}

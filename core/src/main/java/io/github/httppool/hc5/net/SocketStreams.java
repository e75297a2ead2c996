package io.github.httppool.hc5.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a connection's socket, below TLS. They are replaced when the connection
 * gets another socket, for example for the next address of a host.
 */
public final class SocketStreams {

	private final Housekeeper housekeeper;

	/**
	 * {@code null} if the socket has no channel.
	 */
	private volatile @Nullable ChannelInput input;

	private volatile @Nullable SocketOutput output;

	private @Nullable ChannelSocket socket;

	public SocketStreams(Housekeeper housekeeper) {
		this.housekeeper = housekeeper;
	}

	public @Nullable ChannelInput input() {
		return this.input;
	}

	public @Nullable SocketOutput output() {
		return this.output;
	}

	/**
	 * Wraps a connected socket so that it is read and written through these streams.
	 */
	public Socket wrap(Socket connected) throws IOException {
		ChannelSocket before = this.socket;
		if (before != null && before.wraps(connected)) {
			return before;
		}
		ChannelInput input = (connected.getChannel() != null) ? new ChannelInput(connected, this.housekeeper) : null;
		SocketOutput output = new SocketOutput(connected, this.housekeeper);
		ChannelSocket socket = new ChannelSocket(connected, (input != null) ? input : connected.getInputStream(),
				output);
		this.input = input;
		this.output = output;
		this.socket = socket;
		return socket;
	}

	/**
	 * Returns the holder from which HttpCore obtains the streams of a socket, once the
	 * socket is connected.
	 */
	public SocketHolder holder(Socket socket) {
		return new SocketHolder(socket) {

			@Override
			protected InputStream getInputStream(Socket connected) throws IOException {
				return wrap(connected).getInputStream();
			}

			@Override
			protected OutputStream getOutputStream(Socket connected) throws IOException {
				return wrap(connected).getOutputStream();
			}

		};
	}

	/**
	 * Claims an overdue read or write.
	 * @return nanoseconds until the next check, {@link Long#MAX_VALUE} if neither is in
	 * progress, or 0 if one was claimed and the connection must be closed
	 */
	public long claimOverdue(long now) {
		ChannelInput input = this.input;
		SocketOutput output = this.output;
		long left = (input != null) ? input.claimOverdue(now) : Long.MAX_VALUE;
		return (left != 0 && output != null) ? Math.min(left, output.claimOverdue(now)) : left;
	}

	/**
	 * Returns whether unread bytes have arrived.
	 */
	public boolean isInputWaiting() {
		ChannelInput input = this.input;
		return input != null && input.isInputWaiting();
	}

	/**
	 * Returns whether a thread waits for the peer and nothing has arrived.
	 */
	public boolean isSilent() {
		ChannelInput input = this.input;
		return input == null || input.isSilent();
	}

	/**
	 * Called when the socket was closed, possibly by another thread than the one that
	 * uses it.
	 */
	public void closed() {
		SocketOutput output = this.output;
		if (output != null) {
			output.closed();
		}
	}

}

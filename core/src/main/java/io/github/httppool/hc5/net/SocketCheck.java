package io.github.httppool.hc5.net;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

import io.github.httppool.CloseReason;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the socket of an idle connection without waiting for anything. Used by one
 * thread at a time.
 */
public final class SocketCheck {

	/** As much as a server may say that closes without having been asked. */
	private static final int FAREWELL = 4096;

	private final @Nullable InputStream tls;

	/** The TLS of a proxy, around that of the server. */
	private final @Nullable InputStream outerTls;

	private final InputStream wire;

	private final @Nullable SocketChannel channel;

	/** {@code null} where there is no channel. */
	private final @Nullable ChannelInput input;

	private final BlockingRead blockingRead;

	/** Whether the server sends of its own accord what belongs to the handshake. */
	private final boolean sendsTickets;

	private @Nullable ByteBuffer probe;

	/**
	 * Create a check.
	 * @param holder the connection's socket, with TLS where there is TLS
	 * @param outer the socket of the proxy's TLS below that, or {@code null}
	 * @param baseSocket the socket below TLS
	 * @param input what that is read through, if it has a channel
	 * @param blockingRead what to do where the socket has no channel, as one of SOCKS
	 */
	public SocketCheck(SocketHolder holder, @Nullable Socket outer, Socket baseSocket, @Nullable ChannelInput input,
			BlockingRead blockingRead) throws IOException {
		this.tls = (holder.getSSLSocket() != null) ? holder.getInputStream() : null;
		this.outerTls = (outer != null) ? outer.getInputStream() : null;
		this.wire = baseSocket.getInputStream();
		this.channel = baseSocket.getChannel();
		this.input = (this.channel != null) ? input : null;
		this.blockingRead = blockingRead;
		SSLSocket tlsSocket = holder.getSSLSocket();
		this.sendsTickets = tlsSocket != null && "TLSv1.3".equals(tlsSocket.getSession().getProtocol());
	}

	/**
	 * Returns why the connection cannot be used for a further exchange. One system call
	 * shows whether bytes wait on the wire, below TLS. They are unsolicited, unless they
	 * are for TLS itself. The end of the stream needs a read.
	 * @param thorough whether to look for the end of the stream
	 * @param unused whether nothing was sent over it yet
	 * @return the reason, or {@code null} if it can be used
	 */
	public @Nullable CloseReason unsound(boolean thorough, boolean unused) {
		try {
			if (thorough && !unused && this.tls == null && this.outerTls == null && this.channel != null) {
				// Below nothing else, the read that sees the end sees bytes as well.
				return unsoundOnReading();
			}
			if (this.wire.available() > 0) {
				return !unused ? takenIn(-1) : this.sendsTickets ? throughTls() : unaskedAtFirst();
			}
			if (this.outerTls != null && this.outerTls.available() > 0) {
				return takenIn(-1);
			}
			if (!thorough) {
				return null;
			}
			return unsoundOnReading();
		}
		catch (IOException ex) {
			return CloseReason.STALE;
		}
	}

	private @Nullable CloseReason unsoundOnReading() throws IOException {
		return switch (readOneByte()) {
			case 0 -> null;
			case 1 -> (this.probe != null) ? takenIn(this.probe.get(0) & 0xff) : CloseReason.UNSOLICITED_DATA;
			default -> CloseReason.STALE;
		};
	}

	/**
	 * Say why a connection cannot be used that was opened just now and for no request.
	 * Waits for a millisecond where the server may have something to send.
	 */
	public @Nullable CloseReason unsoundWhenOpened() {
		try {
			return this.sendsTickets ? throughTls() : unsound(true, true);
		}
		catch (IOException ex) {
			return CloseReason.STALE;
		}
	}

	/**
	 * Let TLS take in what the server sends after the handshake (RFC 8446 section 4.6.1).
	 * Whoever sends a request at once gets it with the response.
	 */
	private @Nullable CloseReason throughTls() throws IOException {
		return switch (this.blockingRead.readOneByte()) {
			case 0 -> null;
			case 1 -> (this.blockingRead.readOneByte() < 0) ? CloseReason.STALE : CloseReason.UNSOLICITED_DATA;
			default -> CloseReason.STALE;
		};
	}

	/**
	 * Some servers say that no request came in time before they close (status 408).
	 */
	private CloseReason unaskedAtFirst() throws IOException {
		SocketChannel channel = this.channel;
		if (this.tls == null && channel != null) {
			this.wire.read(new byte[FAREWELL]);
			return (readOneByte() < 0) ? CloseReason.STALE : CloseReason.UNSOLICITED_DATA;
		}
		return takenIn(-1);
	}

	/**
	 * Let TLS take in what waits, as the JDK's socket does with its next read: session
	 * tickets, key updates, a wish for a new handshake, the end.
	 * @param first the first byte of what waits, or -1 if none was read
	 */
	private @Nullable CloseReason takenIn(int first) throws IOException {
		InputStream tls = this.tls;
		ChannelInput input = this.input;
		if (tls == null) {
			return CloseReason.UNSOLICITED_DATA;
		}
		if (input == null) {
			return throughTls();
		}
		try {
			return switch (input.takeIn(tls, first)) {
				case ChannelInput.NOTHING -> null;
				case -1 -> CloseReason.STALE;
				default -> CloseReason.UNSOLICITED_DATA;
			};
		}
		catch (SSLException ex) {
			// The JDK has no exception of its own for an alert, with which a server ends.
			boolean ended = Exceptions.words(ex).contains("Received fatal alert")
					|| ex.getCause() instanceof EOFException;
			return ended ? CloseReason.STALE : CloseReason.UNSOLICITED_DATA;
		}
	}

	/**
	 * Read a byte without waiting for it.
	 * @return 0 if there is none, 1 if there is one, -1 at the end of the stream
	 */
	private int readOneByte() throws IOException {
		SocketChannel channel = this.channel;
		if (channel == null) {
			return this.blockingRead.readOneByte();
		}
		ByteBuffer probe = this.probe;
		if (probe == null) {
			probe = ByteBuffer.allocate(1);
			this.probe = probe;
		}
		probe.clear();
		channel.configureBlocking(false);
		try {
			return channel.read(probe);
		}
		finally {
			channel.configureBlocking(true);
		}
	}

	/**
	 * Returns whether TLS holds unread bytes. A record holds more than the buffer of a
	 * connection; the rest of it shows neither there nor on the wire.
	 */
	public boolean hasUnreadTls() {
		try {
			return (this.tls != null && this.tls.available() > 0)
					|| (this.outerTls != null && this.outerTls.available() > 0);
		}
		catch (IOException ex) {
			// It cannot be ruled out.
			return true;
		}
	}

	/**
	 * Reads where that cannot be done without waiting.
	 */
	public interface BlockingRead {

		int readOneByte() throws IOException;

	}

}

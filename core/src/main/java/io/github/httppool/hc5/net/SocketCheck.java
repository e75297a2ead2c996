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
 * Checks the socket of an idle connection without blocking, in two steps. The first asks
 * whether bytes wait below TLS. The second, if the check is thorough, reads a byte,
 * because only a read detects the end of the stream. Without TLS, the second step finds
 * waiting bytes as well. Used by one thread at a time.
 */
public final class SocketCheck {

	/**
	 * Maximum size of an unsolicited response before a server closes.
	 */
	private static final int MAX_UNSOLICITED_RESPONSE = 4096;

	private final @Nullable InputStream tls;

	/**
	 * The TLS stream to a proxy, which carries the TLS stream to the server.
	 */
	private final @Nullable InputStream outerTls;

	private final InputStream wire;

	private final @Nullable SocketChannel channel;

	/**
	 * {@code null} if the socket has no channel.
	 */
	private final @Nullable ChannelInput input;

	private final BlockingRead blockingRead;

	/**
	 * Whether the server sends session tickets after the handshake.
	 */
	private final boolean sendsTickets;

	private @Nullable ByteBuffer probe;

	/**
	 * Create a check.
	 * @param holder the connection's socket, including TLS if used
	 * @param outer the socket of the proxy's TLS below that, or {@code null}
	 * @param baseSocket the socket below TLS
	 * @param input the input of the base socket, if it has a channel
	 * @param blockingRead how to check a socket without a channel, such as a SOCKS socket
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
	 * Return why the connection cannot be used for another exchange. One system call
	 * shows whether bytes wait below TLS. Such bytes are unsolicited unless they are TLS
	 * protocol messages. Only a read detects the end of the stream.
	 * @param thorough whether to check for the end of the stream
	 * @param unused whether nothing was sent over the connection yet
	 * @return the reason, or {@code null} if the connection can be used
	 */
	public @Nullable CloseReason checkSocket(boolean thorough, boolean unused) {
		try {
			if (thorough && !unused && this.tls == null && this.outerTls == null && this.channel != null) {
				// Without TLS, the read that detects the end of the stream
				// detects bytes as well.
				return checkByReading();
			}
			if (this.wire.available() > 0) {
				return !unused ? processTls(-1) : this.sendsTickets ? checkThroughTls() : classifyFirstBytes();
			}
			if (this.outerTls != null && this.outerTls.available() > 0) {
				return processTls(-1);
			}
			if (!thorough) {
				return null;
			}
			return checkByReading();
		}
		catch (IOException ex) {
			return CloseReason.STALE;
		}
	}

	private @Nullable CloseReason checkByReading() throws IOException {
		return switch (readOneByte()) {
			case 0 -> null;
			case 1 -> (this.probe != null) ? processTls(this.probe.get(0) & 0xff) : CloseReason.UNSOLICITED_DATA;
			default -> CloseReason.STALE;
		};
	}

	/**
	 * Return why a connection that was just opened ahead of demand cannot be used. Waits
	 * for a millisecond if the server may send session tickets.
	 */
	public @Nullable CloseReason checkOpenedSocket() {
		try {
			return this.sendsTickets ? checkThroughTls() : checkSocket(true, true);
		}
		catch (IOException ex) {
			return CloseReason.STALE;
		}
	}

	/**
	 * Let TLS process the messages that the server sends after the handshake (RFC 8446
	 * section 4.6.1). If a request follows immediately, TLS reads them together with the
	 * response.
	 */
	private @Nullable CloseReason checkThroughTls() throws IOException {
		return switch (this.blockingRead.readOneByte()) {
			case 0 -> null;
			case 1 -> (this.blockingRead.readOneByte() < 0) ? CloseReason.STALE : CloseReason.UNSOLICITED_DATA;
			default -> CloseReason.STALE;
		};
	}

	/**
	 * Before they close, some servers send a 408 response because no request arrived in
	 * time.
	 */
	private CloseReason classifyFirstBytes() throws IOException {
		SocketChannel channel = this.channel;
		if (this.tls == null && channel != null) {
			this.wire.read(new byte[MAX_UNSOLICITED_RESPONSE]);
			return (readOneByte() < 0) ? CloseReason.STALE : CloseReason.UNSOLICITED_DATA;
		}
		return processTls(-1);
	}

	/**
	 * Let TLS process the waiting bytes, as the JDK's socket does with its next read:
	 * session tickets, key updates, renegotiation requests, close notifications.
	 * @param first the first waiting byte, or -1 if none was read
	 */
	private @Nullable CloseReason processTls(int first) throws IOException {
		InputStream tls = this.tls;
		ChannelInput input = this.input;
		if (tls == null) {
			return CloseReason.UNSOLICITED_DATA;
		}
		if (input == null) {
			return checkThroughTls();
		}
		try {
			return switch (input.processWaiting(tls, first)) {
				case ChannelInput.NO_DATA -> null;
				case -1 -> CloseReason.STALE;
				default -> CloseReason.UNSOLICITED_DATA;
			};
		}
		catch (SSLException ex) {
			// The JDK has no exception type for a received alert.
			boolean ended = Exceptions.messageOrType(ex).contains("Received fatal alert")
					|| ex.getCause() instanceof EOFException;
			return ended ? CloseReason.STALE : CloseReason.UNSOLICITED_DATA;
		}
	}

	/**
	 * Read a byte without blocking.
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
	 * Return whether TLS holds unread bytes. A TLS record can be larger than the
	 * connection's buffer; the rest of it is visible neither in that buffer nor on the
	 * wire.
	 */
	public boolean hasUnreadTls() {
		try {
			return (this.tls != null && this.tls.available() > 0)
					|| (this.outerTls != null && this.outerTls.available() > 0);
		}
		catch (IOException ex) {
			// Unread bytes cannot be ruled out.
			return true;
		}
	}

	/**
	 * Reads from a socket that cannot be read without blocking.
	 */
	public interface BlockingRead {

		int readOneByte() throws IOException;

	}

}

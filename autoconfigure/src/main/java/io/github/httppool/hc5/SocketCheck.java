package io.github.httppool.hc5;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import io.github.httppool.CloseReason;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the socket of an idle connection without waiting for anything. Used by one
 * thread at a time.
 */
final class SocketCheck {

	/** A close notification of TLS is no longer, with room to spare. */
	private static final int CLOSE_NOTIFY = 64;

	private final @Nullable InputStream tls;

	private final InputStream wire;

	private final @Nullable SocketChannel channel;

	private final BlockingRead blockingRead;

	private @Nullable ByteBuffer probe;

	/**
	 * Create a check.
	 * @param holder the connection's socket, with TLS where there is TLS
	 * @param baseSocket the socket below TLS
	 * @param blockingRead what to do where the socket has no channel, as one of SOCKS
	 */
	SocketCheck(SocketHolder holder, Socket baseSocket, BlockingRead blockingRead) throws IOException {
		this.tls = (holder.getSSLSocket() != null) ? holder.getInputStream() : null;
		this.wire = baseSocket.getInputStream();
		this.channel = baseSocket.getChannel();
		this.blockingRead = blockingRead;
	}

	/**
	 * Say why the connection cannot be used for a further exchange. Bytes that wait on
	 * the wire, below TLS, were not asked for: one system call tells. The end of the
	 * stream needs a read.
	 * @param thorough whether to look for the end of the stream
	 * @return the reason, or {@code null} if it can be used
	 */
	@Nullable CloseReason unsound(boolean thorough) {
		try {
			if (this.wire.available() > 0) {
				return unasked();
			}
			if (!thorough) {
				return null;
			}
			return switch (readOneByte()) {
				case 0 -> null;
				case 1 -> unasked();
				default -> CloseReason.STALE;
			};
		}
		catch (IOException ex) {
			return CloseReason.STALE;
		}
	}

	/**
	 * A close notification of TLS is bytes too: what is followed by the end of the stream
	 * and can be no more than that says that the server closed.
	 */
	private CloseReason unasked() throws IOException {
		if (this.tls != null && this.channel != null) {
			int waiting = this.wire.available();
			if (waiting <= CLOSE_NOTIFY) {
				this.wire.readNBytes(waiting);
				return (readOneByte() < 0) ? CloseReason.STALE : CloseReason.UNSOLICITED_DATA;
			}
		}
		return CloseReason.UNSOLICITED_DATA;
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
	 * Say whether TLS holds bytes that nobody has read. A record holds more than the
	 * buffer of a connection; the rest of it shows neither there nor on the wire.
	 */
	boolean hasUnreadTls() {
		try {
			return this.tls != null && this.tls.available() > 0;
		}
		catch (IOException ex) {
			// It cannot be ruled out.
			return true;
		}
	}

	/**
	 * Reads where that cannot be done without waiting.
	 */
	interface BlockingRead {

		int readOneByte() throws IOException;

	}

}

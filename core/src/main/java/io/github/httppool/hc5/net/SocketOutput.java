package io.github.httppool.hc5.net;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Writes to a socket, below TLS, and fails if the peer accepts no byte for the duration
 * of the socket's timeout. Nothing else bounds a write. The housekeeper enforces the
 * timeout of single writes, which rarely block. Uploads wait in {@link #awaitRoom}
 * instead, outside TLS, where the connection can also be read.
 */
public final class SocketOutput extends OutputStream {

	/**
	 * Maximum size of one write. The JDK copies it through direct memory that is cached
	 * per thread.
	 */
	private static final int MAX_WRITE = 64 * 1024;

	/**
	 * Smaller, because a socket without a channel shows no progress before a write ends.
	 */
	private static final int MAX_WRITE_WITHOUT_CHANNEL = 8 * 1024;

	private final Socket socket;

	private final @Nullable SocketChannel channel;

	private final OutputStream blocking;

	private final int immediateCapacity;

	private final IoDeadline deadline;

	private final LastBuffer buffer = new LastBuffer();

	/**
	 * The deadline that was already found to have passed. Accessed only by the
	 * housekeeper.
	 */
	private long overdue = IoDeadline.NONE;

	private volatile @Nullable SocketUpload upload;

	private long accepted;

	/**
	 * Creates a stream.
	 * @param socket a socket that is connected before the first write
	 */
	SocketOutput(Socket socket, Housekeeper housekeeper) throws IOException {
		this.socket = socket;
		this.channel = socket.getChannel();
		this.blocking = (this.channel == null) ? socket.getOutputStream() : nullOutputStream();
		this.immediateCapacity = socket.getSendBufferSize() / 2;
		this.deadline = new IoDeadline(housekeeper);
	}

	/**
	 * Returns how many bytes the operating system accepts at first without waiting for
	 * the peer. Writes up to this size need no timeout.
	 */
	public int immediateCapacity() {
		return this.immediateCapacity;
	}

	/**
	 * Returns how many bytes were accepted by the peer or by the local send buffer.
	 */
	public long accepted() {
		SocketUpload upload = this.upload;
		return (upload != null) ? upload.accepted() : this.accepted;
	}

	@Override
	public void write(int next) throws IOException {
		write(new byte[] { (byte) next }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		try {
			SocketUpload upload = this.upload;
			if (upload != null) {
				upload.write(this.buffer.wrap(bytes, offset, length));
			}
			else {
				send(bytes, offset, length);
			}
		}
		catch (IOException ex) {
			throw SocketFailure.of(ex);
		}
	}

	private void send(byte[] bytes, int offset, int length) throws IOException {
		int max = (this.channel != null) ? MAX_WRITE : MAX_WRITE_WITHOUT_CHANNEL;
		for (int written = 0; written < length; written += max) {
			ByteBuffer source = this.buffer.wrap(bytes, offset + written, Math.min(length - written, max));
			while (source.hasRemaining()) {
				writeInTime(source);
			}
		}
	}

	private void writeInTime(ByteBuffer source) throws IOException {
		long due = this.deadline.begin(this.socket.getSoTimeout());
		try {
			this.accepted += writeSome(source);
		}
		catch (IOException ex) {
			throw this.deadline.end(due) ? ex : timedOut();
		}
		catch (Throwable ex) {
			this.deadline.end(due);
			throw ex;
		}
		if (!this.deadline.end(due)) {
			throw timedOut();
		}
	}

	private int writeSome(ByteBuffer source) throws IOException {
		SocketChannel channel = this.channel;
		if (channel != null) {
			return channel.write(source);
		}
		int count = source.remaining();
		this.blocking.write(source.array(), source.position(), count);
		source.position(source.limit());
		return count;
	}

	private WriteTimeoutException timedOut() {
		return new WriteTimeoutException(this.accepted);
	}

	/**
	 * Claims a write that is overdue.
	 * @return nanoseconds until the next check, {@link Long#MAX_VALUE} if no write is in
	 * progress, or 0 if a write was claimed and the connection must be closed
	 */
	long claimOverdue(long now) {
		long due = this.deadline.due();
		if (due == IoDeadline.NONE) {
			return Long.MAX_VALUE;
		}
		long left = this.deadline.left(due, now);
		if (left > 0) {
			return left;
		}
		if (this.overdue != due) {
			this.overdue = due;
			return ProcessPauses.GRACE;
		}
		return this.deadline.expire(due) ? 0 : Long.MAX_VALUE;
	}

	// An upload

	/**
	 * Begins an upload: writes no longer block.
	 * @return {@code false} if the socket does not support this, and writes block as
	 * before
	 */
	public boolean beginUpload() throws IOException {
		if (this.channel == null) {
			return false;
		}
		this.upload = new SocketUpload(this.socket, this.channel, this.accepted);
		return true;
	}

	/**
	 * Restores blocking mode, so that the socket can be read as usual.
	 */
	public void pauseUpload() throws IOException {
		requireUpload().pause();
	}

	/**
	 * Ends a pause.
	 */
	public void resumeUpload() throws IOException {
		requireUpload().resume();
	}

	/**
	 * Ends the upload: writes block again. If the upload ends early, unsent bytes are
	 * dropped.
	 */
	public void endUpload() {
		SocketUpload upload = this.upload;
		if (upload != null) {
			this.accepted = upload.accepted();
			this.upload = null;
			upload.end();
		}
	}

	/**
	 * Returns whether the peer has not accepted all bytes of the upload yet.
	 */
	public boolean hasPendingBytes() {
		SocketUpload upload = this.upload;
		return upload != null && upload.hasPendingBytes();
	}

	/**
	 * Waits until the peer accepts more bytes of the upload, or until input is available.
	 * @param orInput whether to return for input as well
	 * @return whether input or the end of the stream is available
	 * @throws WriteTimeoutException if the peer accepts no byte for the duration of the
	 * socket's timeout
	 */
	public boolean awaitRoom(boolean orInput) throws IOException {
		try {
			return requireUpload().awaitRoom(orInput);
		}
		catch (IOException ex) {
			throw SocketFailure.of(ex);
		}
	}

	private SocketUpload requireUpload() {
		return Objects.requireNonNull(this.upload);
	}

	/**
	 * Called when the socket was closed, possibly while another thread waits in
	 * {@link #awaitRoom}.
	 */
	void closed() {
		SocketUpload upload = this.upload;
		if (upload != null) {
			upload.wakeUp();
		}
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}

package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * An upload over the channel of a socket. Writes never block: bytes that the peer does
 * not accept immediately are kept until {@link #awaitRoom} has sent them.
 */
final class SocketUpload {

	private static final int MIN_CAPACITY = 64 * 1024;

	private final Socket socket;

	private final SocketChannel channel;

	/** Bytes that are still to be sent. */
	private ByteBuffer pending = ByteBuffer.allocate(0);

	/** Created on demand. */
	private volatile @Nullable Selector selector;

	private long accepted;

	/**
	 * Begins an upload.
	 * @param accepted how many bytes the socket has accepted before
	 */
	SocketUpload(Socket socket, SocketChannel channel, long accepted) throws IOException {
		this.socket = socket;
		this.channel = channel;
		this.accepted = accepted;
		channel.configureBlocking(false);
	}

	/**
	 * Returns how many bytes the socket has accepted, including those before the upload.
	 */
	long accepted() {
		return this.accepted;
	}

	boolean hasPendingBytes() {
		return this.pending.hasRemaining();
	}

	/**
	 * Restores blocking mode, so that the socket can be read as usual.
	 */
	void pause() throws IOException {
		this.channel.configureBlocking(true);
	}

	/**
	 * Ends a pause.
	 */
	void resume() throws IOException {
		this.channel.configureBlocking(false);
	}

	/**
	 * Ends the upload. If it ends early, pending bytes are dropped.
	 */
	void end() {
		Selector selector = this.selector;
		this.selector = null;
		try {
			if (selector != null) {
				selector.close();
			}
			pause();
		}
		catch (IOException ex) {
			// The socket is closed; its next use reports this.
		}
	}

	void write(ByteBuffer source) throws IOException {
		requireNotInterrupted();
		// While the upload is paused, a write would block.
		if (!hasPendingBytes() && !this.channel.isBlocking()) {
			this.accepted += this.channel.write(source);
		}
		if (source.hasRemaining()) {
			keep(source);
		}
	}

	private void keep(ByteBuffer more) {
		ByteBuffer pending = this.pending;
		int count = pending.remaining() + more.remaining();
		if (count > pending.capacity()) {
			pending = ByteBuffer.allocate(Math.max(count, MIN_CAPACITY)).put(pending);
		}
		else {
			pending.compact();
		}
		this.pending = pending.put(more).flip();
	}

	/**
	 * Waits until the peer accepts more bytes, or until input is available.
	 * @param orInput whether to return for input as well
	 * @return whether input or the end of the stream is available
	 * @throws WriteTimeoutException if the peer accepts no byte for the duration of the
	 * socket's timeout
	 */
	boolean awaitRoom(boolean orInput) throws IOException {
		Selector selector = selector();
		int timeout = this.socket.getSoTimeout();
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeout);
		SelectionKey key = this.channel.register(selector,
				SelectionKey.OP_WRITE | (orInput ? SelectionKey.OP_READ : 0));
		try {
			while (true) {
				selector.select(untilMillis(timeout, deadline));
				requireOpen();
				// Try again even after the deadline, because this thread
				// may have been paused.
				if (sendPending() > 0) {
					return false;
				}
				if (key.isValid() && key.isReadable()) {
					return true;
				}
				if (timeout != 0 && deadline - System.nanoTime() <= 0) {
					throw new WriteTimeoutException(this.accepted);
				}
			}
		}
		finally {
			// While registered, the channel would stay open when
			// another thread closes it.
			key.cancel();
			selector.selectNow();
		}
	}

	private static long untilMillis(int timeout, long deadline) {
		return (timeout == 0) ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime() + 999_999));
	}

	private int sendPending() throws IOException {
		int sent = this.channel.write(this.pending);
		this.accepted += sent;
		return sent;
	}

	private Selector selector() throws IOException {
		Selector selector = this.selector;
		if (selector == null) {
			selector = Selector.open();
			this.selector = selector;
		}
		return selector;
	}

	private void requireOpen() throws IOException {
		requireNotInterrupted();
		if (!this.channel.isOpen()) {
			throw new AsynchronousCloseException();
		}
	}

	/**
	 * Throws the exception of a blocking channel.
	 */
	private void requireNotInterrupted() throws IOException {
		if (Thread.currentThread().isInterrupted()) {
			this.channel.close();
			throw new ClosedByInterruptException();
		}
	}

	/**
	 * Ends the wait of another thread in {@link #awaitRoom}, because the socket was
	 * closed.
	 */
	void wakeUp() {
		Selector selector = this.selector;
		if (selector != null) {
			selector.wakeup();
		}
	}

}

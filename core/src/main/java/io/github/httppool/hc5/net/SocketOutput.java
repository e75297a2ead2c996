package io.github.httppool.hc5.net;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import org.jspecify.annotations.Nullable;

/**
 * Writes to a socket, below TLS, and fails if the peer accepts no byte for the duration
 * of the socket's timeout. Nothing else bounds a write. The housekeeper enforces the
 * timeout of single writes, which rarely block. Uploads never block in a write: bytes
 * that the peer does not accept at once are kept until {@link #awaitRoom} has sent them.
 * Uploads thus waits outside TLS, where it can also read.
 */
public final class SocketOutput extends OutputStream {

	/**
	 * Maximum size of an array whose wrapper is kept: HttpCore writes from the same array
	 * each time.
	 */
	private static final int MAX_REMEMBERED = 8 * 1024;

	/**
	 * Maximum size of one write. The JDK copies it through direct memory that is cached
	 * per thread.
	 */
	public static final int LARGEST_WRITE = 64 * 1024;

	/**
	 * Smaller, because a socket without a channel shows no progress before a write ends.
	 */
	private static final int LARGEST_WRITE_WITHOUT_CHANNEL = 8 * 1024;

	private static final long NOT_WRITING = 0;

	private static final AtomicLongFieldUpdater<SocketOutput> DUE = AtomicLongFieldUpdater
		.newUpdater(SocketOutput.class, "due");

	private final Socket socket;

	private final @Nullable SocketChannel channel;

	private final OutputStream blocking;

	private final int takesAtOnce;

	private final Housekeeper housekeeper;

	/**
	 * Wraps the array of the previous write, which is usually the same.
	 */
	private ByteBuffer source = ByteBuffer.allocate(0);

	/** When the write began. Published by {@link #due}. */
	private long began;

	/**
	 * {@link System#nanoTime()} by which the peer must have accepted at least one byte.
	 */
	private volatile long due = NOT_WRITING;

	/**
	 * The deadline that was already found to have passed. Accessed only by the
	 * housekeeper.
	 */
	private long overdue = NOT_WRITING;

	/**
	 * Bytes of an upload that are still to be sent, or {@code null} without an upload.
	 */
	private @Nullable ByteBuffer kept;

	private volatile @Nullable Selector selector;

	private long accepted;

	/**
	 * Create a stream.
	 * @param socket a socket that is connected before the first write
	 */
	SocketOutput(Socket socket, Housekeeper housekeeper) throws IOException {
		this.socket = socket;
		this.channel = socket.getChannel();
		this.blocking = (this.channel == null) ? socket.getOutputStream() : nullOutputStream();
		this.takesAtOnce = socket.getSendBufferSize() / 2;
		this.housekeeper = housekeeper;
	}

	/**
	 * Return how many bytes the operating system accepts at first without waiting for the
	 * peer. Writes up to this size need no timeout.
	 */
	public int takesAtOnce() {
		return this.takesAtOnce;
	}

	/**
	 * Return how many bytes were accepted by the peer or by the local send buffer.
	 */
	public long accepted() {
		return this.accepted;
	}

	@Override
	public void write(int next) throws IOException {
		write(new byte[] { (byte) next }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		try {
			send(bytes, offset, length);
		}
		catch (IOException ex) {
			throw SocketFailure.of(ex);
		}
	}

	private void send(byte[] bytes, int offset, int length) throws IOException {
		ByteBuffer kept = this.kept;
		if (kept != null) {
			upload(kept, source(bytes, offset, length));
			return;
		}
		SocketChannel channel = this.channel;
		int largest = (channel != null) ? LARGEST_WRITE : LARGEST_WRITE_WITHOUT_CHANNEL;
		for (int written = 0; written < length; written += largest) {
			int count = Math.min(length - written, largest);
			if (channel != null) {
				ByteBuffer source = source(bytes, offset + written, count);
				while (source.hasRemaining()) {
					writeInTime(channel, source);
				}
			}
			else {
				writeInTime(bytes, offset + written, count);
			}
		}
	}

	private ByteBuffer source(byte[] bytes, int offset, int length) {
		ByteBuffer source = this.source;
		if (source.array() != bytes) {
			source = ByteBuffer.wrap(bytes);
			if (bytes.length <= MAX_REMEMBERED) {
				this.source = source;
			}
		}
		return source.limit(offset + length).position(offset);
	}

	private void writeInTime(SocketChannel channel, ByteBuffer source) throws IOException {
		long due = begin();
		try {
			this.accepted += channel.write(source);
		}
		catch (IOException ex) {
			throw isInTime(due) ? ex : timedOut();
		}
		catch (Throwable ex) {
			isInTime(due);
			throw ex;
		}
		if (!isInTime(due)) {
			throw timedOut();
		}
	}

	private void writeInTime(byte[] bytes, int offset, int length) throws IOException {
		long due = begin();
		try {
			this.blocking.write(bytes, offset, length);
			this.accepted += length;
		}
		catch (IOException ex) {
			throw isInTime(due) ? ex : timedOut();
		}
		catch (Throwable ex) {
			isInTime(due);
			throw ex;
		}
		if (!isInTime(due)) {
			throw timedOut();
		}
	}

	private long begin() throws IOException {
		int timeout = this.socket.getSoTimeout();
		if (timeout == 0) {
			return NOT_WRITING;
		}
		this.began = System.nanoTime();
		long deadline = this.began + TimeUnit.MILLISECONDS.toNanos(timeout);
		long due = (deadline != NOT_WRITING) ? deadline : 1;
		this.due = due;
		this.housekeeper.wakeAt(due);
		return due;
	}

	private boolean isInTime(long due) {
		return due == NOT_WRITING || DUE.compareAndSet(this, due, NOT_WRITING);
	}

	private WriteTimeoutException timedOut() {
		return new WriteTimeoutException(this.accepted);
	}

	/**
	 * Claim a write that is overdue.
	 * @return nanoseconds until the next check, {@link Long#MAX_VALUE} if no write is in
	 * progress, or 0 if a write was claimed and the connection must be closed
	 */
	long claimOverdue(long now) {
		long due = this.due;
		if (due == NOT_WRITING) {
			return Long.MAX_VALUE;
		}
		long left = this.housekeeper.pauses().left(this.began, due, now);
		if (left > 0) {
			return left;
		}
		if (this.overdue != due) {
			this.overdue = due;
			return ProcessPauses.GRACE;
		}
		return DUE.compareAndSet(this, due, NOT_WRITING) ? 0 : Long.MAX_VALUE;
	}

	// An upload

	/**
	 * Begin an upload: writes no longer block.
	 * @return {@code false} if the socket does not support this, and writes block as
	 * before
	 */
	public boolean beginUpload() throws IOException {
		if (this.channel == null) {
			return false;
		}
		this.channel.configureBlocking(false);
		this.kept = ByteBuffer.allocate(0);
		return true;
	}

	/**
	 * Restore blocking mode, so that the socket can be read as usual.
	 */
	public void pauseUpload() throws IOException {
		if (this.channel != null) {
			this.channel.configureBlocking(true);
		}
	}

	public void resumeUpload() throws IOException {
		if (this.channel != null) {
			this.channel.configureBlocking(false);
		}
	}

	/**
	 * End the upload: writes block again. If the upload ended early, unsent bytes are
	 * dropped.
	 */
	public void endUpload() {
		this.kept = null;
		Selector selector = this.selector;
		this.selector = null;
		try {
			if (selector != null) {
				selector.close();
			}
			pauseUpload();
		}
		catch (IOException ex) {
			// The socket is closed; its next use reports this.
		}
	}

	public boolean mustWait() {
		return this.kept != null && this.kept.hasRemaining();
	}

	private void upload(ByteBuffer kept, ByteBuffer source) throws IOException {
		SocketChannel channel = Objects.requireNonNull(this.channel);
		requireNotInterrupted(channel);
		// While the upload is paused, a write would block.
		if (!kept.hasRemaining() && !channel.isBlocking()) {
			this.accepted += channel.write(source);
		}
		if (source.hasRemaining()) {
			keep(kept, source);
		}
	}

	private void keep(ByteBuffer kept, ByteBuffer more) {
		int count = kept.remaining() + more.remaining();
		ByteBuffer room = kept;
		if (count > kept.capacity()) {
			room = ByteBuffer.allocate(Math.max(count, LARGEST_WRITE));
			room.put(kept);
		}
		else {
			room.compact();
		}
		this.kept = room.put(more).flip();
	}

	/**
	 * Wait until the peer accepts more bytes, or until input is available.
	 * @param orInput whether to return for input as well
	 * @return whether input or the end of the stream is available
	 * @throws WriteTimeoutException if the peer accepts no byte for the duration of the
	 * socket's timeout
	 */
	public boolean awaitRoom(boolean orInput) throws IOException {
		try {
			return awaitRoomOr(orInput);
		}
		catch (IOException ex) {
			throw SocketFailure.of(ex);
		}
	}

	private boolean awaitRoomOr(boolean orInput) throws IOException {
		SocketChannel channel = Objects.requireNonNull(this.channel);
		Selector selector = selector();
		int timeout = this.socket.getSoTimeout();
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeout);
		SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE | (orInput ? SelectionKey.OP_READ : 0));
		try {
			while (true) {
				selector.select(untilMillis(timeout, deadline));
				requireNotInterrupted(channel);
				if (!channel.isOpen()) {
					throw new AsynchronousCloseException();
				}
				// Try again even after the deadline, because this thread may have been
				// paused.
				if (sendKept(channel) > 0) {
					return false;
				}
				if (key.isValid() && key.isReadable()) {
					return true;
				}
				if (timeout != 0 && deadline - System.nanoTime() <= 0) {
					throw timedOut();
				}
			}
		}
		finally {
			// While registered, the channel would stay open when another thread closes
			// it.
			key.cancel();
			selector.selectNow();
		}
	}

	private long untilMillis(int timeout, long deadline) {
		return (timeout == 0) ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime() + 999_999));
	}

	private int sendKept(SocketChannel channel) throws IOException {
		int sent = channel.write(Objects.requireNonNull(this.kept));
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

	/**
	 * Throw the exception of a blocking channel.
	 */
	private static void requireNotInterrupted(SocketChannel channel) throws IOException {
		if (Thread.currentThread().isInterrupted()) {
			channel.close();
			throw new ClosedByInterruptException();
		}
	}

	/**
	 * Called when the socket was closed, possibly while another thread waits here.
	 */
	void closed() {
		Selector selector = this.selector;
		if (selector != null) {
			selector.wakeup();
		}
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}

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
 * Writes to a socket, below TLS, and fails when the peer accepts no byte for as long as
 * the socket's timeout: nothing else bounds a write. The housekeeper keeps the time of
 * single writes, which wait for the peer only in rare cases. An upload never waits in a
 * write: what the peer does not accept at once is kept until {@link #awaitRoom} has sent
 * it. So an upload waits outside of TLS, where it can also read.
 */
public final class SocketOutput extends OutputStream {

	/**
	 * Maximum size of an array that is kept in mind: HttpCore writes from the same one
	 * each time.
	 */
	private static final int MAX_REMEMBERED = 8 * 1024;

	/** The JDK copies as much through memory outside the heap that each thread keeps. */
	public static final int LARGEST_WRITE = 64 * 1024;

	/** A socket without a channel shows no progress before a write ends. */
	private static final int LARGEST_WRITE_WITHOUT_CHANNEL = 8 * 1024;

	private static final long NOT_WRITING = 0;

	private static final AtomicLongFieldUpdater<SocketOutput> DUE = AtomicLongFieldUpdater
		.newUpdater(SocketOutput.class, "due");

	private final Socket socket;

	private final @Nullable SocketChannel channel;

	private final OutputStream blocking;

	private final int takesAtOnce;

	private final Housekeeper housekeeper;

	/** Of the array that was written from last, which mostly is the same. */
	private ByteBuffer source = ByteBuffer.allocate(0);

	/** When the write began. Published by {@link #due}. */
	private long began;

	/** When something must have been accepted, in {@link System#nanoTime()}. */
	private volatile long due = NOT_WRITING;

	/** The time that was found to be over once. Known to the housekeeper alone. */
	private long overdue = NOT_WRITING;

	/** What is yet to be sent, ready to be written; {@code null} without an upload. */
	private @Nullable ByteBuffer kept;

	private volatile @Nullable Selector selector;

	private long accepted;

	/**
	 * Create a stream.
	 * @param socket a connected socket, or one that will be before it is written to
	 */
	SocketOutput(Socket socket, Housekeeper housekeeper) throws IOException {
		this.socket = socket;
		this.channel = socket.getChannel();
		this.blocking = (this.channel == null) ? socket.getOutputStream() : nullOutputStream();
		this.takesAtOnce = socket.getSendBufferSize() / 2;
		this.housekeeper = housekeeper;
	}

	/**
	 * Return how many bytes the system takes without waiting for the peer, as far as it
	 * has taken none before: what is no longer need not be watched.
	 */
	public int takesAtOnce() {
		return this.takesAtOnce;
	}

	/**
	 * Return how many bytes the peer's side has accepted, or this side for it.
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
	 * @return in how many nanoseconds to ask again, {@link Long#MAX_VALUE} if nobody
	 * writes, or 0 if a write was claimed and the connection is to be closed
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
	 * Let writes no longer wait for the peer.
	 * @return {@code false} if that cannot be, and they wait as before
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
	 * Let the socket be read from as before, for a while or for good.
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
	 * Let writes wait for the peer again. What is yet to be sent, after an upload that
	 * ended before its time, is dropped.
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
			// The socket is closed, which shows with its next use.
		}
	}

	public boolean mustWait() {
		return this.kept != null && this.kept.hasRemaining();
	}

	private void upload(ByteBuffer kept, ByteBuffer source) throws IOException {
		SocketChannel channel = Objects.requireNonNull(this.channel);
		requireNotInterrupted(channel);
		// While the upload pauses, a write would wait.
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
	 * Wait until the peer accepts more, or until something can be read.
	 * @param orInput whether to return for input as well
	 * @return whether there is input, or the end of it
	 * @throws WriteTimeoutException if the peer accepts nothing for as long as the
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
				// Also where the time is over: this thread may have been stopped for it.
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
			// Registered, the channel would not be gone when another thread closes it.
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
	 * As a channel has it in which a write may wait.
	 */
	private static void requireNotInterrupted(SocketChannel channel) throws IOException {
		if (Thread.currentThread().isInterrupted()) {
			channel.close();
			throw new ClosedByInterruptException();
		}
	}

	/**
	 * The socket was closed by another thread than the one that may wait here.
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

package io.github.httppool.hc5.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/**
 * Reads from the channel of a socket with one system call a read. Java's own stream makes
 * up to seven of them where there is a timeout, to switch the channel to and fro between
 * two modes; here the housekeeper keeps the time, and ends a read that is overdue by
 * closing the connection.
 */
public final class ChannelInput extends InputStream {

	/**
	 * Shorter timeouts are left to Java's stream: they are exact, and what waits for so
	 * short a time may go on afterwards, as with {@code Expect: 100-continue}.
	 */
	static final int SHORTEST_MILLIS = 1000;

	/** What waited was for TLS itself. */
	static final int NOTHING = -2;

	/** As the buffer of a connection; what callers read into is not kept alive. */
	private static final int LARGEST_KEPT = 8192;

	/** Time for a reader to take what is there, before it is looked at again. */
	private static final long LATE_READER = TimeUnit.MILLISECONDS.toNanos(20);

	private static final long NOT_READING = 0;

	private static final AtomicLongFieldUpdater<ChannelInput> DUE = AtomicLongFieldUpdater
		.newUpdater(ChannelInput.class, "due");

	private final Socket socket;

	private final SocketChannel channel;

	private final InputStream timed;

	private final Housekeeper housekeeper;

	/** Of the array that was read into last, which mostly is the same. */
	private ByteBuffer target = ByteBuffer.allocate(0);

	/** When the read began. Published by {@link #due}. */
	private long began;

	/** When something must have come, in {@link System#nanoTime()}. */
	private volatile long due = NOT_READING;

	/** Whether a read waits of which the housekeeper does not keep the time. */
	private volatile boolean reading;

	/** Whether what runs into its timeout may be read again. */
	private boolean mayGoOn;

	private @Nullable IOException failure;

	/** Where records end while TLS takes in what waits, without waiting for more. */
	private @Nullable TlsRecords waiting;

	/** The first byte of what waits, if it was read already, or -1. */
	private int first = -1;

	/**
	 * Create a stream.
	 * @param socket a socket that has a channel
	 */
	ChannelInput(Socket socket, Housekeeper housekeeper) throws IOException {
		this.socket = socket;
		this.channel = Objects.requireNonNull(socket.getChannel());
		this.timed = socket.getInputStream();
		this.housekeeper = housekeeper;
	}

	/**
	 * Return whether a read that ran into its timeout may be followed by others.
	 */
	public void mayGoOnAfterTimeout(boolean mayGoOn) {
		this.mayGoOn = mayGoOn;
	}

	/**
	 * Let TLS take in what waits on an idle connection, without waiting for more.
	 * @param tls reads from this through TLS
	 * @param first the first byte of what waits, or -1 if none was read
	 * @return what TLS has for its reader: a byte, -1 at the end, or {@link #NOTHING}
	 * @throws SSLException if that is no TLS, too much, or not the whole of a record
	 */
	int takeIn(InputStream tls, int first) throws IOException {
		TlsRecords records = new TlsRecords();
		this.first = first;
		this.waiting = records;
		try {
			return tls.read();
		}
		catch (SocketTimeoutException ex) {
			if (records.isWithinOne()) {
				throw new SSLException("A part of a record waits on an idle connection", ex);
			}
			return NOTHING;
		}
		finally {
			this.waiting = null;
			this.first = -1;
		}
	}

	private int readWaiting(TlsRecords records, byte[] bytes, int offset, int length) throws IOException {
		int read;
		if (this.first >= 0) {
			bytes[offset] = (byte) this.first;
			this.first = -1;
			read = 1;
		}
		else {
			this.channel.configureBlocking(false);
			try {
				read = this.channel.read(ByteBuffer.wrap(bytes, offset, length));
			}
			finally {
				this.channel.configureBlocking(true);
			}
		}
		if (read == 0) {
			throw new SocketTimeoutException("Nothing waits");
		}
		if (read > 0) {
			records.read(bytes, offset, read);
		}
		return read;
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) > 0) ? one[0] & 0xff : -1;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		try {
			TlsRecords waiting = this.waiting;
			return (waiting != null) ? readWaiting(waiting, bytes, offset, length)
					: read(bytes, offset, length, this.socket.getSoTimeout());
		}
		catch (IOException ex) {
			IOException failure = SocketFailure.of(ex);
			if (!(failure instanceof SocketTimeoutException)) {
				this.failure = failure;
			}
			throw failure;
		}
	}

	/**
	 * Return the exception that ended reading, or {@code null}. HttpCore restores the
	 * socket's timeout after each read with a timeout of its own. On a socket that is
	 * closed, that throws and hides the exception of the read.
	 */
	public @Nullable IOException failure() {
		return this.failure;
	}

	private int read(byte[] bytes, int offset, int length, int timeout) throws IOException {
		if (timeout == 0) {
			this.reading = true;
			try {
				return this.channel.read(target(bytes, offset, length));
			}
			finally {
				this.reading = false;
			}
		}
		// An appender of the log may call somebody in the housekeeper's own thread.
		if (timeout < SHORTEST_MILLIS || this.mayGoOn || Thread.currentThread() instanceof Housekeeper.Worker) {
			return readTimed(bytes, offset, length);
		}
		return read(target(bytes, offset, length), System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(timeout));
	}

	private int readTimed(byte[] bytes, int offset, int length) throws IOException {
		this.reading = true;
		try {
			return this.timed.read(bytes, offset, length);
		}
		finally {
			this.reading = false;
		}
	}

	private int read(ByteBuffer into, long began, long limit) throws IOException {
		long deadline = began + limit;
		this.began = began;
		long due = (deadline != NOT_READING) ? deadline : 1;
		this.due = due;
		// After it is written: the housekeeper sees it, or is asked to.
		this.housekeeper.wakeAt(due);
		int read;
		try {
			read = this.channel.read(into);
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
		return read;
	}

	private boolean isInTime(long due) {
		return DUE.compareAndSet(this, due, NOT_READING);
	}

	private static SocketTimeoutException timedOut() {
		return new SocketTimeoutException("Read timed out");
	}

	private ByteBuffer target(byte[] bytes, int offset, int length) {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		ByteBuffer target = this.target;
		if (target.array() != bytes) {
			target = ByteBuffer.wrap(bytes);
			if (bytes.length <= LARGEST_KEPT) {
				this.target = target;
			}
		}
		return target.limit(offset + length).position(offset);
	}

	/**
	 * Claim a read that is overdue: whoever reads gets a timeout, whatever comes now.
	 * Bytes that wait to be read are in time, however late their reader is.
	 * @return in how many nanoseconds to ask again, {@link Long#MAX_VALUE} if nobody
	 * reads, or 0 if a read was claimed and the connection is to be closed
	 */
	long claimOverdue(long now) {
		long due = this.due;
		if (due == NOT_READING) {
			return Long.MAX_VALUE;
		}
		long left = this.housekeeper.pauses().left(this.began, due, now);
		if (left > 0) {
			return left;
		}
		if (isInputWaiting()) {
			return LATE_READER;
		}
		return DUE.compareAndSet(this, due, NOT_READING) ? 0 : Long.MAX_VALUE;
	}

	/**
	 * Returns whether a read waits, and nothing has arrived.
	 */
	boolean isSilent() {
		return (this.due != NOT_READING || this.reading) && !isInputWaiting();
	}

	/**
	 * Returns whether unread bytes have arrived.
	 */
	boolean isInputWaiting() {
		try {
			return this.timed.available() > 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public int available() throws IOException {
		return this.timed.available();
	}

	@Override
	public void close() throws IOException {
		this.timed.close();
	}

}

package io.github.httppool.hc5.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/**
 * Reads from the channel of a socket with one system call per read. With a timeout,
 * Java's own stream makes up to seven, because it switches the channel to non-blocking
 * mode and back. Here the housekeeper enforces the timeout: it ends an overdue read by
 * closing the connection.
 */
public final class ChannelInput extends InputStream {

	/**
	 * Java's stream handles shorter timeouts: it is exact, and the connection remains
	 * usable after such a timeout, as {@code Expect: 100-continue} requires.
	 */
	static final int MIN_TIMEOUT_MILLIS = 1000;

	/**
	 * The waiting bytes were TLS protocol messages, not application data.
	 */
	static final int NO_DATA = -2;

	/**
	 * Time for a reader to consume bytes that have arrived, before the next check.
	 */
	private static final long READER_GRACE = TimeUnit.MILLISECONDS.toNanos(20);

	private final Socket socket;

	private final SocketChannel channel;

	private final InputStream socketInput;

	private final IoDeadline deadline;

	private final LastBuffer buffer = new LastBuffer();

	/**
	 * Whether a read is in progress whose timeout the housekeeper does not enforce.
	 */
	private volatile boolean reading;

	/**
	 * Whether the connection may be read again after a read timeout.
	 */
	private boolean keepOpen;

	private @Nullable IOException failure;

	/**
	 * Tracks record boundaries while TLS processes waiting bytes, otherwise {@code null}.
	 */
	private @Nullable TlsRecords waitingRecords;

	/**
	 * The first waiting byte if it was already read, otherwise -1.
	 */
	private int firstWaiting = -1;

	/**
	 * Creates a stream.
	 * @param socket a socket that has a channel
	 */
	ChannelInput(Socket socket, Housekeeper housekeeper) throws IOException {
		this.socket = socket;
		this.channel = Objects.requireNonNull(socket.getChannel());
		this.socketInput = socket.getInputStream();
		this.deadline = new IoDeadline(housekeeper);
	}

	/**
	 * Sets whether further reads are allowed after a read timeout.
	 */
	public void keepOpenAfterTimeout(boolean keepOpen) {
		this.keepOpen = keepOpen;
	}

	/**
	 * Lets TLS process the bytes that wait on an idle connection, without blocking.
	 * @param tls the TLS stream that reads from this stream
	 * @param first the first waiting byte, or -1 if none was read
	 * @return a byte of application data, -1 at the end of the stream, or
	 * {@link #NO_DATA}
	 * @throws SSLException if the bytes are not TLS, exceed the limit, or end within a
	 * record
	 */
	int processWaiting(InputStream tls, int first) throws IOException {
		TlsRecords records = new TlsRecords();
		this.firstWaiting = first;
		this.waitingRecords = records;
		try {
			return tls.read();
		}
		catch (SocketTimeoutException ex) {
			if (records.isIncomplete()) {
				throw new SSLException("A part of a record waits on an idle connection", ex);
			}
			return NO_DATA;
		}
		finally {
			this.waitingRecords = null;
			this.firstWaiting = -1;
		}
	}

	private int readWaiting(TlsRecords records, byte[] bytes, int offset, int length) throws IOException {
		int read;
		if (this.firstWaiting >= 0) {
			bytes[offset] = (byte) this.firstWaiting;
			this.firstWaiting = -1;
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
			TlsRecords waiting = this.waitingRecords;
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
	 * Returns the exception that ended reading, or {@code null}. HttpCore restores the
	 * socket's timeout after each read with a timeout of its own. On a closed socket this
	 * throws, which would hide the exception of the read.
	 */
	public @Nullable IOException failure() {
		return this.failure;
	}

	private int read(byte[] bytes, int offset, int length, int timeout) throws IOException {
		if (timeout == 0) {
			this.reading = true;
			try {
				return this.channel.read(this.buffer.wrap(bytes, offset, length));
			}
			finally {
				this.reading = false;
			}
		}
		// A log appender may make a call on the housekeeper's own thread, which cannot
		// enforce its own timeout.
		if (timeout < MIN_TIMEOUT_MILLIS || this.keepOpen || Thread.currentThread() instanceof Housekeeper.Worker) {
			return readWithSocketTimeout(bytes, offset, length);
		}
		return readInTime(this.buffer.wrap(bytes, offset, length), timeout);
	}

	private int readWithSocketTimeout(byte[] bytes, int offset, int length) throws IOException {
		this.reading = true;
		try {
			return this.socketInput.read(bytes, offset, length);
		}
		finally {
			this.reading = false;
		}
	}

	private int readInTime(ByteBuffer target, int timeout) throws IOException {
		long due = this.deadline.begin(timeout);
		int read;
		try {
			read = this.channel.read(target);
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
		return read;
	}

	private static SocketTimeoutException timedOut() {
		return new SocketTimeoutException("Read timed out");
	}

	/**
	 * Claims an overdue read: its reader gets a timeout even if bytes arrive from now on.
	 * Bytes that have already arrived are in time, however late the reader is.
	 * @return nanoseconds until the next check, {@link Long#MAX_VALUE} if no read is in
	 * progress, or 0 if a read was claimed and the connection must be closed
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
		if (isInputWaiting()) {
			return READER_GRACE;
		}
		return this.deadline.expire(due) ? 0 : Long.MAX_VALUE;
	}

	/**
	 * Returns whether a read is in progress and nothing has arrived.
	 */
	boolean isSilent() {
		return (this.deadline.due() != IoDeadline.NONE || this.reading) && !isInputWaiting();
	}

	/**
	 * Returns whether unread bytes have arrived.
	 */
	boolean isInputWaiting() {
		try {
			return this.socketInput.available() > 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public int available() throws IOException {
		return this.socketInput.available();
	}

	@Override
	public void close() throws IOException {
		this.socketInput.close();
	}

}

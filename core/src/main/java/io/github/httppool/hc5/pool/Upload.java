package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

import io.github.httppool.hc5.http1.EarlyResponseException;
import io.github.httppool.hc5.net.SocketOutput;

/**
 * Writes the framed body of one request to the connection. A body that is long, or long
 * under way, looks now and then whether the server has answered, and waits for the peer
 * in a way in which it sees that, too.
 */
final class Upload extends OutputStream {

	private static final long LOOK_INTERVAL = TimeUnit.MILLISECONDS.toNanos(10);

	private final OutgoingRequest request;

	private final OutputStream out;

	private final SocketOutput socket;

	private boolean begun;

	private boolean withoutWaiting;

	/** Whether the server has ended what it sends. */
	private boolean inputEnded;

	private long sent;

	private long looked;

	/**
	 * Create an upload.
	 * @param out the stream of the connection, with TLS where there is TLS
	 * @param socket what is below
	 */
	Upload(OutgoingRequest request, OutputStream out, SocketOutput socket) {
		this.request = request;
		this.out = out;
		this.socket = socket;
	}

	@Override
	public void write(int next) throws IOException {
		write(new byte[] { (byte) next }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		try {
			for (int written = 0; written < length; written += SocketOutput.LARGEST_WRITE) {
				int count = Math.min(length - written, SocketOutput.LARGEST_WRITE);
				beforeWrite(count);
				this.out.write(bytes, offset + written, count);
				this.sent += count;
				awaitRoom();
			}
		}
		catch (EarlyResponseException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw this.request.broken(ex);
		}
	}

	private void beforeWrite(int count) throws IOException {
		if (this.sent + count > this.socket.takesAtOnce()) {
			if (!this.begun) {
				this.begun = true;
				this.withoutWaiting = this.socket.beginUpload();
			}
			look();
		}
		else if (this.sent > 0) {
			long now = System.nanoTime();
			if (this.looked == 0) {
				this.looked = now;
			}
			else if (now - this.looked > LOOK_INTERVAL) {
				this.looked = now;
				look();
			}
		}
	}

	/**
	 * Read what may be the answer. One system call where there is nothing.
	 * @return whether there was anything
	 */
	private boolean look() throws IOException {
		if (this.request.isAnswered() || !this.request.isInputWaiting()) {
			return false;
		}
		if (this.withoutWaiting) {
			this.socket.pauseUpload();
		}
		this.request.receiveEarly();
		this.request.requireWanted();
		if (this.withoutWaiting) {
			this.socket.resumeUpload();
		}
		return true;
	}

	private void awaitRoom() throws IOException {
		while (this.withoutWaiting && this.socket.mustWait()) {
			boolean watchInput = !this.inputEnded && !this.request.isAnswered();
			if (this.socket.awaitRoom(watchInput) && !look()) {
				this.inputEnded = true;
			}
		}
	}

	@Override
	public void flush() throws IOException {
		try {
			this.out.flush();
			awaitRoom();
		}
		catch (EarlyResponseException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw this.request.broken(ex);
		}
	}

	/**
	 * Let the socket be used as before, after the body or a failure.
	 */
	void end() {
		if (this.withoutWaiting) {
			this.withoutWaiting = false;
			this.socket.endUpload();
		}
	}

}

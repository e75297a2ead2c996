package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/**
 * Writes the framed body of one request to the connection. If the body is long, or takes
 * long to produce, this stream checks from time to time whether the server has responded.
 * It also notices a response while it waits for the peer to accept more.
 */
final class Upload extends OutputStream {

	private static final long CHECK_INTERVAL = TimeUnit.MILLISECONDS.toNanos(10);

	/**
	 * How the body is written to the socket. <pre>
	 *         +-- long body -----------------&gt; NON_BLOCKING -- end --&gt; ENDED
	 * SHORT --+
	 *         +-- long body, no channel -----&gt; BLOCKING
	 * </pre>
	 */
	private enum Mode {

		SHORT, NON_BLOCKING, BLOCKING, ENDED

	}

	private final OutgoingRequest request;

	private final OutputStream out;

	private final UploadSocket socket;

	private Mode mode = Mode.SHORT;

	/** Whether the server has closed its side of the connection. */
	private boolean inputEnded;

	private long sent;

	/** The time of the last check, or 0 before the first one. */
	private long lastCheck;

	/**
	 * Creates a stream.
	 * @param out the stream of the connection, including TLS
	 * @param socket the socket below it
	 */
	Upload(OutgoingRequest request, OutputStream out, UploadSocket socket) {
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
			for (int written = 0; written < length; written += UploadSocket.MAX_WRITE) {
				int count = Math.min(length - written, UploadSocket.MAX_WRITE);
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
			throw failed(ex);
		}
	}

	private void beforeWrite(int count) throws IOException {
		if (this.sent + count > this.socket.immediateCapacity()) {
			if (this.mode == Mode.SHORT) {
				this.mode = this.socket.beginUpload() ? Mode.NON_BLOCKING : Mode.BLOCKING;
			}
			checkInput();
		}
		else if (this.sent > 0) {
			long now = System.nanoTime();
			if (this.lastCheck == 0) {
				this.lastCheck = now;
			}
			else if (now - this.lastCheck > CHECK_INTERVAL) {
				this.lastCheck = now;
				checkInput();
			}
		}
	}

	/**
	 * Reads what may be a response. Costs one system call if there is no input.
	 * @return whether there was any input
	 */
	private boolean checkInput() throws IOException {
		if (this.request.isAnswered() || !this.request.isInputWaiting()) {
			return false;
		}
		if (this.mode == Mode.NON_BLOCKING) {
			this.socket.pauseUpload();
		}
		this.request.readEarlyResponse();
		this.request.stopIfUnwanted();
		if (this.mode == Mode.NON_BLOCKING) {
			this.socket.resumeUpload();
		}
		return true;
	}

	private void awaitRoom() throws IOException {
		while (this.mode == Mode.NON_BLOCKING && this.socket.hasPendingBytes()) {
			boolean watchInput = !this.inputEnded && !this.request.isAnswered();
			if (this.socket.awaitRoom(watchInput) && !checkInput()) {
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
			throw failed(ex);
		}
	}

	private IOException failed(IOException ex) {
		// The response is read in blocking mode.
		end();
		return this.request.writeFailed(ex);
	}

	/**
	 * Restores the socket after the body, or after a failure.
	 */
	void end() {
		if (this.mode == Mode.NON_BLOCKING) {
			this.mode = Mode.ENDED;
			this.socket.endUpload();
		}
	}

}

package io.github.httppool.sample.lab;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * One connection of a {@link LabUpstream}.
 */
final class LabConnection {

	/** A client that asks for this path gets a body without an end. */
	static final String ENDLESS = "/endless";

	private static final long DRIP_MILLIS = 20;

	private static final int MAX_LINE = 8192;

	private final Socket socket;

	private final Answers answers;

	private final AtomicInteger serving;

	private final InputStream in;

	private final OutputStream out;

	LabConnection(Socket socket, Answers answers, AtomicInteger serving) throws IOException {
		this.socket = socket;
		this.answers = answers;
		this.serving = serving;
		// Without it, a response could wait 40 ms for the client's delayed ACK.
		socket.setTcpNoDelay(true);
		this.in = new BufferedInputStream(socket.getInputStream());
		this.out = socket.getOutputStream();
	}

	/**
	 * Answer requests until the client closes the connection or leaves it idle for too
	 * long.
	 */
	void serve() throws IOException, InterruptedException {
		this.socket.setSoTimeout((int) this.answers.idleLimit().toMillis());
		try {
			for (String request = line(); request != null; request = line()) {
				skipRest();
				this.serving.incrementAndGet();
				try {
					Thread.sleep(this.answers.delay().toMillis());
					answer(request);
				}
				finally {
					this.serving.decrementAndGet();
				}
			}
		}
		catch (SocketTimeoutException ex) {
			// idle for too long
		}
	}

	private void answer(String request) throws IOException, InterruptedException {
		if (request.contains(" " + ENDLESS + " ")) {
			drip();
			return;
		}
		byte[] head = ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + this.answers.bytes()
				+ "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
		byte[] response = Arrays.copyOf(head, head.length + this.answers.bytes());
		Arrays.fill(response, head.length, response.length, (byte) 'x');
		this.out.write(response);
	}

	private void drip() throws IOException, InterruptedException {
		this.out.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
			.getBytes(StandardCharsets.US_ASCII));
		byte[] chunk = "1\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
		while (!this.socket.isClosed()) {
			this.out.write(chunk);
			Thread.sleep(DRIP_MILLIS);
		}
	}

	private void skipRest() throws IOException {
		int length = 0;
		for (String field = line(); field != null && !field.isEmpty(); field = line()) {
			if (field.regionMatches(true, 0, "Content-Length:", 0, 15)) {
				length = Integer.parseInt(field.substring(15).strip());
			}
		}
		this.in.skipNBytes(length);
	}

	private @Nullable String line() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = this.in.read(); next != '\n'; next = this.in.read()) {
			if (next == -1) {
				return null;
			}
			if (line.length() == MAX_LINE) {
				throw new IOException("Line longer than " + MAX_LINE + " bytes");
			}
			line.append((char) next);
		}
		return line.toString().stripTrailing();
	}

}

package io.github.httppool.sample;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

import org.jspecify.annotations.Nullable;

/**
 * One connection of the {@link Upstream}: answers GET requests, one after the other, for
 * as long as the client keeps it.
 */
final class UpstreamConnection {

	private static final int MAX_LINE = 8192;

	private final Socket socket;

	private final InputStream in;

	UpstreamConnection(Socket socket) throws IOException {
		this.socket = socket;
		// an answer held back for the client's delayed ACK would cost 40 ms
		socket.setTcpNoDelay(true);
		this.in = new BufferedInputStream(socket.getInputStream());
	}

	/**
	 * Answer requests until the client closes the connection.
	 * @throws IOException if the connection breaks
	 * @throws InterruptedException if the upstream is closed
	 */
	void serve() throws IOException, InterruptedException {
		String requestLine = line();
		while (requestLine != null) {
			skipHeaders();
			UpstreamAnswer answer = UpstreamAnswer.to(requestLine);
			Thread.sleep(answer.delay());
			this.socket.getOutputStream().write(answer.message());
			requestLine = answer.keepsConnection() ? line() : null;
		}
	}

	private void skipHeaders() throws IOException {
		String header = line();
		while (header != null && !header.isEmpty()) {
			header = line();
		}
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

package io.github.httppool.benchmarks.clients;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What is possible at most: a socket, a request that is always the same, and a response
 * whose head is only searched for its end. Understands bodies with a length of one digit
 * group and no other; nobody could use it for anything.
 */
final class RawSockets implements ComparedClient {

	private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

	private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();

	@Override
	public byte[] bytes(URI uri) throws IOException {
		Connection connection = this.idle.poll();
		if (connection == null) {
			connection = new Connection(uri);
		}
		byte[] body = connection.get(uri);
		this.idle.add(connection);
		return body;
	}

	@Override
	public String text(URI uri) throws IOException {
		return new String(bytes(uri), StandardCharsets.UTF_8);
	}

	@Override
	public long ignore(URI uri) {
		throw new UnsupportedOperationException("It reads all bodies");
	}

	@Override
	public void close() {
		for (Connection connection : this.idle) {
			connection.close();
		}
	}

	private static final class Connection {

		private final Socket socket;

		private final byte[] buffer = new byte[8192];

		private URI uri;

		private byte[] request;

		Connection(URI uri) throws IOException {
			this.socket = new Socket(uri.getHost(), uri.getPort());
			this.socket.setTcpNoDelay(true);
			this.uri = uri;
			this.request = request(uri);
		}

		private static byte[] request(URI uri) {
			return ("GET " + uri.getRawPath() + " HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII);
		}

		byte[] get(URI uri) throws IOException {
			if (uri != this.uri) {
				this.uri = uri;
				this.request = request(uri);
			}
			this.socket.getOutputStream().write(this.request);
			InputStream input = this.socket.getInputStream();
			int count = 0;
			int head = -1;
			while (head < 0) {
				count += read(input, count, this.buffer.length - count);
				head = endOfHead(count);
			}
			byte[] body = Arrays.copyOfRange(this.buffer, head, head + length(head));
			for (int have = count - head; have < body.length;) {
				int read = input.read(body, have, body.length - have);
				if (read < 0) {
					throw new EOFException();
				}
				have += read;
			}
			return body;
		}

		private int read(InputStream input, int at, int most) throws IOException {
			int read = input.read(this.buffer, at, most);
			if (read < 0) {
				throw new EOFException();
			}
			return read;
		}

		private int endOfHead(int count) {
			for (int i = 3; i < count; i++) {
				if (this.buffer[i] == '\n' && this.buffer[i - 2] == '\n') {
					return i + 1;
				}
			}
			return -1;
		}

		private int length(int head) {
			for (int i = 0; i + LENGTH.length < head; i++) {
				if (this.buffer[i] == '\n' && isLength(i + 1)) {
					int length = 0;
					for (int at = i + 1 + LENGTH.length; this.buffer[at] != '\r'; at++) {
						length = (this.buffer[at] == ' ') ? length : length * 10 + this.buffer[at] - '0';
					}
					return length;
				}
			}
			throw new IllegalStateException("No Content-Length");
		}

		private boolean isLength(int at) {
			for (int i = 0; i < LENGTH.length; i++) {
				if ((this.buffer[at + i] | 0x20) != (LENGTH[i] | 0x20)) {
					return false;
				}
			}
			return true;
		}

		void close() {
			try {
				this.socket.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}

package io.github.httppool.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * A server on a raw socket that reads requests by the letter of RFC 9112 and remembers
 * each one with how it ended. Bytes that are not a request, or a missing end of a body,
 * are recorded as a flaw. It answers a whole request with {@code 200} and the number of
 * bytes of its body.
 */
public final class StrictServer implements AutoCloseable {

	private static final int LONGEST_LINE = 64 * 1024;

	private final ServerSocket server;

	private final boolean tls;

	private final Script script;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private volatile int largestHead = Integer.MAX_VALUE;

	private final List<Message> messages = new CopyOnWriteArrayList<>();

	private final List<String> flaws = new CopyOnWriteArrayList<>();

	private StrictServer(boolean tls, Script script) {
		this.tls = tls;
		this.script = script;
		try {
			this.server = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	/**
	 * Start a server.
	 * @param tls whether it speaks TLS
	 * @param script what it does before it reads a body
	 */
	public static StrictServer start(boolean tls, Script script) {
		return new StrictServer(tls, script);
	}

	/**
	 * Start a server that reads all bodies.
	 */
	public static StrictServer start(boolean tls) {
		return start(tls, (peer) -> true);
	}

	/**
	 * Let the system take no more than some bytes that the script has not read.
	 */
	public StrictServer receiveBuffer(int bytes) throws SocketException {
		this.server.setReceiveBufferSize(bytes);
		return this;
	}

	/**
	 * Read no more of a head than some characters before the script runs.
	 */
	public StrictServer largestHead(int characters) {
		this.largestHead = characters;
		return this;
	}

	public URI uri(String path) {
		return URI.create((this.tls ? "https" : "http") + "://localhost:" + this.server.getLocalPort() + path);
	}

	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Return the requests so far, in the order in which they ended.
	 */
	public List<Message> messages() {
		return this.messages;
	}

	/**
	 * Return the bytes that belong to no request.
	 */
	public List<String> flaws() {
		return this.flaws;
	}

	private void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// The end of the server, or of the connection.
			}
		}, "strict-server");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() throws IOException {
		while (true) {
			Socket socket = this.server.accept();
			socket.setTcpNoDelay(true);
			this.sockets.add(socket);
			start(() -> serve(socket));
		}
	}

	private void serve(Socket base) throws IOException {
		try (base) {
			Socket socket = this.tls ? overTls(base) : base;
			InputStream in = new BufferedInputStream(socket.getInputStream());
			while (true) {
				String head = readHead(in);
				if (head == null || !serve(new Peer(base, socket, in, head))) {
					return;
				}
			}
		}
		finally {
			this.sockets.remove(base);
		}
	}

	private static Socket overTls(Socket base) throws IOException {
		SSLSocket socket = (SSLSocket) TestCertificates.localhost()
			.serverContext()
			.getSocketFactory()
			.createSocket(base, null, base.getPort(), true);
		socket.setUseClientMode(false);
		socket.startHandshake();
		return socket;
	}

	private String readHead(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		try {
			for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
				if (head.isEmpty() && !line.matches("[A-Z]+ /\\S* HTTP/1\\.1")) {
					this.flaws.add("No request: " + line);
					return null;
				}
				head.append(line).append('\n');
				if (head.length() > this.largestHead) {
					break;
				}
			}
			return head.toString();
		}
		catch (EOFException | SocketException | SSLException ex) {
			return null;
		}
	}

	private boolean serve(Peer peer) throws IOException {
		String end = "whole";
		try {
			if (!this.script.beforeBody(peer)) {
				end = "left";
				return false;
			}
			if (peer.head.toLowerCase().contains("\nexpect: 100-continue")) {
				peer.send("HTTP/1.1 100 Continue\r\n\r\n");
			}
			peer.readBody();
		}
		catch (EOFException ex) {
			end = "eof";
		}
		catch (SocketException | SSLException ex) {
			end = isTruncation(ex) ? "eof" : "reset";
		}
		catch (IllegalStateException ex) {
			this.flaws.add(ex.getMessage());
			end = "flaw";
		}
		finally {
			this.messages.add(new Message(peer.head, peer.body.toByteArray(), end));
		}
		if (end.equals("whole")) {
			String length = Integer.toString(peer.body.size());
			peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + length.length() + "\r\n\r\n" + length);
			return true;
		}
		return false;
	}

	/** The end of the stream without a close notification. */
	private static boolean isTruncation(IOException ex) {
		return ex instanceof SSLException && String.valueOf(ex.getMessage()).contains("closed connection");
	}

	private static String readLine(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		while (line.length() < LONGEST_LINE) {
			int next = in.read();
			if (next < 0) {
				throw new EOFException();
			}
			if (next == '\n') {
				if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
					throw new IllegalStateException("A line ends without CR: " + line);
				}
				return line.substring(0, line.length() - 1);
			}
			line.append((char) next);
		}
		throw new IllegalStateException("A line is too long");
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	/**
	 * A request.
	 *
	 * @param head its first line and its fields, each with a line feed
	 * @param body what came of its body
	 * @param end {@code whole}; {@code eof} or {@code reset} if the connection ended
	 * before it was; {@code left} if the script read no further
	 */
	public record Message(String head, byte[] body, String end) {

		public boolean isWhole() {
			return this.end.equals("whole");
		}

		public boolean isBroken() {
			return this.end.equals("eof") || this.end.equals("reset");
		}

		public String path() {
			return this.head.split(" ", 3)[1];
		}

		public String text() {
			return new String(this.body, StandardCharsets.ISO_8859_1);
		}

	}

	/**
	 * The other side of one request.
	 */
	public static final class Peer {

		private final Socket base;

		private final Socket socket;

		private final InputStream in;

		private final String head;

		private final ByteArrayOutputStream body = new ByteArrayOutputStream();

		Peer(Socket base, Socket socket, InputStream in, String head) {
			this.base = base;
			this.socket = socket;
			this.in = in;
			this.head = head;
		}

		public String head() {
			return this.head;
		}

		public String path() {
			return this.head.split(" ", 3)[1];
		}

		public void send(String text) throws IOException {
			this.socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
			this.socket.getOutputStream().flush();
		}

		/**
		 * Read some bytes of what follows, as they are on the wire.
		 */
		public void read(int bytes) throws IOException {
			this.in.readNBytes(bytes);
		}

		/**
		 * Send no more, and go on reading.
		 */
		public void halfClose() throws IOException {
			this.socket.shutdownOutput();
		}

		/**
		 * Close; what was not read makes the system reset the connection.
		 */
		public void close() throws IOException {
			this.socket.close();
		}

		public void reset() throws IOException {
			this.base.setSoLinger(true, 0);
			this.base.close();
		}

		/**
		 * Read whatever comes until the client closes.
		 */
		public void drain() throws IOException {
			this.in.transferTo(OutputStream.nullOutputStream());
		}

		private void readBody() throws IOException {
			String length = null;
			boolean chunked = false;
			for (String field : this.head.split("\n")) {
				String name = field.substring(0, Math.max(0, field.indexOf(':'))).toLowerCase();
				if (name.equals("content-length")) {
					require(length == null && field.matches("[^:]+: [0-9]+"), field);
					length = field.substring(field.indexOf(':') + 2);
				}
				else if (name.equals("transfer-encoding")) {
					require(!chunked && field.endsWith(": chunked"), field);
					chunked = true;
				}
			}
			require(length == null || !chunked, "Both a length and chunks");
			if (chunked) {
				readChunks();
			}
			else if (length != null) {
				readBytes(Long.parseLong(length));
			}
		}

		private void readChunks() throws IOException {
			while (true) {
				String size = readLine(this.in);
				require(size.matches("[0-9a-fA-F]+"), "No size of a chunk: " + size);
				long count = Long.parseLong(size, 16);
				if (count == 0) {
					for (String line = readLine(this.in); !line.isEmpty(); line = readLine(this.in)) {
						require(line.contains(": "), "No trailer: " + line);
					}
					return;
				}
				readBytes(count);
				require(readLine(this.in).isEmpty(), "No end of a chunk");
			}
		}

		private void readBytes(long count) throws IOException {
			byte[] bytes = new byte[8192];
			for (long left = count; left > 0;) {
				int read = this.in.read(bytes, 0, (int) Math.min(left, bytes.length));
				if (read < 0) {
					throw new EOFException();
				}
				this.body.write(bytes, 0, read);
				left -= read;
			}
		}

		private static void require(boolean condition, String flaw) {
			if (!condition) {
				throw new IllegalStateException(flaw);
			}
		}

	}

	/**
	 * What a server does after a head.
	 */
	@FunctionalInterface
	public interface Script {

		/**
		 * Do something before the body is read.
		 * @return whether to read it and to answer; otherwise the connection is closed
		 */
		boolean beforeBody(Peer peer) throws IOException;

	}

	public interface Task {

		void run() throws IOException;

	}

}

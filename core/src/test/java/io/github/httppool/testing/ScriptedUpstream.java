package io.github.httppool.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/**
 * An HTTP/1.1 server on a raw socket of this machine whose behaviour a script controls,
 * byte by byte. Uses one thread per connection; the connection is kept until the script,
 * the client or {@link #close()} ends it.
 *
 * <pre>
 * try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -&gt; exchange.ok("hello"))) {
 *     client.get(upstream.uri("/"));
 *     assertThat(upstream.accepted()).isEqualTo(1);
 * }
 * </pre>
 */
public final class ScriptedUpstream implements AutoCloseable {

	private final ServerSocket server;

	private final Script script;

	private final boolean tls;

	private final String[] protocols;

	private final List<Connection> connections = new CopyOnWriteArrayList<>();

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

	private volatile TestCertificates certificates;

	private volatile boolean clientCertificate;

	private volatile SSLContext contextForClients;

	private volatile Duration idleLimit = Duration.ZERO;

	private volatile boolean expectAnswered = true;

	private volatile boolean bodiesLeft;

	private volatile ConnectionScript connectionScript = (connection) -> {
	};

	private volatile ConnectionScript bodyScript = (connection) -> {
	};

	private volatile boolean forgetful;

	private volatile boolean closed;

	private ScriptedUpstream(String address, int port, Script script, boolean tls, String... protocols) {
		this.script = script;
		this.tls = tls;
		this.protocols = protocols;
		try {
			this.server = new ServerSocket(port, 1000, InetAddress.getByName(address));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::acceptAll, "accept");
	}

	/**
	 * Start an upstream without TLS.
	 * @param script what it does with each request
	 */
	public static ScriptedUpstream plain(Script script) {
		return plainAt("127.0.0.1", 0, script);
	}

	/**
	 * Start an upstream without TLS on another address of this machine.
	 * @param address such as {@code 127.0.0.2}
	 * @param port the port, 0 for any
	 * @param script what it does with each request
	 */
	public static ScriptedUpstream plainAt(String address, int port, Script script) {
		return new ScriptedUpstream(address, port, script, false);
	}

	/**
	 * Start an upstream with TLS and the certificate
	 * {@link TestCertificates#localhost()}.
	 * @param script what it does with each request
	 * @param protocols such as {@code TLSv1.2}; none: what the JDK chooses
	 */
	public static ScriptedUpstream tls(Script script, String... protocols) {
		return new ScriptedUpstream("127.0.0.1", 0, script, true, protocols);
	}

	/**
	 * Show another certificate than the default one.
	 */
	public ScriptedUpstream certificates(TestCertificates certificates) {
		this.certificates = certificates;
		return this;
	}

	/**
	 * Refuse clients that do not show the certificate that this upstream has itself.
	 */
	public ScriptedUpstream requireClientCertificate() {
		return requireClientCertificate(true);
	}

	/**
	 * Require a client certificate on new connections, or no longer do so.
	 */
	public ScriptedUpstream requireClientCertificate(boolean required) {
		this.clientCertificate = required;
		return this;
	}

	/**
	 * Refuse clients that show none of some certificates, from now on. Sessions are
	 * resumed where the client asks for it.
	 */
	public ScriptedUpstream requireClientCertificate(TestCertificates... trusted) {
		this.contextForClients = TestCertificates.localhost().serverContext(trusted);
		return requireClientCertificate();
	}

	/**
	 * Resume TLS sessions from now on, but none from before.
	 */
	public ScriptedUpstream resumeSessions() {
		this.contextForClients = TestCertificates.localhost().serverContext();
		return this;
	}

	/**
	 * Close a connection on which no request came for some time.
	 */
	public ScriptedUpstream closeWhenIdleFor(Duration idleLimit) {
		this.idleLimit = idleLimit;
		return this;
	}

	/**
	 * Do not answer {@code Expect: 100-continue}; the request's body is awaited anyway.
	 */
	public ScriptedUpstream ignoreExpect() {
		this.expectAnswered = false;
		return this;
	}

	/**
	 * Read no request's body, and answer no {@code Expect: 100-continue}: both are left
	 * to the script.
	 */
	public ScriptedUpstream leaveBodies() {
		this.bodiesLeft = true;
		return this;
	}

	/**
	 * Remember neither requests nor connections that are closed, for tests that run long.
	 */
	public ScriptedUpstream forgetful() {
		this.forgetful = true;
		return this;
	}

	/**
	 * Do something with each new connection before TLS and before the first request.
	 */
	public ScriptedUpstream onConnect(ConnectionScript script) {
		this.connectionScript = script;
		return this;
	}

	/**
	 * Do something after the head of a request that has a body, before that is read.
	 */
	public ScriptedUpstream beforeBody(ConnectionScript script) {
		this.bodyScript = script;
		return this;
	}

	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Return scheme, host and port, without a slash at the end.
	 */
	public String url() {
		return (this.tls ? "https" : "http") + "://" + this.server.getInetAddress().getHostAddress() + ":" + port();
	}

	public URI uri(String path) {
		return URI.create(url() + path);
	}

	/**
	 * Return how many connections were ever accepted.
	 */
	public int accepted() {
		return this.connections.size();
	}

	/**
	 * Return how many connections are open as this side sees it.
	 */
	public int open() {
		return (int) this.connections.stream().filter(Connection::isOpen).count();
	}

	/**
	 * Return all connections ever accepted, in this order.
	 */
	public List<Connection> connections() {
		return List.copyOf(this.connections);
	}

	/**
	 * Return the connection accepted last.
	 */
	public Connection lastConnection() {
		return this.connections.get(this.connections.size() - 1);
	}

	/**
	 * Return all requests read so far, in this order.
	 */
	public List<Request> requests() {
		return List.copyOf(this.requests);
	}

	/**
	 * End everything, also scripts that would never end, and wait for the threads.
	 */
	@Override
	public void close() {
		this.closed = true;
		try {
			this.server.close();
		}
		catch (IOException ex) {
			// It is gone either way.
		}
		this.connections.forEach(Connection::reset);
		this.threads.forEach(Thread::interrupt);
		for (Thread thread : this.threads) {
			try {
				thread.join(5000);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
		}
	}

	private void start(Runnable task, String name) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			finally {
				this.threads.remove(Thread.currentThread());
			}
		}, "upstream-" + port() + "-" + name);
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
	}

	private void acceptAll() {
		while (!this.closed) {
			try {
				Connection connection = new Connection(this.server.accept(), this.connections.size());
				this.connections.add(connection);
				start(connection::serve, "connection-" + connection.number());
			}
			catch (IOException ex) {
				// Closed, or a client that was gone at once.
			}
		}
		this.connections.forEach(Connection::reset);
	}

	/**
	 * What to do with a request. May end with an exception, which closes the connection.
	 */
	@FunctionalInterface
	public interface Script {

		void answer(Exchange exchange) throws Exception;

	}

	/**
	 * What to do with a new connection.
	 */
	@FunctionalInterface
	public interface ConnectionScript {

		void accepted(Connection connection) throws Exception;

	}

	/**
	 * A request as it was read.
	 *
	 * @param connection the number of its connection, from 0
	 * @param method such as {@code GET}
	 * @param path with the query; a whole URI where the upstream serves as proxy
	 * @param headers in any case of letters; several of one name are joined by a comma
	 * @param body empty if there is none
	 */
	public record Request(int connection, String method, String path, Map<String, String> headers, byte[] body) {

		public String header(String name) {
			return this.headers.get(name);
		}

		public String bodyText() {
			return new String(this.body, StandardCharsets.UTF_8);
		}

		@Override
		public String toString() {
			return "#" + this.connection + " " + this.method + " " + this.path;
		}

	}

	/**
	 * The server's end of a connection. Can be used by any thread at any time, also while
	 * the connection is idle.
	 */
	public final class Connection {

		private final CountDownLatch served = new CountDownLatch(1);

		private final Socket base;

		private final int number;

		private final Object outputLock = new Object();

		private volatile Socket socket;

		private volatile InputStream input;

		private volatile OutputStream output;

		private volatile boolean idle;

		private volatile boolean closedByClient;

		private volatile boolean ended;

		private volatile long closedAt;

		private volatile long bytesReceived;

		private volatile long bytesSent;

		private Connection(Socket socket, int number) throws IOException {
			this.base = socket;
			this.number = number;
			socket.setTcpNoDelay(true);
			use(socket);
		}

		private void use(Socket socket) throws IOException {
			this.socket = socket;
			this.input = new BufferedInputStream(new FilterInputStream(socket.getInputStream()) {

				@Override
				public int read(byte[] bytes, int offset, int length) throws IOException {
					int read = super.read(bytes, offset, length);
					Connection.this.bytesReceived += Math.max(read, 0);
					return read;
				}

			});
			this.output = new FilterOutputStream(socket.getOutputStream()) {

				@Override
				public void write(byte[] bytes) throws IOException {
					// Count before sending, so that the client never sees bytes that are
					// not counted.
					Connection.this.bytesSent += bytes.length;
					this.out.write(bytes);
				}

			};
		}

		private void serve() {
			try {
				ScriptedUpstream.this.connectionScript.accepted(this);
				if (ScriptedUpstream.this.tls) {
					startTls();
				}
				while (isOpen()) {
					Request request = awaitRequest();
					if (request == null) {
						break;
					}
					if (!ScriptedUpstream.this.forgetful) {
						ScriptedUpstream.this.requests.add(request);
					}
					ScriptedUpstream.this.script.answer(new Exchange(this, request));
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			catch (Exception ex) {
				// A client that went away, or a script that wants the connection closed.
			}
			finally {
				close();
				this.served.countDown();
				if (ScriptedUpstream.this.forgetful) {
					ScriptedUpstream.this.connections.remove(this);
				}
			}
		}

		/**
		 * While a thread reads from it, the system closes a socket only when that thread
		 * has left: who closes an idle connection goes on when it is closed.
		 */
		private void awaitClosed(boolean wasIdle) {
			try {
				if (wasIdle) {
					this.served.await(1, TimeUnit.SECONDS);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		private Request awaitRequest() throws Exception {
			this.idle = true;
			try {
				this.base.setSoTimeout((int) ScriptedUpstream.this.idleLimit.toMillis());
				this.input.mark(1);
				int first = this.input.read();
				this.input.reset();
				if (first < 0) {
					this.closedByClient = true;
					return null;
				}
				this.base.setSoTimeout(0);
			}
			catch (SocketTimeoutException ex) {
				// As an event loop does: what came at the last moment is still served.
				return (this.base.getInputStream().available() > 0) ? awaitRequest() : null;
			}
			catch (IOException ex) {
				this.closedByClient = !this.ended;
				throw ex;
			}
			finally {
				this.idle = false;
			}
			return readRequest();
		}

		private Request readRequest() throws Exception {
			String[] start = readLine().split(" ");
			Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
			for (String line = readLine(); !line.isEmpty(); line = readLine()) {
				int colon = line.indexOf(':');
				headers.merge(line.substring(0, colon), line.substring(colon + 1).strip(),
						(one, other) -> one + ", " + other);
			}
			if (ScriptedUpstream.this.bodiesLeft) {
				return new Request(this.number, start[0], start[1], headers, new byte[0]);
			}
			if (ScriptedUpstream.this.expectAnswered && "100-continue".equalsIgnoreCase(headers.get("Expect"))) {
				sendRaw("HTTP/1.1 100 Continue\r\n\r\n");
			}
			if (headers.containsKey("Content-Length") || headers.containsKey("Transfer-Encoding")) {
				ScriptedUpstream.this.bodyScript.accepted(this);
			}
			return new Request(this.number, start[0], start[1], headers, readBody(headers));
		}

		private byte[] readBody(Map<String, String> headers) throws IOException {
			if ("chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"))) {
				ByteArrayOutputStream body = new ByteArrayOutputStream();
				for (int size = chunkSize(); size > 0; size = chunkSize()) {
					body.write(readFully(size));
					readLine();
				}
				while (!readLine().isEmpty()) {
					// A trailer.
				}
				return body.toByteArray();
			}
			String length = headers.get("Content-Length");
			return (length != null) ? readFully(Integer.parseInt(length)) : new byte[0];
		}

		private int chunkSize() throws IOException {
			return Integer.parseInt(readLine().split(";")[0].strip(), 16);
		}

		private byte[] readFully(int length) throws IOException {
			byte[] bytes = this.input.readNBytes(length);
			if (bytes.length < length) {
				throw new EOFException();
			}
			return bytes;
		}

		private String readLine() throws IOException {
			ByteArrayOutputStream line = new ByteArrayOutputStream();
			for (int next = this.input.read(); next != '\n'; next = this.input.read()) {
				if (next < 0) {
					throw new EOFException();
				}
				if (next != '\r') {
					line.write(next);
				}
			}
			return line.toString(StandardCharsets.ISO_8859_1);
		}

		/**
		 * Speak TLS from here on; for the script of a proxy, after its answer to
		 * {@code CONNECT}.
		 */
		public void startTls() throws IOException {
			TestCertificates shown = ScriptedUpstream.this.certificates;
			SSLContext context = ScriptedUpstream.this.contextForClients;
			if (context == null) {
				context = ((shown != null) ? shown : TestCertificates.localhost()).serverContext();
			}
			SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(this.socket, null, true);
			if (ScriptedUpstream.this.protocols.length != 0) {
				secured.setEnabledProtocols(ScriptedUpstream.this.protocols);
			}
			secured.setNeedClientAuth(ScriptedUpstream.this.clientCertificate);
			secured.startHandshake();
			use(secured);
		}

		/**
		 * Return the name in the certificate that the client showed.
		 */
		public String clientName() {
			try {
				return ((SSLSocket) this.socket).getSession().getPeerPrincipal().getName();
			}
			catch (SSLPeerUnverifiedException ex) {
				return null;
			}
		}

		/**
		 * Return an identifier that connections with the same TLS session share.
		 */
		public String sessionId() {
			return HexFormat.of().formatHex(((SSLSocket) this.socket).getSession().getId());
		}

		public int number() {
			return this.number;
		}

		/**
		 * Return how many bytes the client has sent, of TLS what was decrypted.
		 */
		public long bytesReceived() {
			return this.bytesReceived;
		}

		/**
		 * Return how many bytes were sent to the client, of TLS before they were
		 * encrypted.
		 */
		public long bytesSent() {
			return this.bytesSent;
		}

		public boolean isOpen() {
			return !this.ended && !this.base.isClosed();
		}

		/**
		 * Return whether the script has done its work and the next request is awaited.
		 */
		public boolean isIdle() {
			return this.idle && isOpen();
		}

		/**
		 * Return whether the script has done its work and the connection is closed, of
		 * which the client's system knows.
		 */
		public boolean hasEnded() {
			return this.served.getCount() == 0;
		}

		/**
		 * Return whether the client closed the connection, orderly or with a reset, while
		 * a request was awaited or the script wrote or {@linkplain #awaitClientClose
		 * waited}.
		 */
		public boolean isClosedByClient() {
			return this.closedByClient;
		}

		/**
		 * Return whether this side had sent its FIN, and the client's system had it,
		 * before a time of {@link System#nanoTime()}.
		 */
		public boolean wasClosedBefore(long nanoTime) {
			long closedAt = this.closedAt;
			return closedAt != 0 && closedAt - nanoTime < 0;
		}

		/**
		 * Send any bytes at once.
		 */
		public void sendRaw(byte[] bytes) throws IOException {
			synchronized (this.outputLock) {
				try {
					this.output.write(bytes);
					this.output.flush();
				}
				catch (IOException ex) {
					this.closedByClient |= !this.ended;
					throw ex;
				}
			}
		}

		/**
		 * Send text at once, one byte a character.
		 */
		public void sendRaw(String text) throws IOException {
			sendRaw(text.getBytes(StandardCharsets.ISO_8859_1));
		}

		/**
		 * Send bytes at once, past TLS where there is TLS.
		 */
		public void sendBelowTls(byte[] bytes) throws IOException {
			synchronized (this.outputLock) {
				this.base.getOutputStream().write(bytes);
			}
		}

		/**
		 * Close with a FIN, and with TLS without the notification that belongs before it.
		 */
		public void cut() {
			this.ended = true;
			closeQuietly(this.base);
		}

		/**
		 * Close with a FIN; with TLS after a close notification.
		 */
		public void close() {
			boolean wasIdle = this.idle;
			boolean wasOpen = !this.ended;
			this.ended = true;
			closeQuietly(this.socket);
			closeQuietly(this.base);
			awaitClosed(wasIdle);
			if (wasOpen) {
				this.closedAt = System.nanoTime();
			}
		}

		/**
		 * Close with a RST.
		 */
		public void reset() {
			boolean wasIdle = this.idle;
			this.ended = true;
			try {
				this.base.setSoLinger(true, 0);
			}
			catch (IOException ex) {
				// It is closed already.
			}
			closeQuietly(this.base);
			awaitClosed(wasIdle);
		}

		/**
		 * Send a FIN, and go on reading; with TLS after a close notification.
		 */
		public void halfClose() throws IOException {
			synchronized (this.outputLock) {
				if (this.socket != this.base) {
					this.socket.shutdownOutput();
				}
				if (!this.base.isOutputShutdown()) {
					this.base.shutdownOutput();
				}
			}
		}

		/**
		 * Read, for a script, until the client closes the connection.
		 * @return whether it did in time
		 */
		public boolean awaitClientClose(Duration timeout) {
			long end = System.nanoTime() + timeout.toNanos();
			try {
				while (true) {
					long left = (end - System.nanoTime()) / 1_000_000;
					if (left <= 0) {
						return false;
					}
					this.base.setSoTimeout((int) left);
					if (this.input.read() < 0) {
						break;
					}
				}
			}
			catch (SocketTimeoutException ex) {
				return false;
			}
			catch (IOException ex) {
				// Reset by the client, or by close().
			}
			this.closedByClient = !this.ended;
			return this.closedByClient;
		}

		private static void closeQuietly(Socket socket) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// It is gone either way.
			}
		}

	}

	/**
	 * One request, and all means to answer it well or badly. A script that returns
	 * without having closed the connection leaves it to the next request.
	 */
	public final class Exchange {

		private final Connection connection;

		private final Request request;

		private Exchange(Connection connection, Request request) {
			this.connection = connection;
			this.request = request;
		}

		public Request request() {
			return this.request;
		}

		public String method() {
			return this.request.method();
		}

		public String path() {
			return this.request.path();
		}

		public Connection connection() {
			return this.connection;
		}

		// Any bytes at any time

		public Exchange sendRaw(byte[] bytes) throws IOException {
			this.connection.sendRaw(bytes);
			return this;
		}

		public Exchange sendRaw(String text) throws IOException {
			this.connection.sendRaw(text);
			return this;
		}

		/**
		 * Go on after a pause.
		 */
		public Exchange after(Duration pause) throws InterruptedException {
			Pause.of(pause);
			return this;
		}

		public void close() {
			this.connection.close();
		}

		public void reset() {
			this.connection.reset();
		}

		public void halfClose() throws IOException {
			this.connection.halfClose();
		}

		/**
		 * Send nothing more until the client closes.
		 */
		public void stall() {
			this.connection.awaitClientClose(Duration.ofMinutes(10));
		}

		/**
		 * Read the body of a request that was {@linkplain #leaveBodies() left}.
		 */
		public byte[] readBody() throws IOException {
			return this.connection.readBody(this.request.headers());
		}

		// Parts of answers

		/**
		 * Send a status line, header fields and the empty line.
		 * @param fields each as {@code Name: value}
		 */
		public Exchange head(int status, String... fields) throws IOException {
			return sendRaw(headText(status, fields));
		}

		/**
		 * Return what {@link #head} sends.
		 */
		public static String headText(int status, String... fields) {
			StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Scripted\r\n");
			for (String field : fields) {
				head.append(field).append("\r\n");
			}
			return head.append("\r\n").toString();
		}

		/**
		 * Send one chunk of a body in chunks.
		 */
		public Exchange chunk(byte[] content) throws IOException {
			return sendRaw(chunked(content));
		}

		/**
		 * Send the last chunk.
		 * @param trailers each as {@code Name: value}
		 */
		public Exchange lastChunk(String... trailers) throws IOException {
			return sendRaw("0\r\n" + ((trailers.length != 0) ? String.join("\r\n", trailers) + "\r\n" : "") + "\r\n");
		}

		private static byte[] chunked(byte[] content) {
			return join(ascii(Integer.toHexString(content.length) + "\r\n"), content, ascii("\r\n"));
		}

		// Whole answers

		public Exchange ok(String body) throws IOException {
			return ok(body.getBytes(StandardCharsets.UTF_8));
		}

		public Exchange ok(byte[] body, String... fields) throws IOException {
			return status(200, body, fields);
		}

		public Exchange status(int status, String body, String... fields) throws IOException {
			return status(status, body.getBytes(StandardCharsets.UTF_8), fields);
		}

		/**
		 * Send a whole answer with a content length, in one piece.
		 */
		public Exchange status(int status, byte[] body, String... fields) throws IOException {
			List<String> all = new ArrayList<>(List.of(fields));
			all.add("Content-Length: " + body.length);
			return sendRaw(join(ascii(headText(status, all.toArray(String[]::new))), body));
		}

		/**
		 * Send a whole answer in chunks, in one piece.
		 */
		public Exchange chunked(String... chunks) throws IOException {
			byte[] body = new byte[0];
			for (String chunk : chunks) {
				body = join(body, chunked(chunk.getBytes(StandardCharsets.UTF_8)));
			}
			return sendRaw(join(ascii(headText(200, "Transfer-Encoding: chunked")), body, ascii("0\r\n\r\n")));
		}

		// Answers without an end; they return, with an exception, when the client is gone

		/**
		 * Announce a gibibyte, and send nothing of it.
		 */
		public void gigabyte() throws IOException {
			head(200, "Content-Length: " + (1L << 30));
			stall();
		}

		/**
		 * Send a chunk of one byte again and again.
		 */
		public void dripData(Duration pause) throws IOException, InterruptedException {
			head(200, "Transfer-Encoding: chunked");
			drip("1\r\nx\r\n", pause);
		}

		/**
		 * Send a chunk extension that never ends.
		 */
		public void dripChunkExtension(Duration pause) throws IOException, InterruptedException {
			head(200, "Transfer-Encoding: chunked");
			sendRaw("5;extension=");
			drip("x", pause);
		}

		/**
		 * Send a body in chunks as fast as the client takes it.
		 */
		public void flood() throws IOException {
			head(200, "Transfer-Encoding: chunked");
			byte[] chunk = chunked(new byte[16 * 1024]);
			while (true) {
				sendRaw(chunk);
			}
		}

		/**
		 * Send something again and again, until the client is gone.
		 */
		public void drip(String text, Duration pause) throws IOException, InterruptedException {
			while (true) {
				sendRaw(text);
				after(pause);
			}
		}

		private static byte[] ascii(String text) {
			return text.getBytes(StandardCharsets.ISO_8859_1);
		}

		private static byte[] join(byte[]... parts) {
			ByteArrayOutputStream whole = new ByteArrayOutputStream();
			for (byte[] part : parts) {
				whole.writeBytes(part);
			}
			return whole.toByteArray();
		}

	}

}

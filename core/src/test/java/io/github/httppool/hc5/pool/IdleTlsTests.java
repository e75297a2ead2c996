package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.Relay;
import io.github.httppool.testing.TestCertificates;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for records that servers send over idle connections with TLS without a request.
 * Plain HttpClient processes them with its next read, as the JDK's socket does.
 */
@Tag("waiting")
@Timeout(60)
class IdleTlsTests {

	/**
	 * A key update that wants an answer (RFC 8446 section 4.6.3), or a
	 * {@code HelloRequest}.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void handshakeOfTheServerIsReadAndTheConnectionReused(String protocol) throws Exception {
		for (Duration validateAfter : List.of(Duration.ZERO, Duration.ofHours(1))) {
			try (Server server = new Server(protocol); PoolFixture pool = pool(validateAfter)) {
				assertThat(pool.get(server.uri())).isEqualTo("hello");
				for (int i = 0; i < 3; i++) {
					server.last().startHandshake();
					pauseForArrival();
					assertThat(pool.get(server.uri())).isEqualTo("hello");
				}
				assertThat(server.accepted()).isEqualTo(1);
				assertThat(pool.snapshot().totals().closed()).isEmpty();
				assertThat(pool.pool.findings()).isEmpty();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void plainHttpClientReusesTheConnectionToo(String protocol) throws Exception {
		try (Server server = new Server(protocol);
				CloseableHttpClient client = HttpClients.custom()
					.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
						.setTlsSocketStrategy(
								new DefaultClientTlsStrategy(TestCertificates.localhost().clientContext()))
						.build())
					.build()) {
			assertThat(get(client, server.uri())).isEqualTo("hello");
			server.last().startHandshake();
			pauseForArrival();
			assertThat(get(client, server.uri())).isEqualTo("hello");
			assertThat(server.accepted()).isEqualTo(1);
		}
	}

	/**
	 * The housekeeper looks at it several times in this time.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void handshakeOfTheServerIsReadByTheIdleReaper(String protocol) throws Exception {
		try (Server server = new Server(protocol); PoolFixture pool = pool(Duration.ofMillis(10))) {
			assertThat(pool.get(server.uri())).isEqualTo("hello");
			server.last().startHandshake();
			Pause.of(Duration.ofNanos(ConnectionLifetime.CHECK_INTERVAL_NANOS).plusMillis(700));
			assertThat(pool.snapshot().totals().closed()).isEmpty();
			assertThat(pool.get(server.uri())).isEqualTo("hello");
			assertThat(server.accepted()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void dataBehindAKeyUpdateClosesTheConnection(String protocol) throws Exception {
		try (Server server = new Server(protocol); PoolFixture pool = pool(Duration.ZERO)) {
			assertThat(pool.get(server.uri())).isEqualTo("hello");
			if (protocol.equals("TLSv1.3")) {
				server.last().startHandshake();
			}
			server.last().getOutputStream().write(Server.ANSWER);
			pauseForArrival();
			assertThat(pool.get(server.uri())).isEqualTo("hello");
			assertThat(server.accepted()).isEqualTo(2);
			assertThat(pool.closed(CloseReason.UNSOLICITED_DATA)).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void closeBehindAKeyUpdateIsAClose(String protocol) throws Exception {
		try (Server server = new Server(protocol); PoolFixture pool = pool(Duration.ZERO)) {
			assertThat(pool.get(server.uri())).isEqualTo("hello");
			if (protocol.equals("TLSv1.3")) {
				server.last().startHandshake();
			}
			server.last().close();
			pauseForArrival();
			assertThat(pool.get(server.uri())).isEqualTo("hello");
			assertThat(server.accepted()).isEqualTo(2);
			assertThat(pool.closed(CloseReason.STALE)).isEqualTo(1);
		}
	}

	/**
	 * The rest of it might come with the response. A lease does not wait for it.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void partOfARecordIsNotWaitedForAndClosesTheConnection(String protocol) throws Exception {
		try (Server server = new Server(protocol);
				Relay relay = new Relay(server.port(), Duration.ZERO);
				PoolFixture pool = pool(Duration.ZERO)) {
			URI uri = URI.create("https://127.0.0.1:" + relay.port() + "/");
			assertThat(pool.get(uri)).isEqualTo("hello");
			relay.inject(new byte[] { 23, 3, 3, 1, 0, 1, 2, 3 });
			pauseForArrival();
			long started = System.nanoTime();
			assertThat(pool.get(uri)).isEqualTo("hello");
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
			assertThat(server.accepted()).isEqualTo(2);
			assertThat(pool.closed(CloseReason.UNSOLICITED_DATA)).isEqualTo(1);
		}
	}

	private static String get(CloseableHttpClient client, URI uri) throws IOException {
		return client.execute(new HttpGet(uri), (response) -> EntityUtils.toString(response.getEntity()));
	}

	private static PoolFixture pool(Duration validateAfter) {
		return PoolFixture.with((settings) -> settings.validateAfterInactivity(validateAfter));
	}

	/**
	 * Bytes that were sent over the loopback interface arrive soon, but no condition
	 * shows it.
	 */
	private static void pauseForArrival() throws InterruptedException {
		Pause.ofMillis(100);
	}

	/**
	 * A server whose sockets are the JDK's own.
	 */
	private static final class Server implements AutoCloseable {

		static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
			.getBytes(StandardCharsets.US_ASCII);

		private final SSLServerSocket server;

		private final List<SSLSocket> sockets = new CopyOnWriteArrayList<>();

		Server(String protocol) throws IOException {
			this.server = (SSLServerSocket) TestCertificates.localhost()
				.serverContext()
				.getServerSocketFactory()
				.createServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
			this.server.setEnabledProtocols(new String[] { protocol });
			start(this::acceptAll);
		}

		private static void start(Runnable task) {
			Thread thread = new Thread(task, "server");
			thread.setDaemon(true);
			thread.start();
		}

		private void acceptAll() {
			try {
				while (true) {
					SSLSocket socket = (SSLSocket) this.server.accept();
					this.sockets.add(socket);
					start(() -> serve(socket));
				}
			}
			catch (IOException ex) {
				// Closed.
			}
		}

		private static void serve(SSLSocket socket) {
			byte[] buffer = new byte[8192];
			try (socket) {
				InputStream input = socket.getInputStream();
				String head = "";
				for (int read = input.read(buffer); read > 0; read = input.read(buffer)) {
					head += new String(buffer, 0, read, StandardCharsets.US_ASCII);
					if (head.endsWith("\r\n\r\n")) {
						head = "";
						socket.getOutputStream().write(ANSWER);
					}
				}
			}
			catch (IOException ex) {
				// Closed by either side.
			}
		}

		URI uri() {
			return URI.create("https://127.0.0.1:" + this.server.getLocalPort() + "/");
		}

		int port() {
			return this.server.getLocalPort();
		}

		int accepted() {
			return this.sockets.size();
		}

		SSLSocket last() {
			soon().until(() -> !this.sockets.isEmpty());
			return this.sockets.get(this.sockets.size() - 1);
		}

		@Override
		public void close() throws IOException {
			this.server.close();
			for (SSLSocket socket : this.sockets) {
				socket.close();
			}
		}

	}

}

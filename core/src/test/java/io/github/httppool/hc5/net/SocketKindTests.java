package io.github.httppool.hc5.net;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.hc5.pool.PooledConnection;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for connections over sockets that cannot be read without blocking: through a
 * SOCKS proxy, and of the Unix domain.
 */
@Tag("waiting")
@Timeout(60)
class SocketKindTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	private static final String FORGED = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";

	@ParameterizedTest
	@EnumSource
	void connectionThroughSocksIsReused(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(HELLO);
				Relay socks = Relay.socks();
				PoolFixture pool = socks.pool()) {
			for (int i = 0; i < 5; i++) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			}
			assertThat(socks.served).hasValue(1);
			assertThat(upstream.accepted()).isOne();
			pool.assertConnections(1, Map.of());
		}
	}

	@Test
	void closeThroughSocksIsSeenBeforeTheNextCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				Relay socks = Relay.socks();
				PoolFixture pool = socks.pool()) {
			pool.get(upstream.uri("/"));
			PoolFixture.awaitIdle(upstream);
			upstream.lastConnection().close();
			soon().until(() -> socks.ended.get() == 1);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(pool.snapshot().totals().replayed()).isZero();
			pool.assertConnections(2, Map.of(CloseReason.STALE, 1L));
		}
	}

	@ParameterizedTest
	@EnumSource
	void forgedResponseThroughSocksIsFoundWithoutACall(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(HELLO);
				Relay socks = Relay.socks();
				PoolFixture pool = socks.pool()) {
			pool.get(upstream.uri("/"));
			PoolFixture.awaitIdle(upstream);
			upstream.lastConnection().sendRaw(FORGED);
			soon().until(() -> pool.closed(CloseReason.UNSOLICITED_DATA) == 1);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			pool.assertConnections(2, Map.of(CloseReason.UNSOLICITED_DATA, 1L));
		}
	}

	@Test
	void connectionOfTheUnixDomainIsReused(@TempDir Path directory) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				Relay unix = Relay.unix(directory.resolve("socket"), upstream.port());
				PoolFixture pool = PoolFixture.withDefaults()) {
			for (int i = 0; i < 5; i++) {
				assertThat(pool.read(unix.get())).isEqualTo("hello");
			}
			assertThat(unix.served).hasValue(1);
			pool.assertConnections(1, Map.of());
		}
	}

	/**
	 * Nothing but a read shows what waits in such a socket.
	 */
	@Test
	void forgedResponseFromTheUnixDomainIsNeverSeen(@TempDir Path directory) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				Relay unix = Relay.unix(directory.resolve("socket"), upstream.port());
				PoolFixture pool = probing()) {
			pool.read(unix.get());
			PoolFixture.awaitIdle(upstream);
			int passed = unix.settled();
			upstream.lastConnection().sendRaw(FORGED);
			soon().until(() -> unix.passed.get() > passed);
			assertThat(pool.read(unix.get())).isEqualTo("hello");
			pool.assertConnections(2, Map.of(CloseReason.UNSOLICITED_DATA, 1L));
		}
	}

	@Test
	void closeInTheUnixDomainIsSeenBeforeTheNextCall(@TempDir Path directory) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				Relay unix = Relay.unix(directory.resolve("socket"), upstream.port());
				PoolFixture pool = probing()) {
			pool.read(unix.get());
			PoolFixture.awaitIdle(upstream);
			upstream.lastConnection().close();
			soon().until(() -> unix.ended.get() == 1);
			assertThat(pool.read(unix.get())).isEqualTo("hello");
			pool.assertConnections(2, Map.of(CloseReason.STALE, 1L));
		}
	}

	@Test
	void socketOfTheUnixDomainThatDoesNotExistLeavesNothingBehind(@TempDir Path directory) throws Exception {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			assertThatIOException().isThrownBy(() -> pool.read(over(directory.resolve("none"))));
			pool.assertConnections(0, Map.of());
		}
	}

	private static PoolFixture probing() {
		return PoolFixture.with((settings) -> settings.validateAfterInactivity(Duration.ZERO));
	}

	private static HttpGet over(Path socket) {
		HttpGet get = new HttpGet(URI.create("http://localhost/"));
		get.setConfig(RequestConfig.custom().setUnixDomainSocket(socket).build());
		return get;
	}

	/**
	 * Accepts connections of one kind and passes their bytes on over TCP.
	 */
	private static final class Relay implements AutoCloseable {

		private final InetSocketAddress address;

		private final Path path;

		private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

		final AtomicInteger served = new AtomicInteger();

		final AtomicInteger ended = new AtomicInteger();

		final AtomicInteger taken = new AtomicInteger();

		final AtomicInteger passed = new AtomicInteger();

		private Relay(AutoCloseable server, InetSocketAddress address, Path path) {
			this.address = address;
			this.path = path;
			this.open.add(server);
		}

		/**
		 * A proxy after RFC 1928 that asks for no authentication.
		 */
		static Relay socks() throws IOException {
			ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
			Relay relay = new Relay(server, (InetSocketAddress) server.getLocalSocketAddress(), null);
			relay.start(() -> {
				while (true) {
					Socket client = server.accept();
					relay.open.add(client);
					relay.start(() -> {
						DataInputStream in = new DataInputStream(client.getInputStream());
						in.readByte();
						in.readNBytes(in.readByte());
						client.getOutputStream().write(new byte[] { 5, 0 });
						in.readNBytes(3);
						byte[] target = in.readNBytes((in.readByte() == 1) ? 4 : in.readByte());
						int port = in.readUnsignedShort();
						Socket upstream = new Socket(InetAddress.getByAddress(target), port);
						client.getOutputStream().write(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 });
						relay.serve(client, in, client.getOutputStream(), upstream);
					});
				}
			});
			return relay;
		}

		static Relay unix(Path path, int port) throws IOException {
			ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
			server.bind(UnixDomainSocketAddress.of(path));
			Relay relay = new Relay(server, null, path);
			relay.start(() -> {
				while (true) {
					SocketChannel client = server.accept();
					relay.open.add(client);
					// Streams of the JDK over a channel do not write while they read.
					relay.serve(client, new InputStream() {

						@Override
						public int read() {
							throw new UnsupportedOperationException();
						}

						@Override
						public int read(byte[] bytes, int offset, int length) throws IOException {
							return client.read(ByteBuffer.wrap(bytes, offset, length));
						}

					}, new OutputStream() {

						@Override
						public void write(int b) {
							throw new UnsupportedOperationException();
						}

						@Override
						public void write(byte[] bytes, int offset, int length) throws IOException {
							client.write(ByteBuffer.wrap(bytes, offset, length));
						}

					}, new Socket(InetAddress.getLoopbackAddress(), port));
				}
			});
			return relay;
		}

		private void serve(AutoCloseable client, InputStream in, OutputStream out, Socket upstream) {
			this.open.add(upstream);
			this.served.incrementAndGet();
			start(() -> {
				in.transferTo(upstream.getOutputStream());
				upstream.close();
			});
			start(() -> {
				try {
					byte[] buffer = new byte[8192];
					for (int read = 0; read >= 0; read = upstream.getInputStream().read(buffer)) {
						this.taken.addAndGet(read);
						out.write(buffer, 0, read);
						this.passed.addAndGet(read);
					}
				}
				finally {
					client.close();
					this.ended.incrementAndGet();
				}
			});
		}

		private void start(Task task) {
			Thread thread = new Thread(() -> {
				try {
					task.run();
				}
				catch (Exception ex) {
					// One of the ends is gone.
				}
			}, "relay");
			thread.setDaemon(true);
			thread.start();
		}

		/**
		 * Return a pool that reaches everything through this.
		 */
		PoolFixture pool() {
			return PoolFixture.customized((settings) -> settings.validateAfterInactivity(Duration.ZERO),
					new HttpPoolCustomizer() {

						@Override
						public void customizeConnections(String pool,
								PoolingHttpClientConnectionManagerBuilder connections) {
							connections.setDefaultSocketConfig(
									SocketConfig.custom().setSocksProxyAddress(Relay.this.address).build());
						}

					});
		}

		/**
		 * Return how much was passed on when all is that was taken so far.
		 */
		int settled() {
			soon().until(() -> this.passed.get() == this.taken.get());
			return this.passed.get();
		}

		HttpGet get() {
			return over(this.path);
		}

		@Override
		public void close() throws Exception {
			for (AutoCloseable each : this.open) {
				each.close();
			}
		}

	}

	public interface Task {

		void run() throws Exception;

	}

	/**
	 * Such a look is a read with a time limit of its own, which HttpClient's pool takes
	 * off when it is given a connection.
	 */
	@Test
	void checkOfAConnectionThroughSocksDoesNotWaitForItsRelay() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				Relay socks = Relay.socks();
				PoolFixture pool = socks.pool()) {
			CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")));
			PooledConnection connection = pool.pool.connections().leases().all().get(0).held();
			response.close();
			AtomicBoolean done = new AtomicBoolean();
			// Java's common pool has one thread for both on a machine of two processors.
			CompletableFuture<Void> passing = CompletableFuture.runAsync(() -> {
				while (!done.get()) {
					connection.passivate();
				}
			}, (task) -> new Thread(task).start());
			CompletableFuture<Void> looking = CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 1000; i++) {
					connection.check().checkIdle(System.nanoTime(), 0);
				}
			});
			try {
				looking.get(30, TimeUnit.SECONDS);
			}
			finally {
				done.set(true);
				upstream.lastConnection().close();
			}
			passing.get(10, TimeUnit.SECONDS);
		}
	}

}

package io.github.httppool.hc5.net;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.github.httppool.CallTimeoutException;
import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.testing.ClosedPort;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.ExplainedFailure;
import io.github.httppool.testing.FixedAddresses;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.SlowAddress;
import jdk.net.ExtendedSocketOptions;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.httppool.testing.ExplainedFailure.TIME;
import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for connects to hosts with several addresses, some of which are dead, slow or
 * refuse (RFC 8305).
 */
@org.junit.jupiter.api.Timeout(60)
@Tag("waiting")
class ConnectRaceTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	private static final URI HOST = URI.create("http://orders.example/");

	/** Starts and ends of TCP connects, with their ports. */
	private final List<String> connects = new CopyOnWriteArrayList<>();

	private volatile Consumer<String> hook = (event) -> {
	};

	private final HttpPoolListener listener = RecordedEvents.listener(recording());

	private InvocationHandler recording() {
		return (proxy, method, arguments) -> {
			String event = switch (method.getName()) {
				case "connectStarted" -> "start " + port(arguments[1]);
				case "connectEnded" -> ((arguments[3] == null) ? "open " : "fail ") + port(arguments[1]);
				default -> null;
			};
			if (event != null) {
				this.connects.add(event);
				this.hook.accept(event);
			}
			return null;
		};
	}

	private static int port(Object address) {
		return ((InetSocketAddress) address).getPort();
	}

	@AfterEach
	void eachConnectHasAnEnd() {
		Thread.interrupted();
		List<String> open = new ArrayList<>();
		for (String event : this.connects) {
			String port = event.substring(event.indexOf(' ') + 1);
			if (event.startsWith("start")) {
				open.add(port);
			}
			else {
				assertThat(open.remove(port)).as("end of a connect to %s in %s", port, this.connects).isTrue();
			}
		}
		assertThat(open).as("open connects of %s", this.connects).isEmpty();
	}

	// The winner

	@Test
	void deadFirstAddressCostsTheDelayOnceAndIsThenTriedLast() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = pool((settings) -> settings.keepAlive(false).connectTimeout(Duration.ofSeconds(40)),
						dead.address(), of(upstream))) {
			long started = System.nanoTime();
			assertThat(pool.get(HOST)).isEqualTo("hello");
			assertThat(since(started)).isBetween(Duration.ofMillis(249), Duration.ofSeconds(15));
			String first = "start " + dead.address().getPort();
			assertThat(this.connects).containsExactly(first, "start " + upstream.port(), "open " + upstream.port(),
					"fail " + dead.address().getPort());
			assertNoneIsConnecting(dead);
			for (int i = 0; i < 5; i++) {
				assertThat(pool.get(HOST)).isEqualTo("hello");
			}
			assertThat(this.connects).filteredOn(first::equals).as("tries of the dead address").hasSize(1);
			assertThat(pool.snapshot().routes().get(0).tcp().failures()).isOne();
			pool.assertConnections(6, pool.snapshot().totals().closed());
		}
	}

	/**
	 * An equal share of the limit would be half a second for each, half of what they
	 * take.
	 */
	@Test
	void hostWithEightAddressesIsReachedThoughEachTakesASecond() throws Exception {
		List<SlowAddress> slow = new ArrayList<>();
		try {
			for (int i = 1; i <= 8; i++) {
				slow.add(new SlowAddress("127.0.0." + i));
			}
			try (PoolFixture pool = pool((settings) -> settings.connectTimeout(Duration.ofSeconds(4)),
					slow.stream().map(SlowAddress::address).toArray(InetSocketAddress[]::new))) {
				this.hook = (event) -> {
					this.hook = (other) -> {
					};
					// The first SYN is lost on the way.
					CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
						.execute(() -> slow.forEach(SlowAddress::accept));
				};
				assertThat(pool.get(HOST)).isEqualTo("hello");
				assertThat(this.connects).filteredOn((event) -> event.startsWith("start")).hasSizeGreaterThan(1);
				assertThat(this.connects).filteredOn((event) -> event.startsWith("open")).hasSize(1);
				assertThat(slow.stream().mapToInt(SlowAddress::served).sum()).isOne();
				assertThat(pool.snapshot().totals().opened()).isOne();
			}
		}
		finally {
			for (SlowAddress each : slow) {
				each.close();
			}
		}
	}

	@Test
	void nextAddressIsTriedAtOnceWhereOneRefuses() throws Exception {
		int refused = closedPort();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = pool((settings) -> settings.connectFallbackDelay(Duration.ofSeconds(30))
					.connectTimeout(Duration.ofSeconds(90)), at(refused), of(upstream))) {
			long started = System.nanoTime();
			assertThat(pool.get(HOST)).isEqualTo("hello");
			assertThat(since(started)).isLessThan(Duration.ofSeconds(15));
			assertThat(this.connects).containsExactly("start " + refused, "fail " + refused, "start " + upstream.port(),
					"open " + upstream.port());
		}
	}

	@Test
	void noOtherAddressIsTriedWhereTheFirstAnswersAtOnce() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				ScriptedUpstream other = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = pool((settings) -> settings.keepAlive(false), of(upstream), of(other))) {
			for (int i = 0; i < 10; i++) {
				assertThat(pool.get(HOST)).isEqualTo("hello");
			}
			assertThat(other.accepted()).isZero();
			assertThat(this.connects).hasSize(20);
		}
	}

	@Test
	void familiesTakeTurns() throws Exception {
		int refused = closedPort();
		InetAddress six = InetAddress.getByName("::1");
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = pool((settings) -> {
		}, new InetSocketAddress(six, refused), new InetSocketAddress(six, refused + 1),
				new InetSocketAddress(six, refused + 2), of(upstream))) {
			assertThat(pool.get(HOST)).isEqualTo("hello");
			assertThat(this.connects).contains("start " + refused, "open " + upstream.port())
				.doesNotContain("start " + (refused + 1), "start " + (refused + 2));
		}
	}

	@Test
	void delayOfZeroTriesOneAddressAfterTheOther() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = pool((settings) -> settings.connectFallbackDelay(Duration.ZERO)
					.connectTimeout(Duration.ofSeconds(2)), dead.address(), of(upstream))) {
			assertThat(pool.get(HOST)).isEqualTo("hello");
			assertThat(this.connects).containsExactly("start " + dead.address().getPort(),
					"fail " + dead.address().getPort(), "start " + upstream.port(), "open " + upstream.port());
			this.connects.clear();
			pool.pool.connections().closeIdle(CloseReason.EVICTED);
			assertThat(pool.get(HOST)).isEqualTo("hello");
			assertThat(this.connects).as("the dead address comes last")
				.containsExactly("start " + upstream.port(), "open " + upstream.port());
		}
	}

	/**
	 * However short the limit, and however long the delay.
	 */
	@Test
	void allAddressesAreTriedWithinTheConnectTimeout() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = pool((settings) -> settings.connectFallbackDelay(Duration.ofSeconds(30))
					.connectTimeout(Duration.ofSeconds(3)), dead.address(), dead.address(), of(upstream))) {
			assertThat(pool.get(HOST)).isEqualTo("hello");
		}
	}

	@Test
	void delayFollowsAChange() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = pool((settings) -> settings.connectFallbackDelay(Duration.ofSeconds(30))
					.connectTimeout(Duration.ofSeconds(120)), dead.address(), of(upstream))) {
			pool.change((settings) -> settings.connectFallbackDelay(Duration.ofMillis(20)));
			long started = System.nanoTime();
			assertThat(pool.get(HOST)).isEqualTo("hello");
			assertThat(since(started)).isLessThan(Duration.ofSeconds(20));
		}
	}

	@Test
	void nextAddressServesWhereTlsFailsWithTheFirst() throws Exception {
		try (ScriptedUpstream closes = ScriptedUpstream.plain(HELLO).onConnect((connection) -> connection.close());
				ScriptedUpstream upstream = ScriptedUpstream.tls(HELLO);
				PoolFixture pool = pool((settings) -> settings.keepAlive(false), of(closes), of(upstream))) {
			for (int i = 0; i < 3; i++) {
				assertThat(pool.get(URI.create("https://localhost/"))).isEqualTo("hello");
			}
			assertThat(closes.accepted()).as("tried last from the second time on").isOne();
		}
	}

	@Test
	void addressThatLostIsTriedAgainWhereTlsFailsWithTheWinner() throws Exception {
		try (SlowAddress slow = new SlowAddress("127.0.0.1");
				ScriptedUpstream closes = ScriptedUpstream.plain(HELLO).onConnect((connection) -> connection.close());
				PoolFixture pool = pool((settings) -> settings.connectTimeout(Duration.ofSeconds(20)), slow.address(),
						of(closes))) {
			// It does not speak TLS either; the failure shows that it was connected.
			this.hook = (event) -> {
				if (event.equals("start " + closes.port())) {
					slow.accept();
				}
			};
			assertThatIOException().isThrownBy(() -> pool.get(URI.create("https://localhost/")))
				.withMessageContaining(closes.port() + " failed after ")
				.withMessageContaining(slow.address().getPort() + " failed after ");
			assertThat(this.connects).containsExactly("start " + slow.address().getPort(), "start " + closes.port(),
					"open " + closes.port(), "fail " + slow.address().getPort(), "start " + slow.address().getPort(),
					"open " + slow.address().getPort());
		}
	}

	@Test
	void manyCallersAtOnceAreAllServed() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = pool((settings) -> settings.keepAlive(false).connectTimeout(Duration.ofSeconds(20)),
						dead.address(), of(upstream));
				Crowd crowd = new Crowd(40)) {
			crowd.all(5, (caller, time) -> assertThat(pool.get(HOST)).isEqualTo("hello"));
			assertNoneIsConnecting(dead);
			assertThat(pool.leased()).isZero();
		}
	}

	// Cleanup

	@ParameterizedTest
	@EnumSource
	void callThatEndsWhileAddressesArePendingLeavesNothingBehind(End end) throws Exception {
		try (DeadAddress dead = new DeadAddress();
				DeadAddress other = new DeadAddress();
				PoolFixture pool = pool(
						(settings) -> settings.maxTotal(1)
							.connectTimeout(Duration.ofSeconds(50))
							.callTimeout((end == End.DEADLINE) ? Duration.ofMillis(700) : null),
						dead.address(), other.address())) {
			HttpGet get = new HttpGet(HOST);
			Thread caller = Thread.currentThread();
			this.hook = (event) -> {
				if (event.equals("start " + other.address().getPort())) {
					CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
						.execute(() -> end.action.accept(pool, () -> {
							if (end == End.INTERRUPT) {
								caller.interrupt();
							}
							else {
								get.cancel();
							}
						}));
				}
			};
			long started = System.nanoTime();
			assertThatIOException().isThrownBy(() -> pool.read(get))
				.satisfies((ex) -> assertThat(ex instanceof CallTimeoutException).isEqualTo(end == End.DEADLINE));
			assertThat(since(started)).isLessThan(Duration.ofSeconds(20));
			assertThat(Thread.interrupted()).isEqualTo(end == End.INTERRUPT);
			assertNoneIsConnecting(dead);
			assertNoneIsConnecting(other);
			assertThat(pool.leased()).isZero();
			assertThat(pool.snapshot().totals().opened()).isZero();
		}
	}

	/**
	 * Ways to end a call.
	 */
	enum End {

		INTERRUPT((pool, call) -> call.run()), CANCEL((pool, call) -> call.run()), DEADLINE((pool, call) -> {
		}), SHUTDOWN((pool, call) -> pool.close());

		private final BiConsumer<PoolFixture, Runnable> action;

		End(BiConsumer<PoolFixture, Runnable> action) {
			this.action = action;
		}

	}

	@Test
	void addressThatWasSilentUntilTheDeadlineIsTriedLastByTheNextCall() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = pool((settings) -> settings.callTimeout(Duration.ofSeconds(1))
					.connectFallbackDelay(Duration.ofSeconds(20))
					.connectTimeout(Duration.ofSeconds(50)), dead.address(), of(upstream))) {
			assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> pool.get(HOST));
			assertThat(pool.get(HOST)).isEqualTo("hello");
		}
	}

	// Messages

	@Test
	void exceptionListsTheOutcomeOfEachAddress() throws Exception {
		int refused = closedPort();
		try (DeadAddress dead = new DeadAddress();
				DeadAddress other = new DeadAddress();
				PoolFixture pool = pool((settings) -> settings.connectTimeout(Duration.ofMillis(800)), at(refused),
						dead.address(), other.address())) {
			Throwable failure = ExplainedFailure.ofGet(pool, HOST, ConnectTimeoutException.class,
					"No connection with http://orders\\.example:80 within 800ms, 3 addresses tried \\(pool 'default'\\): "
							+ "127\\.0\\.0\\.1:" + refused + " failed after " + TIME
							+ " \\(Connection refused\\), 127\\.0\\.0\\.1:" + dead.address().getPort()
							+ " timed out after " + TIME + ", 127\\.0\\.0\\.1:" + other.address().getPort()
							+ " timed out after " + TIME + "\\. The limit is .* Possible causes: .*");
			assertThat(failure.getSuppressed()).hasSize(2);
			assertNoneIsConnecting(dead);
		}
	}

	@Test
	void exceptionListsAddressesForWhichThereWasNoTimeAsNotTried() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				PoolFixture pool = pool((settings) -> settings.connectTimeout(Duration.ofMillis(5)), dead.address(),
						at(1), at(2))) {
			ExplainedFailure.ofGet(pool, HOST, ConnectTimeoutException.class,
					".* within 5ms, 1 of 3 addresses tried .*: 127\\.0\\.0\\.1:" + dead.address().getPort()
							+ " timed out after " + TIME
							+ ", 127\\.0\\.0\\.1:1 not tried, 127\\.0\\.0\\.1:2 not tried\\. The limit is .* Possible causes: .*");
		}
	}

	/**
	 * As in HttpClient, which tries addresses in resolver order.
	 */
	@ParameterizedTest
	@CsvSource({ "dead refused", "refused dead", "refused refused", "unreachable refused", "refused unreachable",
			"dead unreachable", "unreachable dead", "unresolved refused", "refused unresolved",
			"dead refused refused" })
	void exceptionHasTheClassThatHttpClientThrows(String kinds) throws Exception {
		try (DeadAddress dead = new DeadAddress()) {
			List<InetSocketAddress> addresses = new ArrayList<>();
			for (String kind : kinds.split(" ")) {
				addresses.add(switch (kind) {
					case "dead" -> dead.address();
					case "refused" -> at(closedPort());
					case "unresolved" -> InetSocketAddress.createUnresolved("orders.example", 80);
					default -> new InetSocketAddress("255.255.255.255", 80);
				});
			}
			FixedAddresses resolver = new FixedAddresses(addresses);
			Throwable plain = plainFailure(resolver);
			try (PoolFixture pool = pool((settings) -> settings.connectTimeout(Duration.ofSeconds(1)),
					addresses.toArray(InetSocketAddress[]::new))) {
				assertThatIOException().isThrownBy(() -> pool.get(HOST)).satisfies((ex) -> {
					assertThat(ex).isInstanceOf(plain.getClass());
					assertThat(ex).hasSameClassAs(plain);
				});
				assertThat(pool.leased()).isZero();
			}
		}
	}

	private static Throwable plainFailure(FixedAddresses resolver) throws Exception {
		PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create()
			.setDnsResolver(resolver)
			.setDefaultConnectionConfig(
					ConnectionConfig.custom().setConnectTimeout(Timeout.ofMilliseconds(300)).build());
		try (CloseableHttpClient plain = HttpClients.custom()
			.disableAutomaticRetries()
			.setConnectionManager(connections.build())
			.build()) {
			return Assertions.catchThrowable(() -> plain.execute(new HttpGet(HOST), HttpResponse::getCode));
		}
	}

	// How the sockets are set up

	@Test
	void socketOptionsAreThoseOfAConnectionToTheOnlyAddress() throws Exception {
		SocketConfig config = SocketConfig.custom()
			.setSoTimeout(Timeout.ofSeconds(7))
			.setTcpNoDelay(false)
			.setSoKeepAlive(true)
			.setSoReuseAddress(true)
			.setSoLinger(TimeValue.ofMilliseconds(3))
			.setRcvBufSize(20_000)
			.setSndBufSize(30_000)
			.setTcpKeepIdle(11)
			.setTcpKeepInterval(12)
			.setTcpKeepCount(3)
			.build();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO)) {
			List<Object> only = options(config, upstream, of(upstream));
			List<Object> raced = options(config, upstream, at(closedPort()), of(upstream));
			assertThat(raced).isEqualTo(only);
			assertThat(only).contains(11, 12, 3, false);
		}
	}

	private List<Object> options(SocketConfig config, ScriptedUpstream upstream, InetSocketAddress... addresses)
			throws Exception {
		HttpPoolCustomizer customizer = new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
				new FixedAddresses(addresses).customizeConnections(pool, connections);
				connections.setDefaultSocketConfig(config);
			}

		};
		try (PoolFixture pool = PoolFixture.customized((settings) -> {
		}, customizer); CloseableHttpResponse response = pool.open(new HttpGet(HOST))) {
			Socket socket = pool.pool.connections().leases().all().get(0).held().getSocket();
			return List.of(socket.getSoTimeout(), socket.getTcpNoDelay(), socket.getKeepAlive(),
					socket.getReuseAddress(), socket.getSoLinger(), socket.getReceiveBufferSize(),
					socket.getSendBufferSize(), socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE),
					socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL),
					socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT), socket.getChannel() != null,
					socket.getChannel().isBlocking());
		}
	}

	@Test
	void localAddressIsUsedAndThatOfTheOtherFamilyFailsForItselfAlone() throws Exception {
		HttpPoolCustomizer customizer = new HttpPoolCustomizer() {

			@Override
			public void customizeClient(String pool, HttpClientBuilder client) {
				client.setRoutePlanner(new DefaultRoutePlanner(null) {

					@Override
					protected InetAddress determineLocalAddress(HttpHost firstHop, HttpContext context) {
						return at(0).getAddress();
					}

				});
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO)) {
			FixedAddresses addresses = new FixedAddresses(
					new InetSocketAddress(InetAddress.getByName("::1"), upstream.port()), of(upstream));
			HttpPoolCustomizer both = new HttpPoolCustomizer() {

				@Override
				public void customizeClient(String pool, HttpClientBuilder client) {
					customizer.customizeClient(pool, client);
				}

				@Override
				public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
					addresses.customizeConnections(pool, connections);
				}

			};
			try (PoolFixture pool = PoolFixture.customized((settings) -> settings.keepAlive(false), both,
					this.listener)) {
				assertThat(pool.get(HOST)).isEqualTo("hello");
				assertThat(pool.get(HOST)).isEqualTo("hello");
			}
		}
	}

	private PoolFixture pool(Consumer<HttpPoolSettings.Builder> settings, InetSocketAddress... addresses) {
		return PoolFixture.customized(settings, new FixedAddresses(addresses), this.listener);
	}

	private static InetSocketAddress of(ScriptedUpstream upstream) {
		return at(upstream.port());
	}

	private static InetSocketAddress at(int port) {
		return new InetSocketAddress("127.0.0.1", port);
	}

	private static int closedPort() throws IOException {
		return ClosedPort.next();
	}

	private static Duration since(long started) {
		return Duration.ofNanos(System.nanoTime() - started);
	}

	/**
	 * One connecting socket belongs to the address itself.
	 */
	private static void assertNoneIsConnecting(DeadAddress dead) {
		String remote = ":%04X 02 ".formatted(dead.address().getPort());
		soon().untilAsserted(() -> {
			long connecting = 0;
			for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
				connecting += Files.readAllLines(Path.of(table))
					.stream()
					.filter((line) -> line.contains(remote))
					.count();
			}
			assertThat(connecting).as("sockets that connect to %s", dead.address()).isLessThanOrEqualTo(1);
		});
	}

}

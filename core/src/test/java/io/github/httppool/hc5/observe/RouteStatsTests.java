package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.findings.RouteFigures;
import io.github.httppool.findings.Timing;
import io.github.httppool.hc5.net.Lookup;
import io.github.httppool.testing.ClosedPort;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.httppool.testing.CallerThread.inThread;
import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for the numbers of a route.
 */
@Tag("waiting")
@Timeout(60)
class RouteStatsTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	@Test
	void leasesAndOpeningsAreCounted() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			for (int i = 0; i < 4; i++) {
				pool.get(upstream.uri("/"));
			}
			RouteFigures route = pool.figures();
			assertThat(route.route()).isEqualTo(upstream.url());
			assertThat(route.totals().opened()).isEqualTo(1);
			assertThat(route.totals().reused()).isEqualTo(3);
			assertThat(route.connections().leased()).isZero();
			assertThat(route.connections().idle()).isEqualTo(1);
			assertThat(route.max()).isEqualTo(50);
			assertThat(highest(pool, RouteFigures::peakLeased)).isEqualTo(1);
			assertThat(route.waited()).isEqualTo(Timing.NONE);
			assertThat(route.idle().staleLeased()).isZero();
			assertThat(route.idle().shortest()).isEqualTo(-1);
			assertThat(route.undrainedCall()).isNull();
			assertThat(route.connects().tls()).isEqualTo(Timing.NONE);
		}
	}

	@Test
	void timeHeldGoesFromLeaseToRelease() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.after(Duration.ofMillis(60)).ok("hello"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			for (int i = 0; i < 3; i++) {
				pool.get(upstream.uri("/"));
			}
			Timing held = pool.figures().held();
			assertThat(held.count()).isEqualTo(3);
			assertThat(held.failures()).isZero();
			assertThat(millis(held.nanos())).isBetween(180L, 20_000L);
			assertThat(millis(highest(pool, (route) -> route.held().longest()))).isBetween(60L,
					millis(held.nanos()) - 119);
		}
	}

	@Test
	void waitsAreCountedWhereACallerHadToWait() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxPerRoute(1).acquireTimeout(Duration.ofMillis(200)))) {
			try (CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
				List<CompletableFuture<Throwable>> waiting = new ArrayList<>();
				for (int i = 0; i < 3; i++) {
					waiting.add(inThread("waiting", () -> {
						try {
							pool.get(upstream.uri("/"));
							return new AssertionError("There was a connection");
						}
						catch (IOException ex) {
							return ex;
						}
					}));
				}
				for (CompletableFuture<Throwable> each : waiting) {
					assertThat(each.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
				}
			}
			pool.get(upstream.uri("/"));
			RouteFigures route = pool.figures();
			assertThat(route.waited().count()).isEqualTo(3);
			assertThat(route.waited().failures()).isEqualTo(3);
			assertThat(millis(route.waited().nanos())).isBetween(590L, 20_000L);
			assertThat(millis(highest(pool, (figures) -> figures.waited().longest()))).isBetween(190L, 15_000L);
			assertThat(route.totals().acquireTimeouts()).isEqualTo(3);
			assertThat(route.totals().acquireRejected()).isZero();
			assertThat(highest(pool, RouteFigures::peakPending)).isBetween(1L, 3L);
			assertThat(route.connections().pending()).isZero();
		}
	}

	@Test
	void waitThatIsServedIsNoFailure() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1))) {
			CompletableFuture<String> waiting;
			try (CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
				waiting = inThread("waiting", () -> pool.get(upstream.uri("/")));
				soon().until(() -> pool.figures().connections().pending() == 1);
				assertThat(pool.figures().waited()).isEqualTo(Timing.NONE);
			}
			assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
			assertThat(pool.figures().waited().count()).isEqualTo(1);
			assertThat(pool.figures().waited().failures()).isZero();
			assertThat(highest(pool, RouteFigures::peakPending)).isEqualTo(1);
		}
	}

	@Test
	void refusedCallersAreCountedAndDidNotWait() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1).maxPending(0));
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
			assertThatIOException().isThrownBy(() -> pool.get(upstream.uri("/")));
			assertThatIOException().isThrownBy(() -> pool.get(upstream.uri("/")));
			RouteFigures route = pool.figures();
			assertThat(route.totals().acquireRejected()).isEqualTo(2);
			assertThat(route.totals().acquireTimeouts()).isZero();
			assertThat(route.waited()).isEqualTo(Timing.NONE);
			assertThat(route.peakPending()).isZero();
		}
	}

	@Test
	void mostLeasedAtOnceIsKeptUntilTheNextSample() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			List<CloseableHttpResponse> held = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				held.add(pool.open(new HttpGet(upstream.uri("/"))));
			}
			assertThat(pool.figures().connections().leased()).isEqualTo(5);
			for (CloseableHttpResponse response : held) {
				response.close();
			}
			RouteFigures route = pool.figures();
			assertThat(route.connections().leased()).isZero();
			assertThat(route.connections().idle()).isEqualTo(5);
			assertThat(highest(pool, RouteFigures::peakLeased)).isEqualTo(5);
			assertThat(highest(pool, RouteFigures::peakLeased)).as("looking changes nothing").isEqualTo(5);
		}
	}

	@Test
	void connectionFoundClosedBeforeALeaseIsStaleAndWasIdleForSoLong() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			PoolFixture.awaitIdle(upstream);
			long started = System.nanoTime();
			soon().until(() -> System.nanoTime() - started > Duration.ofMillis(100).toNanos());
			upstream.lastConnection().close();
			pool.get(upstream.uri("/"));
			RouteFigures route = pool.figures();
			assertThat(route.idle().staleLeased()).isEqualTo(1);
			assertThat(route.idle().serverClosed()).isEqualTo(1);
			assertThat(millis(highest(pool, (figures) -> figures.idle().shortest()))).isBetween(100L, 10_000L);
			assertThat(route.totals().replayed()).isZero();
		}
	}

	@Test
	void connectionFoundClosedByTheHousekeeperWasNotLeased() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			PoolFixture.awaitIdle(upstream);
			upstream.lastConnection().close();
			soon().until(() -> pool.closed(CloseReason.STALE) == 1);
			RouteFigures route = pool.figures();
			assertThat(route.idle().serverClosed()).isEqualTo(1);
			assertThat(route.idle().staleLeased()).isZero();
			assertThat(millis(highest(pool, (figures) -> figures.idle().shortest()))).isBetween(1L, 10_000L);
		}
	}

	@Test
	void connectionThatFailedUnderACallIsStaleAndTheCallReplayed() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.request().connection() == 0 && exchange.path().equals("/close")) {
				exchange.close();
			}
			else {
				exchange.ok("hello");
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			assertThat(pool.get(upstream.uri("/close"))).isEqualTo("hello");
			RouteFigures route = pool.figures();
			assertThat(route.idle().staleLeased()).isEqualTo(1);
			assertThat(route.totals().replayed()).isEqualTo(1);
			assertThat(route.idle().serverClosed()).isEqualTo(1);
			assertThat(millis(highest(pool, (figures) -> figures.idle().shortest()))).isLessThan(10_000);
			assertThat(route.totals().closed()).isEqualTo(Map.of(CloseReason.STALE, 1L));
		}
	}

	@Test
	void callWhoseBodyIsTooLargeToDrainIsNamedWithoutItsQuery() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().startsWith("/large")) {
				exchange.gigabyte();
			}
			else {
				exchange.ok("hello");
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.ignore(upstream.uri("/small"));
			assertThat(pool.figures().undrainedCall()).isNull();
			pool.ignore(upstream.uri("/large?secret=1"));
			RouteFigures route = pool.figures();
			assertThat(route.undrainedCall()).isEqualTo("GET /large");
			assertThat(route.totals().drained()).isEqualTo(Map.of(DrainOutcome.REUSED, 1L, DrainOutcome.TOO_LARGE, 1L));
			assertThat(route.totals().closed()).isEqualTo(Map.of(CloseReason.DRAIN_BYTES, 1L));
		}
	}

	@Test
	void callWhoseBodyIsTooSlowToDrainIsNamed() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.dripData(Duration.ofMillis(20)));
				PoolFixture pool = PoolFixture.withDefaults()) {
			pool.ignore(upstream.uri("/slow"));
			assertThat(pool.figures().undrainedCall()).isEqualTo("GET /slow");
			assertThat(pool.figures().totals().drained()).isEqualTo(Map.of(DrainOutcome.TOO_SLOW, 1L));
		}
	}

	@Test
	void leakIsCounted() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.leakDetectionThreshold(Duration.ofMillis(50)));
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
			soon().untilAsserted(() -> assertThat(pool.figures().totals().leaks()).isEqualTo(1));
			assertThat(pool.figures().lastLeak()).satisfies((leak) -> {
				assertThat(leak.call()).isEqualTo("GET /held");
				assertThat(leak.thread()).isEqualTo(Thread.currentThread().getName());
				assertThat(leak.heldFor()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
			});
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TLS_1_2", "TLS_1_3" })
	void stepsOfAnOpeningAreTimedWithoutListeners(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(HELLO);
				PoolFixture pool = resolving((host) -> pause(50, host))) {
			upstream.onConnect((connection) -> Pause.ofMillis(80));
			URI uri = URI.create("https://localhost:" + upstream.port() + "/");
			pool.get(uri);
			pool.get(uri);
			RouteFigures route = pool.figures();
			assertOnce(pool, (figures) -> figures.connects().dns(), 50);
			assertOnce(pool, (figures) -> figures.connects().tcp(), 0);
			assertOnce(pool, (figures) -> figures.connects().tls(), 80);
			assertThat(route.connects().dns().failures() + route.connects().tcp().failures()
					+ route.connects().tls().failures())
				.isZero();
		}
	}

	@Test
	void lookupThatFailsIsCounted() throws Exception {
		try (PoolFixture pool = resolving((host) -> {
			throw new UnknownHostException(host);
		})) {
			assertThatIOException().isThrownBy(() -> pool.get(URI.create("http://nowhere.example/")));
			RouteFigures route = pool.figures();
			assertThat(route.connects().dns().count()).isEqualTo(1);
			assertThat(route.connects().dns().failures()).isEqualTo(1);
			assertThat(route.connects().tcp()).isEqualTo(Timing.NONE);
			assertThat(route.totals().opened()).isZero();
			assertThat(route.connects().failed()).isEqualTo(1);
			assertThat(route.connects().failure()).isEqualTo("UnknownHostException");
		}
	}

	@Test
	void connectsThatFailAreCountedForEachAddress() throws Exception {
		int port = unusedPort();
		try (PoolFixture pool = resolving((host) -> new InetAddress[] { InetAddress.getByName("127.0.0.1"),
				InetAddress.getByName("127.0.0.2") })) {
			assertThatIOException().isThrownBy(() -> pool.get(URI.create("http://nobody.example:" + port)));
			RouteFigures route = pool.figures();
			assertThat(route.connects().dns().failures()).isZero();
			assertThat(route.connects().tcp().count()).isEqualTo(2);
			assertThat(route.connects().tcp().failures()).isEqualTo(2);
			assertThat(route.connects().failed()).isEqualTo(1);
		}
	}

	@Test
	void handshakeThatFailsIsCounted() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO).onConnect((connection) -> {
			connection.sendRaw("HTTP/1.1 400 This is no TLS\r\n\r\n");
			connection.close();
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			assertThatIOException().isThrownBy(() -> pool.get(URI.create("https://localhost:" + upstream.port())));
			RouteFigures route = pool.figures();
			assertThat(route.connects().tls().count()).isEqualTo(route.connects().tls().failures()).isPositive();
			assertThat(route.connects().tcp().failures()).isZero();
			assertThat(route.connects().failed()).isEqualTo(1);
		}
	}

	@Test
	void connectThatTheCallerAbandonsIsNoFailure() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				PoolFixture pool = PoolFixture.with((settings) -> settings.connectTimeout(Duration.ofSeconds(20)))) {
			HttpGet request = new HttpGet(dead.uri());
			CompletableFuture<String> caller = inThread("caller", () -> pool.read(request));
			soon().until(() -> pool.leased() == 1);
			soon().until(() -> {
				request.abort();
				return caller.isCompletedExceptionally();
			});
			RouteFigures route = pool.figures();
			assertThat(route.connects().tcp().failures()).isZero();
			assertThat(route.connects().failed()).isZero();
			assertThat(route.connects().failure()).isNull();
			assertThat(pool.pool.events()).isEmpty();
		}
	}

	@Test
	void snapshotShowsTheSameNumbers() throws Exception {
		try (ScriptedUpstream upstream = Transport.TLS_1_3
			.start((exchange) -> exchange.after(Duration.ofMillis(20)).ok("hello"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1).maxPending(0))) {
			pool.ignore(upstream.uri("/"));
			try (CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
				assertThatIOException().isThrownBy(() -> pool.get(upstream.uri("/")));
			}
			PoolSnapshot.Route route = pool.snapshot().routes().get(0);
			assertThat(route.totals().drained()).isEqualTo(Map.of(DrainOutcome.REUSED, 2L));
			assertThat(route.totals().acquireRejected()).isEqualTo(1);
			assertThat(route.totals().acquireTimeouts()).isZero();
			assertThat(route.waited()).isEqualTo(PoolSnapshot.Times.NONE);
			assertThat(route.held().count()).isEqualTo(2);
			assertThat(route.held().mean()).isBetween(Duration.ofMillis(20), Duration.ofSeconds(20))
				.isEqualTo(Duration.ofNanos(pool.figures().held().nanos() / 2));
			assertThat(route.tcp().count()).isEqualTo(1);
			assertThat(route.tls().count()).isEqualTo(1);
			assertThat(route.tls().failures()).isZero();
			assertThat(route.totals().replayed()).isZero();
			assertThat(route.totals().leaks()).isZero();
		}
	}

	/**
	 * The housekeeper takes a sample when the first connection is opened.
	 */
	private static long highest(PoolFixture pool, ToLongFunction<RouteFigures> number) {
		return pool.pool.samples()
			.window()
			.samples()
			.stream()
			.flatMap((sample) -> sample.routes().stream())
			.mapToLong(number)
			.max()
			.orElseThrow();
	}

	private static void assertOnce(PoolFixture pool, Function<RouteFigures, Timing> step, long atLeastMillis) {
		Timing timing = step.apply(pool.figures());
		assertThat(timing.count()).isEqualTo(1);
		assertThat(timing.nanos()).isEqualTo(highest(pool, (route) -> step.apply(route).longest())).isPositive();
		assertThat(millis(timing.nanos())).isBetween(atLeastMillis, 10_000L);
	}

	private static InetAddress[] pause(long millis, String host) throws UnknownHostException {
		try {
			Pause.ofMillis(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return new InetAddress[] { InetAddress.getByName("127.0.0.1") };
	}

	private static int unusedPort() throws IOException {
		return ClosedPort.next();
	}

	private static long millis(long nanos) {
		return TimeUnit.NANOSECONDS.toMillis(nanos);
	}

	private static PoolFixture resolving(Lookup lookup) {
		return PoolFixture.customized((settings) -> {
		}, new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
				connections.setDnsResolver(new DnsResolver() {

					@Override
					public InetAddress[] resolve(String host) throws UnknownHostException {
						return lookup.resolve(host);
					}

					@Override
					public String resolveCanonicalHostname(String host) {
						return host;
					}

				});
			}

		});
	}

	private interface Lookup {

		InetAddress[] resolve(String host) throws UnknownHostException;

	}

}

package io.github.httppool.hc5.observe;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.findings.LocalPorts;
import io.github.httppool.findings.PoolFigures;
import io.github.httppool.findings.RouteFigures;
import io.github.httppool.findings.Window;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for samples, with a window of seconds.
 */
@Tag("waiting")
@Timeout(60)
class SamplesTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	private static final Duration WINDOW = Duration.ofSeconds(2);

	private static final Sampling FAST = Sampling.every(Duration.ofMillis(100), WINDOW);

	private static final Sampling RARE = Sampling.every(Duration.ofHours(1), Duration.ofHours(2));

	@Test
	void samplesAreTakenWhileThePoolIsUsedAndAgeOut() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = sampled(FAST)) {
			long started = System.nanoTime();
			while (System.nanoTime() - started < WINDOW.multipliedBy(2).toNanos()) {
				pool.get(upstream.uri("/"));
			}
			soon().until(() -> pool.pool.samples().kept().size() > 3);
			List<PoolFigures> kept = pool.pool.samples().kept();
			assertThat(kept.size()).isLessThanOrEqualTo(22);
			for (int i = 1; i < kept.size(); i++) {
				assertThat(kept.get(i).nanoTime() - kept.get(i - 1).nanoTime())
					.isGreaterThanOrEqualTo(Duration.ofMillis(99).toNanos());
			}
			long over = kept.get(kept.size() - 1).nanoTime() - kept.get(0).nanoTime();
			assertThat(over).isLessThanOrEqualTo(WINDOW.toNanos());
			assertThat(kept.get(0).routes().get(0).totals().reused()).as("the oldest is not the first").isPositive();
		}
	}

	@Test
	void activityAgesOutWithoutFurtherActivityAndThenTheHousekeeperSleeps() throws Exception {
		AtomicInteger reads = new AtomicInteger();
		Sampling sampling = FAST.withPorts(() -> {
			reads.incrementAndGet();
			return LocalPorts.UNKNOWN;
		});
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok(new byte[5], "Connection: close")); PoolFixture pool = sampled(sampling)) {
			pool.get(upstream.uri("/"));
			assertThat(opened(pool.pool.samples().window())).isEqualTo(1);
			soon().until(() -> pool.pool.samples().kept().size() > 1);
			soon().until(() -> pool.pool.samples().kept().isEmpty());
			assertThat(opened(pool.pool.samples().window())).isZero();
			int before = reads.get();
			Thread thread = housekeeper();
			// One turn more than that after which the samples were gone.
			soon().until(() -> thread.getState() == Thread.State.WAITING);
			await().during(Duration.ofMillis(500))
				.atMost(Duration.ofSeconds(5))
				.until(() -> reads.get() == before && thread.getState() == Thread.State.WAITING);
		}
	}

	@Test
	void activityAfterAnIdlePeriodIsSeenFromItsStartAndNothingBefore() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok(new byte[5], "Connection: close")); PoolFixture pool = sampled(FAST)) {
			for (int i = 0; i < 5; i++) {
				pool.get(upstream.uri("/"));
			}
			soon().until(() -> pool.pool.samples().kept().size() > 1);
			soon().until(() -> pool.pool.samples().kept().isEmpty());
			for (int i = 0; i < 3; i++) {
				pool.get(upstream.uri("/"));
			}
			assertThat(opened(pool.pool.samples().window())).isEqualTo(3);
			soon().until(() -> !pool.pool.samples().kept().isEmpty());
			assertThat(opened(pool.pool.samples().window())).isEqualTo(3);
			assertThat(opened(pool.pool.samples().sampledWindow())).isEqualTo(3);
		}
	}

	@Test
	void failedConnectsAreSampledEvenWithoutAnyConnection() throws Exception {
		try (PoolFixture pool = sampled(FAST)) {
			assertThatIOException().isThrownBy(() -> pool.get(URI.create("http://127.0.0.1:1/")));
			soon().untilAsserted(() -> assertThat(pool.pool.samples().kept()).last()
				.satisfies((sample) -> assertThat(sample.routes().get(0).connects().tcp().failures()).isEqualTo(1)));
			assertThat(pool.pool.samples().kept().get(0).routes()).as("the baseline").isEmpty();
		}
	}

	@Test
	void poolFiguresAreCurrent() throws Exception {
		Sampling sampling = RARE.withPorts(() -> new LocalPorts(28232, 42));
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.sampled(sampling, (settings) -> settings.maxTotal(7).maxPerRoute(5))) {
			List<CloseableHttpResponse> held = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				held.add(pool.open(new HttpGet(upstream.uri("/held"))));
			}
			held.get(0).close();
			PoolFigures now = now(pool);
			assertThat(now.limits().maxTotal()).isEqualTo(7);
			assertThat(now.limits().maxPerRoute()).isEqualTo(5);
			assertThat(now.connections().leased()).isEqualTo(2);
			assertThat(now.connections().idle()).isEqualTo(1);
			assertThat(now.connections().pending()).isZero();
			assertThat(now.peakTotal()).isEqualTo(3);
			assertThat(now.ports()).isEqualTo(new LocalPorts(28232, 42));
			assertThat(now.leases()).hasSize(2)
				.allSatisfy((lease) -> assertThat(lease.lease().call()).isEqualTo("GET /held"));
			assertThat(highestLeased(pool)).isEqualTo(3);
			held.get(1).close();
			held.get(2).close();
		}
	}

	@Test
	void maximumValuesAreResetByEachKeptSample() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = sampled(FAST)) {
			try (CloseableHttpResponse one = pool.open(new HttpGet(upstream.uri("/")));
					CloseableHttpResponse other = pool.open(new HttpGet(upstream.uri("/")))) {
				soon().untilAsserted(() -> assertThat(pool.pool.samples().kept()).last()
					.satisfies((sample) -> assertThat(sample.peakLeased()).isEqualTo(2)));
			}
			soon().untilAsserted(() -> assertThat(pool.pool.samples().kept()).last().satisfies((sample) -> {
				assertThat(sample.peakLeased()).isZero();
				assertThat(sample.peakTotal()).isEqualTo(2);
				assertThat(sample.routes().get(0).peakLeased()).isZero();
				assertThat(sample.routes().get(0).held().longest()).isZero();
				assertThat(sample.routes().get(0).held().count()).isEqualTo(2);
			}));
		}
	}

	@Test
	void jumpOfTheWallClockIsInTheSampleAfterIt() throws Exception {
		AtomicLong ahead = new AtomicLong();
		Sampling sampling = FAST.withWallClock(() -> System.currentTimeMillis() + ahead.get());
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = sampled(sampling)) {
			pool.get(upstream.uri("/"));
			soon().until(() -> pool.pool.samples().kept().size() > 2);
			assertThat(pool.pool.samples().kept())
				.allSatisfy((sample) -> assertThat(Math.abs(sample.clockJump())).isLessThan(seconds(1)));
			ahead.set(3_600_000);
			soon().untilAsserted(() -> assertThat(pool.pool.samples().kept())
				.filteredOn((sample) -> sample.clockJump() > seconds(3590) && sample.clockJump() < seconds(3610))
				.hasSize(1));
			ahead.set(0);
			soon().untilAsserted(() -> assertThat(pool.pool.samples().kept())
				.filteredOn((sample) -> sample.clockJump() < -seconds(3590) && sample.clockJump() > -seconds(3610))
				.hasSize(1));
		}
	}

	@Test
	void lateWakeUpsOfTheHousekeeperAreSampled() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = sampled(FAST)) {
			pool.get(upstream.uri("/"));
			soon().until(() -> pool.pool.samples().kept().stream().anyMatch((sample) -> sample.longestPause() > 0));
			assertThat(pool.pool.samples().kept())
				.allSatisfy((sample) -> assertThat(sample.longestPause()).isBetween(0L, seconds(10)));
		}
	}

	@Test
	void routesWithoutActivityAreLeftOutAndShareTheirNumbers() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok(new byte[5], "Connection: close")); PoolFixture pool = manyHosts()) {
			for (int i = 0; i < 300; i++) {
				pool.get(URI.create("http://host-" + i + ".example:" + upstream.port() + "/"));
			}
			soon().until(() -> sampledRoutes(pool) == 300);
			String busy = "http://busy.example:" + upstream.port();
			long started = System.nanoTime();
			soon().until(() -> {
				pool.get(URI.create(busy + "/"));
				return System.nanoTime() - started > WINDOW.multipliedBy(2).toNanos();
			});
			Window window = pool.pool.samples().window();
			assertThat(window.samples()).allSatisfy(
					(sample) -> assertThat(sample.routes()).extracting(RouteFigures::route).containsExactly(busy));
			List<PoolFigures> kept = pool.pool.samples().kept();
			assertThat(kept.get(0).routes()).hasSize(301);
			List<RouteFigures> latest = kept.get(kept.size() - 1).routes();
			assertThat(kept.get(0).routes().stream().filter((route) -> latest.stream().anyMatch((one) -> one == route)))
				.hasSize(300);
		}
	}

	@Test
	void onlyNewActivityOfALongUnusedRouteIsSeen() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.sampled(FAST,
						(settings) -> settings.idleTimeout(Duration.ofMillis(300)))) {
			for (int i = 0; i < 5; i++) {
				pool.get(upstream.uri("/"));
			}
			URI other = URI.create("http://localhost:" + upstream.port() + "/");
			long started = System.nanoTime();
			soon().until(() -> {
				pool.get(other);
				return System.nanoTime() - started > WINDOW.multipliedBy(2).toNanos()
						&& pool.closed(CloseReason.IDLE_TIMEOUT) > 0;
			});
			pool.get(upstream.uri("/"));
			List<PoolFigures> samples = pool.pool.samples().window().samples();
			RouteFigures then = route(samples.get(0), upstream.url());
			RouteFigures now = route(samples.get(samples.size() - 1), upstream.url());
			assertThat(now.totals().opened() - then.totals().opened()).isEqualTo(1);
			assertThat(now.totals().reused() - then.totals().reused()).isZero();
		}
	}

	@Test
	void callThatTookLongerThanManySamplesIsSeenToEnd() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok(new byte[5], "Connection: close")); PoolFixture pool = sampled(FAST)) {
			try (CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/")))) {
				soon().until(() -> pool.pool.samples().kept().size() > 6);
				assertThat(pool.pool.samples().kept()).last()
					.satisfies((sample) -> assertThat(sample.routes().get(0).connections().leased()).isEqualTo(1));
			}
			soon().untilAsserted(() -> assertThat(pool.pool.samples().kept()).last()
				.satisfies((sample) -> assertThat(sample.routes().get(0).connections().leased()).isZero()));
		}
	}

	private static RouteFigures route(PoolFigures sample, String name) {
		return sample.routes().stream().filter((route) -> route.route().equals(name)).findFirst().orElseThrow();
	}

	private static int sampledRoutes(PoolFixture pool) {
		List<PoolFigures> kept = pool.pool.samples().kept();
		return kept.isEmpty() ? 0 : kept.get(kept.size() - 1).routes().size();
	}

	/**
	 * Return how many connections were opened within a window.
	 */
	private static long opened(Window window) {
		List<PoolFigures> samples = window.samples();
		return opened(samples.get(samples.size() - 1)) - opened(samples.get(0));
	}

	private static long opened(PoolFigures sample) {
		return sample.routes().stream().mapToLong((route) -> route.totals().opened()).sum();
	}

	private static PoolFigures now(PoolFixture pool) {
		List<PoolFigures> samples = pool.pool.samples().window().samples();
		return samples.get(samples.size() - 1);
	}

	private static int highestLeased(PoolFixture pool) {
		return pool.pool.samples().window().samples().stream().mapToInt(PoolFigures::peakLeased).max().orElseThrow();
	}

	private static Thread housekeeper() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.isAlive() && thread.getName().equals("http-pool-default"))
			.findAny()
			.orElseThrow();
	}

	private static long seconds(long seconds) {
		return Duration.ofSeconds(seconds).toNanos();
	}

	private static PoolFixture sampled(Sampling sampling) {
		return PoolFixture.sampled(sampling, (settings) -> {
		});
	}

	private static PoolFixture manyHosts() {
		return PoolFixture.sampled(FAST, (settings) -> {
		}, new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
				connections.setDnsResolver(new SystemDefaultDnsResolver() {

					@Override
					public InetAddress[] resolve(String host) {
						return new InetAddress[] { InetAddress.getLoopbackAddress() };
					}

				});
			}

		});
	}

}

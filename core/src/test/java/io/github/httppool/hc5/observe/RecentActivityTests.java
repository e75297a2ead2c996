package io.github.httppool.hc5.observe;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.PoolActivity;
import io.github.httppool.PoolLoad;
import io.github.httppool.PoolSample;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.findings.LocalPorts;
import io.github.httppool.hc5.net.HighWaterMark;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.test.util.ReflectionTestUtils;

import static io.github.httppool.testing.CallerThread.inThread;
import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the recent activity, with a window of seconds.
 */
@Tag("waiting")
@Timeout(60)
class RecentActivityTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	private static final ScriptedUpstream.Script LAST = (exchange) -> exchange.ok(new byte[5], "Connection: close");

	private static final Sampling FAST = Sampling.every(Duration.ofMillis(100), Duration.ofSeconds(2));

	private static final Sampling RARE = Sampling.every(Duration.ofHours(1), Duration.ofHours(2));

	@Test
	void currentActivityIsVisibleAtOnce() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = sampled(RARE)) {
			get(pool, upstream, 5);
			for (PoolActivity recent : List.of(pool.snapshot().recent(), pool.snapshot().routes().get(0).recent())) {
				assertThat(recent.calls()).isEqualTo(5);
				assertThat(recent.opened()).isEqualTo(1);
				assertThat(recent.reuseRatio()).hasValue(0.8);
				assertThat(recent.closed()).isZero();
				assertThat(recent.meanWait()).isEmpty();
				assertThat(recent.longestWait()).isZero();
				assertThat(recent.span()).isPositive().isLessThan(Duration.ofSeconds(60));
				assertThat(recent.callsPerSecond()).isBetween(5.0 / 60, 5.0);
			}
		}
	}

	@Test
	void activityAgesOutAndTotalsRemain() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = sampled(FAST)) {
			get(pool, upstream, 5);
			soon().until(() -> pool.pool.samples().kept().size() > 2);
			assertThat(pool.snapshot().recent().calls()).isEqualTo(5);
			soon().untilAsserted(() -> {
				PoolSnapshot snapshot = pool.snapshot();
				assertThat(snapshot.recent().calls()).isZero();
				assertThat(snapshot.recent().reuseRatio()).isEmpty();
				assertThat(snapshot.routes().get(0).recent().calls()).isZero();
				assertThat(snapshot.totals().calls()).isEqualTo(5);
			});
		}
	}

	@Test
	void activityAfterAnIdlePeriodIsSeenWithoutEarlierActivity() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(LAST); PoolFixture pool = sampled(FAST)) {
			get(pool, upstream, 5);
			soon().until(() -> pool.pool.samples().kept().size() > 1);
			soon().until(() -> pool.pool.samples().kept().isEmpty());
			assertThat(pool.snapshot().recent().calls()).isZero();
			assertThat(pool.pool.history()).isEmpty();
			get(pool, upstream, 3);
			assertThat(pool.snapshot().recent().calls()).isEqualTo(3);
			assertThat(pool.snapshot().routes().get(0).recent().closed()).isEqualTo(3);
			soon().untilAsserted(() -> assertThat(sum(pool.pool.history()).calls()).isEqualTo(3));
		}
	}

	@Test
	void waitsAreThoseOfTheCallersThatHadToWait() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.sampled(FAST, (settings) -> settings.maxPerRoute(1))) {
			CompletableFuture<String> late;
			try (CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
				late = inThread("late", () -> pool.get(upstream.uri("/late")));
				soon().until(() -> pool.snapshot().connections().pending() == 1);
				soon().untilAsserted(() -> assertThat(pool.pool.history()).last()
					.satisfies((sample) -> assertThat(sample.connections().pending()).isOne()));
			}
			late.get(10, TimeUnit.SECONDS);
			assertWait(pool.snapshot().recent());
			assertWait(pool.snapshot().routes().get(0).recent());
			soon().untilAsserted(() -> assertWait(sum(pool.pool.history())));
		}
	}

	private static void assertWait(PoolActivity activity) {
		assertThat(activity.waits()).isOne();
		assertThat(activity.longestWait()).isPositive().isLessThan(Duration.ofSeconds(30));
		assertThat(activity.meanWait()).hasValue(activity.longestWait());
	}

	@Test
	void historyGoesOverTheWindowAndNoFurther() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = sampled(FAST)) {
			long started = System.nanoTime();
			while (System.nanoTime() - started < Duration.ofSeconds(3).toNanos()) {
				get(pool, upstream, 1);
			}
			soon().until(() -> pool.pool.history().size() > 3);
			List<PoolSample> history = pool.pool.history();
			assertThat(history).hasSizeLessThan(22)
				.isSortedAccordingTo((one, other) -> one.time().compareTo(other.time()));
			assertThat(sum(history).span()).isLessThanOrEqualTo(Duration.ofSeconds(2));
			assertThat(sum(history).calls()).isPositive().isLessThan(pool.snapshot().totals().calls());
			assertThat(history).last()
				.satisfies((sample) -> assertThat(sample.connections().leased() + sample.connections().idle()).isOne());
		}
	}

	@Test
	void busiestRoutesAreThoseWithWaitingCallersThenThoseWithTheMostCalls() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				ScriptedUpstream other = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.sampled(RARE, (settings) -> settings.maxPerRoute(1))) {
			get(pool, upstream, 5);
			get(pool, other, 3);
			assertThat(pool.pool.snapshot(1).routes()).extracting(PoolSnapshot.Route::route)
				.containsExactly(upstream.url());
			assertThat(pool.pool.snapshot(1).routeCount()).isEqualTo(2);
			CompletableFuture<String> late;
			try (CloseableHttpResponse held = pool.open(new HttpGet(other.uri("/held")))) {
				late = inThread("late", () -> pool.get(other.uri("/late")));
				soon().until(() -> pool.snapshot().connections().pending() == 1);
				assertThat(pool.pool.snapshot(10).routes()).extracting(PoolSnapshot.Route::route)
					.containsExactly(other.url(), upstream.url());
				assertThat(pool.pool.load().routes()).containsExactlyInAnyOrder(
						new PoolLoad.Route(other.url(), new PoolSnapshot.Connections(1, 0, 1), 1),
						new PoolLoad.Route(upstream.url(), new PoolSnapshot.Connections(0, 1, 0), 1));
			}
			late.get(10, TimeUnit.SECONDS);
		}
	}

	@Test
	void gaugesDoNotEvaluateFindings() throws Exception {
		AtomicInteger looks = new AtomicInteger();
		Sampling sampling = RARE.withPorts(() -> {
			looks.incrementAndGet();
			return LocalPorts.UNKNOWN;
		});
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = sampled(sampling)) {
			get(pool, upstream, 1);
			// The sample and the baseline before it.
			soon().until(() -> looks.get() == 2);
			soon().untilAsserted(() -> {
				int before = looks.get();
				assertThat(pool.pool.load().findings()).isEmpty();
				assertThat(looks).hasValue(before);
			});
			int before = looks.get();
			for (int i = 0; i < 100; i++) {
				assertThat(pool.pool.load().findings()).isEmpty();
			}
			assertThat(looks).hasValue(before);
		}
	}

	@Test
	void findingsAreEvaluatedAtMostOncePerSecond() throws Exception {
		AtomicInteger looks = new AtomicInteger();
		Sampling sampling = RARE.withPorts(() -> {
			looks.incrementAndGet();
			return LocalPorts.UNKNOWN;
		});
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = sampled(sampling)) {
			get(pool, upstream, 1);
			soon().until(() -> looks.get() == 2);
			long started = System.nanoTime();
			for (int i = 0; i < 1000; i++) {
				assertThat(pool.pool.findings()).isEmpty();
			}
			long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
			assertThat(looks.get() - 2).isBetween(1, (int) seconds + 2);
		}
	}

	@Test
	void routesAndPoolCoverTheSamePeriodAfterAPause() throws Exception {
		AtomicReference<HighWaterMark> pause = new AtomicReference<>();
		Sampling sampling = FAST.withWallClock(() -> {
			HighWaterMark longest = pause.getAndSet(null);
			if (longest != null) {
				long stoodStill = Duration.ofMillis(2500).toNanos();
				Pause.ofNanos(stoodStill);
				longest.raise(stoodStill);
			}
			return System.currentTimeMillis();
		});
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = sampled(sampling)) {
			get(pool, upstream, 50);
			soon().until(() -> pool.pool.samples().kept().size() > 3);
			Object clock = ReflectionTestUtils.getField(pool.pool.connections().housekeeper(), "clock");
			pause.set((HighWaterMark) ReflectionTestUtils.getField(clock, "longestPause"));
			soon().until(() -> pool.pool.samples().kept().stream().anyMatch((sample) -> sample.lost() > 0));
			PoolSnapshot snapshot = pool.snapshot();
			PoolActivity recent = snapshot.recent();
			assertThat(recent.calls()).isZero();
			assertThat(snapshot.routes()).singleElement()
				.satisfies((route) -> assertThat(route.recent()).usingRecursiveComparison()
					.ignoringFields("span")
					.isEqualTo(recent));
		}
	}

	@Test
	void findingsFollowAResizeAtOnce() throws Exception {
		Sampling sampling = Sampling.every(Duration.ofMillis(500), Duration.ofSeconds(30));
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.after(Duration.ofMillis(20)).ok("hello"));
				PoolFixture pool = PoolFixture.sampled(sampling, (settings) -> settings.maxPerRoute(1))) {
			AtomicBoolean goesOn = new AtomicBoolean(true);
			List<CompletableFuture<String>> callers = new ArrayList<>();
			for (int i = 0; i < 6; i++) {
				callers.add(inThread("caller-" + i, () -> {
					while (goesOn.get()) {
						pool.get(upstream.uri("/"));
					}
					return "";
				}));
			}
			soon().until(() -> pool.pool.samples().kept().size() > 4);
			soon().untilAsserted(() -> assertThat(pool.pool.findings()).extracting(Finding::code)
				.containsExactly(FindingCode.POOL_TOO_SMALL));
			pool.pool.resize(200, 20);
			assertThat(pool.pool.findings()).isEmpty();
			assertThat(pool.pool.load().findings()).isEmpty();
			goesOn.set(false);
			for (CompletableFuture<String> caller : callers) {
				caller.get(10, TimeUnit.SECONDS);
			}
		}
	}

	@Test
	void newPoolDoesNotCountTheTimeBeforeItsStart() throws Exception {
		long before = System.nanoTime();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = sampled(RARE)) {
			get(pool, upstream, 1);
			assertThat(pool.pool.samples().window().samples().get(0).nanoTime() - before).isNotNegative();
		}
	}

	private static PoolActivity sum(List<PoolSample> history) {
		Duration span = Duration.ZERO;
		long calls = 0;
		long waits = 0;
		Duration waited = Duration.ZERO;
		Duration longest = Duration.ZERO;
		for (PoolSample sample : history) {
			PoolActivity activity = sample.activity();
			span = span.plus(activity.span());
			calls += activity.calls();
			waits += activity.waits();
			waited = waited.plus(activity.waited());
			longest = (activity.longestWait().compareTo(longest) > 0) ? activity.longestWait() : longest;
		}
		return new PoolActivity(span, calls, 0, 0, 0, waits, waited, longest);
	}

	private static void get(PoolFixture pool, ScriptedUpstream upstream, int count) throws Exception {
		for (int i = 0; i < count; i++) {
			pool.get(URI.create(upstream.url() + "/"));
		}
	}

	private static PoolFixture sampled(Sampling sampling) {
		return PoolFixture.sampled(sampling, (settings) -> {
		});
	}

}

package io.github.httppool.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.httppool.FindingCode;
import io.github.httppool.ReusePolicy;
import io.github.httppool.Severity;
import io.github.httppool.faults.FaultCase.Fault;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.SampledPool;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;

/**
 * Limits that are too low or too high, and those who hold what others need.
 */
final class LimitCases {

	private static final Duration NO_PAUSE = Duration.ZERO;

	private LimitCases() {
	}

	static List<FaultCase> cases() {
		return List.of(

				FaultCase.of(FindingCode.POOL_TOO_SMALL, Severity.WARNING,
						"16 callers, each with one call after the other, over `max-per-route=4`; over when the pool is resized as advised.",
						LimitCases::tooSmall)
					.varying("(?<=to )\\d+"),

				FaultCase.of(FindingCode.POOL_TOO_SMALL, Severity.CRITICAL,
						"6 callers over `max-per-route=2` to a server that takes 300 ms, with an `acquire-timeout` of 100 ms.",
						LimitCases::inVain)
					.varying("(?<=to )\\d+"),

				FaultCase.of(FindingCode.POOL_TOO_SMALL, Severity.CRITICAL,
						"30 callers over `max-per-route=4` to a server that stops responding, with an `acquire-timeout` of 500 ms; over when the limit lets all of them wait for it.",
						LimitCases::noAnswer),

				FaultCase.of(FindingCode.POOL_TOO_LARGE, Severity.INFO,
						"A burst of 60 calls, then two callers; `reuse-policy=fifo` keeps all 60 connections busy in turn; over when they are evicted.",
						LimitCases::tooLarge)
					.varying("(?<=to )\\d+"),

				FaultCase.of(FindingCode.TOTAL_LIMIT_BINDS, Severity.WARNING,
						"8 callers for each of two equal servers over `max-total=8`; over when the pool is resized.",
						LimitCases::totalLimit)
					.varying("(?<=to )\\d+"),

				FaultCase.of(FindingCode.TOTAL_LIMIT_BINDS, Severity.WARNING,
						"One caller for 12 routes in turn over `max-total=4`: each call closes the idle connection of another route.",
						LimitCases::evictions)
					.varying("(?<=to )\\d+"),

				FaultCase.of(FindingCode.SLOW_ROUTE, Severity.WARNING,
						"8 callers for a server that takes 400 ms and 4 for a quick one over `max-total=8`; over with the calls to the slow one.",
						LimitCases::slowRoute),

				FaultCase.of(FindingCode.LEAK_SUSPECTED, Severity.WARNING,
						"Three responses that are neither read nor closed, beside normal traffic; over when they are closed.",
						LimitCases::leak),

				FaultCase.of(FindingCode.LEAK_SUSPECTED, Severity.CRITICAL,
						"The same over `max-per-route=4`, and callers wait for the only remaining connection.",
						LimitCases::leakThatFills),

				FaultCase.of(FindingCode.LEAK_SUSPECTED, Severity.WARNING,
						"A caller that loses a response every half second, which the garbage collector notices.",
						LimitCases::lost),

				FaultCase.of(FindingCode.CALLERS_REFUSED, Severity.CRITICAL,
						"8 callers over `max-per-route=2` with `max-pending=0`; over when the pool is resized.",
						LimitCases::refused));
	}

	private static ScriptedUpstream slow(Scene scene, String address, Duration time) {
		return scene.use(ScriptedUpstream.plainAt(address, 0, (exchange) -> exchange.after(time).ok("hello")));
	}

	private static Fault tooSmall(Scene scene) {
		ScriptedUpstream upstream = slow(scene, "127.0.0.1", Duration.ofMillis(20));
		SampledPool pool = scene.pool((settings) -> settings.maxPerRoute(4));
		scene.callers(16, NO_PAUSE, () -> pool.get(upstream.url()));
		return Fault
			.on(upstream.url(), "All 4 connections .* = 1[4-7] connections at once on average",
					() -> pool.resize(200, 20))
			.advising("^Set http-pool.max-per-route to (1[5-9]|20), if");
	}

	private static Fault inVain(Scene scene) {
		ScriptedUpstream upstream = slow(scene, "127.0.0.1", Duration.ofMillis(300));
		SampledPool pool = scene.pool((settings) -> settings.maxPerRoute(2).acquireTimeout(Duration.ofMillis(100)));
		scene.callers(6, NO_PAUSE, () -> pool.get(upstream.url()));
		return Fault.on(upstream.url(), "\\d+ gave up \\(http-pool.acquire-timeout\\)", () -> pool.resize(200, 6));
	}

	private static Fault noAnswer(Scene scene) throws Exception {
		AtomicBoolean answers = new AtomicBoolean(true);
		ScriptedUpstream upstream = scene.use(ScriptedUpstream
			.plain((exchange) -> exchange.after(answers.get() ? Duration.ZERO : Duration.ofMinutes(1)).ok("hello")));
		SampledPool pool = scene.pool((settings) -> settings.maxPerRoute(4).acquireTimeout(Duration.ofMillis(500)));
		for (int i = 0; i < 100; i++) {
			pool.get(upstream.url());
		}
		answers.set(false);
		scene.callers(30, NO_PAUSE, () -> pool.get(upstream.url()));
		return Fault
			.on(upstream.url(), "\\d+ gave up .*\\. By now, no byte has come over 4 of them for [\\d.]+s or longer$",
					() -> pool.resize(200, 40))
			.advising("^Find out first why no bytes arrive: check the server");
	}

	private static Fault tooLarge(Scene scene) throws Exception {
		ScriptedUpstream upstream = slow(scene, "127.0.0.1", Duration.ZERO);
		SampledPool pool = scene.pool((settings) -> settings.maxPerRoute(60).reusePolicy(ReusePolicy.FIFO));
		List<CloseableHttpResponse> burst = new ArrayList<>();
		for (int i = 0; i < 60; i++) {
			burst.add(pool.open(upstream.url()));
		}
		for (CloseableHttpResponse response : burst) {
			response.close();
		}
		scene.callers(2, Duration.ofMillis(1), () -> pool.get(upstream.url()));
		return Fault
			.on(upstream.url(), "At least 60 connections were open all the time, and never more than [12] leased",
					pool::evict)
			.advising(
					"^Set http-pool.max-idle-per-route to [24], or http-pool.idle-timeout below 50s; http-pool.reuse-policy=fifo");
	}

	private static Fault totalLimit(Scene scene) {
		ScriptedUpstream one = slow(scene, "127.0.0.1", Duration.ofMillis(20));
		ScriptedUpstream other = slow(scene, "127.0.0.2", Duration.ofMillis(20));
		SampledPool pool = scene.pool((settings) -> settings.maxTotal(8));
		scene.callers(8, NO_PAUSE, () -> pool.get(one.url()));
		scene.callers(8, NO_PAUSE, () -> pool.get(other.url()));
		return Fault
			.on(null, "All 8 connections of the pool were leased before a route had reached its limit of 50",
					() -> pool.resize(20, 50))
			.advising("^Set http-pool.max-total to \\d+");
	}

	private static Fault evictions(Scene scene) {
		ScriptedUpstream upstream = slow(scene, "127.0.0.1", Duration.ZERO);
		SampledPool pool = scene.pool((settings) -> settings.maxTotal(4));
		int[] next = { 0 };
		scene.callers(1, Duration.ofMillis(15),
				() -> pool.get("http://host-%d.test:%d".formatted(next[0]++ % 12, upstream.port())));
		return Fault.on(null,
				"\\d+ idle connections were closed to make room for other routes, in \\d+ leases, because the pool may have 4 connections",
				() -> pool.resize(20, 50));
	}

	private static Fault slowRoute(Scene scene) {
		ScriptedUpstream slow = slow(scene, "127.0.0.1", Duration.ofMillis(400));
		ScriptedUpstream quick = slow(scene, "127.0.0.2", Duration.ofMillis(5));
		SampledPool pool = scene.pool((settings) -> settings.maxTotal(8));
		Callers slowed = scene.callers(8, NO_PAUSE, () -> pool.get(slow.url()));
		scene.callers(4, NO_PAUSE, () -> pool.get(quick.url()));
		return Fault
			.on(slow.url(), "The route had up to [5-8] of the 8 connections of the pool leased, each for [4-9]\\d\\dms",
					slowed::close)
			.advising("^Give this route a limit of its own of 4 ");
	}

	private static Fault leak(Scene scene) throws Exception {
		ScriptedUpstream upstream = slow(scene, "127.0.0.1", Duration.ofMillis(1));
		SampledPool pool = scene.pool((settings) -> {
		});
		List<CloseableHttpResponse> forgotten = forget(pool, upstream);
		scene.callers(2, Duration.ofMillis(10), () -> pool.get(upstream.url()));
		return Fault.on(upstream.url(),
				"^3 of [345] leased connections have a response that no thread has read from or closed for 1.5s; held longest: GET /forgotten by thread 'forgetful'",
				() -> close(forgotten));
	}

	private static Fault leakThatFills(Scene scene) throws Exception {
		ScriptedUpstream upstream = slow(scene, "127.0.0.1", Duration.ofMillis(20));
		SampledPool pool = scene.pool((settings) -> settings.maxPerRoute(4));
		List<CloseableHttpResponse> forgotten = forget(pool, upstream);
		Pause.of(SampledPool.WINDOW);
		scene.callers(4, NO_PAUSE, () -> pool.get(upstream.url()));
		return Fault.on(upstream.url(), "^3 of 4 leased connections .* GET /forgotten by thread 'forgetful'",
				() -> close(forgotten));
	}

	private static Fault lost(Scene scene) {
		ScriptedUpstream upstream = slow(scene, "127.0.0.1", Duration.ofMillis(1));
		SampledPool pool = scene.pool((settings) -> {
		});
		Callers losers = scene.callers(1, Duration.ofMillis(500), () -> {
			pool.open(upstream.url() + "/lost");
			System.gc();
		});
		scene.callers(2, Duration.ofMillis(10), () -> pool.get(upstream.url()));
		return Fault.on(upstream.url(),
				"\\d leases? (was|were) lost without being closed .*; the last one: GET /lost by thread 'caller-0'",
				losers::close);
	}

	private static List<CloseableHttpResponse> forget(SampledPool pool, ScriptedUpstream upstream) throws Exception {
		List<CloseableHttpResponse> forgotten = new ArrayList<>();
		Thread forgetful = new Thread(() -> {
			try {
				for (int i = 0; i < 3; i++) {
					forgotten.add(pool.open(upstream.url() + "/forgotten"));
				}
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}, "forgetful");
		forgetful.start();
		forgetful.join();
		return forgotten;
	}

	private static void close(List<CloseableHttpResponse> responses) throws Exception {
		for (CloseableHttpResponse response : responses) {
			response.close();
		}
	}

	private static Fault refused(Scene scene) {
		ScriptedUpstream upstream = slow(scene, "127.0.0.1", Duration.ofMillis(20));
		SampledPool pool = scene.pool((settings) -> settings.maxPerRoute(2).maxPending(0));
		scene.callers(8, Duration.ofMillis(5), () -> pool.get(upstream.url()));
		return Fault
			.on(upstream.url(),
					"callers were refused at once, because no caller may wait .* The limit of the route, 2 connections",
					() -> pool.resize(200, 8))
			.advising("^Raise http-pool.max-per-route above 2,");
	}

}

package io.github.httppool.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.FindingCode;
import io.github.httppool.Severity;
import io.github.httppool.faults.FaultCase.Fault;
import io.github.httppool.testing.Nginx;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.SampledPool;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;

/**
 * Connections that end though they could serve again.
 */
final class ReuseCases {

	private static final Duration PAUSE = Duration.ofMillis(15);

	private ReuseCases() {
	}

	static List<FaultCase> cases() {
		return List.of(

				FaultCase.of(FindingCode.SERVER_CLOSES, Severity.WARNING,
						"nginx with `keepalive_timeout 0` for a location; over when others are called.",
						ReuseCases::nginxCloses),

				FaultCase.of(FindingCode.SERVER_CLOSES, Severity.WARNING,
						"A server that closes after each response without announcing it.",
						(scene) -> closesSilently(scene, 1,
								"\\d+ connections after \\d+ responses, without announcing it")),

				FaultCase.of(FindingCode.SERVER_CLOSES, Severity.WARNING,
						"A server that closes 120 idle connections at once, beside normal traffic.",
						ReuseCases::closesMany),

				FaultCase.of(FindingCode.STALE_CONNECTIONS, Severity.WARNING,
						"A server that closes after every fifth response of a connection without announcing it.",
						(scene) -> closesSilently(scene, 5,
								"\\d+ connections had been closed by the server.*: (1\\d|2\\d) % of \\d+ leases")),

				FaultCase.of(FindingCode.KEEP_ALIVE_MISMATCH, Severity.WARNING,
						"Bursts of 8 calls every 800 ms to nginx with `keepalive_timeout 600ms`; `idle-timeout` is 50 s.",
						ReuseCases::mismatch)
					.varying("(?<=to )\\d+ms"),

				FaultCase.of(FindingCode.UNSOLICITED_DATA, Severity.WARNING,
						"A server that sends an unsolicited second response.", ReuseCases::unsolicited),

				FaultCase.of(FindingCode.UNREAD_BODIES, Severity.WARNING,
						"A file of 1 MB from nginx whose body the caller does not read; over when it does.",
						ReuseCases::tooLarge),

				FaultCase.of(FindingCode.UNREAD_BODIES, Severity.WARNING,
						"A body that ends after a second, which the caller does not read.", ReuseCases::tooSlow),

				FaultCase.of(FindingCode.LOW_REUSE, Severity.WARNING,
						"Bursts of 8 calls with `max-idle-per-route=1`; over with calls one after the other.",
						ReuseCases::maxIdle),

				FaultCase.of(FindingCode.LOW_REUSE, Severity.WARNING,
						"Requests with `Connection: close`, to a server that would keep the connections.",
						ReuseCases::askedFor),

				FaultCase.of(FindingCode.LOW_REUSE, Severity.WARNING,
						"A server that resets its connection in every other response.", ReuseCases::errors));
	}

	private static Fault nginxCloses(Scene scene) throws Exception {
		Nginx nginx = scene.use(Nginx.start("",
				"location /closed { keepalive_timeout 0; return 200 hello; } " + "location / { return 200 hello; }"));
		SampledPool pool = scene.pool((settings) -> {
		});
		AtomicReference<String> path = new AtomicReference<>("/closed");
		scene.callers(1, PAUSE, () -> pool.get(nginx.url() + path.get()));
		return Fault
			.on(nginx.url(), "The server closed (\\d+) connections after \\1 responses, as its responses said",
					() -> path.set("/"))
			.advising("nginx keepalive_timeout");
	}

	private static Fault closesSilently(Scene scene, int after, String numbers) {
		AtomicInteger served = new AtomicInteger();
		AtomicReference<Boolean> broken = new AtomicReference<>(true);
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.plain((exchange) -> {
			exchange.ok("hello");
			if (broken.get() && served.incrementAndGet() % after == 0) {
				exchange.close();
			}
		}));
		SampledPool pool = scene.pool((settings) -> {
		});
		scene.callers(1, PAUSE, () -> pool.get(upstream.url()));
		return Fault.on(upstream.url(), numbers, () -> broken.set(false));
	}

	private static Fault closesMany(Scene scene) throws Exception {
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.plain((exchange) -> exchange.ok("hello")));
		SampledPool pool = scene.pool((settings) -> settings.maxPerRoute(150));
		List<CloseableHttpResponse> open = new ArrayList<>();
		for (int i = 0; i < 120; i++) {
			open.add(pool.open(upstream.url()));
		}
		for (CloseableHttpResponse response : open) {
			response.close();
		}
		scene.callers(1, PAUSE, () -> pool.get(upstream.url()));
		Pause.of(SampledPool.WINDOW.dividedBy(2));
		upstream.connections().forEach(ScriptedUpstream.Connection::close);
		return Fault.on(upstream.url(),
				"^The server closed 1[12]\\d connections within \\d+ms, without announcing it in its responses; those without it had been idle for \\S+ or longer; callers leased \\d+ in that time and had to open \\d+$",
				() -> {
				})
			.advising("^Check what the server did then: a restart or a deployment,");
	}

	private static Fault askedFor(Scene scene) {
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.plain((exchange) -> exchange.ok("hello")));
		SampledPool pool = scene.pool((settings) -> {
		});
		AtomicReference<Boolean> asking = new AtomicReference<>(true);
		scene.callers(1, PAUSE, () -> {
			HttpGet request = new HttpGet(upstream.url());
			if (asking.get()) {
				request.setHeader("Connection", "close");
			}
			pool.read(request);
		});
		return Fault
			.on(upstream.url(), "Main reason why earlier connections were closed: server-close, \\d+ times",
					() -> asking.set(false))
			.advising("^This side asks for it, not the server");
	}

	private static Fault mismatch(Scene scene) throws Exception {
		Nginx nginx = scene.use(Nginx.start("", "location /short { keepalive_timeout 600ms; return 200 hello; } "
				+ "location / { return 200 hello; }"));
		SampledPool pool = scene.pool((settings) -> {
		});
		AtomicReference<String> path = new AtomicReference<>("/short");
		bursts(scene, 8, Duration.ofMillis(800), () -> pool.get(nginx.url() + path.get()));
		return Fault.on(nginx.url(),
				"The server closed \\d+ idle connections, the first ones after ([6-9]\\d\\dms|1(\\.\\d)?s), earlier than the pool does \\(http-pool.idle-timeout is 50s\\)",
				() -> path.set("/"))
			.advising("^Set http-pool.idle-timeout to [3-9]\\d\\dms, or .* nginx keepalive_timeout");
	}

	/**
	 * Let callers make a call at the same time, again and again.
	 */
	static void bursts(Scene scene, int count, Duration pause, Scene.Call call) {
		CyclicBarrier together = new CyclicBarrier(count);
		scene.use(together::reset);
		scene.callers(count, pause, () -> {
			together.await(10, TimeUnit.SECONDS);
			call.make();
		});
	}

	private static Fault unsolicited(Scene scene) {
		AtomicReference<Boolean> broken = new AtomicReference<>(true);
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.plain((exchange) -> {
			exchange.ok("hello");
			if (broken.get()) {
				exchange.after(Duration.ofMillis(5)).ok("surplus");
			}
		}));
		SampledPool pool = scene.pool((settings) -> {
		});
		scene.callers(1, Duration.ofMillis(40), () -> pool.get(upstream.url()));
		return Fault.on(upstream.url(), "The server sent bytes .* on \\d+ connections", () -> broken.set(false));
	}

	private static Fault tooLarge(Scene scene) throws Exception {
		Nginx nginx = scene.use(Nginx.start("", "").publish("export", new byte[1024 * 1024]));
		SampledPool pool = scene.pool((settings) -> {
		});
		AtomicReference<Boolean> read = new AtomicReference<>(false);
		scene.callers(1, PAUSE, () -> {
			if (read.get()) {
				pool.get(nginx.url() + "/export");
			}
			else {
				pool.ignore(nginx.url() + "/export");
			}
		});
		return Fault
			.on(nginx.url(),
					"left (\\d+) of \\1 bodies unread that were too large \\(\\1, more than 64KB\\).*: GET /export$",
					() -> read.set(true))
			.advising("raise http-pool.drain.max-bytes above 64KB");
	}

	private static Fault tooSlow(Scene scene) {
		AtomicReference<Boolean> broken = new AtomicReference<>(true);
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.plain((exchange) -> {
			exchange.head(200, "Content-Length: 10").sendRaw("hello");
			exchange.after(Duration.ofMillis(broken.get() ? 1000 : 0)).sendRaw("world");
		}));
		SampledPool pool = scene.pool((settings) -> {
		});
		scene.callers(2, PAUSE, () -> pool.ignore(upstream.url() + "/slow"));
		return Fault
			.on(upstream.url(), "came too slowly \\(\\d+, longer than 50ms\\).*: GET /slow$", () -> broken.set(false))
			.advising("raise http-pool.drain.max-time above 50ms");
	}

	private static Fault maxIdle(Scene scene) {
		ScriptedUpstream upstream = scene
			.use(ScriptedUpstream.plain((exchange) -> exchange.after(Duration.ofMillis(30)).ok("hello")));
		SampledPool pool = scene.pool((settings) -> settings.maxIdlePerRoute(1));
		AtomicReference<Callers> callers = new AtomicReference<>();
		CyclicBarrier together = new CyclicBarrier(8);
		callers.set(scene.callers(8, Duration.ofMillis(150), () -> {
			together.await(10, TimeUnit.SECONDS);
			pool.get(upstream.url());
		}));
		return Fault.on(upstream.url(), "Main reason why earlier connections were closed: max-idle, \\d+ times", () -> {
			together.reset();
			callers.get().close();
			scene.callers(1, PAUSE, () -> pool.get(upstream.url()));
		}).advising("^Raise http-pool.max-idle-per-route, now 1, to http-pool.max-per-route, now 50");
	}

	private static Fault errors(Scene scene) {
		AtomicInteger served = new AtomicInteger();
		AtomicReference<Boolean> broken = new AtomicReference<>(true);
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.plain((exchange) -> {
			if (broken.get() && served.incrementAndGet() % 2 == 0) {
				exchange.head(200, "Content-Length: 10").sendRaw("hello").reset();
			}
			else {
				exchange.ok("hello");
			}
		}));
		SampledPool pool = scene.pool((settings) -> {
		});
		scene.callers(1, Duration.ofMillis(10), () -> pool.get(upstream.url()));
		return Fault
			.on(upstream.url(), "Main reason why earlier connections were closed: error, \\d+ times",
					() -> broken.set(false))
			.advising("^Check the exceptions of these calls");
	}

}

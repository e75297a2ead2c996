package io.github.httppool.autoconfigure.properties;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.github.httppool.AcquireRejectedException;
import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.BodyTooLargeException;
import io.github.httppool.CallTimeoutException;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Each property changes what the pool does: with it and without it.
 */
@Tag("slow")
class PropertiesAppliedTests {

	private static final byte[] BODY = new byte[2048];

	private final CountDownLatch hold = new CountDownLatch(1);

	private final CyclicBarrier together = new CyclicBarrier(3);

	private final AtomicInteger staleCalls = new AtomicInteger();

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		switch (exchange.path()) {
			case "/held" -> {
				this.hold.await(30, TimeUnit.SECONDS);
				exchange.ok(BODY);
			}
			case "/together" -> {
				this.together.await(10, TimeUnit.SECONDS);
				exchange.ok(BODY);
			}
			case "/missing" -> exchange.status(404, BODY);
			case "/silent" -> exchange.stall();
			case "/stale" -> {
				if (this.staleCalls.getAndIncrement() % 2 == 0) {
					exchange.close();
				}
				else {
					exchange.ok(BODY);
				}
			}
			case "/slow" ->
				exchange.head(200, "Content-Length: 2").sendRaw("a").after(Duration.ofMillis(300)).sendRaw("b");
			default -> exchange.ok(BODY);
		}
	});

	private final ExecutorService callers = Executors.newCachedThreadPool();

	@AfterEach
	void close() {
		this.hold.countDown();
		this.callers.shutdownNow();
		this.upstream.close();
	}

	@Test
	void maxTotal() {
		run("http-pool.max-total=2", (app) -> {
			app.callConcurrently(8);
			assertThat(app.snapshot().limits().maxTotal()).isEqualTo(2);
			assertThat(this.upstream.accepted()).isLessThanOrEqualTo(2);
		});
	}

	@Test
	void maxPerRoute() {
		run("http-pool.max-per-route=3", (app) -> {
			app.callConcurrently(12);
			assertThat(app.snapshot().limits().maxPerRoute()).isEqualTo(3);
			assertThat(this.upstream.accepted()).isLessThanOrEqualTo(3);
		});
	}

	@Test
	void maxIdlePerRoute() {
		run("http-pool.max-idle-per-route=1", (app) -> {
			app.holdConcurrently(4);
			Awaitility.await().untilAsserted(() -> assertThat(app.snapshot().connections().idle()).isEqualTo(1));
			assertThat(app.closed(CloseReason.MAX_IDLE)).isEqualTo(3);
		});
	}

	@Test
	void idleConnectionsAreAsManyAsThoseOfTheRouteByDefault() {
		run("http-pool.max-per-route=4", (app) -> {
			app.holdConcurrently(4);
			Awaitility.await().untilAsserted(() -> assertThat(app.snapshot().connections().idle()).isEqualTo(4));
		});
	}

	@Test
	void maxPending() {
		run(List.of("http-pool.max-per-route=1", "http-pool.max-pending=0"), (app) -> {
			Future<?> holder = app.hold();
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> app.get("/"))
				.withCauseInstanceOf(AcquireRejectedException.class)
				.withMessageContaining("http-pool.max-pending");
			this.hold.countDown();
			join(holder);
			assertThat(app.snapshot().totals().acquireRejected()).isEqualTo(1);
		});
	}

	@Test
	void acquireTimeout() {
		run(List.of("http-pool.max-per-route=1", "http-pool.acquire-timeout=100ms"), (app) -> {
			Future<?> holder = app.hold();
			long started = System.nanoTime();
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> app.get("/"))
				.withCauseInstanceOf(AcquireTimeoutException.class)
				.withMessageContaining("within 100ms (http-pool.acquire-timeout)")
				.withMessageContaining("GET /held");
			assertThat(since(started)).isBetween(Duration.ofMillis(95), Duration.ofSeconds(2));
			this.hold.countDown();
			join(holder);
			assertThat(app.snapshot().totals().acquireTimeouts()).isEqualTo(1);
		});
	}

	@Test
	void connectTimeout() throws IOException {
		try (FullServer full = new FullServer()) {
			run("http-pool.connect-timeout=200ms", (app) -> {
				long started = System.nanoTime();
				assertThatExceptionOfType(ResourceAccessException.class)
					.isThrownBy(() -> app.client.get().uri(full.url()).retrieve().toBodilessEntity())
					.withMessageContaining("http-pool.connect-timeout");
				assertThat(since(started)).isBetween(Duration.ofMillis(190), Duration.ofMillis(1500));
			});
		}
	}

	@Test
	void tlsHandshakeTimeout() throws IOException {
		// The kernel accepts, and nobody says a word.
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			run("http-pool.tls-handshake-timeout=200ms", (app) -> {
				String url = "https://127.0.0.1:" + silent.getLocalPort();
				long started = System.nanoTime();
				assertThatExceptionOfType(ResourceAccessException.class)
					.isThrownBy(() -> app.client.get().uri(url).retrieve().toBodilessEntity())
					.withMessageContaining("http-pool.tls-handshake-timeout");
				assertThat(since(started)).isBetween(Duration.ofMillis(190), Duration.ofSeconds(2));
			});
		}
	}

	@Test
	void responseTimeout() {
		run("http-pool.response-timeout=150ms", (app) -> {
			long started = System.nanoTime();
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> app.get("/silent"))
				.withMessageContaining("http-pool.response-timeout");
			assertThat(since(started)).isBetween(Duration.ofMillis(140), Duration.ofSeconds(2));
		});
	}

	@Test
	void expectContinueTimeout() {
		try (ScriptedUpstream silent = ScriptedUpstream.plain((exchange) -> exchange.ok(BODY)).ignoreExpect()) {
			Duration patient = post("http-pool.expect-continue-timeout=700ms", silent);
			Duration hasty = post("http-pool.expect-continue-timeout=50ms", silent);
			assertThat(patient).isGreaterThanOrEqualTo(Duration.ofMillis(690));
			assertThat(hasty).isBetween(Duration.ofMillis(45), Duration.ofMillis(650));
		}
	}

	private Duration post(String property, ScriptedUpstream silent) {
		Duration[] took = new Duration[1];
		run(property, (app) -> {
			long started = System.nanoTime();
			app.client.post()
				.uri(silent.url())
				.header("Expect", "100-continue")
				.body("hello")
				.retrieve()
				.toBodilessEntity();
			took[0] = since(started);
		});
		return took[0];
	}

	@Test
	void keepAlive() {
		run("http-pool.keep-alive=false", (app) -> {
			for (int i = 0; i < 5; i++) {
				app.get("/");
			}
			assertThat(this.upstream.accepted()).isEqualTo(5);
			assertThat(this.upstream.requests())
				.allSatisfy((request) -> assertThat(request.header("Connection")).isEqualToIgnoringCase("close"));
			assertThat(app.snapshot().connections().idle()).isZero();
		});
	}

	@Test
	void idleTimeout() {
		run("http-pool.idle-timeout=300ms", (app) -> {
			app.get("/");
			assertThat(app.snapshot().connections().idle()).isEqualTo(1);
			Awaitility.await().atMost(Duration.ofSeconds(3)).until(() -> this.upstream.open() == 0);
			// The server may see it before it is counted.
			Awaitility.await().atMost(Duration.ofSeconds(3)).until(() -> app.closed(CloseReason.IDLE_TIMEOUT) == 1);
		});
	}

	@Test
	void timeToLive() {
		run(List.of("http-pool.time-to-live=400ms", "http-pool.idle-timeout=10s"), (app) -> {
			app.get("/");
			Awaitility.await().atMost(Duration.ofSeconds(3)).until(() -> app.closed(CloseReason.TIME_TO_LIVE) == 1);
			app.get("/");
			assertThat(this.upstream.accepted()).isEqualTo(2);
		});
	}

	@Test
	void validateAfterInactivity() {
		// An end of the stream is noticed by the check only, not by waiting bytes.
		assertThat(staleLeases("http-pool.validate-after-inactivity=10ms")).isZero();
		assertThat(staleLeases("http-pool.validate-after-inactivity=20s")).isPositive();
	}

	private int staleLeases(String property) {
		int[] failures = new int[1];
		run(property, (app) -> {
			for (int i = 0; i < 5; i++) {
				app.get("/");
				this.upstream.lastConnection().close();
				// Until the end of the stream is here; the check needs 10 ms anyway.
				Awaitility.await()
					.pollDelay(Duration.ofMillis(50))
					.until(() -> !this.upstream.lastConnection().isOpen());
				try {
					app.client.post().uri(this.upstream.url()).body("x").retrieve().toBodilessEntity();
				}
				catch (ResourceAccessException ex) {
					failures[0]++;
				}
			}
		});
		return failures[0];
	}

	@Test
	void reusePolicy() {
		assertThat(connectionsUsed("http-pool.reuse-policy=lifo")).isEqualTo(1);
		assertThat(connectionsUsed("http-pool.reuse-policy=fifo")).isEqualTo(3);
	}

	private long connectionsUsed(String property) {
		long[] used = new long[1];
		run(property, (app) -> {
			List<Future<?>> calls = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				calls.add(this.callers.submit(() -> app.get("/together")));
			}
			calls.forEach(PropertiesAppliedTests::join);
			int before = this.upstream.requests().size();
			for (int i = 0; i < 6; i++) {
				app.get("/");
			}
			used[0] = this.upstream.requests()
				.subList(before, before + 6)
				.stream()
				.map(ScriptedUpstream.Request::connection)
				.distinct()
				.count();
		});
		return used[0];
	}

	@Test
	void drainMaxBytes() {
		run("http-pool.drain.max-bytes=1KB", (app) -> {
			app.ignore("/");
			assertThat(app.snapshot().totals().drained()).containsEntry(DrainOutcome.TOO_LARGE, 1L);
			assertThat(app.closed(CloseReason.DRAIN_BYTES)).isEqualTo(1);
		});
		run("http-pool.drain.max-bytes=4KB", (app) -> {
			app.ignore("/");
			assertThat(app.snapshot().totals().drained()).containsEntry(DrainOutcome.REUSED, 1L);
			assertThat(app.snapshot().connections().idle()).isEqualTo(1);
		});
	}

	@Test
	void drainMaxTime() {
		run("http-pool.drain.max-time=50ms", (app) -> {
			app.ignore("/slow");
			assertThat(app.snapshot().totals().drained()).containsEntry(DrainOutcome.TOO_SLOW, 1L);
			assertThat(app.closed(CloseReason.DRAIN_TIME)).isEqualTo(1);
		});
		run("http-pool.drain.max-time=5s", (app) -> {
			app.ignore("/slow");
			assertThat(app.snapshot().totals().drained()).containsEntry(DrainOutcome.REUSED, 1L);
		});
	}

	@Test
	void retryStale() {
		run(List.of(), (app) -> {
			app.get("/");
			app.get("/stale");
			assertThat(app.snapshot().totals().replayed()).isEqualTo(1);
		});
		run("http-pool.retry-stale=false", (app) -> {
			app.get("/");
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> app.get("/stale"));
			assertThat(app.snapshot().totals().replayed()).isZero();
		});
	}

	@Test
	void callTimeout() {
		run("http-pool.call-timeout=150ms",
				(app) -> assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> app.get("/silent"))
					.withCauseInstanceOf(CallTimeoutException.class)
					.withMessageContaining("http-pool.call-timeout"));
	}

	@Test
	void leakDetectionThreshold() {
		run("http-pool.leak-detection-threshold=100ms", (app) -> {
			Future<?> holder = app.hold();
			Awaitility.await().until(() -> app.snapshot().totals().leaks() == 1);
			this.hold.countDown();
			join(holder);
			app.get("/");
			assertThat(app.snapshot().totals().leaks()).isEqualTo(1);
			assertThat(app.snapshot().connections().idle()).isEqualTo(1);
		});
	}

	@Test
	void leasesOfAnyLengthAreAllRightByDefault() {
		run(List.of(), (app) -> {
			Future<?> holder = app.hold();
			Awaitility.await()
				.during(Duration.ofMillis(300))
				.until(() -> app.snapshot().totals().leaks() == 0 && !holder.isDone());
			this.hold.countDown();
			join(holder);
		});
	}

	@Test
	void maxErrorBody() {
		run("http-pool.max-error-body=1KB", (app) -> {
			assertThat(app.errorBody()).isEmpty();
			app.get("/");
		});
		run("http-pool.max-error-body=2KB", (app) -> assertThat(app.errorBody()).hasSize(BODY.length));
		run("http-pool.max-error-body=0", (app) -> assertThat(app.errorBody()).hasSize(BODY.length));
	}

	@Test
	void maxBody() {
		run("http-pool.max-body=1KB", (app) -> {
			assertThatExceptionOfType(RestClientException.class).isThrownBy(() -> app.get("/"))
				.withRootCauseInstanceOf(BodyTooLargeException.class)
				.havingRootCause()
				.withMessageContaining("longer than 1KB")
				.withMessageContaining("http-pool.max-body");
			assertThat(app.errorBody()).isEmpty();
		});
		run("http-pool.max-body=2KB", (app) -> app.get("/"));
		run("http-pool.max-body=0", (app) -> app.get("/"));
	}

	@Test
	void compression() {
		run("http-pool.compression=true", (app) -> app.get("/"));
		run("http-pool.compression=false", (app) -> app.get("/"));
		List<ScriptedUpstream.Request> requests = this.upstream.requests();
		assertThat(requests.get(0).header("Accept-Encoding")).contains("gzip");
		assertThat(requests.get(1).header("Accept-Encoding")).isNull();
	}

	@Test
	void metricsConvention() {
		run("http-pool.metrics.convention=otel", (app) -> {
			app.get("/");
			assertThat(app.meters()).contains("http.client.open_connections").doesNotContain("http.pool.connections");
		});
		run(List.of(), (app) -> {
			app.get("/");
			assertThat(app.meters()).contains("http.pool.connections").doesNotContain("http.client.open_connections");
		});
	}

	private void run(String property, Consumer<App> test) {
		run(List.of(property), test);
	}

	private void run(List<String> properties, Consumer<App> test) {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues(properties.toArray(String[]::new))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				test.accept(new App(context.getBean("pooledRestClient", RestClient.class),
						context.getBean(HttpPools.class), context.getBean(MeterRegistry.class)));
			});
	}

	private static Duration since(long started) {
		return Duration.ofNanos(System.nanoTime() - started);
	}

	private static void join(Future<?> call) {
		try {
			call.get(30, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new AssertionError("A call did not end well", ex);
		}
	}

	private final class App {

		private final RestClient client;

		private final HttpPools pools;

		private final MeterRegistry meters;

		App(RestClient client, HttpPools pools, MeterRegistry meters) {
			this.client = client;
			this.pools = pools;
			this.meters = meters;
		}

		Set<String> meters() {
			return this.meters.getMeters().stream().map((meter) -> meter.getId().getName()).collect(Collectors.toSet());
		}

		PoolSnapshot snapshot() {
			return this.pools.get("default").snapshot();
		}

		long closed(CloseReason reason) {
			return snapshot().totals().closed().getOrDefault(reason, 0L);
		}

		void get(String path) {
			byte[] body = this.client.get()
				.uri(PropertiesAppliedTests.this.upstream.url() + path)
				.retrieve()
				.body(byte[].class);
			assertThat(body).isNotEmpty();
		}

		byte[] errorBody() {
			try {
				get("/missing");
				throw new AssertionError("There was no error");
			}
			catch (HttpClientErrorException ex) {
				return ex.getResponseBodyAsByteArray();
			}
		}

		void ignore(String path) {
			this.client.get()
				.uri(PropertiesAppliedTests.this.upstream.url() + path)
				.exchange((request, response) -> response.getStatusCode());
		}

		Future<?> hold() {
			Future<?> holder = PropertiesAppliedTests.this.callers.submit(() -> get("/held"));
			Awaitility.await().until(() -> snapshot().connections().leased() == 1);
			return holder;
		}

		void callConcurrently(int count) {
			List<Future<?>> calls = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				calls.add(PropertiesAppliedTests.this.callers.submit(() -> get("/")));
			}
			calls.forEach(PropertiesAppliedTests::join);
		}

		void holdConcurrently(int count) {
			List<Future<?>> calls = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				calls.add(PropertiesAppliedTests.this.callers.submit(() -> get("/held")));
			}
			Awaitility.await().until(() -> snapshot().connections().leased() == count);
			PropertiesAppliedTests.this.hold.countDown();
			calls.forEach(PropertiesAppliedTests::join);
		}

	}

	/**
	 * A server whose queue of connections is full: the kernel answers no further ones.
	 */
	private static final class FullServer implements AutoCloseable {

		private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

		private final List<Socket> fillers = new ArrayList<>();

		FullServer() throws IOException {
			for (int i = 0; i < 8; i++) {
				Socket filler = new Socket();
				this.fillers.add(filler);
				try {
					filler.connect(this.server.getLocalSocketAddress(), 100);
				}
				catch (IOException ex) {
					return;
				}
			}
		}

		String url() {
			return "http://127.0.0.1:" + this.server.getLocalPort();
		}

		@Override
		public void close() throws IOException {
			for (Socket filler : this.fillers) {
				filler.close();
			}
			this.server.close();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

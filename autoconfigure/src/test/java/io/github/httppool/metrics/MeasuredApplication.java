package io.github.httppool.metrics;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.ClosedPort;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.TestCertificates;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * A web application with a pool of four connections a route, and upstreams with which
 * everything happens to it that meters tell of.
 */
final class MeasuredApplication implements AutoCloseable {

	private final CountDownLatch hold = new CountDownLatch(1);

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		switch (exchange.path()) {
			case "/held" -> {
				this.hold.await(30, TimeUnit.SECONDS);
				exchange.ok("held");
			}
			case "/large" -> exchange.ok(new byte[4096]);
			case "/slow" -> exchange.head(200, "Content-Length: 2").sendRaw("a").stall();
			case "/broken" -> exchange.head(200, "Content-Length: 200").sendRaw("a").close();
			case "/last" -> exchange.ok(new byte[10], "Connection: close");
			case "/unsolicited" -> exchange.ok("more").sendRaw("than was asked for");
			default -> exchange.ok("hello");
		}
	});

	private final ScriptedUpstream secure = ScriptedUpstream.tls((exchange) -> exchange.ok("hello"));

	private final ScriptedUpstream stranger = ScriptedUpstream.tls((exchange) -> exchange.ok("hello"))
		.certificates(TestCertificates.create("stranger"));

	private final ExecutorService callers = Executors.newCachedThreadPool();

	private final HttpClient browser = HttpClient.newHttpClient();

	private final String closedPort;

	private final ConfigurableApplicationContext context;

	private final RestClient client;

	private final HttpPool pool;

	MeasuredApplication(String... properties) throws IOException {
		this.closedPort = "http://127.0.0.1:" + ClosedPort.next();
		List<String> arguments = new ArrayList<>(
				List.of("server.port=0", "management.endpoints.web.exposure.include=httppool,prometheus",
						// Prometheus 2.42 refuses exemplars on a count.
						"management.tracing.sampling.probability=0", "management.metrics.enable.all=false",
						"management.metrics.enable.http=true", "http-pool.max-per-route=4",
						"http-pool.max-idle-per-route=1", "http-pool.max-pending=1", "http-pool.acquire-timeout=2s",
						"http-pool.response-timeout=10s", "http-pool.drain.max-bytes=1KB",
						"http-pool.leak-detection-threshold=100ms", "spring.http.clients.ssl.bundle=upstream",
						"spring.ssl.bundle.jks.upstream.truststore.location="
								+ TestCertificates.localhost().trustStore().toUri(),
						"spring.ssl.bundle.jks.upstream.truststore.password=" + TestCertificates.PASSWORD));
		arguments.addAll(List.of(properties));
		this.context = new SpringApplication(Application.class)
			.run(arguments.stream().map((property) -> "--" + property).toArray(String[]::new));
		this.client = this.context.getBean("pooledRestClient", RestClient.class);
		this.pool = this.context.getBean(HttpPools.class).get(HttpPool.DEFAULT_NAME);
	}

	String route() {
		return this.upstream.url();
	}

	List<String> routes() {
		return List.of(this.upstream.url(), this.secure.url(), this.stranger.url(), this.closedPort,
				"http://nowhere.invalid:80");
	}

	int port() {
		return ((WebServerApplicationContext) this.context).getWebServer().getPort();
	}

	String get(String path) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).build();
		HttpResponse<String> response = this.browser.send(request, HttpResponse.BodyHandlers.ofString());
		if (response.statusCode() != 200) {
			throw new IOException(path + " answered " + response.statusCode());
		}
		return response.body();
	}

	/**
	 * Let everything happen, once.
	 */
	void work() throws Exception {
		call(this.upstream.url());
		call(this.upstream.url());
		call(this.secure.url());
		call(this.stranger.url());
		call(this.closedPort);
		call("http://nowhere.invalid");
		for (String path : List.of("/", "/large", "/slow", "/broken")) {
			ignore(path);
		}
		call(this.upstream.url() + "/last");
		call(this.upstream.url() + "/unsolicited");
		await().until(() -> closed(CloseReason.UNSOLICITED_DATA) > 0);
		call(this.upstream.url());
		this.upstream.lastConnection().close();
		await().until(() -> closed(CloseReason.STALE) > 0);
		call(this.upstream.url());
		this.pool.evict();
		await().until(() -> closed(CloseReason.EVICTED) > 0);
		overload();
	}

	/**
	 * A little more of the same.
	 */
	void goOn() {
		call(this.upstream.url());
		call(this.upstream.url() + "/last");
		call(this.closedPort);
	}

	private void overload() throws Exception {
		List<Future<?>> holders = hold();
		// Interrupted, refused, in vain.
		waiting().cancel(true);
		await().until(() -> pending() == 0);
		Future<?> waiting = waiting();
		call(this.upstream.url());
		waiting.get(30, TimeUnit.SECONDS);
		failOften();
		await().until(() -> totals().leaks() >= 4);
		// One of them is given up, the others end well.
		holders.remove(0).cancel(true);
		this.hold.countDown();
		for (Future<?> holder : holders) {
			holder.get(30, TimeUnit.SECONDS);
		}
		await().until(() -> this.pool.snapshot().connections().leased() == 0);
	}

	private List<Future<?>> hold() {
		int before = this.pool.snapshot().connections().leased();
		List<Future<?>> holders = Stream.generate(() -> submit("/held")).limit(4).collect(Collectors.toList());
		await().until(() -> this.pool.snapshot().connections().leased() == before + 4);
		return holders;
	}

	/**
	 * Some calls more that are refused, and that get no connection in time.
	 */
	private void failOften() {
		HttpPoolSettings settings = this.pool.settings();
		this.pool.change(settings.toBuilder().maxPending(0).build());
		IntStream.range(0, 4).forEach((i) -> call(this.upstream.url()));
		this.pool.change(settings.toBuilder().acquireTimeout(Duration.ofMillis(10)).build());
		IntStream.range(0, 4).forEach((i) -> call(this.upstream.url()));
		this.pool.change(settings);
	}

	private Future<?> waiting() {
		Future<?> waiting = submit("/");
		await().until(() -> pending() == 1);
		return waiting;
	}

	private static ConditionFactory await() {
		return Awaitility.await().pollInterval(Duration.ofMillis(10)).atMost(Duration.ofSeconds(30));
	}

	private int pending() {
		return this.pool.snapshot().connections().pending();
	}

	private long closed(CloseReason reason) {
		return totals().closed().getOrDefault(reason, 0L);
	}

	PoolSnapshot.Totals totals() {
		return this.pool.snapshot().totals();
	}

	private Future<?> submit(String path) {
		return this.callers.submit(() -> call(this.upstream.url() + path));
	}

	private void call(String uri) {
		try {
			this.client.get().uri(uri).retrieve().body(byte[].class);
		}
		catch (RestClientException ex) {
			// Some of them must fail.
		}
	}

	private void ignore(String path) {
		this.client.get().uri(this.upstream.url() + path).exchange((request, response) -> response.getStatusCode());
	}

	@Override
	public void close() {
		this.hold.countDown();
		this.callers.shutdownNow();
		this.context.close();
		this.upstream.close();
		this.secure.close();
		this.stranger.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

package io.github.httppool.hc5.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.ProxySettings;
import io.github.httppool.hc5.HttpClientPool;
import io.github.httppool.hc5.observe.Sampling;
import io.github.httppool.hc5.pool.Call;
import io.github.httppool.testing.Crowd;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.HttpHost;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * The process that {@link StoppedProcessTests} stops: makes calls over a pool, or with
 * plain Spring Boot, and says what became of them.
 */
final class StoppedCallers {

	/** Time limit of what is short: of a socket, and not of the housekeeper. */
	static final Duration SHORT = Duration.ofMillis(800);

	static final Duration LONG = Duration.ofSeconds(2);

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final AtomicLong slowest = new AtomicLong();

	private StoppedCallers() {
	}

	/**
	 * Read a line for each round: client, kind, URL, callers, and the port of a proxy or
	 * 0.
	 */
	public static void main(String[] arguments) throws Exception {
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line = input.readLine(); line != null; line = input.readLine()) {
			String[] words = line.split(" ");
			new StoppedCallers().round(words[0].equals("pool"), words[1], URI.create(words[2]),
					Integer.parseInt(words[3]), Integer.parseInt(words[4]));
		}
	}

	private void round(boolean pooled, String kind, URI uri, int callers, int proxy) throws Exception {
		if (!pooled) {
			round(client(plain(kind, proxy)), null, kind, uri, callers);
			return;
		}
		HttpClientPool pool = new HttpClientPool("default", settings(kind, proxy), List.of(), List.of(),
				new DefaultClientTlsStrategy(SSLContext.getDefault()), null, Sampling.DEFAULT);
		HttpClientBuilder builder = HttpClientBuilder.create();
		pool.configureClient(builder, false, true);
		RequestConfig.Builder requests = RequestConfig.custom();
		pool.configureRequests(requests);
		pool.attach(builder.setDefaultRequestConfig(requests.build()));
		CloseableHttpClient client = builder.build();
		round(client(new HttpComponentsClientHttpRequestFactory(client)), client, kind, uri, callers);
		System.out
			.println("drained " + pool.snapshot().totals().drained() + " closed " + pool.snapshot().totals().closed());
		pool.shutDown();
	}

	private static RestClient client(ClientHttpRequestFactory factory) {
		return RestClient.builder().requestFactory(factory).build();
	}

	private void round(RestClient spring, CloseableHttpClient client, String kind, URI uri, int callers)
			throws Exception {
		try (Crowd crowd = new Crowd(callers)) {
			if (!List.of("handshake", "short-handshake", "tunnel", "socks").contains(kind)) {
				crowd.all(2, (caller,
						time) -> timed(() -> spring.get().uri(uri.resolve("/warm")).retrieve().body(String.class)));
				this.slowest.set(0);
				this.failures.clear();
			}
			System.out.println("begin");
			crowd.all(1, (caller, time) -> timed(() -> {
				switch (kind) {
					case "drain" -> client.executeOpen(null, new HttpGet(uri), null).close();
					case "write" -> spring.put().uri(uri).body(new byte[3_000_000]).retrieve().body(String.class);
					default -> spring.get().uri(uri).retrieve().body(String.class);
				}
			}));
		}
		System.out.println(
				"done " + this.failures.size() + " failures, the slowest after " + this.slowest + " ms: " + messages());
	}

	private void timed(Call call) {
		long started = System.nanoTime();
		try {
			call.run();
		}
		catch (Throwable ex) {
			this.failures.add(ex);
		}
		this.slowest.accumulateAndGet((System.nanoTime() - started) / 1_000_000, Math::max);
	}

	private List<String> messages() {
		return this.failures.stream()
			.limit(3)
			.map((failure) -> (failure.getCause() != null) ? failure.getCause() : failure)
			.map((failure) -> failure.toString().replaceAll("\\s+", " "))
			.toList();
	}

	private static HttpPoolSettings settings(String kind, int proxy) {
		// The one limit of each kind is short.
		HttpPoolSettings.Builder settings = HttpPoolSettings.builder()
			.connectTimeout(Duration.ofSeconds(60))
			.tlsHandshakeTimeout(Duration.ofSeconds(60))
			.responseTimeout(Duration.ofSeconds(60));
		Consumer<Duration> limit = switch (kind) {
			case "call" -> settings::callTimeout;
			case "handshake", "short-handshake" -> settings::tlsHandshakeTimeout;
			case "drain" -> settings::drainMaxTime;
			case "socks" -> settings::connectTimeout;
			case "acquire" -> settings.maxPerRoute(4)::acquireTimeout;
			default -> settings::responseTimeout;
		};
		limit.accept(limit(kind));
		if (proxy != 0) {
			settings.proxy(new ProxySettings((kind.equals("socks") ? "socks5" : "http") + "://localhost:" + proxy, null,
					null, List.of(), false));
		}
		return settings.build();
	}

	static Duration limit(String kind) {
		return kind.startsWith("short") ? SHORT : LONG;
	}

	private static ClientHttpRequestFactory plain(String kind, int proxy) {
		Duration limit = limit(kind);
		return ClientHttpRequestFactoryBuilder.httpComponents().withHttpClientCustomizer((client) -> {
			if (proxy != 0) {
				client.setProxy(new HttpHost("127.0.0.1", proxy));
			}
		})
			.withConnectionManagerCustomizer((connections) -> connections.setMaxConnPerRoute(100).setMaxConnTotal(100))
			.build(HttpClientSettings.defaults().withReadTimeout(limit).withConnectTimeout(limit));
	}

	private interface Call {

		void run() throws IOException;

	}

}

package io.github.httppool.testing;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.findings.PoolFigures;
import io.github.httppool.findings.RouteFigures;
import io.github.httppool.hc5.HttpClientPool;
import io.github.httppool.hc5.PoolWarmUp;
import io.github.httppool.hc5.observe.Sampling;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.awaitility.Awaitility;

import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pool and a client over it, wired as in an application but without Spring. It trusts
 * the {@linkplain TestCertificates test certificate}.
 */
public final class PoolFixture implements AutoCloseable {

	public final HttpClientPool pool;

	public final CloseableHttpClient client;

	private PoolFixture(HttpClientPool pool) {
		this.pool = pool;
		this.client = builder().build();
	}

	private HttpClientBuilder builder() {
		HttpClientBuilder builder = HttpClientBuilder.create();
		this.pool.configureClient(builder, false, true);
		RequestConfig.Builder requests = RequestConfig.custom();
		this.pool.configureRequests(requests);
		builder.setDefaultRequestConfig(requests.build());
		this.pool.attach(builder);
		return builder;
	}

	/**
	 * Open the connections of the setting {@code warm-up}, as an application does at
	 * startup.
	 */
	public void warmUp() {
		PoolWarmUp warmUp = new PoolWarmUp(this.pool);
		HttpClientBuilder builder = builder();
		warmUp.attach(builder);
		warmUp.begin(builder.build());
		warmUp.await();
	}

	public static PoolFixture withDefaults() {
		return with((settings) -> {
		});
	}

	/**
	 * Create the named pool {@code orders}, which samples itself every 100 ms.
	 */
	public static PoolFixture ofOrders(Consumer<HttpPoolSettings.Builder> settings) {
		return sampled("orders", Sampling.every(Duration.ofMillis(100), Duration.ofSeconds(10)), (builder) -> {
			builder.propertyPrefix("http-pool.pools.orders.");
			settings.accept(builder);
		}, new HttpPoolCustomizer() {
		});
	}

	public static PoolFixture with(Consumer<HttpPoolSettings.Builder> settings, HttpPoolListener... listeners) {
		return with(settings, (client) -> {
		}, listeners);
	}

	public static PoolFixture with(Consumer<HttpPoolSettings.Builder> settings, Consumer<HttpClientBuilder> customizer,
			HttpPoolListener... listeners) {
		return customized(settings, new HttpPoolCustomizer() {

			@Override
			public void customizeClient(String pool, HttpClientBuilder client) {
				customizer.accept(client);
			}

		}, listeners);
	}

	public static PoolFixture customized(Consumer<HttpPoolSettings.Builder> settings, HttpPoolCustomizer customizer,
			HttpPoolListener... listeners) {
		return sampled(Sampling.DEFAULT, settings, customizer, listeners);
	}

	/**
	 * Create a pool that samples itself at other intervals than every 5 s for 2 minutes.
	 */
	public static PoolFixture sampled(Sampling sampling, Consumer<HttpPoolSettings.Builder> settings,
			HttpPoolCustomizer customizer, HttpPoolListener... listeners) {
		return sampled("default", sampling, settings, customizer, listeners);
	}

	private static PoolFixture sampled(String name, Sampling sampling, Consumer<HttpPoolSettings.Builder> settings,
			HttpPoolCustomizer customizer, HttpPoolListener... listeners) {
		HttpPoolSettings.Builder builder = HttpPoolSettings.builder();
		settings.accept(builder);
		return new PoolFixture(new HttpClientPool(name, builder.build(), List.of(listeners), List.of(customizer),
				new DefaultClientTlsStrategy(TestCertificates.localhost().clientContext()), null, sampling));
	}

	public static PoolFixture sampled(Sampling sampling, Consumer<HttpPoolSettings.Builder> settings) {
		return sampled(sampling, settings, new HttpPoolCustomizer() {
		});
	}

	/**
	 * Return the current numbers of the only route.
	 */
	public RouteFigures figures() {
		List<PoolFigures> samples = this.pool.samples().window().samples();
		List<RouteFigures> routes = samples.get(samples.size() - 1).routes();
		assertThat(routes).hasSize(1);
		return routes.get(0);
	}

	/**
	 * Create a pool that does not trust the test certificate, but what a strategy trusts.
	 */
	public static PoolFixture trusting(TlsSocketStrategy tls) {
		return new PoolFixture(
				new HttpClientPool("default", HttpPoolSettings.builder().build(), List.of(), List.of(), tls, null));
	}

	/**
	 * Change some settings at run time.
	 * @return the names of the settings that cannot change
	 */
	public List<String> change(Consumer<HttpPoolSettings.Builder> settings) {
		HttpPoolSettings.Builder builder = this.pool.settings().toBuilder();
		settings.accept(builder);
		return this.pool.change(builder.build());
	}

	/**
	 * Get a URI and read the body.
	 * @return the body
	 */
	public String get(URI uri) throws IOException {
		return read(new HttpGet(uri));
	}

	/**
	 * Execute a request and read the body.
	 * @return the body
	 */
	public String read(ClassicHttpRequest request) throws IOException {
		return this.client.execute(request,
				(response) -> (response.getEntity() != null) ? EntityUtils.toString(response.getEntity()) : "");
	}

	/**
	 * Get a URI and close the response unread.
	 * @return the status
	 */
	public int ignore(URI uri) throws IOException {
		try (CloseableHttpResponse response = open(new HttpGet(uri))) {
			return response.getCode();
		}
	}

	@SuppressWarnings("deprecation")
	public CloseableHttpResponse open(ClassicHttpRequest request) throws IOException {
		return this.client.execute(request);
	}

	public PoolSnapshot snapshot() {
		return this.pool.snapshot();
	}

	public int leased() {
		return snapshot().connections().leased();
	}

	public long closed(CloseReason reason) {
		return snapshot().totals().closed().getOrDefault(reason, 0L);
	}

	public long drained(DrainOutcome outcome) {
		return snapshot().totals().drained().getOrDefault(outcome, 0L);
	}

	/**
	 * Return Spring's client over the same client.
	 */
	public RestClient spring() {
		return RestClient.builder().requestFactory(new HttpComponentsClientHttpRequestFactory(this.client)).build();
	}

	/**
	 * Assert how many connections were opened and why some were closed; the others are
	 * idle. Waits for a moment, because a server can see a close before it is counted.
	 */
	public void assertConnections(long opened, Map<CloseReason, Long> closed) {
		Soon.soon().untilAsserted(() -> {
			PoolSnapshot snapshot = snapshot();
			assertThat(snapshot.connections().leased()).as("leased").isZero();
			assertThat(snapshot.totals().closed()).isEqualTo(closed);
			assertThat(snapshot.totals().opened()).as("opened").isEqualTo(opened);
			RecordedEvents.assertAccounted(snapshot);
		});
	}

	/**
	 * Wait until the script of the last connection has ended.
	 */
	public static void awaitIdle(ScriptedUpstream upstream) {
		Awaitility.await()
			.pollInterval(Duration.ofMillis(1))
			.atMost(Duration.ofSeconds(5))
			.until(() -> upstream.lastConnection().isIdle());
	}

	@Override
	public void close() {
		this.pool.shutDown();
	}

}

package io.github.httppool.hc5;

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
import io.github.httppool.hc5.observe.Sampling;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.TestCertificates;
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
 * A pool and a client over it, wired as the application's are, that trusts the test
 * certificate.
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
	 * Open the connections that are to be open at start, as the application does.
	 */
	void warmUp() {
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
	 * Make the further pool {@code orders}, that watches itself often.
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
	 * Make a pool that watches itself at other times than every 5 s for 2 minutes.
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
	 * Return the numbers of the only route, as they are now.
	 */
	RouteFigures figures() {
		List<PoolFigures> samples = this.pool.samples().window().samples();
		List<RouteFigures> routes = samples.get(samples.size() - 1).routes();
		assertThat(routes).hasSize(1);
		return routes.get(0);
	}

	/**
	 * Trust others than the usual certificate.
	 */
	static PoolFixture trusting(TlsSocketStrategy tls) {
		return new PoolFixture(
				new HttpClientPool("default", HttpPoolSettings.builder().build(), List.of(), List.of(), tls, null));
	}

	/**
	 * Change settings at run time, and leave the others.
	 * @return the names of those that cannot follow
	 */
	public List<String> change(Consumer<HttpPoolSettings.Builder> settings) {
		HttpPoolSettings.Builder builder = this.pool.settings().toBuilder();
		settings.accept(builder);
		return this.pool.change(builder.build());
	}

	/**
	 * Get and read.
	 * @return the body
	 */
	public String get(URI uri) throws IOException {
		return read(new HttpGet(uri));
	}

	/**
	 * Execute and read.
	 * @return the body
	 */
	public String read(ClassicHttpRequest request) throws IOException {
		return this.client.execute(request,
				(response) -> (response.getEntity() != null) ? EntityUtils.toString(response.getEntity()) : "");
	}

	/**
	 * Get, read nothing, and close the response.
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
	 * Return Spring's client over the same one.
	 */
	public RestClient spring() {
		return RestClient.builder().requestFactory(new HttpComponentsClientHttpRequestFactory(this.client)).build();
	}

	/**
	 * Say how many connections were ever opened and why they were closed; the others are
	 * idle. A server may see a close before it is counted here.
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
	 * Wait until the script that served the last connection has done its work.
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

package io.github.httppool.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.TestCertificates;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.micrometer.metrics.autoconfigure.ssl.SslMetricsAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an SSL bundle that is replaced while the application runs.
 */
@Tag("slow")
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class SslReloadTests {

	private static final TestCertificates FIRST = TestCertificates.create("first");

	private static final TestCertificates SECOND = TestCertificates.create("second");

	private final ExecutorService callers = Executors.newCachedThreadPool();

	private final CountDownLatch held = new CountDownLatch(1);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.ssl.bundle.watch.file.quiet-period=100ms");

	@TempDir
	private Path directory;

	private ScriptedUpstream upstream;

	@AfterEach
	void close() {
		this.held.countDown();
		this.callers.shutdownNow();
		this.upstream.close();
	}

	private void start(String protocol) {
		this.upstream = ScriptedUpstream.tls((exchange) -> {
			if (exchange.path().equals("/held")) {
				this.held.await(30, TimeUnit.SECONDS);
			}
			exchange.ok("fine");
		}, protocol).requireClientCertificate(FIRST, SECOND);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void filesThatChangeOnDiskAreUsedForNewConnections(String protocol) throws Exception {
		start(protocol);
		write(FIRST);
		this.runner.withPropertyValues(bundleOfFiles()).run((context) -> {
			RestClient client = client(context);
			call(client, "/");
			call(client, "/");
			assertThat(clientNames()).containsExactly("CN=first");
			write(SECOND);
			await().untilAsserted(() -> {
				call(client, "/");
				assertThat(this.upstream.lastConnection().clientName()).as("also where sessions are resumed")
					.isEqualTo("CN=second");
			});
			assertThat(clientNames()).containsExactly("CN=first", "CN=second");
			assertThat(closed(pool(context))).containsOnlyKeys(CloseReason.EVICTED);
			assertThat(pool(context).snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 1, 0));
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void filesThatAreBrokenChangeNothing(boolean meters, CapturedOutput output) throws Exception {
		start("TLSv1.3");
		write(FIRST);
		// With Spring Boot's meters for certificates a broken bundle does not get as far
		// as the pool.
		String warning = meters ? "Unexpected SSL reload error" : "SSL bundle 'orders' was reloaded and cannot be used";
		this.runner
			.withPropertyValues(
					"spring.autoconfigure.exclude=" + (meters ? "" : SslMetricsAutoConfiguration.class.getName()))
			.withPropertyValues(bundleOfFiles())
			.run((context) -> {
				RestClient client = client(context);
				call(client, "/");
				replace("client.key", "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n");
				await().untilAsserted(() -> assertThat(output).contains(warning));
				call(client, "/");
				call(client(context), "/");
				assertThat(clientNames()).containsExactly("CN=first");
				write(SECOND);
				await().untilAsserted(() -> {
					call(client, "/");
					assertThat(clientNames()).containsExactly("CN=first", "CN=second");
				});
			});
	}

	@Test
	void aKeyThatIsRenewedBeforeItsCertificateChangesNothing(CapturedOutput output) throws Exception {
		start("TLSv1.3");
		write(FIRST);
		this.runner.withPropertyValues(bundleOfFiles()).run((context) -> {
			RestClient client = client(context);
			call(client, "/");
			replace("client.key", SECOND.keyPem());
			await().untilAsserted(() -> assertThat(output).contains(
					"SSL bundle 'orders' was reloaded and cannot be used: pool 'default-orders' keeps the previous one")
				.contains("does not belong to its certificate"));
			call(client, "/");
			assertThat(clientNames()).containsExactly("CN=first");
			assertThat(closed(pool(context))).isEmpty();
			replace("client.crt", SECOND.certificatePem());
			await().untilAsserted(() -> {
				call(client, "/");
				assertThat(clientNames()).containsExactly("CN=first", "CN=second");
			});
		});
	}

	@Test
	void noCallFailsHoweverOftenABundleIsReloaded() {
		start("TLSv1.3");
		withRegistry((context, registry) -> {
			RestClient client = client(context);
			AtomicBoolean done = new AtomicBoolean();
			List<Future<Integer>> calls = new ArrayList<>();
			for (int caller = 0; caller < 8; caller++) {
				calls.add(this.callers.submit(() -> callUntil(done, client)));
			}
			for (int reload = 0; reload < 20; reload++) {
				int accepted = this.upstream.accepted();
				registry.updateBundle("orders", bundle((reload % 2 == 0) ? SECOND : FIRST));
				await().until(() -> this.upstream.accepted() >= accepted + 2);
			}
			done.set(true);
			for (Future<Integer> each : calls) {
				assertThat(each.get(30, TimeUnit.SECONDS)).isPositive();
			}
			int accepted = this.upstream.accepted();
			await().untilAsserted(() -> {
				call(client, "/");
				assertThat(this.upstream.lastConnection().clientName()).isEqualTo("CN=first");
			});
			PoolSnapshot pool = pool(context).snapshot();
			assertThat(pool.connections().leased()).isZero();
			assertThat(pool.totals().opened()).isEqualTo(accepted);
			assertThat(pool.totals().closed()).containsOnlyKeys(CloseReason.EVICTED);
			assertThat(pool.totals().opened())
				.isEqualTo(pool.totals().closed().get(CloseReason.EVICTED) + pool.connections().idle());
		});
	}

	private int callUntil(AtomicBoolean done, RestClient client) {
		int calls = 0;
		while (!done.get()) {
			call(client, "/");
			calls++;
		}
		return calls;
	}

	@Test
	void aLeasedConnectionEndsWhenItIsReleased() {
		start("TLSv1.3");
		withRegistry((context, registry) -> {
			RestClient client = client(context);
			Future<?> leased = this.callers.submit(() -> call(client, "/held"));
			await().until(() -> !this.upstream.requests().isEmpty());
			registry.updateBundle("orders", bundle(SECOND));
			call(client, "/");
			assertThat(clientNames()).containsExactly("CN=first", "CN=second");
			assertThat(pool(context).snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(1, 1, 0));
			this.held.countDown();
			leased.get(30, TimeUnit.SECONDS);
			assertThat(pool(context).snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 1, 0));
			assertThat(closed(pool(context))).containsOnlyKeys(CloseReason.EVICTED);
			call(client, "/");
			assertThat(this.upstream.accepted()).isEqualTo(2);
		});
	}

	@Test
	void aConnectionWhoseHandshakeWasUnderWayIsNotKept() {
		start("TLSv1.3");
		CountDownLatch connected = new CountDownLatch(1);
		this.upstream.onConnect((connection) -> {
			connected.countDown();
			this.held.await(30, TimeUnit.SECONDS);
		});
		withRegistry((context, registry) -> {
			RestClient client = client(context);
			Future<?> call = this.callers.submit(() -> call(client, "/"));
			assertThat(connected.await(30, TimeUnit.SECONDS)).isTrue();
			// The client has said hello with the keys of before.
			registry.updateBundle("orders", bundle(SECOND));
			this.held.countDown();
			call.get(30, TimeUnit.SECONDS);
			assertThat(pool(context).snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 0, 0));
			assertThat(closed(pool(context))).containsOnlyKeys(CloseReason.EVICTED);
			call(client, "/");
			assertThat(clientNames()).containsExactly("CN=first", "CN=second");
		});
	}

	@Test
	void aBundleThatCannotBeUsedIsLeftAsideWithAWarning(CapturedOutput output) {
		start("TLSv1.3");
		withRegistry((context, registry) -> {
			RestClient client = client(context);
			call(client, "/");
			registry.updateBundle("orders", SslBundle.of(null, null, null, "no such protocol"));
			assertThat(output).contains(
					"SSL bundle 'orders' was reloaded and cannot be used: pool 'default-orders' keeps the previous one");
			call(client, "/");
			assertThat(this.upstream.accepted()).as("not even the idle connection was closed").isEqualTo(1);
			call(client(context), "/");
			assertThat(context.getBean(HttpPools.class).all()).extracting(HttpPool::name)
				.containsExactly("default", "default-orders");
			registry.updateBundle("orders", bundle(SECOND));
			assertThat(output).contains("SSL bundle 'orders' was reloaded: pool 'default-orders' opens connections");
			call(client, "/");
			assertThat(clientNames()).containsExactly("CN=first", "CN=second");
		});
	}

	@Test
	void clientsOfAllTimesShareThePoolOfTheBundle() {
		start("TLSv1.3");
		withRegistry((context, registry) -> {
			SslBundle former = context.getBean(SslBundles.class).getBundle("orders");
			registry.updateBundle("orders", bundle(FIRST));
			registry.updateBundle("orders", bundle(SECOND));
			RestClient before = client(context);
			call(before, "/");
			registry.updateBundle("orders", bundle(FIRST));
			RestClient after = client(context);
			RestClient late = RestClient.builder()
				.requestFactory(context.getBean(ClientHttpRequestFactoryBuilder.class)
					.build(HttpClientSettings.ofSslBundle(former)))
				.build();
			for (RestClient client : List.of(before, after, late)) {
				call(client, "/");
			}
			assertThat(clientNames()).containsExactly("CN=second", "CN=first");
			assertThat(context.getBean(HttpPools.class).all()).extracting(HttpPool::name)
				.containsExactly("default", "default-orders");
		});
	}

	@Test
	void theBundleOfAllClientsAndThatOfAGroupAndOfATemplateAreReloadedToo() throws Exception {
		start("TLSv1.3");
		write(FIRST);
		this.runner
			.withPropertyValues("spring.http.clients.ssl.bundle=all",
					"spring.http.serviceclient.orders.ssl.bundle=group",
					"spring.http.serviceclient.orders.base-url=" + this.upstream.url())
			.withPropertyValues(bundleOfFiles("all"))
			.withPropertyValues(bundleOfFiles("group"))
			.withPropertyValues(bundleOfFiles("template"))
			.run((context) -> {
				RestClient pooled = context.getBean("pooledRestClient", RestClient.class);
				Orders group = context.getBean(Orders.class);
				RestTemplateBuilder template = context.getBean(RestTemplateBuilder.class)
					.sslBundle(context.getBean(SslBundles.class).getBundle("template"));
				Runnable calls = () -> {
					call(pooled, "/pooled");
					assertThat(group.get()).isEqualTo("fine");
					assertThat(template.build().getForObject(this.upstream.uri("/template"), String.class))
						.isEqualTo("fine");
				};
				calls.run();
				assertThat(clientNames()).containsExactly("CN=first", "CN=first", "CN=first");
				write(SECOND);
				await().untilAsserted(() -> {
					calls.run();
					assertThat(clientNames()).endsWith("CN=second", "CN=second", "CN=second");
				});
				calls.run();
				assertThat(clientNames()).as("one connection for each pool and bundle").hasSize(6);
				assertThat(context.getBean(HttpPools.class).all()).extracting(HttpPool::name)
					.containsExactly("default", "default-group", "default-template");
			});
	}

	@Test
	void aSessionIsResumedUntilTheBundleIsReloaded() {
		start("TLSv1.2");
		withRegistry((context, registry) -> {
			RestClient client = client(context);
			call(client, "/");
			pool(context).evict();
			call(client, "/");
			registry.updateBundle("orders", bundle(SECOND));
			call(client, "/");
			List<String> sessions = this.upstream.connections()
				.stream()
				.map(ScriptedUpstream.Connection::sessionId)
				.toList();
			assertThat(sessions).hasSize(3);
			assertThat(sessions.get(1)).isEqualTo(sessions.get(0));
			assertThat(sessions.get(2)).isNotEqualTo(sessions.get(0));
		});
	}

	@Test
	void aBundleOfAnotherNameLeavesAPoolAlone() {
		start("TLSv1.3");
		withRegistry((context, registry) -> {
			registry.registerBundle("payments", bundle(FIRST));
			RestClient client = client(context);
			call(client, "/");
			registry.updateBundle("payments", bundle(SECOND));
			call(client, "/");
			assertThat(this.upstream.accepted()).isEqualTo(1);
		});
	}

	private void withRegistry(Reloading test) {
		this.runner.run((context) -> {
			SslBundleRegistry registry = context.getBean(SslBundleRegistry.class);
			registry.registerBundle("orders", bundle(FIRST));
			test.run(context, registry);
		});
	}

	private static SslBundle bundle(TestCertificates certificates) {
		return SslBundle.of(new PemSslStoreBundle(
				PemSslStore.load(PemSslStoreDetails.forCertificate(certificates.certificatePem())
					.withPrivateKey(certificates.keyPem())),
				PemSslStore.load(PemSslStoreDetails.forCertificate(TestCertificates.localhost().certificatePem()))));
	}

	private String[] bundleOfFiles() {
		return bundleOfFiles("orders");
	}

	private String[] bundleOfFiles(String name) {
		String prefix = "spring.ssl.bundle.pem." + name + ".";
		String files = "=file:" + this.directory + "/";
		return new String[] { prefix + "reload-on-update=true", prefix + "keystore.private-key" + files + "client.key",
				prefix + "keystore.certificate" + files + "client.crt",
				prefix + "truststore.certificate" + files + "trusted.crt" };
	}

	private void write(TestCertificates certificates) throws IOException {
		replace("client.key", certificates.keyPem());
		replace("client.crt", certificates.certificatePem());
		replace("trusted.crt", TestCertificates.localhost().certificatePem());
	}

	/** At once, as those who renew certificates do. */
	private void replace(String name, String content) throws IOException {
		Path next = Files.writeString(this.directory.resolve(name + ".next"), content);
		Files.move(next, this.directory.resolve(name), StandardCopyOption.REPLACE_EXISTING,
				StandardCopyOption.ATOMIC_MOVE);
	}

	private static RestClient client(ApplicationContext context) {
		return context.getBean(RestClient.Builder.class)
			.apply(context.getBean(RestClientSsl.class).fromBundle("orders"))
			.build();
	}

	private void call(RestClient client, String path) {
		assertThat(client.get().uri(this.upstream.uri(path)).retrieve().body(String.class)).isEqualTo("fine");
	}

	private List<String> clientNames() {
		return this.upstream.connections().stream().map(ScriptedUpstream.Connection::clientName).toList();
	}

	private static HttpPool pool(ApplicationContext context) {
		return context.getBean(HttpPools.class).get("default-orders");
	}

	private static Map<CloseReason, Long> closed(HttpPool pool) {
		return pool.snapshot().totals().closed();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
	}

	@FunctionalInterface
	private interface Reloading {

		void run(ApplicationContext context, SslBundleRegistry registry) throws Exception;

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@ImportHttpServices(group = "orders", types = Orders.class)
	static class Application {

	}

	interface Orders {

		@GetExchange("/group")
		String get();

	}

}

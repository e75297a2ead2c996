package io.github.httppool.autoconfigure;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;
import io.github.httppool.autoconfigure.properties.InvalidHttpPoolSettingsFailureAnalyzer;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.TestCertificates;
import io.github.httppool.testing.boot.SinceBoot41;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Which settings hold for the clients of a further pool: those of one builder or group,
 * then what the pool says itself, then {@code spring.http.clients.*}, then what the pool
 * inherits.
 */
@Tag("waiting")
class NamedPoolSettingsTests {

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		if (exchange.path().equals("/silent")) {
			exchange.stall();
		}
		exchange.ok("fine");
	});

	private final ScriptedUpstream secure = ScriptedUpstream.tls((exchange) -> exchange.ok("secret"));

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class);

	@AfterEach
	void close() {
		this.upstream.close();
		this.secure.close();
	}

	@Test
	void whatAPoolSaysItselfComesBeforeTheSettingsOfAllClients() {
		this.runner
			.withPropertyValues("http-pool.pools.orders.response-timeout=150ms", "spring.http.clients.read-timeout=20s")
			.run((context) -> assertTimesOut(() -> get(client(context, "orders"), "/silent")));
	}

	@Test
	void whatAPoolInheritsComesAfterTheSettingsOfAllClients() {
		this.runner
			.withPropertyValues("http-pool.response-timeout=20s", "http-pool.pools.orders.max-total=7",
					"spring.http.clients.read-timeout=150ms")
			.run((context) -> assertTimesOut(() -> get(client(context, "orders"), "/silent")));
	}

	@Test
	void theSettingsOfAGroupComeFirst() {
		this.runner.withUserConfiguration(Groups.class)
			.withPropertyValues("http-pool.pools.orders.response-timeout=20s",
					"http-pool.pools.orders.base-url=" + this.upstream.url(), "spring.http.clients.read-timeout=20s",
					"spring.http.serviceclient.orders.read-timeout=150ms")
			.run((context) -> {
				assertTimesOut(() -> context.getBean(Orders.class).silent());
				assertThat(calls(context, "orders")).isOne();
			});
	}

	@Test
	void aGroupWithoutATimeoutHasThatOfThePool() {
		this.runner.withUserConfiguration(Groups.class)
			.withPropertyValues("http-pool.pools.orders.response-timeout=150ms",
					"http-pool.pools.orders.base-url=" + this.upstream.url(), "spring.http.clients.read-timeout=20s",
					"spring.http.serviceclient.orders.connect-timeout=1s")
			.run((context) -> assertTimesOut(() -> context.getBean(Orders.class).silent()));
	}

	@Test
	void aBuilderUsesTheSettingsOfThePoolUnlessItSetsItsOwn() {
		this.runner
			.withPropertyValues("http-pool.pools.hasty.response-timeout=150ms",
					"http-pool.pools.patient.response-timeout=20s", "spring.http.clients.read-timeout=19s")
			.run((context) -> {
				RestTemplateBuilder builder = context.getBean(RestTemplateBuilder.class);
				RestTemplate hasty = builder.requestFactoryBuilder(factories(context, "hasty")).build();
				assertTimesOut(() -> hasty.getForObject(this.upstream.uri("/silent"), String.class));
				RestTemplate own = builder.requestFactoryBuilder(factories(context, "patient"))
					.readTimeout(Duration.ofMillis(150))
					.build();
				assertTimesOut(() -> own.getForObject(this.upstream.uri("/silent"), String.class));
			});
	}

	@Test
	void aPoolUsesItsSslBundleAndNoOtherPoolDoes() {
		this.runner.withPropertyValues(bundle("orders"))
			.withPropertyValues("http-pool.pools.orders.ssl-bundle=orders", "http-pool.pools.plain.max-total=7")
			.run((context) -> {
				assertThat(secret(client(context, "orders"))).isEqualTo("secret");
				assertThatThrownBy(() -> secret(client(context, "plain"))).isInstanceOf(ResourceAccessException.class);
				assertThatThrownBy(() -> secret(context.getBean("pooledRestClient", RestClient.class)))
					.isInstanceOf(ResourceAccessException.class);
				assertThat(names(context)).containsExactly("default", "orders", "plain");
			});
	}

	@Test
	void aPoolHasTheSslBundleOfAllClientsUnlessItSaysOtherwise() {
		this.runner.withPropertyValues(bundle("all"))
			.withPropertyValues("spring.http.clients.ssl.bundle=all", "http-pool.pools.orders.max-total=7",
					"http-pool.pools.public.ssl-bundle=")
			.run((context) -> {
				assertThat(secret(client(context, "orders"))).isEqualTo("secret");
				assertThatThrownBy(() -> secret(client(context, "public"))).as("empty: none")
					.isInstanceOf(ResourceAccessException.class);
				RestTemplate template = context.getBean(RestTemplateBuilder.class)
					.requestFactoryBuilder(factories(context, "public"))
					.build();
				assertThatThrownBy(() -> template.getForObject(this.secure.url(), String.class))
					.isInstanceOf(ResourceAccessException.class);
				assertThat(names(context)).containsExactly("default", "orders", "public");
			});
	}

	@Test
	@SinceBoot41
	void aClientWithAnotherBundleOrFilterHasAPoolBesideWithTheSameLimits() {
		this.runner.withPropertyValues(bundle("other"))
			.withPropertyValues("http-pool.pools.orders.max-total=7")
			.run((context) -> {
				HttpClientSettings settings = HttpClientSettings.defaults();
				SslBundle bundle = context.getBean(SslBundles.class).getBundle("other");
				InetAddressFilter filter = (address) -> true;
				for (int times = 0; times < 2; times++) {
					RestClient other = RestClient.builder()
						.requestFactory(factories(context, "orders").build(settings.withSslBundle(bundle)))
						.build();
					assertThat(secret(other)).isEqualTo("secret");
					RestClient filtered = RestClient.builder()
						.requestFactory(factories(context, "orders").build(settings.withInetAddressFilter(filter)))
						.build();
					assertThatThrownBy(() -> secret(filtered)).as("without the bundle")
						.isInstanceOf(ResourceAccessException.class);
				}
				assertThat(names(context)).containsExactly("default", "orders", "orders-2", "orders-other");
				assertThat(context.getBean(HttpPools.class).get("orders-other").snapshot().limits().maxTotal())
					.isEqualTo(7);
				assertThat(context.getBean(HttpPools.class).get("orders-other").settings().propertyPrefix())
					.as("prefix of the properties to look at")
					.isEqualTo("http-pool.pools.orders.");
				assertThat(calls(context, "orders-other")).isEqualTo(2);
			});
	}

	@Test
	void aReloadedBundleIsUsedForNewConnections() {
		SslBundle first = bundle(TestCertificates.create("first"));
		SslBundle second = bundle(TestCertificates.localhost());
		this.runner.withUserConfiguration(Groups.class)
			.withBean(SslBundleRegistrar.class, () -> (registry) -> registry.registerBundle("orders", first))
			.withPropertyValues("http-pool.pools.orders.ssl-bundle=orders",
					"http-pool.pools.orders.base-url=" + this.secure.url())
			.run((context) -> {
				RestClient orders = client(context, "orders");
				assertThatThrownBy(() -> secret(orders)).isInstanceOf(ResourceAccessException.class);
				context.getBean(SslBundleRegistry.class).updateBundle("orders", second);
				assertThat(secret(orders)).isEqualTo("secret");
				assertThat(context.getBean(Orders.class).silent()).as("the group of the pool").isEqualTo("secret");
				assertThat(names(context)).containsExactly("default", "orders");
			});
	}

	@Test
	void aBundleThatDoesNotExistStopsTheStartWithAnExplanation() {
		this.runner.withPropertyValues(bundle("orders"))
			.withPropertyValues("http-pool.pools.orders.ssl-bundle=order", "http-pool.pools.billing.ssl-bundle=bills")
			.run((context) -> {
				assertThat(context).hasFailed();
				FailureAnalysis analysis = new InvalidHttpPoolSettingsFailureAnalyzer(new StandardEnvironment())
					.analyze(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains("'http-pool.pools.orders.ssl-bundle'", "'order'")
					.contains("'http-pool.pools.billing.ssl-bundle'", "'bills'");
				assertThat(analysis.getAction()).contains("there are [orders]");
			});
	}

	@Test
	@SinceBoot41
	void anAddressFilterOfTheApplicationHoldsForAllPools() {
		this.runner.withBean(InetAddressFilter.class, InetAddressFilter::externalAddresses)
			.withPropertyValues("http-pool.pools.orders.max-total=7")
			.run((context) -> assertThatThrownBy(() -> get(client(context, "orders"), "/"))
				.hasMessage("Filtered host '127.0.0.1'"));
	}

	private static SslBundle bundle(TestCertificates certificates) {
		return SslBundle.of(SslStoreBundle.of(null, null, trust(certificates)));
	}

	private static KeyStore trust(TestCertificates certificates) {
		try {
			return KeyStore.getInstance(certificates.trustStore().toFile(), TestCertificates.PASSWORD.toCharArray());
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String[] bundle(String name) {
		String trust = "spring.ssl.bundle.jks." + name + ".truststore.";
		return new String[] { trust + "location=" + TestCertificates.localhost().trustStore(),
				trust + "password=" + TestCertificates.PASSWORD, trust + "type=PKCS12" };
	}

	private static RestClient client(ApplicationContext context, String pool) {
		return context.getBean(pool + "RestClient", RestClient.class);
	}

	private static ClientHttpRequestFactoryBuilder<?> factories(ApplicationContext context, String pool) {
		return context.getBean(pool + "ClientHttpRequestFactoryBuilder", ClientHttpRequestFactoryBuilder.class);
	}

	private static List<String> names(ApplicationContext context) {
		return context.getBean(HttpPools.class).all().stream().map(HttpPool::name).toList();
	}

	private static long calls(ApplicationContext context, String pool) {
		return context.getBean(HttpPools.class).get(pool).snapshot().totals().calls();
	}

	private String get(RestClient client, String path) {
		return client.get().uri(this.upstream.uri(path)).retrieve().body(String.class);
	}

	private String secret(RestClient client) {
		return client.get().uri(this.secure.url()).retrieve().body(String.class);
	}

	private static void assertTimesOut(ThrowingCallable call) {
		long started = System.nanoTime();
		assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(call).withMessageContaining("timed out");
		assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(Duration.ofMillis(140),
				Duration.ofSeconds(10));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "orders", types = Orders.class)
	static class Groups {

	}

	interface Orders {

		@GetExchange("/silent")
		String silent();

	}

}

package io.github.httppool.autoconfigure;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.actuate.HttpPoolEndpoint;
import io.github.httppool.actuate.HttpPoolHealthContributor;
import io.github.httppool.actuate.HttpPoolHealthIndicator;
import io.github.httppool.testing.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.SpringProperties;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pool opens on its first call. Until then only the endpoint shows it, but its settings
 * are checked at startup.
 */
@Tag("waiting")
class LazyPoolsTests {

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));

	private final Opened opened = new Opened();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
		.withBean(Opened.class, () -> this.opened)
		.withPropertyValues("http-pool.max-total=9", "http-pool.pools.orders.max-total=7");

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void anApplicationThatMakesNoCallOpensNoPool() {
		this.runner.withUserConfiguration(Injected.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean("pooledRestClient")).isNotNull();
			assertThat(context.getBean("ordersRestClient")).isNotNull();
			assertNothingIsOpen(context);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "simple" })
	void anApplicationThatSelectsAnotherFactoryOpensNoPool(String factory) {
		this.runner.withPropertyValues("spring.http.clients.imperative.factory=" + factory)
			.withUserConfiguration(Injected.class)
			.run((context) -> {
				call(context.getBean(RestClient.Builder.class).build());
				assertNothingIsOpen(context);
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { OwnFactoryBuilder.class, CustomizerWithAFactory.class })
	void anApplicationWithItsOwnFactoryOpensNoPool(Class<?> own) {
		this.runner.withUserConfiguration(own).run((context) -> {
			call(context.getBean(RestClient.Builder.class).build());
			assertNothingIsOpen(context);
		});
	}

	@Test
	void theFirstCallOpensItsPoolAndNoOther() {
		this.runner.run((context) -> {
			RestClient orders = context.getBean("ordersRestClient", RestClient.class);
			assertThat(this.opened.pools).isEmpty();
			call(orders);
			assertThat(this.opened.pools).containsExactly("orders");
			call(context.getBean(RestClient.Builder.class).build());
			call(context.getBean("pooledRestClient", RestClient.class));
			assertThat(this.opened.pools).containsExactly("orders", "default");
			assertThat(context.getBean(MeterRegistry.class).get("http.pool.connections.max").gauges()).hasSize(2);
		});
	}

	@Test
	void aPoolIsShownBeforeItIsOpen() {
		this.runner
			.withPropertyValues("management.endpoints.web.exposure.include=httppool",
					"management.health.httppool.enabled=true")
			.run((context) -> {
				HttpPools pools = context.getBean(HttpPools.class);
				assertThat(pools.all()).extracting(HttpPool::name).containsExactly("default", "orders");
				HttpPool orders = pools.get("orders");
				PoolSnapshot snapshot = orders.snapshot();
				assertThat(snapshot.limits().maxTotal()).isEqualTo(7);
				assertThat(snapshot.totals().calls()).isZero();
				orders.evict();
				assertThat(context.getBean(HttpPoolEndpoint.class).pools().pools()).containsOnlyKeys("default",
						"orders");
				assertThat(context.getBean(HttpPoolHealthContributor.class).stream())
					.extracting(HealthContributors.Entry::contributor)
					.asInstanceOf(InstanceOfAssertFactories.list(HttpPoolHealthIndicator.class))
					.hasSize(2)
					.allSatisfy((pool) -> assertThat(pool.health().getDetails()).containsEntry("leased", 0));
				assertNothingIsOpen(context);
				call(context.getBean("ordersRestClient", RestClient.class));
				assertThat(orders.snapshot().totals().calls()).as("the same object shows the open pool").isOne();
			});
	}

	@Test
	void aPoolThatIsNotOpenIsOpenedWithTheSettingsItWasChangedTo() {
		this.runner.run((context) -> {
			HttpPool orders = context.getBean(HttpPools.class).get("orders");
			HttpPoolSettings changed = orders.settings().toBuilder().maxTotal(3).build();
			assertThat(orders.change(changed)).isEmpty();
			assertThat(orders.settings()).isEqualTo(changed);
			assertNothingIsOpen(context);
			call(context.getBean("ordersRestClient", RestClient.class));
			assertThat(orders.settings()).isEqualTo(changed);
			assertThat(orders.snapshot().limits().maxTotal()).isEqualTo(3);
		});
	}

	@Test
	void anHttpClientOpensThePool() {
		this.runner.run((context) -> {
			context.getBean(HttpPools.class).get("orders").newHttpClient().close();
			assertThat(this.opened.pools).containsExactly("orders");
		});
	}

	@Test
	void settingsAreCheckedAtStartup() {
		this.runner
			.withPropertyValues("http-pool.pools.orders.max-total=0", "spring.http.clients.imperative.factory=jdk")
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).rootCause()
					.hasMessageContaining("http-pool.pools.orders.max-total");
			});
		this.runner.withPropertyValues("http-pool.pools.orders.ssl-bundle=absent")
			.run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void aListenerMayDependOnAClient() {
		this.runner.withUserConfiguration(ListenerWithAClient.class).run((context) -> {
			assertThat(context).hasNotFailed();
			call(context.getBean("pooledRestClient", RestClient.class));
			assertThat(context.getBean(ListenerWithAClient.class).pools).containsExactly("default");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aBeanMayWaitForTheFirstCallOfAnotherThreadWhateverSpringLocks(boolean enabled) {
		SpringProperties.setFlag("spring.locking.strict");
		try {
			new ApplicationContextRunner().withUserConfiguration(Application.class, WaitsForACall.class)
				.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
				.withPropertyValues("http-pool.enabled=" + enabled, "url=" + this.upstream.url())
				.run((context) -> assertThat(context).hasNotFailed());
		}
		finally {
			SpringProperties.setProperty("spring.locking.strict", null);
		}
	}

	private void assertNothingIsOpen(AssertableApplicationContext context) {
		assertThat(this.opened.pools).isEmpty();
		assertThat(this.opened.customized).isEmpty();
		assertThat(context.getBean(MeterRegistry.class).getMeters()).extracting((meter) -> meter.getId().getName())
			.noneMatch((name) -> name.startsWith("http.pool."));
		assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.startsWith("http-pool"));
	}

	private void call(RestClient client) {
		assertThat(client.get().uri(this.upstream.url() + "/").retrieve().body(String.class)).isEqualTo("hello");
	}

	/**
	 * Notes what is opened and customized.
	 */
	private static final class Opened implements HttpPoolListener, HttpPoolCustomizer {

		private final List<String> pools = new CopyOnWriteArrayList<>();

		private final List<String> customized = new CopyOnWriteArrayList<>();

		@Override
		public void poolCreated(HttpPool pool) {
			this.pools.add(pool.name());
		}

		@Override
		public void customizeClient(String pool, HttpClientBuilder client) {
			this.customized.add(pool);
		}

		@Override
		public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
			this.customized.add(pool);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Injected {

		Injected(RestClient.Builder builder) {
			assertThat(builder.build()).isNotNull();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactoryBuilder {

		@Bean
		ClientHttpRequestFactoryBuilder<?> ownFactoryBuilder() {
			return ClientHttpRequestFactoryBuilder.simple();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CustomizerWithAFactory {

		@Bean
		RestClientCustomizer ownFactory() {
			return (builder) -> builder.requestFactory(new SimpleClientHttpRequestFactory());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WaitsForACall {

		@Bean
		String answer(RestClient.Builder builder, @Value("${url}") String url) throws Exception {
			RestClient client = builder.build();
			return CompletableFuture.supplyAsync(() -> client.get().uri(url + "/").retrieve().body(String.class))
				.get(10, TimeUnit.SECONDS);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ListenerWithAClient implements HttpPoolListener {

		private final List<String> pools = new CopyOnWriteArrayList<>();

		ListenerWithAClient(RestClient client) {
			assertThat(client).isNotNull();
		}

		@Override
		public void poolCreated(HttpPool pool) {
			this.pools.add(pool.name());
		}

	}

}

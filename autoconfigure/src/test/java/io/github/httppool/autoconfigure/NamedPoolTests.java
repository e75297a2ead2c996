package io.github.httppool.autoconfigure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.actuate.HttpPoolHealthContributor;
import io.github.httppool.autoconfigure.properties.InvalidHttpPoolSettingsFailureAnalyzer;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.boot.SinceBoot41;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Further pools of an application, and the clients over them.
 */
@Tag("waiting")
class NamedPoolTests {

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		switch (exchange.path()) {
			case "/json" -> exchange.ok("{\"id\": 7}".getBytes(), "Content-Type: application/json");
			case "/cookie" -> exchange.ok(new byte[2], "Set-Cookie: session=secret; Path=/");
			default -> exchange.ok(exchange.path());
		}
	});

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class);

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void aPoolHasAClientWithItsBaseUrlAndItsOwnConnections() {
		this.runner
			.withPropertyValues("http-pool.pools.orders.base-url=" + this.upstream.url() + "/api",
					"http-pool.pools.orders.max-total=7", "http-pool.max-per-route=5")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				RestClient orders = client(context, "orders");
				assertThat(orders.get().uri("/7").retrieve().body(String.class)).isEqualTo("/api/7");
				RestClient shared = context.getBean("pooledRestClient", RestClient.class);
				assertThat(shared.get().uri(this.upstream.uri("/shared")).retrieve().body(String.class))
					.isEqualTo("/shared");
				assertThat(this.upstream.accepted()).isEqualTo(2);
				HttpPools pools = context.getBean(HttpPools.class);
				assertThat(pools.all()).extracting(HttpPool::name).containsExactly("default", "orders");
				PoolSnapshot snapshot = pools.get("orders").snapshot();
				assertThat(snapshot.limits().maxTotal()).isEqualTo(7);
				assertThat(snapshot.limits().maxPerRoute()).as("inherited").isEqualTo(5);
				assertThat(snapshot.totals().calls()).isOne();
			});
	}

	@Test
	void clientsAreInjectedByQualifierAndNeverWithoutOne() {
		this.runner
			.withPropertyValues("http-pool.pools.orders.max-total=7", "http-pool.pools.order-service.max-total=7")
			.withUserConfiguration(Injected.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Injected.Clients clients = context.getBean(Injected.Clients.class);
				assertThat(clients.unqualified()).isSameAs(context.getBean("pooledRestClient"));
				assertThat(clients.orders()).isSameAs(context.getBean("ordersRestClient"));
				assertThat(clients.service()).isSameAs(context.getBean("order-serviceRestClient"));
				assertThat(context.getBean(RestClient.class)).isSameAs(clients.unqualified());
				assertThat(context.getBeanProvider(RestClient.class).getIfUnique()).isSameAs(clients.unqualified());
				assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
					.isInstanceOf(PooledClientHttpRequestFactoryBuilder.class);
			});
	}

	@Test
	void theApplicationsOwnClientStaysTheOneWithoutAQualifier() {
		RestClient own = RestClient.create();
		this.runner.withPropertyValues("http-pool.pools.orders.max-total=7")
			.withBean("own", RestClient.class, () -> own)
			.withUserConfiguration(Injected.class)
			.withPropertyValues("http-pool.pools.order-service.max-total=7")
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean("pooledRestClient").hasBean("ordersRestClient");
				assertThat(context.getBean(Injected.Clients.class).unqualified()).isSameAs(own);
			});
	}

	@Test
	void aClientIsCustomizedAndObservedLikeAnyOther() {
		this.runner.withPropertyValues("http-pool.pools.orders.base-url=" + this.upstream.url())
			.withBean(RestClientCustomizer.class, () -> (builder) -> builder.defaultHeader("X-Customized", "yes"))
			.run((context) -> {
				RestClient orders = client(context, "orders");
				assertThat(orders.get().uri("/json").retrieve().body(Order.class)).isEqualTo(new Order(7));
				assertThat(this.upstream.requests().get(0).header("X-Customized")).isEqualTo("yes");
				assertThat(context.getBean(MeterRegistry.class)
					.get("http.client.requests")
					.tag("uri", "/json")
					.timer()
					.count()).isOne();
			});
	}

	@Test
	void aGroupOfTheSameNameUsesThePool() {
		this.runner.withPropertyValues("http-pool.pools.orders.base-url=" + this.upstream.url())
			.withUserConfiguration(Groups.class)
			.withPropertyValues("spring.http.serviceclient.other.base-url=" + this.upstream.url(),
					"spring.http.serviceclient.orders.default-header.X-Group=orders")
			.withBean(RestClientCustomizer.class, () -> (builder) -> builder.defaultHeader("X-Customized", "yes"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				HttpPools pools = context.getBean(HttpPools.class);
				assertThat(context.getBean(Orders.class).read()).isEqualTo("/orders");
				assertThat(calls(pools)).isEqualTo(Map.of("default", 0L, "orders", 1L));
				assertThat(this.upstream.requests().get(0).header("X-Group")).isEqualTo("orders");
				assertThat(this.upstream.requests().get(0).header("X-Customized")).isEqualTo("yes");
				assertThat(context.getBean(Others.class).read()).isEqualTo("/others");
				assertThat(calls(pools)).as("a group without a pool uses the shared one")
					.isEqualTo(Map.of("default", 1L, "orders", 1L));
			});
	}

	@Test
	void theBaseUrlOfAGroupComesBeforeThatOfThePool() {
		this.runner.withPropertyValues("http-pool.pools.orders.base-url=http://pool.invalid")
			.withUserConfiguration(Groups.class)
			.withPropertyValues("spring.http.serviceclient.orders.base-url=" + this.upstream.url() + "/group")
			.run((context) -> {
				assertThat(context.getBean(Orders.class).read()).isEqualTo("/group/orders");
				assertThat(calls(context.getBean(HttpPools.class))).isEqualTo(Map.of("default", 0L, "orders", 1L));
			});
	}

	@Test
	void aRestTemplateIsPutOnAPoolWithItsRequestFactoryBuilder() {
		this.runner.withPropertyValues("http-pool.pools.orders.max-total=7")
			.withUserConfiguration(TemplateOfOrders.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				RestTemplate template = context.getBean("ordersTemplate", RestTemplate.class);
				assertThat(template.getForObject(this.upstream.uri("/template"), String.class)).isEqualTo("/template");
				assertThat(calls(context.getBean(HttpPools.class))).isEqualTo(Map.of("default", 0L, "orders", 1L));
			});
	}

	@Test
	@SinceBoot41
	void aJarOfCookiesBelongsToOneClientAndNotToThePool() {
		this.runner
			.withPropertyValues("http-pool.pools.orders.base-url=" + this.upstream.url(),
					"spring.http.clients.cookie-handling=enable")
			.withUserConfiguration(Groups.class)
			.run((context) -> {
				RestClient orders = client(context, "orders");
				orders.get().uri("/cookie").retrieve().toBodilessEntity();
				orders.get().uri("/").retrieve().toBodilessEntity();
				assertThat(lastCookie()).isEqualTo("session=secret");
				context.getBean(Orders.class).read();
				assertThat(lastCookie()).as("of another client of the pool").isNull();
				assertThat(this.upstream.accepted()).as("over the same connection").isOne();
				context.getBean("pooledRestClient", RestClient.class)
					.get()
					.uri(this.upstream.uri("/"))
					.retrieve()
					.toBodilessEntity();
				assertThat(lastCookie()).as("of a client of another pool").isNull();
			});
	}

	private String lastCookie() {
		List<ScriptedUpstream.Request> requests = this.upstream.requests();
		return requests.get(requests.size() - 1).header("Cookie");
	}

	@Test
	void customizersAndListenersAreToldTheNameOfThePool() {
		List<String> seen = new CopyOnWriteArrayList<>();
		this.runner.withPropertyValues("http-pool.pools.orders.base-url=" + this.upstream.url())
			.withBean(HttpPoolCustomizer.class, () -> new HttpPoolCustomizer() {

				@Override
				public void customizeClient(String pool, HttpClientBuilder client) {
					client.setUserAgent("agent of " + pool);
				}

				@Override
				public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
					seen.add("connections of " + pool);
				}

			})
			.withBean(HttpPoolListener.class, () -> new HttpPoolListener() {

				@Override
				public void poolCreated(HttpPool pool) {
					seen.add("created " + pool.name());
				}

			})
			.run((context) -> {
				client(context, "orders").get().uri("/").retrieve().toBodilessEntity();
				assertThat(this.upstream.requests().get(0).header("User-Agent")).isEqualTo("agent of orders");
				assertThat(seen).containsExactly("connections of orders", "created orders");
			});
	}

	@Test
	void metersHealthAndEventsGoByTheName() {
		this.runner
			.withPropertyValues("http-pool.pools.orders.base-url=" + this.upstream.url(),
					"http-pool.pools.orders.max-total=7", "management.health.httppool.enabled=true")
			.run((context) -> {
				client(context, "orders").get().uri("/").retrieve().toBodilessEntity();
				context.getBean(HttpPools.class).get("default").newHttpClient();
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.get("http.pool.connections.max").tag("pool", "orders").gauge().value())
					.isEqualTo(7);
				assertThat(registry.get("http.pool.connections.max").tag("pool", "default").gauge().value())
					.isEqualTo(200);
				assertThat(registry.get("http.pool.acquire")
					.tag("pool", "orders")
					.tag("outcome", "opened")
					.timer()
					.count()).isOne();
				HttpPools pools = context.getBean(HttpPools.class);
				assertThat(pools.get("orders").events()).singleElement()
					.satisfies((event) -> assertThat(event.message()).contains("http-pool-orders-"));
				assertThat(pools.get("default").events()).isEmpty();
				assertThat(context.getBean(HttpPoolHealthContributor.class).stream())
					.extracting(HealthContributors.Entry::name)
					.containsExactly("default", "orders");
			});
	}

	@Test
	void anUnusedPoolHasNoThreadAndNoConnection() {
		this.runner
			.withPropertyValues("http-pool.pools.orders.base-url=" + this.upstream.url(),
					"http-pool.pools.idle.base-url=" + this.upstream.url())
			.run((context) -> {
				client(context, "orders").get().uri("/").retrieve().toBodilessEntity();
				assertThat(threads()).anyMatch((name) -> name.contains("http-pool-orders"))
					.noneMatch((name) -> name.contains("http-pool-idle") || name.contains("http-pool-default"));
				assertThat(this.upstream.accepted()).isOne();
			});
		Awaitility.await()
			.untilAsserted(() -> assertThat(threads()).noneMatch((name) -> name.contains("http-pool-orders")));
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
	}

	@Test
	void aBeanOfTheApplicationWithTheSameNameStays() {
		this.runner.withPropertyValues("http-pool.pools.orders.max-total=7")
			.withUserConfiguration(OwnOrders.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean("ordersRestClient")).isSameAs(OwnOrders.CLIENT);
				assertThat(context.getBean(HttpPools.class).find("orders")).isPresent();
			});
	}

	@Test
	void mistakesOfFurtherPoolsStopTheStartWithAnExplanation() {
		this.runner
			.withPropertyValues("http-pool.pools.orders.max-total=0", "http-pool.pools.default.max-total=3",
					"http-pool.pools.[a b].max-total=3")
			.run((context) -> {
				assertThat(context).hasFailed();
				FailureAnalysis analysis = new InvalidHttpPoolSettingsFailureAnalyzer(new StandardEnvironment())
					.analyze(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains("'http-pool.pools.orders.max-total' has the value '0'")
					.contains("'http-pool.pools' has the value 'default'")
					.contains("'http-pool.pools' has the value 'a b'");
			});
	}

	@Test
	void aPoolWithoutPropertiesIsCreated() {
		this.runner.withPropertyValues("http-pool.pools.orders=").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(HttpPools.class).find("orders")).isPresent();
			assertThat(context).hasBean("ordersRestClient");
		});
	}

	@Test
	void switchedOffThereAreNoPools() {
		this.runner.withPropertyValues("http-pool.enabled=false", "http-pool.pools.orders.max-total=7")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("ordersRestClient"));
	}

	private static RestClient client(ApplicationContext context, String pool) {
		return context.getBean(pool + "RestClient", RestClient.class);
	}

	private static Map<String, Long> calls(HttpPools pools) {
		Map<String, Long> calls = new HashMap<>();
		pools.all().forEach((pool) -> calls.put(pool.name(), pool.snapshot().totals().calls()));
		return calls;
	}

	record Order(int id) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Injected {

		@Bean
		Clients clients(RestClient unqualified, @Qualifier("orders") RestClient orders,
				@Qualifier("order-service") RestClient service) {
			return new Clients(unqualified, orders, service);
		}

		record Clients(RestClient unqualified, RestClient orders, RestClient service) {

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TemplateOfOrders {

		@Bean
		RestTemplate ordersTemplate(RestTemplateBuilder builder,
				@Qualifier("orders") ClientHttpRequestFactoryBuilder<?> orders) {
			return builder.requestFactoryBuilder(orders).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnOrders {

		private static final RestClient CLIENT = RestClient.create();

		@Bean
		RestClient ordersRestClient() {
			return CLIENT;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "orders", types = Orders.class)
	@ImportHttpServices(group = "other", types = Others.class)
	static class Groups {

	}

	interface Orders {

		@GetExchange("/orders")
		String read();

	}

	interface Others {

		@GetExchange("/others")
		String read();

	}

}

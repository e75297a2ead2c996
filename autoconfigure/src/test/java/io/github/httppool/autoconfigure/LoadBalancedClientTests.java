package io.github.httppool.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.boot.SpringCloudIfAsked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests clients that Spring Cloud's load balancer leads to one of several instances.
 */
@Tag("waiting")
@Timeout(120)
class LoadBalancedClientTests {

	private final ScriptedUpstream one = ScriptedUpstream.plain((exchange) -> exchange.ok("one"));

	private final ScriptedUpstream two = ScriptedUpstream.plain((exchange) -> exchange.ok("two"));

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues(SpringCloudIfAsked.PROPERTY + "=true", "spring.cloud.loadbalancer.cache.enabled=false",
				"spring.cloud.discovery.client.simple.instances.orders[0].uri=" + this.one.url(),
				"spring.cloud.discovery.client.simple.instances.orders[1].uri=" + this.two.url());

	@AfterEach
	void close() {
		this.one.close();
		this.two.close();
	}

	@Test
	void callsGoToAllInstancesOverTheSharedPool() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			RestClient client = context.getBean(Orders.class).client;
			List<String> answers = new ArrayList<>();
			for (int i = 0; i < 6; i++) {
				answers.add(client.get().uri("http://orders/" + i).retrieve().body(String.class));
			}
			assertThat(answers).containsOnly("one", "two");
			PoolSnapshot pool = context.getBean(HttpPools.class).get("default").snapshot();
			assertThat(pool.routes()).extracting(PoolSnapshot.Route::route)
				.containsExactlyInAnyOrder(this.one.url(), this.two.url());
			assertThat(pool.totals().calls()).isEqualTo(6);
			assertThat(this.one.accepted() + this.two.accepted()).isEqualTo(2);
		});
	}

	@Test
	void anHttpServiceGroupWithoutAnAddressIsBalancedOverTheSharedPool() {
		this.runner.run((context) -> {
			OrderService service = context.getBean(OrderService.class);
			assertThat(List.of(service.order().getBody(), service.order().getBody())).containsExactlyInAnyOrder("one",
					"two");
			assertThat(context.getBean(HttpPools.class).get("default").snapshot().totals().calls()).isEqualTo(2);
		});
	}

	/**
	 * For them a host is a host.
	 */
	@Test
	void theSharedClientAndThoseOfFurtherPoolsAreNotBalanced() {
		this.runner.withPropertyValues("http-pool.pools.invoices.base-url=" + this.two.url()).run((context) -> {
			RestClient shared = context.getBean("pooledRestClient", RestClient.class);
			assertThat(shared.get().uri(this.one.url()).retrieve().body(String.class)).isEqualTo("one");
			RestClient further = context.getBean("invoicesRestClient", RestClient.class);
			assertThat(further.get().uri("/").retrieve().body(String.class)).isEqualTo("two");
			assertThat(this.one.requests().get(0).header("X-Customized")).isEqualTo("yes");
			assertThat(this.two.requests().get(0).header("X-Customized")).isEqualTo("yes");
		});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@ImportHttpServices(group = "orders", types = OrderService.class)
	static class Application {

		@Bean
		@Scope("prototype")
		@LoadBalanced
		RestClient.Builder balanced(RestClientBuilderConfigurer configurer) {
			return configurer.configure(RestClient.builder());
		}

		@Bean
		Orders orders(@LoadBalanced RestClient.Builder builder) {
			return new Orders(builder.build());
		}

		@Bean
		RestClientCustomizer customizer() {
			return (builder) -> builder.defaultHeader("X-Customized", "yes");
		}

	}

	static class Orders {

		private final RestClient client;

		Orders(RestClient client) {
			this.client = client;
		}

	}

	interface OrderService {

		@GetExchange("/")
		ResponseEntity<String> order();

	}

}

package io.github.httppool.client;

import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.function.Function;

import io.github.httppool.HttpPools;
import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.restclient.RestTemplateRequestCustomizer;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.client.BufferingClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application's customizers have the last word on every client, also on its request
 * factory: the same application runs without the starter and with it, and no call of
 * either reaches the network.
 */
class CustomizersLastWordTests {

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("network"));

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("http-pool.pools.orders.base-url=" + this.upstream.url(),
				"spring.http.serviceclient.orders.base-url=" + this.upstream.url(),
				"spring.http.serviceclient.others.base-url=" + this.upstream.url());

	@AfterEach
	void close() {
		this.upstream.close();
	}

	/**
	 * Each way to a client, and what it reads from a path.
	 */
	enum Client {

		BUILDER(false, (context) -> read(context.getBean(RestClient.Builder.class).build())),

		SHARED_CLIENT(true, (context) -> read(context.getBean("pooledRestClient", RestClient.class))),

		CLIENT_OF_A_POOL(true, (context) -> read(context.getBean("ordersRestClient", RestClient.class))),

		GROUP_OF_A_POOL(false, (context) -> context.getBean(Orders.class).read()),

		GROUP(false, (context) -> context.getBean(Others.class).read());

		/** Whether it comes with the starter. */
		private final boolean ours;

		private final Function<AssertableApplicationContext, String> call;

		Client(boolean ours, Function<AssertableApplicationContext, String> call) {
			this.ours = ours;
			this.call = call;
		}

		private static String read(RestClient client) {
			return client.get().uri(url).retrieve().body(String.class);
		}

	}

	private static String url;

	private void compare(Client client, ApplicationContextRunner application,
			BiConsumer<AssertableApplicationContext, String> assertions) {
		url = this.upstream.url() + "/";
		if (!client.ours) {
			application.withPropertyValues("http-pool.enabled=false")
				.run((context) -> assertions.accept(context, client.call.apply(context)));
		}
		application.run((context) -> assertions.accept(context, client.call.apply(context)));
	}

	@ParameterizedTest
	@EnumSource
	void withoutAFactoryOfItsOwnAnApplicationCallsThroughThePool(Client client) {
		url = this.upstream.url() + "/";
		this.runner.run((context) -> {
			assertThat(client.call.apply(context)).isEqualTo("network");
			String pool = client.name().endsWith("OF_A_POOL") ? "orders" : "default";
			assertThat(context.getBean(HttpPools.class).get(pool).snapshot().totals().calls()).isOne();
		});
	}

	@ParameterizedTest
	@EnumSource
	void aFactoryThatACustomizerSetsIsUsed(Client client) {
		compare(client,
				this.runner.withBean(RestClientCustomizer.class, () -> (builder) -> builder.requestFactory(mock())),
				(context, answer) -> {
					assertThat(answer).isEqualTo("mock");
					assertThat(this.upstream.requests()).isEmpty();
				});
	}

	@ParameterizedTest
	@EnumSource
	void aCustomizerIsRunOncePerClient(Client client) {
		compare(client,
				this.runner.withBean(RestClientCustomizer.class,
						() -> (builder) -> builder.defaultHeaders((headers) -> headers.add("X-Count", "1"))),
				(context,
						answer) -> assertThat(
								this.upstream.requests().get(this.upstream.requests().size() - 1).header("X-Count"))
							.isEqualTo("1"));
	}

	@ParameterizedTest
	@EnumSource
	void aBufferingFactoryIsKept(Client client) {
		compare(client, this.runner.withBean(RestClientCustomizer.class, () -> (builder) -> {
			builder.requestFactory(new BufferingClientHttpRequestFactory(new SimpleClientHttpRequestFactory()));
			builder.requestInterceptor((request, body, execution) -> {
				var response = execution.execute(request, body);
				assertThat(new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("network");
				return response;
			});
		}), (context, answer) -> assertThat(answer).as("read by an interceptor and by the caller")
			.isEqualTo("network"));
	}

	@ParameterizedTest
	@EnumSource(names = { "BUILDER", "SHARED_CLIENT", "CLIENT_OF_A_POOL" })
	void theFactoryOfABuilderOfTheApplicationIsUsed(Client client) {
		compare(client, this.runner.withUserConfiguration(OwnBuilder.class), (context, answer) -> {
			assertThat(answer).isEqualTo("mock");
			assertThat(this.upstream.requests()).isEmpty();
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "SHARED_CLIENT", "CLIENT_OF_A_POOL" })
	void aBuilderOfTheApplicationWithoutAFactoryIsPutOnThePool(Client client) {
		for (Class<?> own : new Class<?>[] { BuilderWithoutFactory.class, ConfiguredBuilder.class }) {
			compare(client, this.runner.withUserConfiguration(own), (context, answer) -> {
				assertThat(answer).isEqualTo("network");
				String pool = client.name().endsWith("OF_A_POOL") ? "orders" : "default";
				assertThat(context.getBean(HttpPools.class).get(pool).snapshot().totals().calls()).isOne();
				var requests = this.upstream.requests();
				assertThat(requests.get(requests.size() - 1).header("X-Own")).isEqualTo("yes");
			});
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "BUILDER", "SHARED_CLIENT", "CLIENT_OF_A_POOL" })
	void aConfigurerOfTheApplicationHasTheLastWord(Client client) {
		compare(client, this.runner.withUserConfiguration(OwnConfigurer.class),
				(context, answer) -> assertThat(answer).isEqualTo("mock"));
	}

	@ParameterizedTest
	@EnumSource(names = { "BUILDER", "SHARED_CLIENT", "CLIENT_OF_A_POOL" })
	void aBeanPostProcessorOfBuildersActsOnEachClient(Client client) {
		compare(client, this.runner.withUserConfiguration(BuilderPostProcessor.class),
				(context,
						answer) -> assertThat(
								this.upstream.requests().get(this.upstream.requests().size() - 1).header("X-Processed"))
							.isEqualTo("restClientBuilder"));
	}

	@ParameterizedTest
	@EnumSource(names = { "GROUP", "GROUP_OF_A_POOL" })
	void aGroupConfigurerOfAnyOrderBehavesAsWithoutTheStarter(Client client) {
		for (int order : new int[] { Ordered.HIGHEST_PRECEDENCE + 10, Ordered.HIGHEST_PRECEDENCE + 11,
				Ordered.HIGHEST_PRECEDENCE + 15, Ordered.HIGHEST_PRECEDENCE + 20, 0, Ordered.LOWEST_PRECEDENCE }) {
			String[] without = new String[1];
			compare(client, this.runner.withBean(RestClientHttpServiceGroupConfigurer.class, () -> configurer(order)),
					(context, answer) -> {
						if (without[0] == null) {
							without[0] = answer;
						}
						assertThat(answer).as("order " + order).isEqualTo(without[0]);
					});
		}
	}

	@Test
	void theSharedTemplateHasTheFactoryOfACustomizer() {
		this.runner.withBean(RestTemplateCustomizer.class, () -> (template) -> template.setRequestFactory(mock()))
			.run((context) -> {
				RestTemplate template = context.getBean("pooledRestTemplate", RestTemplate.class);
				assertThat(template.getForObject(this.upstream.url() + "/", String.class)).isEqualTo("mock");
				assertThat(this.upstream.requests()).isEmpty();
			});
	}

	@Test
	void theSharedTemplateHasTheFactoryOfABuilderOfTheApplication() {
		this.runner
			.withBean(RestTemplateBuilder.class,
					() -> new RestTemplateBuilder().requestFactory(CustomizersLastWordTests::mock))
			.run((context) -> {
				RestTemplate template = context.getBean("pooledRestTemplate", RestTemplate.class);
				assertThat(template.getForObject(this.upstream.url() + "/", String.class)).isEqualTo("mock");
			});
	}

	@Test
	void theSharedTemplateOfABuilderWithoutAFactoryIsOnThePool() {
		this.runner.withBean(RestTemplateBuilder.class, () -> new RestTemplateBuilder().defaultHeader("X-Own", "yes"))
			.withBean(RestTemplateRequestCustomizer.class,
					() -> (request) -> request.getHeaders().add("X-Request", "yes"))
			.run((context) -> {
				RestTemplate template = context.getBean("pooledRestTemplate", RestTemplate.class);
				assertThat(template.getForObject(this.upstream.url() + "/", String.class)).isEqualTo("network");
				assertThat(context.getBean(HttpPools.class).get("default").snapshot().totals().calls()).isOne();
				assertThat(this.upstream.requests().get(0).header("X-Own")).isEqualTo("yes");
			});
	}

	private static RestClientHttpServiceGroupConfigurer configurer(int order) {
		return new RestClientHttpServiceGroupConfigurer() {

			@Override
			public void configureGroups(Groups<RestClient.Builder> groups) {
				groups.forEachClient((group, builder) -> builder.requestFactory(mock()));
			}

			@Override
			public int getOrder() {
				return order;
			}

		};
	}

	/** In place of a mock server: answers without a network. */
	private static ClientHttpRequestFactory mock() {
		return (uri, method) -> {
			MockClientHttpRequest request = new MockClientHttpRequest(method, uri);
			request.setResponse(new MockClientHttpResponse("mock".getBytes(StandardCharsets.UTF_8), 200));
			return request;
		};
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@ImportHttpServices(group = "orders", types = Orders.class)
	@ImportHttpServices(group = "others", types = Others.class)
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBuilder {

		@Bean
		RestClient.Builder ownBuilder() {
			return RestClient.builder().requestFactory(mock());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BuilderPostProcessor {

		@Bean
		static BeanPostProcessor builderPostProcessor() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					return (bean instanceof RestClient.Builder builder)
							? builder.defaultHeaders((headers) -> headers.add("X-Processed", name)) : bean;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BuilderWithoutFactory {

		@Bean
		RestClient.Builder ownBuilder() {
			return RestClient.builder().defaultHeader("X-Own", "yes");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ConfiguredBuilder {

		@Bean
		RestClient.Builder ownBuilder(RestClientBuilderConfigurer configurer) {
			return configurer.configure(RestClient.builder()).defaultHeader("X-Own", "yes");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConfigurer {

		@Bean
		RestClientBuilderConfigurer ownConfigurer() {
			return new RestClientBuilderConfigurer() {

				@Override
				public RestClient.Builder configure(RestClient.Builder builder) {
					return builder.requestFactory(mock());
				}

			};
		}

	}

	interface Orders {

		@GetExchange("/")
		String read();

	}

	interface Others {

		@GetExchange("/")
		String read();

	}

}

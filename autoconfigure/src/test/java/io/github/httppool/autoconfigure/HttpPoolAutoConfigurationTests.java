package io.github.httppool.autoconfigure;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;
import io.github.httppool.actuate.HttpPoolEndpoint;
import io.github.httppool.metrics.HttpPoolMetrics;
import io.github.httppool.testing.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.SimpleClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Which beans there are, in which application.
 */
class HttpPoolAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(SslAutoConfiguration.class,
			HttpClientAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class,
			HttpMessageConvertersAutoConfiguration.class, RestClientAutoConfiguration.class,
			RestTemplateAutoConfiguration.class, EndpointAutoConfiguration.class, HttpPoolAutoConfiguration.class,
			HttpPoolRestClientAutoConfiguration.class, HttpPoolRestTemplateAutoConfiguration.class,
			HttpPoolMetricsAutoConfiguration.class, HttpPoolEndpointAutoConfiguration.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(CONFIGURATIONS);

	@Test
	void anApplicationGetsAPoolAndClientsOverIt() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			HttpPools pools = context.getBean(HttpPools.class);
			assertThat(pools.get("default").name()).isEqualTo(HttpPool.DEFAULT_NAME);
			assertThat(context).hasSingleBean(ClientHttpRequestFactoryBuilder.class);
			assertThat(context).getBean("pooledRestClient").isInstanceOf(RestClient.class);
			assertThat(context).getBean("pooledRestTemplate").isInstanceOf(RestTemplate.class);
			assertThat(context).getBean(ClientHttpRequestFactory.class)
				.isInstanceOf(HttpComponentsClientHttpRequestFactory.class);
		});
	}

	@Test
	void anUnknownPoolIsRefusedWithTheNamesThatExist() {
		this.runner.run((context) -> {
			HttpPools pools = context.getBean(HttpPools.class);
			assertThat(pools.find("orders")).isEmpty();
			assertThatIllegalArgumentException().isThrownBy(() -> pools.get("orders"))
				.withMessageContaining("'orders'")
				.withMessageContaining("[default]");
		});
	}

	@Test
	void anApplicationWithLazyBeansFindsTheDefaultPool() {
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context.getBean(HttpPools.class).find("default")).isPresent());
	}

	@Test
	void aServletApplicationGetsAPool() {
		new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).hasBean("pooledRestClient").hasBean("pooledRestTemplate");
			assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
				.isInstanceOf(PooledClientHttpRequestFactoryBuilder.class);
		});
	}

	@Test
	void aReactiveApplicationGetsAPoolThoughSpringBootGivesItNoFactory() {
		new ReactiveWebApplicationContextRunner().withConfiguration(CONFIGURATIONS).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).hasBean("pooledRestClient").hasBean("pooledRestTemplate");
			assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
				.isInstanceOf(PooledClientHttpRequestFactoryBuilder.class);
			assertThat(requestFactory(context.getBean(RestClient.Builder.class).build()))
				.isInstanceOf(HttpComponentsClientHttpRequestFactory.class);
		});
	}

	@Test
	void switchedOffItIsAsIfItWereNotThere() {
		this.runner.withPropertyValues("http-pool.enabled=false")
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).doesNotHaveBean(HttpPools.class);
				assertThat(context).doesNotHaveBean("pooledRestClient");
				assertThat(context).doesNotHaveBean("pooledRestTemplate");
				assertThat(context).doesNotHaveBean(HttpPoolMetrics.class);
				assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
					.isNotInstanceOf(PooledClientHttpRequestFactoryBuilder.class);
			});
	}

	@Test
	void theUsersClientsWin() {
		this.runner.withUserConfiguration(UserClients.class).run((context) -> {
			assertThat(context).hasSingleBean(RestClient.class).hasBean("userRestClient");
			assertThat(context).hasSingleBean(RestTemplate.class).hasBean("userRestTemplate");
		});
	}

	@Test
	void theUsersFactoryBuilderWins() {
		this.runner.withUserConfiguration(UserFactoryBuilder.class).run((context) -> {
			assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
				.isInstanceOf(SimpleClientHttpRequestFactoryBuilder.class);
			assertThat(context).hasSingleBean(HttpPools.class);
			assertThat(requestFactory(context.getBean("pooledRestClient", RestClient.class)))
				.as("what is named pooled is pooled")
				.isInstanceOf(HttpComponentsClientHttpRequestFactory.class);
			assertThat(context.getBean("pooledRestTemplate", RestTemplate.class).getRequestFactory())
				.isInstanceOf(HttpComponentsClientHttpRequestFactory.class);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "JDK", "Jdk" })
	void anotherSelectedFactoryWins(String selected) {
		this.runner.withPropertyValues("spring.http.clients.imperative.factory=" + selected).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
				.isInstanceOf(JdkClientHttpRequestFactoryBuilder.class);
			assertThat(requestFactory(context.getBean(RestClient.Builder.class).build()))
				.isInstanceOf(JdkClientHttpRequestFactory.class);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "http-components", "http_components", "HTTP_COMPONENTS", "httpcomponents" })
	void theSelectedFactoryMayBeOurs(String selected) {
		this.runner.withPropertyValues("spring.http.clients.imperative.factory=" + selected)
			.run((context) -> assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
				.isInstanceOf(PooledClientHttpRequestFactoryBuilder.class));
	}

	@Test
	void worksWithoutSpringBootsRestClientModule() {
		new ApplicationContextRunner().withUserConfiguration(OnlyOurs.class)
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.restclient"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).hasSingleBean(HttpPools.class);
				assertThat(context).hasBean("pooledRestClient").hasBean("pooledRestTemplate");
				assertThat(context).doesNotHaveBean(RestTemplateBuilder.class);
			});
	}

	@Test
	void worksWithoutActuator() {
		new ApplicationContextRunner().withUserConfiguration(OnlyOurs.class)
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertPoolWithoutEndpoint(context));
	}

	@Test
	void worksWithoutMicrometer() {
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer.core")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).hasSingleBean(HttpPools.class);
			assertThat(context).doesNotHaveBean(HttpPoolMetrics.class);
		});
	}

	@Test
	void worksWithoutSpringMvc() {
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.web.servlet", "jakarta.servlet",
					"org.springframework.boot.webmvc"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).hasBean("pooledRestClient").hasBean("pooledRestTemplate");
			});
	}

	@Test
	void withoutHttpClientThereIsNoPool() {
		this.runner.withClassLoader(new FilteredClassLoader("org.apache.hc.client5")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(HttpPools.class);
		});
	}

	@Test
	void thereAreMetersWhereThereIsARegistry() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(HttpPoolMetrics.class));
		this.runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> assertThat(context).hasSingleBean(HttpPoolMetrics.class));
	}

	@Test
	void aRegistryThatOutlivesTheContextKeepsNoMetersOfItsPools() {
		MeterRegistry registry = new SimpleMeterRegistry();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"))) {
			this.runner.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class))
				.withBean(MeterRegistry.class, () -> registry)
				.run((context) -> {
					context.getBean("pooledRestClient", RestClient.class)
						.get()
						.uri(upstream.url())
						.retrieve()
						.toBodilessEntity();
					assertThat(registry.get("http.pool.acquire").tag("outcome", "opened").timer().count()).isOne();
				});
		}
		assertThat(registry.getMeters()).extracting((meter) -> meter.getId().getName())
			.noneMatch((name) -> name.startsWith("http.pool."));
	}

	@Test
	void theEndpointIsThereWhereItIsExposed() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(HttpPoolEndpoint.class));
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=httppool")
			.run((context) -> assertThat(context).hasSingleBean(HttpPoolEndpoint.class));
		this.runner
			.withPropertyValues("management.endpoints.web.exposure.include=httppool",
					"management.endpoint.httppool.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(HttpPoolEndpoint.class));
	}

	@Test
	void aRegistryMayDependOnAClientOfThePool() {
		this.runner.withUserConfiguration(RegistryOverHttp.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).hasSingleBean(HttpPoolMetrics.class);
		});
	}

	private static void assertPoolWithoutEndpoint(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		assertThat(context).hasSingleBean(HttpPools.class);
		assertThat(context).hasBean("pooledRestClient").hasBean("pooledRestTemplate");
		assertThat(context).doesNotHaveBean(HttpPoolEndpoint.class);
	}

	private static Object requestFactory(RestClient client) {
		return ReflectionTestUtils.getField(client, "clientRequestFactory");
	}

	/**
	 * Reads classes as an application does, without loading them.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ HttpClientAutoConfiguration.class, HttpPoolAutoConfiguration.class,
			HttpPoolRestClientAutoConfiguration.class, HttpPoolRestTemplateAutoConfiguration.class,
			HttpPoolMetricsAutoConfiguration.class, HttpPoolEndpointAutoConfiguration.class })
	static class OnlyOurs {

	}

	@Configuration(proxyBeanMethods = false)
	static class UserClients {

		@Bean
		RestClient userRestClient() {
			return RestClient.create();
		}

		@Bean
		RestTemplate userRestTemplate() {
			return new RestTemplate();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UserFactoryBuilder {

		@Bean
		ClientHttpRequestFactoryBuilder<?> userBuilder() {
			return ClientHttpRequestFactoryBuilder.simple();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RegistryOverHttp {

		@Bean
		MeterRegistry registry(RestClient.Builder builder) {
			builder.build();
			return new SimpleMeterRegistry();
		}

	}

}

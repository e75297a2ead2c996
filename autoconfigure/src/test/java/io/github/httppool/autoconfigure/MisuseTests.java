package io.github.httppool.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.HttpPools;
import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.http.client.BufferingClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A client that does not use a pool, though it may be meant to, gets one clear line or an
 * explanation. A client that uses a pool, or whose factory is unknown, gets none.
 */
@Tag("waiting")
@ExtendWith(OutputCaptureExtension.class)
class MisuseTests {

	private static final String NOT_ON_A_POOL = "does not use a pool";

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class);

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void clientsThatAreNotOnAPoolGetALineEach(CapturedOutput output) {
		this.runner.withUserConfiguration(OwnClients.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(lines(output, NOT_ON_A_POOL)).satisfiesExactlyInAnyOrder(
					(line) -> assertThat(line).contains("RestClient 'ownClient'", "an HttpClient with a Pooling"),
					(line) -> assertThat(line).contains("RestClient 'jdkClient'", "a JdkClientHttpRequestFactory"),
					(line) -> assertThat(line).contains("RestTemplate 'ownTemplate'",
							"a SimpleClientHttpRequestFactory", "RestTemplateBuilder"),
					(line) -> assertThat(line).contains("RestClient 'made'", "a JdkClientHttpRequestFactory"));
			context.getBean("lazyTemplate");
			assertThat(lines(output, NOT_ON_A_POOL)).hasSize(5).last().asString().contains("'lazyTemplate'");
		});
		int before = lines(output, NOT_ON_A_POOL).size();
		this.runner.withPropertyValues("http-pool.enabled=false")
			.withUserConfiguration(OwnClients.class)
			.run((context) -> assertThat(lines(output, NOT_ON_A_POOL)).hasSize(before));
	}

	@Test
	void clientsOnAPoolAndWhatCannotBeKnownGetNone(CapturedOutput output) {
		this.runner.withPropertyValues("http-pool.pools.orders.max-total=7")
			.withUserConfiguration(PooledClients.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				context.getBean("ordersRestClient");
				context.getBean("ordersClientHttpRequestFactoryBuilder");
				assertThat(output).doesNotContain(NOT_ON_A_POOL);
				RestClient mock = context.getBean("mock", RestClient.class);
				Mockito.verifyNoInteractions(mock);
			});
	}

	@Test
	void nothingIsCreatedForTheCheck(CapturedOutput output) {
		NeverMade.made.set(0);
		this.runner.withUserConfiguration(NeverMade.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(NeverMade.made).hasValue(0);
		});
	}

	@Test
	void aFactoryBuilderThatIsNotOnAPoolGetsALine(CapturedOutput output) {
		this.runner.withUserConfiguration(OwnFactoryBuilder.class)
			.run((context) -> assertThat(lines(output, NOT_ON_A_POOL)).singleElement()
				.asString()
				.contains("ClientHttpRequestFactoryBuilder 'ownFactoryBuilder'",
						"a SimpleClientHttpRequestFactoryBuilder"));
	}

	@Test
	void propertiesBesideAnotherSelectedFactoryGetALine(CapturedOutput output) {
		this.runner
			.withPropertyValues("spring.http.clients.imperative.factory=jdk", "http-pool.max-total=5",
					"http-pool.drain.max-time=1ms", "http-pool.pools.orders.max-total=7")
			.run((context) -> assertThat(lines(output, "selects another request factory")).singleElement()
				.asString()
				.contains("http-pool.max-total", "http-pool.drain.max-time",
						"spring.http.clients.imperative.factory=jdk")
				.doesNotContain("orders"));
	}

	@Test
	void propertiesBesideAFactoryBuilderOfTheApplicationGetALine(CapturedOutput output) {
		this.runner.withPropertyValues("http-pool.max-total=5")
			.withUserConfiguration(OwnFactoryBuilder.class)
			.run((context) -> assertThat(lines(output, "selects another request factory")).singleElement()
				.asString()
				.contains("http-pool.max-total has no effect", "ClientHttpRequestFactoryBuilder bean"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.http.clients.imperative.factory=jdk", "http-pool.max-total=5",
			"http-pool.pools.orders.max-total=5" })
	void oneWithoutTheOtherGetsNone(String property, CapturedOutput output) {
		this.runner.withPropertyValues(property).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).doesNotContain("selects another request factory").doesNotContain(NOT_ON_A_POOL);
		});
	}

	@Test
	void anUnknownPoolInAQualifierIsExplainedWithThePoolsThatExist(CapturedOutput output) {
		start(MistypedQualifier.class, "--http-pool.pools.orders.max-total=7",
				"--http-pool.pools.customers.max-total=7");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("a RestClient with the qualifier 'order'")
			.contains("The pools of this application are [default, customers, orders]")
			.contains("Use the qualifier 'orders'");
	}

	@Test
	void anUnknownPoolInAQualifierOfAFieldIsExplained(CapturedOutput output) {
		start(QualifiedField.class);
		assertThat(output).contains("field 'builder'")
			.contains("a ClientHttpRequestFactoryBuilder with the qualifier 'payments'")
			.contains("The pools of this application are [default]")
			.contains("Define the pool with properties below 'http-pool.pools.payments'");
	}

	@Test
	void switchedOffSpringBootExplainsTheQualifier(CapturedOutput output) {
		start(MistypedQualifier.class, "--http-pool.enabled=false", "--http-pool.pools.orders.max-total=7");
		assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("pools of this application");
	}

	private static void start(Class<?> configuration, String... arguments) {
		SpringApplication application = new SpringApplication(Application.class, configuration);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatExceptionOfType(UnsatisfiedDependencyException.class)
			.isThrownBy(() -> application.run(arguments).close());
	}

	@Test
	void eachPoolIsLoggedAtItsFirstUseAndAtShutdown(CapturedOutput output) {
		this.runner
			.withPropertyValues("http-pool.acquire-timeout=4s", "http-pool.pools.orders.max-total=7",
					"http-pool.pools.unused.max-total=7")
			.run((context) -> {
				RestClient orders = context.getBean("ordersRestClient", RestClient.class);
				assertThat(output).doesNotContain("is open for");
				for (int i = 0; i < 2; i++) {
					orders.get().uri(this.upstream.url()).retrieve().toBodilessEntity();
				}
				context.getBean(RestTemplateBuilder.class)
					.build()
					.getForObject(this.upstream.url() + "/", String.class);
				assertThat(lines(output, "is open for")).satisfiesExactly(
						(line) -> assertThat(line).contains("INFO", "io.github.httppool.pool", "Pool 'orders'",
								"for 'ordersRestClient'", "max-total 7", "acquire-timeout 4s", "response-timeout 30s"),
						(line) -> assertThat(line).contains("Pool 'default'", "max-total 200"));
			});
		assertThat(lines(output, "is shut down:")).hasSize(2)
			.anySatisfy((line) -> assertThat(line).contains("io.github.httppool.pool", "Pool 'orders'", "2 calls",
					"1 connections opened", "50.0 % of leases"));
		assertThat(output).doesNotContain("Pool 'unused'");
	}

	@Test
	void aVariableThatDefinesNoPoolSaysSo(CapturedOutput output) {
		withVariables(Map.of("HTTP_POOL_POOLS_ORDERS_MAX_TOTAL", "5")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(HttpPools.class).find("orders")).isEmpty();
			assertThat(lines(output, "HTTP_POOL_POOLS_ORDERS_MAX_TOTAL")).singleElement()
				.asString()
				.contains("defines no pool on its own", "HTTPPOOL_POOLS_ORDERS_MAXTOTAL",
						"http-pool.pools.orders.max-total");
		});
	}

	@Test
	void theVariableThatIsRecommendedDefinesThePool(CapturedOutput output) {
		withVariables(Map.of("HTTPPOOL_POOLS_ORDERS_MAXTOTAL", "5", "HTTPPOOL_POOLS_ORDERS_DRAIN_MAXTIME", "3ms"))
			.run((context) -> {
				assertThat(context.getBean(HttpPools.class).get("orders").settings().maxTotal()).isEqualTo(5);
				assertThat(output).doesNotContain("PropertyWarnings");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders", "order-service", "order_service" })
	void aVariableOfAPoolThatIsDefinedIsUsedWithoutAWarning(String pool, CapturedOutput output) {
		String name = pool.toUpperCase(Locale.ROOT).replace('-', '_');
		withVariables(Map.of("HTTP_POOL_POOLS_" + name + "_MAX_TOTAL", "5", "HTTP_POOL_MAX_PER_ROUTE", "3",
				"HTTP_POOL_POOLS_ORDERS_PORT_80_TCP_ADDR", "10.0.0.1", "HTTP_POOL_POOLS_ORDERS_SERVICE_HOST",
				"10.0.0.1"))
			.withPropertyValues("http-pool.pools." + pool + ".acquire-timeout=4s")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(HttpPools.class).get(pool).settings().maxTotal()).isEqualTo(5);
				assertThat(context.getBean(HttpPools.class).get(pool).settings().maxPerRoute()).isEqualTo(3);
				assertThat(output).doesNotContain("PropertyWarnings");
			});
	}

	private ApplicationContextRunner withVariables(Map<String, Object> variables) {
		return this.runner.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables)));
	}

	private static List<String> lines(CapturedOutput output, String text) {
		// An entry can have several lines.
		return output.toString().replace("\n  ", " ").lines().filter((line) -> line.contains(text)).toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClients {

		@Bean
		RestClient ownClient() {
			return RestClient.create();
		}

		@Bean
		RestClient jdkClient() {
			return RestClient.builder()
				.requestFactory(new BufferingClientHttpRequestFactory(new JdkClientHttpRequestFactory()))
				.build();
		}

		@Bean
		RestTemplate ownTemplate() {
			RestTemplate template = new RestTemplate();
			template.getInterceptors().add((request, body, execution) -> execution.execute(request, body));
			return template;
		}

		@Bean
		@Lazy
		RestTemplate lazyTemplate() {
			return new RestTemplate();
		}

		@Bean
		FactoryBean<RestClient> made() {
			return new FactoryBean<>() {

				@Override
				public RestClient getObject() {
					return RestClient.builder().requestFactory(new JdkClientHttpRequestFactory()).build();
				}

				@Override
				public Class<?> getObjectType() {
					return RestClient.class;
				}

			};
		}

		@Bean
		String uses(@Qualifier("made") RestClient made) {
			return made.toString();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PooledClients {

		@Bean
		RestClient fromBuilder(RestClient.Builder builder) {
			return builder.build();
		}

		@Bean
		RestTemplate fromTemplateBuilder(RestTemplateBuilder builder) {
			return builder.additionalInterceptors((request, body, execution) -> execution.execute(request, body))
				.build();
		}

		@Bean
		RestTemplate laterOnThePool(ClientHttpRequestFactoryBuilder<?> builder) {
			return new RestTemplate(new BufferingClientHttpRequestFactory(builder.build()));
		}

		@Bean
		RestTemplate overAnHttpClient(HttpPools pools) {
			return new RestTemplate(new HttpComponentsClientHttpRequestFactory(pools.get("orders").newHttpClient()));
		}

		@Bean
		RestTemplate unknown() {
			SimpleClientHttpRequestFactory other = new SimpleClientHttpRequestFactory();
			return new RestTemplate((uri, method) -> other.createRequest(uri, method));
		}

		@Bean
		RestClient mock() {
			return Mockito.mock(RestClient.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeverMade {

		private static final AtomicInteger made = new AtomicInteger();

		@Bean
		@Lazy
		RestClient lazy() {
			made.incrementAndGet();
			return RestClient.create();
		}

		@Bean
		FactoryBean<RestTemplate> lazyFactory() {
			return new FactoryBean<>() {

				@Override
				public RestTemplate getObject() {
					made.incrementAndGet();
					return new RestTemplate();
				}

				@Override
				public Class<?> getObjectType() {
					return RestTemplate.class;
				}

			};
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
	static class MistypedQualifier {

		MistypedQualifier(@Qualifier("order") RestClient orders) {
			assertThat(orders).isNotNull();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class QualifiedField {

		@Autowired
		@Qualifier("payments")
		private ClientHttpRequestFactoryBuilder<?> builder;

	}

}

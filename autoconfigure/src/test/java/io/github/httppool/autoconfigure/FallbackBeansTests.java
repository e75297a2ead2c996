package io.github.httppool.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import io.github.httppool.HttpPools;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.SimpleClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestOperations;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The shared beans are fallbacks: every application is run with the starter and without,
 * and finds the same beans of its own under every injection point.
 */
@Tag("waiting")
class FallbackBeansTests {

	private static final Class<?>[] CONFIGURATIONS = { SslAutoConfiguration.class, HttpClientAutoConfiguration.class,
			ImperativeHttpClientAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class,
			RestClientAutoConfiguration.class, RestTemplateAutoConfiguration.class, HttpPoolAutoConfiguration.class,
			HttpPoolRestClientAutoConfiguration.class, HttpPoolRestTemplateAutoConfiguration.class };

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CONFIGURATIONS));

	/** All auto-configurations in their order, with that of a company among them. */
	private static ApplicationContextRunner with(Class<?> company) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations
			.of(Stream.concat(Stream.of(company), Stream.of(CONFIGURATIONS)).toArray(Class<?>[]::new)));
	}

	/** Run an application without the starter, then with it. */
	private void compare(ApplicationContextRunner application,
			BiConsumer<AssertableApplicationContext, Boolean> assertions) {
		application.withPropertyValues("http-pool.enabled=false")
			.run((context) -> assertions.accept(context, Boolean.FALSE));
		application.run((context) -> assertions.accept(context, Boolean.TRUE));
	}

	@Test
	void anApplicationWithoutClientsGetsTheSharedOnes() {
		compare(this.runner.withUserConfiguration(OptionalClients.class), (context, pooled) -> {
			assertThat(context).hasNotFailed();
			OptionalClients clients = context.getBean(OptionalClients.class);
			assertThat(clients.restClient.getIfUnique() != null).isEqualTo(pooled);
			assertThat(clients.restTemplate.getIfUnique() != null).isEqualTo(pooled);
			assertThat(context.getBeanNamesForType(ClientHttpRequestFactoryBuilder.class))
				.containsExactly("clientHttpRequestFactoryBuilder");
		});
	}

	@ParameterizedTest
	@ValueSource(
			classes = { OwnRestOperations.class, OwnTemplate.class, OwnTemplateFactory.class, PrimaryTemplate.class })
	void aTemplateOfTheApplicationIsTheOnlyOne(Class<?> own) {
		compare(this.runner.withUserConfiguration(own, NeedsRestOperations.class), (context, pooled) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean("pooledRestTemplate");
			assertThat(context.getBean(NeedsRestOperations.class).operations).hasSize(1);
			assertThat(context).hasSingleBean(RestOperations.class);
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { OwnClient.class, OwnClientFactory.class, QualifiedClient.class })
	void aClientOfTheApplicationIsTheOnlyOne(Class<?> own) {
		compare(this.runner.withUserConfiguration(own, NeedsClient.class), (context, pooled) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean("pooledRestClient");
			NeedsClient needs = context.getBean(NeedsClient.class);
			assertThat(needs.all).containsExactly(needs.client);
		});
	}

	@Test
	void aClientThatIsOnlyForAQualifierLeavesRoomForTheSharedOne() {
		compare(this.runner.withUserConfiguration(NotDefaultClient.class, OptionalClients.class), (context, pooled) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.containsBean("pooledRestClient")).isEqualTo(pooled);
			assertThat(context.getBean(OptionalClients.class).restClient.getIfUnique() != null).isEqualTo(pooled);
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { AaaCompany.class, ZzzCompany.class, AaaPoliteCompany.class, ZzzPoliteCompany.class })
	void clientsOfACompanyWinInWhateverOrder(Class<?> company) {
		compare(with(company).withUserConfiguration(NeedsClient.class, NeedsTemplate.class), (context, pooled) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(NeedsClient.class).client).isSameAs(context.getBean("companyRestClient"));
			assertThat(context.getBean(NeedsTemplate.class).template).isSameAs(context.getBean("companyRestTemplate"));
			assertThat(context).hasSingleBean(RestClient.class).hasSingleBean(RestTemplate.class);
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { AaaOnBean.class, ZzzOnBean.class })
	void aConditionOnAClientDoesNotSeeTheSharedOne(Class<?> company) {
		compare(with(company), (context, pooled) -> assertThat(context).hasNotFailed().doesNotHaveBean("decorator"));
	}

	@ParameterizedTest
	@ValueSource(classes = { FactoryBeforeBoot.class, PoliteFactoryBeforeBoot.class, OwnFactory.class,
			OwnFactoryOfBootsName.class, OwnSimpleFactory.class, FactoryFactory.class })
	void aFactoryBuilderOfTheApplicationOrACompanyIsTheOnlyOne(Class<?> own) {
		compare(with(own), (context, pooled) -> {
			assertThat(context).hasNotFailed().hasSingleBean(ClientHttpRequestFactoryBuilder.class);
			assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
				.isInstanceOf(SimpleClientHttpRequestFactoryBuilder.class);
		});
	}

	@Test
	void aPrimaryFactoryBuilderBesideThatOfSpringBootIsUsed() {
		compare(with(PrimaryFactoryAfterBoot.class), (context, pooled) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
				.isInstanceOf(SimpleClientHttpRequestFactoryBuilder.class);
			assertThat(context.getBean("clientHttpRequestFactoryBuilder")).as("Spring Boot's default is left alone")
				.isNotInstanceOf(PooledClientHttpRequestFactoryBuilder.class);
		});
	}

	@Test
	void aFactoryBuilderForAQualifierLeavesThePoolInPlace() {
		compare(this.runner.withUserConfiguration(NotDefaultFactory.class, NamedFactory.class), (context, pooled) -> {
			assertThat(context).hasNotFailed();
			ClientHttpRequestFactoryBuilder<?> builder = context.getBean(NamedFactory.class).builder;
			assertThat(builder instanceof PooledClientHttpRequestFactoryBuilder).isEqualTo(pooled);
		});
	}

	@Test
	void theFactoryBuilderKeepsTheNameOfSpringBoots() {
		compare(this.runner.withUserConfiguration(NamedFactory.class), (context, pooled) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(NamedFactory.class).builder instanceof PooledClientHttpRequestFactoryBuilder)
				.isEqualTo(pooled);
		});
	}

	@Test
	void nothingIsCreatedOrReportedBeforeAClientIsUsed() {
		AtomicInteger customized = new AtomicInteger();
		compare(this.runner.withPropertyValues("http-pool.pools.orders.max-total=7")
			.withBean(RestClientCustomizer.class, () -> (builder) -> customized.incrementAndGet())
			.withBean(RestTemplateCustomizer.class, () -> (template) -> customized.incrementAndGet()),
				(context, pooled) -> {
					assertThat(context).hasNotFailed();
					assertThat(customized).hasValue(0);
					if (pooled) {
						for (String name : List.of("pooledRestClient", "pooledRestTemplate", "ordersRestClient",
								"ordersClientHttpRequestFactoryBuilder", "clientHttpRequestFactoryBuilder")) {
							BeanDefinition definition = context.getBeanFactory().getBeanDefinition(name);
							assertThat(definition.isLazyInit()).as(name).isTrue();
							assertThat(definition.isFallback()).as(name).isTrue();
							// Spring Boot's own beans have requested the factory builder.
							assertThat(context.getBeanFactory().containsSingleton(name)).as(name)
								.isEqualTo(name.equals("clientHttpRequestFactoryBuilder"));
						}
						context.getBean("pooledRestClient");
						assertThat(customized).hasValue(1);
					}
				});
	}

	@Test
	void aBeanOfTheNameOfASharedOneStays() {
		compare(this.runner.withPropertyValues("http-pool.pools.orders.max-total=7")
			.withBean("pooledRestClient", String.class, () -> "mine")
			.withBean("ordersRestClient", String.class, () -> "mine"), (context, pooled) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean("pooledRestClient")).isEqualTo("mine");
				assertThat(context.getBean("ordersRestClient")).isEqualTo("mine");
			});
	}

	@Test
	void aClientRegisteredByAnotherProcessorWins() {
		compare(this.runner.withUserConfiguration(Processor.class), (context, pooled) -> {
			assertThat(context).hasNotFailed().hasSingleBean(RestClient.class).hasBean("late");
			assertThat(context).doesNotHaveBean("pooledRestClient");
		});
	}

	@Test
	void aClientOfTheParentWins() {
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext(OwnClient.class)) {
			compare(this.runner.withParent(parent).withUserConfiguration(NeedsClient.class), (context, pooled) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean("pooledRestClient");
				assertThat(context.getBean(NeedsClient.class).client).isSameAs(parent.getBean(RestClient.class));
			});
		}
	}

	@Test
	void aChildUsesThePoolsAndClientsOfItsParent() {
		this.runner.withPropertyValues("http-pool.pools.orders.max-total=7")
			.run((parent) -> this.runner.withParent(parent).run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(HttpPools.class)).isSameAs(parent.getBean(HttpPools.class));
				assertThat(context.getBean(RestClient.class)).isSameAs(parent.getBean("pooledRestClient"));
				assertThat(context.getBean(RestTemplate.class)).isSameAs(parent.getBean("pooledRestTemplate"));
				assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
					.isSameAs(parent.getBean(ClientHttpRequestFactoryBuilder.class));
			}));
	}

	@Test
	void theReportOfConditionsSaysWhyThereIsNoSharedClient() {
		this.runner.withUserConfiguration(OwnClient.class).run((context) -> {
			ConditionEvaluationReport report = ConditionEvaluationReport.get(context.getBeanFactory());
			assertThat(report.getConditionAndOutcomesBySource().get("HTTP Pool: pooledRestClient")).singleElement()
				.satisfies((decision) -> assertThat(decision.getOutcome().getMessage()).contains("'ownClient'"));
			assertThat(report.getConditionAndOutcomesBySource().get("HTTP Pool: pooledRestTemplate").isFullMatch())
				.isTrue();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class OptionalClients {

		private final ObjectProvider<RestClient> restClient;

		private final ObjectProvider<RestTemplate> restTemplate;

		OptionalClients(ObjectProvider<RestClient> restClient, ObjectProvider<RestTemplate> restTemplate) {
			this.restClient = restClient;
			this.restTemplate = restTemplate;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsRestOperations {

		private final List<RestOperations> operations = new ArrayList<>();

		NeedsRestOperations(RestOperations one, List<RestOperations> all) {
			this.operations.addAll(all);
			assertThat(all).containsExactly(one);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsTemplate {

		private final RestTemplate template;

		NeedsTemplate(RestTemplate template, List<RestTemplate> all) {
			this.template = template;
			assertThat(all).containsExactly(template);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsClient {

		private final RestClient client;

		private final List<RestClient> all;

		NeedsClient(RestClient client, List<RestClient> all) {
			this.client = client;
			this.all = all;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnRestOperations {

		@Bean
		RestOperations ownOperations() {
			return new RestTemplate();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTemplate {

		@Bean
		RestTemplate ownTemplate() {
			return new RestTemplate();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryTemplate {

		@Bean
		@Primary
		RestTemplate ownTemplate() {
			return new RestTemplate();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTemplateFactory {

		@Bean
		TemplateFactory ownTemplate() {
			return new TemplateFactory();
		}

	}

	static class TemplateFactory implements FactoryBean<RestTemplate> {

		@Override
		public RestTemplate getObject() {
			return new RestTemplate();
		}

		@Override
		public Class<?> getObjectType() {
			return RestTemplate.class;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClient {

		@Bean
		RestClient ownClient() {
			return RestClient.create();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClientFactory {

		@Bean
		FactoryBean<RestClient> ownClient() {
			return new FactoryBean<>() {

				@Override
				public RestClient getObject() {
					return RestClient.create();
				}

				@Override
				public Class<?> getObjectType() {
					return RestClient.class;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class QualifiedClient {

		@Bean
		@Qualifier("special")
		RestClient ownClient() {
			return RestClient.create();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NotDefaultClient {

		@Bean(defaultCandidate = false)
		@Qualifier("special")
		RestClient special() {
			return RestClient.create();
		}

		@Bean(autowireCandidate = false)
		RestClient hidden() {
			return RestClient.create();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Processor {

		@Bean
		static BeanDefinitionRegistryPostProcessor processor() {
			return (registry) -> registry.registerBeanDefinition("late",
					BeanDefinitionBuilder.genericBeanDefinition(RestClient.class, RestClient::create)
						.getBeanDefinition());
		}

	}

	abstract static class Company {

		@Bean
		RestClient companyRestClient() {
			return RestClient.create();
		}

		@Bean
		RestTemplate companyRestTemplate() {
			return new RestTemplate();
		}

	}

	abstract static class PoliteCompany {

		@Bean
		@ConditionalOnMissingBean
		RestClient companyRestClient() {
			return RestClient.create();
		}

		@Bean
		@ConditionalOnMissingBean
		RestTemplate companyRestTemplate() {
			return new RestTemplate();
		}

	}

	/** Auto-configurations without an order are sorted by their names. */
	@AutoConfiguration(before = HttpPoolAutoConfiguration.class)
	static class AaaCompany extends Company {

	}

	@AutoConfiguration(
			after = { HttpPoolRestClientAutoConfiguration.class, HttpPoolRestTemplateAutoConfiguration.class })
	static class ZzzCompany extends Company {

	}

	@AutoConfiguration(before = HttpPoolAutoConfiguration.class)
	static class AaaPoliteCompany extends PoliteCompany {

	}

	@AutoConfiguration(
			after = { HttpPoolRestClientAutoConfiguration.class, HttpPoolRestTemplateAutoConfiguration.class })
	static class ZzzPoliteCompany extends PoliteCompany {

	}

	abstract static class OnBean {

		@Bean
		@ConditionalOnBean(RestClient.class)
		String decorator(RestClient client) {
			return "decorator";
		}

	}

	@AutoConfiguration(before = HttpPoolAutoConfiguration.class)
	static class AaaOnBean extends OnBean {

	}

	@AutoConfiguration(
			after = { HttpPoolRestClientAutoConfiguration.class, HttpPoolRestTemplateAutoConfiguration.class })
	static class ZzzOnBean extends OnBean {

	}

	@AutoConfiguration(before = { HttpPoolAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class })
	static class FactoryBeforeBoot {

		@Bean
		ClientHttpRequestFactoryBuilder<?> companyFactoryBuilder() {
			return ClientHttpRequestFactoryBuilder.simple();
		}

	}

	@AutoConfiguration(before = ImperativeHttpClientAutoConfiguration.class, after = HttpPoolAutoConfiguration.class)
	static class PoliteFactoryBeforeBoot {

		@Bean
		@ConditionalOnMissingBean
		ClientHttpRequestFactoryBuilder<?> companyFactoryBuilder() {
			return ClientHttpRequestFactoryBuilder.simple();
		}

	}

	@AutoConfiguration(after = ImperativeHttpClientAutoConfiguration.class)
	static class PrimaryFactoryAfterBoot {

		@Bean
		@Primary
		ClientHttpRequestFactoryBuilder<?> companyFactoryBuilder() {
			return ClientHttpRequestFactoryBuilder.simple();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactory {

		@Bean
		ClientHttpRequestFactoryBuilder<?> ownFactoryBuilder() {
			return ClientHttpRequestFactoryBuilder.simple();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactoryOfBootsName {

		@Bean
		ClientHttpRequestFactoryBuilder<?> clientHttpRequestFactoryBuilder() {
			return ClientHttpRequestFactoryBuilder.simple();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnSimpleFactory {

		@Bean
		SimpleClientHttpRequestFactoryBuilder ownFactoryBuilder() {
			return ClientHttpRequestFactoryBuilder.simple();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FactoryFactory {

		@Bean
		BuilderFactoryBean ownFactoryBuilder() {
			return new BuilderFactoryBean();
		}

	}

	static class BuilderFactoryBean implements FactoryBean<ClientHttpRequestFactoryBuilder<?>> {

		@Override
		public ClientHttpRequestFactoryBuilder<?> getObject() {
			return ClientHttpRequestFactoryBuilder.simple();
		}

		@Override
		public Class<?> getObjectType() {
			return ClientHttpRequestFactoryBuilder.class;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NotDefaultFactory {

		@Bean(defaultCandidate = false)
		@Qualifier("jdk")
		JdkClientHttpRequestFactoryBuilder jdk() {
			return ClientHttpRequestFactoryBuilder.jdk();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NamedFactory {

		private final ClientHttpRequestFactoryBuilder<?> builder;

		NamedFactory(@Qualifier("clientHttpRequestFactoryBuilder") ClientHttpRequestFactoryBuilder<?> named,
				ClientHttpRequestFactoryBuilder<?> builder) {
			assertThat(named).isSameAs(builder);
			this.builder = builder;
		}

	}

}

package io.github.httppool.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

import io.github.httppool.HttpPools;
import io.github.httppool.testing.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.context.annotation.RequestScope;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Beside whatever beans an application has, the beans of the starter take no name and no
 * injection point, and what the log says of the application is true.
 */
@Tag("waiting")
@ExtendWith(OutputCaptureExtension.class)
class BeansOfOthersTests {

	private static final String NOT_ON_A_POOL = "does not use a pool";

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
		.withPropertyValues("http-pool.pools.orders.max-total=7", "management.health.httppool.enabled=true",
				"management.endpoints.web.exposure.include=httppool");

	@AfterEach
	void close() {
		this.upstream.close();
	}

	/** Run an application without the starter, then with it. */
	private void compare(WebApplicationContextRunner application,
			BiConsumer<AssertableWebApplicationContext, Boolean> assertions) {
		application.withPropertyValues("http-pool.enabled=false")
			.run((context) -> assertions.accept(context, Boolean.FALSE));
		application.run((context) -> assertions.accept(context, Boolean.TRUE));
	}

	private Set<String> namesOfTheStarter() {
		Set<String> names = new TreeSet<>();
		compare(this.runner, (context, pooled) -> {
			assertThat(context).hasNotFailed();
			if (pooled) {
				names.addAll(List.of(context.getBeanDefinitionNames()));
			}
			else {
				names.removeAll(List.of(context.getBeanDefinitionNames()));
			}
		});
		this.runner.withPropertyValues("http-pool.enabled=false")
			.run((context) -> names.removeAll(List.of(context.getBeanDefinitionNames())));
		return names;
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void anApplicationMayHaveABeanOfEachName(boolean overriding) {
		Set<String> simple = namesOfTheStarter();
		simple.removeIf((name) -> name.contains("io.github.httppool."));
		assertThat(simple).contains("httpPools", "pooledRestClient", "pooledRestTemplate", "ordersRestClient");
		// As if each bean had the name of its method.
		simple.addAll(List.of("emptyPool", "httpPoolMetrics", "httpPoolEndpoint", "httpPoolLifecycle",
				"pooledRequestFactories", "pooledRestTemplates", "namedPoolClients", "httpPoolShutdown"));
		WebApplicationContextRunner application = this.runner.withAllowBeanDefinitionOverriding(overriding);
		for (String name : simple) {
			application = application.withBean(name, String.class, () -> "mine");
		}
		compare(application, (context, pooled) -> {
			assertThat(context).hasNotFailed();
			simple.forEach((name) -> assertThat(context.getBean(name)).as(name).isEqualTo("mine"));
		});
	}

	@Test
	void noBeanOfTheStarterIsACandidateForATypeOfOthers() {
		Set<String> names = namesOfTheStarter();
		this.runner.run((context) -> {
			TreeMap<String, List<Class<?>>> candidates = new TreeMap<>();
			for (String name : names) {
				BeanDefinition definition = context.getBeanFactory().getMergedBeanDefinition(name);
				boolean byDefault = definition.isAutowireCandidate() && !definition.isFallback()
						&& ((AbstractBeanDefinition) definition).isDefaultCandidate();
				List<Class<?>> types = byDefault ? typesOfOthers(context.getType(name)) : List.of();
				if (!types.isEmpty()) {
					candidates.put(name, types);
				}
			}
			assertThat(candidates).isEmpty();
		});
	}

	/** Without those of which every application has several. */
	private static List<Class<?>> typesOfOthers(Class<?> type) {
		return Arrays.stream(ClassUtils.getAllInterfacesForClass(type))
			.filter((each) -> !each.getName().startsWith("io.github.httppool."))
			.filter((each) -> !BeanFactoryPostProcessor.class.isAssignableFrom(type)
					&& !HealthContributor.class.isAssignableFrom(type))
			.<Class<?>>map((each) -> each)
			.toList();
	}

	@ParameterizedTest
	@ValueSource(classes = { RequestScoped.class, Registered.class, LateSingleton.class, LazyClient.class })
	void aClientOfTheApplicationIsInjectedHoweverItIsDefined(Class<?> own) {
		compare(this.runner.withUserConfiguration(own, Injected.class), (context, pooled) -> {
			assertThat(context).hasNotFailed();
			Injected injected = context.getBean(Injected.class);
			assertThat(injected.client).isSameAs(context.getBean("own"));
			assertThat(injected.provider.getIfUnique()).isSameAs(injected.client);
			assertThat(context.getBean(RestClient.class)).isSameAs(injected.client);
		});
	}

	@Test
	void aSingletonOfAnInitializerIsTheOnlyClient() {
		RestClient own = RestClient.create();
		compare(this.runner.withInitializer((context) -> context.getBeanFactory().registerSingleton("own", own))
			.withUserConfiguration(Injected.class), (context, pooled) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean("pooledRestClient");
				assertThat(context.getBean(Injected.class).client).isSameAs(own);
			});
	}

	@Test
	void severalTemplatesAreInjectedByTheNamesOfParameters() {
		compare(this.runner.withUserConfiguration(TwoTemplates.class), (context, pooled) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeansOfType(RestTemplate.class)).containsOnlyKeys("first", "second");
			assertThat(context.getBeanProvider(RestTemplate.class).getIfUnique()).isNull();
		});
	}

	@Test
	void theFactoryThatABuilderOfTheApplicationMakesKeepsItsSettings() {
		try (ScriptedUpstream moved = ScriptedUpstream
			.plain((exchange) -> exchange.status(302, "moved", "Location: " + this.upstream.url() + "/"))) {
			compare(this.runner.withUserConfiguration(NoRedirects.class), (context, pooled) -> {
				assertThat(context).hasNotFailed();
				RestClient client = pooled ? context.getBean("pooledRestClient", RestClient.class)
						: context.getBean(RestClient.Builder.class).build();
				assertThat(client.get().uri(moved.url() + "/").retrieve().toBodilessEntity().getStatusCode().value())
					.isEqualTo(302);
			});
		}
	}

	@Test
	void buildersForAQualifierDecideNothingAboutTheSharedClients() {
		compare(this.runner.withPropertyValues("spring.http.clients.imperative.factory=jdk")
			.withUserConfiguration(QualifiedBuilders.class), (context, pooled) -> {
				assertThat(context).hasNotFailed();
				String url = this.upstream.url() + "/";
				RestTemplate template = pooled ? context.getBean(RestTemplate.class)
						: context.getBean(RestTemplateBuilder.class).build();
				assertThat(template.getForObject(url, String.class)).isEqualTo("hello");
				RestClient client = pooled ? context.getBean("pooledRestClient", RestClient.class)
						: context.getBean(RestClient.Builder.class).build();
				assertThat(client.get().uri(url).retrieve().body(String.class)).isEqualTo("hello");
				if (pooled) {
					assertThat(context.getBean(HttpPools.class).get("default").snapshot().totals().calls())
						.isEqualTo(2);
				}
			});
	}

	@Test
	void theLineOfASharedClientSaysWhoDecidedOnItsFactory(CapturedOutput output) {
		this.runner
			.withBean(RestClientCustomizer.class,
					() -> (builder) -> builder.requestFactory(new JdkClientHttpRequestFactory()))
			.run((context) -> {
				context.getBean("pooledRestClient");
				assertThat(lines(output)).singleElement()
					.asString()
					.contains("'pooledRestClient'", "A customizer or a builder of the application has set it")
					.doesNotContain("inject");
			});
	}

	@Test
	void theAdviceNamesOnlyABeanThatExists(CapturedOutput output) {
		this.runner.withUserConfiguration(LazyClient.class).run((context) -> {
			context.getBean("own");
			assertThat(context).doesNotHaveBean("pooledRestClient");
			assertThat(lines(output)).singleElement()
				.asString()
				.contains("RestClient.Builder")
				.doesNotContain("pooledRestClient");
		});
	}

	@Test
	void aClientOfSpringsBuilderOverAnotherFactoryIsNotToldToUseThatBuilder(CapturedOutput output) {
		this.runner.withUserConfiguration(OwnFactoryBuilder.class)
			.run((context) -> assertThat(lines(output)).hasSize(2)
				.noneMatch((line) -> line.contains("Build it with") || line.contains("'pooledRestClient'")));
	}

	@Test
	void aTemplateThatAPostProcessorPutsOnThePoolGetsNoLine(CapturedOutput output) {
		compare(this.runner.withUserConfiguration(PutOnThePool.class), (context, pooled) -> {
			assertThat(context).hasNotFailed();
			RestTemplate template = context.getBean("lazyTemplate", RestTemplate.class);
			assertThat(template.getForObject(this.upstream.url() + "/", String.class)).isEqualTo("hello");
			assertThat(lines(output)).isEmpty();
		});
	}

	@Test
	void aFactoryBuilderOfWhichNothingIsKnownGetsNoLine(CapturedOutput output) {
		this.runner
			.withBean(ClientHttpRequestFactoryBuilder.class,
					() -> ClientHttpRequestFactoryBuilder.of(JdkClientHttpRequestFactory::new))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(lines(output)).isEmpty();
			});
	}

	private static List<String> lines(CapturedOutput output) {
		return output.toString().replace("\n  ", " ").lines().filter((line) -> line.contains(NOT_ON_A_POOL)).toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Injected {

		private final RestClient client;

		private final ObjectProvider<RestClient> provider;

		Injected(RestClient client, ObjectProvider<RestClient> provider) {
			this.client = client;
			this.provider = provider;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RequestScoped {

		@Bean
		@RequestScope
		RestClient own(RestClient.Builder builder) {
			return builder.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Registrar.class)
	static class Registered {

	}

	static class Registrar implements BeanRegistrar {

		@Override
		public void register(BeanRegistry registry, Environment environment) {
			registry.registerBean("own", RestClient.class, (bean) -> bean.supplier((context) -> RestClient.create()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LateSingleton {

		@Bean
		static BeanFactoryPostProcessor lateSingleton() {
			return (beans) -> beans.registerSingleton("own", RestClient.create());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyClient {

		@Bean
		@Lazy
		RestClient own() {
			return RestClient.create();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoTemplates {

		@Bean
		RestTemplate first() {
			return new RestTemplate();
		}

		@Bean
		RestTemplate second() {
			return new RestTemplate();
		}

		@Bean
		String uses(RestTemplate second, BeanFactory beans) {
			assertThat(second).isSameAs(beans.getBean("second"));
			return "uses";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NoRedirects {

		@Bean
		@Scope("prototype")
		RestClient.Builder ownBuilder(ClientHttpRequestFactoryBuilder<?> factories) {
			return RestClient.builder()
				.requestFactory(
						factories.build(HttpClientSettings.defaults().withRedirects(HttpRedirects.DONT_FOLLOW)));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFactoryBuilder {

		@Bean
		ClientHttpRequestFactoryBuilder<?> ownFactoryBuilder() {
			return ClientHttpRequestFactoryBuilder.jdk();
		}

		@Bean
		RestClient fromBuilder(RestClient.Builder builder) {
			return builder.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class QualifiedBuilders {

		@Bean(defaultCandidate = false)
		@Qualifier("own")
		RestTemplateBuilder ownTemplates() {
			return new RestTemplateBuilder();
		}

		@Bean(defaultCandidate = false)
		@Qualifier("own")
		RestClientBuilderConfigurer ownConfigurer() {
			return new RestClientBuilderConfigurer();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PutOnThePool {

		@Bean
		@Lazy
		RestTemplate lazyTemplate() {
			return new RestTemplate();
		}

		@Bean
		static BeanPostProcessor companyTemplates(ObjectProvider<ClientHttpRequestFactoryBuilder<?>> factories) {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					if (bean instanceof RestTemplate template) {
						template.setRequestFactory(factories.getObject().build());
					}
					return bean;
				}

			};
		}

	}

}

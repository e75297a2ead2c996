package io.github.httppool.benchmarks.clients;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.client.RestClient;

/**
 * Clients of a Spring Boot application, with the starter or without. Only public API of
 * the library is used here, so that a client can be opened with another build of it.
 */
public final class BootClient {

	private static final String AUTO_CONFIGURATIONS = "--spring.autoconfigure.exclude="
			+ "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration";

	private static final String WITHOUT_METERS = ","
			+ "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration";

	private BootClient() {
	}

	/**
	 * Open a client of the starter.
	 * @param spec the client
	 * @param listeners listeners of the pool
	 * @param properties further properties, as {@code --name=value}
	 * @return the client
	 */
	public static ComparedClient pooled(ClientSpec spec, List<HttpPoolListener> listeners, String... properties) {
		BuilderReader reader = new BuilderReader();
		ConfigurableApplicationContext context = run(spec, (beans) -> {
			beans.registerSingleton("builderReader", reader);
			listeners.forEach((listener) -> beans.registerSingleton("listener" + listener.hashCode(), listener));
		}, Application.class, concat(properties, "--http-pool.max-total=" + spec.maxConnections(),
				"--http-pool.max-per-route=" + spec.maxConnections()));
		RestClient client = context.getBean("pooledRestClient", RestClient.class);
		return new SpringClient(client, reader::connections, context::close);
	}

	static ComparedClient plain(ClientSpec spec) {
		return plain(spec, Application.class);
	}

	static ComparedClient limited(ClientSpec spec) {
		return plain(spec, LimitedApplication.class);
	}

	private static ComparedClient plain(ClientSpec spec, Class<?> application) {
		ConfigurableApplicationContext context = run(spec, (beans) -> beans.registerSingleton("clientSpec", spec),
				application, "--http-pool.enabled=false");
		return new SpringClient(context.getBean(RestClient.Builder.class).build(), null, context::close);
	}

	private static ConfigurableApplicationContext run(ClientSpec spec, BeanRegistration beans, Class<?> configuration,
			String... arguments) {
		SpringApplication application = new SpringApplication(configuration);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(Map.of("spring.main.banner-mode", "off", "logging.level.root", "warn",
				"logging.level.io.github.httppool.findings", "off", "logging.level.io.micrometer", "error"));
		application.addInitializers((context) -> {
			beans.register(context.getBeanFactory());
			if (spec.observed()) {
				// A bean definition, so that Boot binds the meters of the pool to it.
				((GenericApplicationContext) context).registerBean("meterRegistry", PrometheusMeterRegistry.class,
						() -> Observations.METERS);
				context.getBeanFactory().registerSingleton("observationRegistry", Observations.REGISTRY);
			}
		});
		return application.run(concat(arguments, AUTO_CONFIGURATIONS + (spec.observed() ? "" : WITHOUT_METERS)));
	}

	private static String[] concat(String[] arguments, String... further) {
		String[] all = Arrays.copyOf(arguments, arguments.length + further.length);
		System.arraycopy(further, 0, all, arguments.length, further.length);
		return all;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class LimitedApplication {

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> limit(
				ClientSpec spec) {
			return (factory) -> factory
				.withConnectionManagerCustomizer((connections) -> connections.setMaxConnTotal(spec.maxConnections())
					.setMaxConnPerRoute(spec.maxConnections()));
		}

	}

	private interface BeanRegistration {

		void register(ConfigurableListableBeanFactory beans);

	}

	/**
	 * Remembers the builder of the client, which does not reveal its pool.
	 */
	private static final class BuilderReader implements HttpPoolCustomizer {

		private @Nullable HttpClientBuilder builder;

		@Override
		public void customizeClient(String pool, HttpClientBuilder client) {
			this.builder = client;
		}

		HttpClientConnectionManager connections() {
			try {
				Field field = HttpClientBuilder.class.getDeclaredField("connManager");
				field.setAccessible(true);
				return (HttpClientConnectionManager) field.get(this.builder);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}

package io.github.httppool.benchmarks.clients;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/**
 * Clients as a Spring Boot application gets them, with the starter or without. Nobody
 * listens in it: no meters, no observations.
 */
final class BootClient {

	private static final String WITHOUT_METERS = "--spring.autoconfigure.exclude="
			+ "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration,"
			+ "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration";

	private BootClient() {
	}

	static ComparedClient pooled(int maxConnections) {
		ConfigurableApplicationContext context = run("--http-pool.max-total=" + maxConnections,
				"--http-pool.max-per-route=" + maxConnections);
		return new SpringClient(context.getBean("pooledRestClient", RestClient.class), context::close);
	}

	static ComparedClient plain() {
		ConfigurableApplicationContext context = run("--http-pool.enabled=false");
		return new SpringClient(context.getBean(RestClient.Builder.class).build(), context::close);
	}

	private static ConfigurableApplicationContext run(String... arguments) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setLogStartupInfo(false);
		application.setDefaultProperties(java.util.Map.of("spring.main.banner-mode", "off"));
		String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
		all[arguments.length] = WITHOUT_METERS;
		return application.run(all);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

package io.github.httppool.jvm;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/**
 * An application that gets pages, says what came of it, and ends.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ProxiedApplication {

	/**
	 * Run it.
	 * @param arguments the properties, and the addresses of the pages
	 */
	public static void main(String[] arguments) {
		SpringApplication application = new SpringApplication(ProxiedApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = application.run(arguments)) {
			RestClient client = context.getBean(RestClient.class);
			for (String argument : arguments) {
				if (!argument.startsWith("--")) {
					System.out.println(argument + ": " + get(client, argument));
				}
			}
		}
	}

	private static String get(RestClient client, String uri) {
		try {
			return client.get().uri(uri).retrieve().body(String.class);
		}
		catch (RuntimeException ex) {
			return String.valueOf(ex.getCause());
		}
	}

	@Bean
	ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> names() {
		return (builder) -> builder.withConnectionManagerCustomizer(
				(connections) -> connections.setDnsResolver(new StartedApplication.Names()));
	}

}

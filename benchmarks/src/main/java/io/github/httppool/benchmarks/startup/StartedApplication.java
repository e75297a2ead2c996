package io.github.httppool.benchmarks.startup;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/**
 * A web application with Actuator and a {@code RestClient}, which says when it is ready
 * and ends with its standard input. Knows nothing of the starter.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class StartedApplication {

	static final String READY = "ready";

	/**
	 * Start.
	 * @param arguments Spring Boot's
	 * @throws Exception if it does not start
	 */
	public static void main(String[] arguments) throws Exception {
		SpringApplication.run(StartedApplication.class, arguments);
		System.out.println(READY);
		while (System.in.read() >= 0) {
			// Until whoever started it is gone.
		}
		System.exit(0);
	}

	@Bean
	ApplicationRunner clientOf(RestClient.Builder builder) {
		RestClient client = builder.baseUrl("http://127.0.0.1:1/").build();
		return (arguments) -> client.get();
	}

}

package io.github.httppool.benchmarks;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/**
 * A Spring Boot application with the starter that shows its endpoint and its meters over
 * HTTP.
 */
final class WatchedApplication implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final RestClient pooled;

	private final RestClient reader = RestClient.create();

	private final String actuator;

	WatchedApplication() {
		this.context = new SpringApplication(Application.class).run("--server.port=0", "--spring.main.banner-mode=off",
				"--logging.level.root=warn", "--management.endpoints.web.exposure.include=httppool,prometheus");
		this.pooled = this.context.getBean("pooledRestClient", RestClient.class);
		this.actuator = "http://127.0.0.1:" + ((WebServerApplicationContext) this.context).getWebServer().getPort()
				+ "/actuator/";
	}

	/**
	 * Return the client whose calls are measured.
	 */
	RestClient client() {
		return this.pooled;
	}

	/**
	 * Look at the application once: read its endpoint, and scrape it.
	 */
	void read() {
		for (String endpoint : new String[] { "httppool", "prometheus" }) {
			String body = this.reader.get().uri(this.actuator + endpoint).retrieve().body(String.class);
			if (body == null || !body.contains("pool")) {
				throw new IllegalStateException(endpoint + " shows no pool");
			}
		}
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

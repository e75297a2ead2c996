package io.github.httppool.benchmarks.meters;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/**
 * A Spring Boot application with the starter that shows its endpoint and its meters over
 * HTTP.
 */
public final class WatchedApplication implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final RestClient pooled;

	private final RestClient reader = RestClient.create();

	private final String actuator;

	/**
	 * Start it.
	 * @param properties what it is to be told besides, as {@code name=value}
	 */
	public WatchedApplication(String... properties) {
		this.context = new SpringApplicationBuilder(Application.class)
			.properties("server.port=0", "spring.main.banner-mode=off", "logging.level.root=warn",
					"management.endpoints.web.exposure.include=httppool,prometheus")
			.properties(properties)
			.run();
		this.pooled = this.context.getBean("pooledRestClient", RestClient.class);
		this.actuator = "http://127.0.0.1:" + ((WebServerApplicationContext) this.context).getWebServer().getPort()
				+ "/actuator/";
	}

	/**
	 * Return the client whose calls are measured.
	 * @return the shared client
	 */
	public RestClient client() {
		return this.pooled;
	}

	/**
	 * Look at the application once: read its endpoint, and scrape it.
	 */
	void read() {
		read("httppool");
		read("prometheus");
	}

	/**
	 * Read one of its endpoints.
	 * @param endpoint {@code httppool} or {@code prometheus}
	 */
	public void read(String endpoint) {
		String body = this.reader.get().uri(this.actuator + endpoint).retrieve().body(String.class);
		if (body == null || !body.contains("pool")) {
			throw new IllegalStateException(endpoint + " shows no pool");
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

package io.github.httppool.page;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/**
 * An application with the page, on a port of its own.
 */
final class PageApplication implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private PageApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	static PageApplication start(String... properties) {
		return start(Application.class, properties);
	}

	static PageApplication start(Class<?> application, String... properties) {
		List<String> arguments = new ArrayList<>(
				List.of("--spring.application.name=shop", "--management.endpoints.web.exposure.include=httppool"));
		List.of(properties).forEach((property) -> arguments.add("--" + property));
		if (arguments.stream().noneMatch((argument) -> argument.startsWith("--server.port="))) {
			arguments.add("--server.port=0");
		}
		return new PageApplication(SpringApplication.run(application, arguments.toArray(String[]::new)));
	}

	/**
	 * Return the URL of the page, under the usual base path.
	 */
	String page() {
		return url("/actuator/httppool");
	}

	String url(String path) {
		return "http://127.0.0.1:" + port() + path;
	}

	int port() {
		return ((WebServerApplicationContext) this.context).getWebServer().getPort();
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	RestClient client() {
		return this.context.getBean("pooledRestClient", RestClient.class);
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

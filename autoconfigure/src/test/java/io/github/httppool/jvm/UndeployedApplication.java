package io.github.httppool.jvm;

import jakarta.annotation.PreDestroy;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.support.SpringBootServletInitializer;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/**
 * A web application for a servlet container. It calls another server when it is called,
 * and once more during its end.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class UndeployedApplication extends SpringBootServletInitializer {

	@Override
	protected SpringApplicationBuilder configure(SpringApplicationBuilder builder) {
		return builder.sources(UndeployedApplication.class)
			.properties("spring.main.banner-mode=off", "logging.level.root=warn");
	}

	@RestController
	static class Caller {

		private final RestClient client;

		Caller(RestClient.Builder builder) {
			this.client = builder.baseUrl(System.getProperty("upstream")).build();
		}

		@GetMapping("/call")
		String call() {
			return String.valueOf(this.client.get().uri("/").retrieve().body(String.class));
		}

		@PreDestroy
		void callOnceMore() {
			System.out.println("last call: " + call());
		}

	}

}

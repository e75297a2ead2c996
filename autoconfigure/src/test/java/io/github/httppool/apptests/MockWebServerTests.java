package io.github.httppool.apptests;

import java.util.ArrayList;
import java.util.List;

import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Faults of OkHttp's MockWebServer.
 */
@Tag("waiting")
class MockWebServerTests {

	@ParameterizedTest
	@MethodSource
	void whatItDoesToSocketsEndsInTheSameExceptions(SocketEffect effect) throws Exception {
		assertThat(outcomes(effect, "http-pool.enabled=true")).isEqualTo(outcomes(effect, "http-pool.enabled=false"));
	}

	static List<SocketEffect> whatItDoesToSocketsEndsInTheSameExceptions() {
		return List.of(new SocketEffect.CloseSocket(), SocketEffect.ShutdownConnection.INSTANCE,
				new SocketEffect.CloseSocket(true, false, false), new SocketEffect.CloseSocket(false, true, false));
	}

	private static List<String> outcomes(SocketEffect effect, String property) throws Exception {
		List<String> outcomes = new ArrayList<>();
		try (MockWebServer server = new MockWebServer()) {
			server.start();
			server.enqueue(new MockResponse.Builder().body("first").build());
			server.enqueue(new MockResponse.Builder().body("x".repeat(100_000)).onResponseBody(effect).build());
			server.enqueue(new MockResponse.Builder().body("last").build());
			new ApplicationContextRunner().withUserConfiguration(Application.class)
				.withPropertyValues(property)
				.run((context) -> {
					RestClient client = context.getBean(RestClient.Builder.class).build();
					for (int i = 0; i < 3; i++) {
						outcomes.add(outcome(client, server.url("/").toString()));
					}
				});
		}
		return outcomes;
	}

	private static String outcome(RestClient client, String url) {
		try {
			return client.post().uri(url).retrieve().body(String.class);
		}
		catch (RuntimeException ex) {
			Throwable root = ex;
			while (root.getCause() != null) {
				root = root.getCause();
			}
			Class<?> type = root.getClass();
			return ex.getClass().getName() + " "
					+ (type.getName().startsWith("io.github.httppool") ? type.getSuperclass() : type).getName();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

package io.github.httppool.client;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPools;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.entity.BufferedHttpEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring's clients see a response as the application's customizers of HttpClient left it.
 */
@Timeout(60)
class CustomizedResponseTests {

	@Test
	void bodyThatACustomizerBuffersIsReadByInterceptorAndCaller() {
		run((client) -> client.addExecInterceptorFirst("log", (request, scope, chain) -> {
			ClassicHttpResponse response = chain.proceed(request, scope);
			response.setEntity(new BufferedHttpEntity(response.getEntity()));
			EntityUtils.toString(response.getEntity());
			return response;
		}), (client) -> {
			StringBuilder logged = new StringBuilder();
			String body = client.mutate().requestInterceptor((request, sent, execution) -> {
				var response = execution.execute(request, sent);
				logged.append(new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8));
				return response;
			}).build().get().retrieve().body(String.class);
			assertThat(logged).hasToString("hello");
			assertThat(body).isEqualTo("hello");
		});
	}

	private static void run(Consumer<HttpClientBuilder> customizer, Consumer<RestClient> test) {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withBean(HttpPoolCustomizer.class, () -> new HttpPoolCustomizer() {

				@Override
				public void customizeClient(String pool, HttpClientBuilder client) {
					customizer.accept(client);
				}

			})
			.run((context) -> {
				try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"))) {
					test.accept(context.getBean("pooledRestClient", RestClient.class)
						.mutate()
						.baseUrl(upstream.url())
						.build());
					assertThat(context.getBean(HttpPools.class).get("default").snapshot().connections().leased())
						.isZero();
				}
			});
	}

	@EnableAutoConfiguration
	static class Application {

	}

}

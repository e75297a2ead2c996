package io.github.httppool.client;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a caller sets on Spring's request factory or on Spring Boot's builder of it does
 * with the pool what it does without.
 */
@org.junit.jupiter.api.Timeout(value = 120, threadMode = org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("waiting")
@ExtendWith(OutputCaptureExtension.class)
class CallerFactoryTests {

	@ParameterizedTest
	@EnumSource
	void settingHasTheSameEffectAsWithoutThePool(Setting setting) {
		List<String> outcomes = new ArrayList<>();
		for (boolean enabled : new boolean[] { false, true }) {
			try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
				if (exchange.path().equals("/silent")) {
					exchange.stall();
				}
				exchange.ok("cookie %s, agent %s"
					.formatted(exchange.request().header("Cookie"), exchange.request().header("User-Agent"))
					.getBytes(), "Set-Cookie: a=b; Path=/");
			})) {
				run(enabled, setting::customize, (client) -> {
					String seen = "";
					for (int i = 0; i < 2; i++) {
						try {
							seen += client.get().uri(upstream.uri(setting.path)).retrieve().body(String.class) + "; ";
						}
						catch (RuntimeException ex) {
							seen += (ex.getCause() instanceof SocketTimeoutException) ? "timed out; " : ex;
						}
					}
					outcomes.add(seen);
				});
			}
		}
		assertThat(outcomes).hasSize(2);
		assertThat(outcomes.get(1)).isEqualTo(outcomes.get(0)).contains(setting.proof);
	}

	@Test
	void settingThatThePoolCannotFollowCausesOneWarning(CapturedOutput output) {
		run(true,
				(builder) -> builder
					.withConnectionConfigCustomizer((config) -> config.setTimeToLive(TimeValue.ofSeconds(1))),
				(client) -> {
				});
		assertThat(output.getOut()).containsOnlyOnce("in a ConnectionConfig, without effect");
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private static void run(boolean enabled,
			ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> customizer,
			Consumer<RestClient> test) {
		new ApplicationContextRunner().withPropertyValues("http-pool.enabled=" + enabled)
			.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class, HttpPoolAutoConfiguration.class))
			.withBean("customizer", ClientHttpRequestFactoryBuilderCustomizer.class, () -> customizer)
			.run((context) -> {
				ClientHttpRequestFactoryBuilder builder = context.getBean(ClientHttpRequestFactoryBuilder.class);
				builder.build();
				test.accept(RestClient.builder().requestFactory(builder.build()).build());
			});
	}

	enum Setting {

		CONTEXT_FACTORY("cookie a=b", "/") {

			@Override
			void customize(HttpComponentsClientHttpRequestFactory factory) {
				HttpClientContext context = HttpClientContext.create();
				context.setCookieStore(new BasicCookieStore());
				factory.setHttpContextFactory((method, uri) -> context);
			}

		},

		READ_TIMEOUT("timed out; timed out", "/silent") {

			@Override
			void customize(HttpComponentsClientHttpRequestFactory factory) {
				factory.setReadTimeout(Duration.ofMillis(200));
			}

		},

		ACQUIRE_TIMEOUT("agent Apache", "/") {

			@Override
			void customize(HttpComponentsClientHttpRequestFactory factory) {
				factory.setConnectionRequestTimeout(Duration.ofSeconds(5));
			}

		},

		HTTP_CLIENT("agent own", "/") {

			@Override
			void customize(HttpComponentsClientHttpRequestFactory factory) {
				factory.setHttpClient(HttpClients.custom().disableCookieManagement().setUserAgent("own").build());
			}

		},

		CONNECTION_CONFIG("timed out; timed out", "/silent") {

			@Override
			HttpComponentsClientHttpRequestFactoryBuilder customize(
					HttpComponentsClientHttpRequestFactoryBuilder builder) {
				return builder
					.withConnectionConfigCustomizer((config) -> config.setSocketTimeout(Timeout.ofMilliseconds(200)));
			}

		},

		REQUEST_CONFIG("timed out; timed out", "/silent") {

			@Override
			HttpComponentsClientHttpRequestFactoryBuilder customize(
					HttpComponentsClientHttpRequestFactoryBuilder builder) {
				return builder.withDefaultRequestConfigCustomizer(
						(config) -> config.setResponseTimeout(Timeout.ofMilliseconds(200)));
			}

		};

		private final String proof;

		private final String path;

		Setting(String proof, String path) {
			this.proof = proof;
			this.path = path;
		}

		HttpComponentsClientHttpRequestFactoryBuilder customize(HttpComponentsClientHttpRequestFactoryBuilder builder) {
			return builder.withHttpClientCustomizer((client) -> {
				if (this != CONTEXT_FACTORY) {
					client.disableCookieManagement();
				}
			}).withCustomizer(this::customize);
		}

		void customize(HttpComponentsClientHttpRequestFactory factory) {
		}

	}

}

package io.github.httppool.apptests;

import io.github.httppool.HttpPools;
import io.github.httppool.testing.TestCertificates;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.resttestclient.TestRestTemplate;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureTestRestTemplate;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.ResourceAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The clients with which a test calls its own server.
 */
// Its threads would be found by tests that look for threads left.
@Tag("waiting")
@DirtiesContext
class TestRestTemplateTests {

	private static final String PLAIN = "http-pool.enabled=false";

	@Nested
	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.RANDOM_PORT)
	class Http extends Calls {

	}

	@Nested
	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.RANDOM_PORT, properties = PLAIN)
	class HttpOfPlainBoot extends Calls {

	}

	@Nested
	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.RANDOM_PORT)
	class Https extends SelfSigned {

	}

	@Nested
	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.RANDOM_PORT, properties = PLAIN)
	class HttpsOfPlainBoot extends SelfSigned {

	}

	abstract static class SelfSigned extends Calls {

		@DynamicPropertySource
		static void certificate(DynamicPropertyRegistry registry) {
			registry.add("server.ssl.key-store", () -> TestCertificates.localhost().keyStore().toString());
			registry.add("server.ssl.key-store-password", () -> TestCertificates.PASSWORD);
		}

		@Test
		@Override
		void theRestTestClientCallsTheServer() {
			// It trusts no self-signed certificate, whatever the application uses.
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> this.testClient.get().uri("/hello").exchange());
		}

	}

	@AutoConfigureTestRestTemplate
	@AutoConfigureRestTestClient
	abstract static class Calls {

		@Autowired
		TestRestTemplate template;

		@Autowired
		RestTestClient testClient;

		@Autowired(required = false)
		HttpPools pools;

		@Test
		void theTemplateCallsTheServer() {
			ResponseEntity<String> response = this.template.getForEntity("/hello", String.class);
			assertThat(response.getBody()).isEqualTo("hello null");
		}

		@Test
		void failuresAreAnswers() {
			assertThat(this.template.getForEntity("/missing", String.class).getStatusCode())
				.isEqualTo(HttpStatus.NOT_FOUND);
		}

		@Test
		void credentialsAreSent() {
			assertThat(this.template.withBasicAuth("user", "secret").getForObject("/hello", String.class))
				.isEqualTo("hello Basic dXNlcjpzZWNyZXQ=");
		}

		@Test
		void redirectsAreFollowedOnlyWhereTheTestWantsIt() {
			assertThat(this.template.getForObject("/moved", String.class)).isEqualTo("hello null");
			assertThat(this.template.withRedirects(HttpRedirects.DONT_FOLLOW)
				.getForEntity("/moved", String.class)
				.getStatusCode()).isEqualTo(HttpStatus.FOUND);
		}

		@Test
		void customizersOfTheApplicationCount() {
			HttpHeaders headers = this.template.getForEntity("/agent", String.class).getHeaders();
			assertThat(headers.getFirst("X-Agent")).isEqualTo("customized");
			assertThat(headers.getFirst("X-Customized")).isEqualTo("by the template's customizer");
		}

		@Test
		void theRestTestClientCallsTheServer() {
			this.testClient.get().uri("/hello").exchange().expectBody(String.class).isEqualTo("hello null");
		}

		@Test
		void theTestTakesNoConnectionOfTheApplication() {
			this.template.getForEntity("/hello", String.class);
			if (this.pools != null) {
				assertThat(this.pools.get("default").snapshot().routes()).isEmpty();
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class Application {

		@GetMapping("/hello")
		String hello(@RequestHeader(name = "Authorization", required = false) String authorization) {
			return "hello " + authorization;
		}

		@GetMapping("/moved")
		ResponseEntity<Void> moved() {
			return ResponseEntity.status(HttpStatus.FOUND).header("Location", "/hello").build();
		}

		@GetMapping("/agent")
		ResponseEntity<String> agent(@RequestHeader("User-Agent") String agent,
				@RequestHeader("X-Customized") String customized) {
			return ResponseEntity.ok().header("X-Agent", agent).header("X-Customized", customized).build();
		}

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> userAgent() {
			return (builder) -> builder.withHttpClientCustomizer((client) -> client.setUserAgent("customized"));
		}

		@Bean
		RestTemplateCustomizer header() {
			return (template) -> template.getInterceptors().add((request, body, execution) -> {
				request.getHeaders().set("X-Customized", "by the template's customizer");
				return execution.execute(request, body);
			});
		}

	}

}

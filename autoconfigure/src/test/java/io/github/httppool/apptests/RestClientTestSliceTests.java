package io.github.httppool.apptests;

import java.util.List;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.test.autoconfigure.AutoConfigureMockRestServiceServer;
import org.springframework.boot.restclient.test.autoconfigure.RestClientTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

/**
 * {@link RestClientTest} tests the components that make calls, and those that use the
 * shared clients, too.
 */
// Its threads would be found by tests that look for threads left.
@Tag("waiting")
@DirtiesContext
class RestClientTestSliceTests {

	private static final String PLAIN = "http-pool.enabled=false";

	private static final String BASE_URL = "http-pool.pools.payments.base-url=http://upstream.invalid";

	@Nested
	@RestClientTest
	@Import(ByBuilder.class)
	@ContextConfiguration(classes = Application.class)
	class ClientOfTheBuilder extends Calls {

	}

	@Nested
	@RestClientTest(properties = PLAIN)
	@Import(ByBuilder.class)
	@ContextConfiguration(classes = Application.class)
	class ClientOfTheBuilderOfPlainBoot extends Calls {

	}

	@Nested
	@RestClientTest
	@Import(ByTemplateBuilder.class)
	@ContextConfiguration(classes = Application.class)
	class TemplateOfTheBuilder extends Calls {

	}

	@Nested
	@RestClientTest(properties = PLAIN)
	@Import(ByTemplateBuilder.class)
	@ContextConfiguration(classes = Application.class)
	class TemplateOfTheBuilderOfPlainBoot extends Calls {

	}

	@Nested
	@RestClientTest
	@Import(BySharedClient.class)
	@ContextConfiguration(classes = Application.class)
	class SharedClient extends Calls {

	}

	@Nested
	@RestClientTest
	@Import(BySharedTemplate.class)
	@ContextConfiguration(classes = Application.class)
	class SharedTemplate extends Calls {

	}

	@Nested
	@RestClientTest(properties = BASE_URL)
	@Import(ByFurtherPool.class)
	@ContextConfiguration(classes = Application.class)
	class ClientOfAFurtherPool extends Calls {

		@Autowired
		ApplicationContext context;

		@Test
		void theSliceHasThePoolsAndNeitherTheirEndpointNorTheirMeters() {
			assertThat(this.context.getBean(HttpPools.class).all()).extracting(HttpPool::name)
				.containsExactly("default", "payments");
			assertThat(ours(this.context)).noneMatch((type) -> type.contains("actuate") || type.contains("metrics"));
		}

	}

	/**
	 * As the configuration of an application has it, and a slice has no part of it.
	 */
	@Nested
	@RestClientTest(properties = { "http-pool.pools.payments.ssl-bundle=client",
			"http-pool.pools.payments.base-url=https://upstream.invalid",
			"spring.ssl.bundle.pem.client.truststore.certificate=file:in-production-only.pem",
			"http-pool.warm-up.upstream.uri=http://upstream.invalid", "http-pool.warm-up.upstream.connections=2",
			"management.health.httppool.enabled=true" })
	@Import(ByBuilder.class)
	@ContextConfiguration(classes = Application.class)
	class ConfigurationOfProduction extends Calls {

		@Autowired
		HttpPools pools;

		@Test
		void nothingIsOpenedAtStart() {
			assertThat(this.pools.get("default").snapshot().routes()).isEmpty();
			assertThat(this.pools.get("default").events()).isEmpty();
		}

	}

	/**
	 * Without the mock server, the slice calls a server of the test.
	 */
	@Nested
	@RestClientTest
	@AutoConfigureMockRestServiceServer(enabled = false)
	@Import(ByFurtherPool.class)
	@ContextConfiguration(classes = Application.class)
	class WireMockInTheSlice {

		private static final WireMockServer upstream = new WireMockServer(options().dynamicPort());

		@BeforeAll
		static void start() {
			upstream.start();
			upstream.stubFor(get("/greeting").willReturn(ok("hello")));
		}

		@AfterAll
		static void stop() {
			upstream.stop();
		}

		@DynamicPropertySource
		static void baseUrl(DynamicPropertyRegistry registry) {
			registry.add("http-pool.pools.payments.base-url", upstream::baseUrl);
		}

		@Autowired
		Greetings greetings;

		@Autowired
		HttpPools pools;

		@Test
		void theClientOfThePoolCallsIt() {
			assertThat(this.greetings.greeting()).isEqualTo("hello");
			assertThat(this.pools.get("payments").snapshot().routes()).hasSize(1);
		}

	}

	abstract static class Calls {

		@Autowired
		Greetings greetings;

		@Autowired
		MockRestServiceServer server;

		@Test
		void theMockServerAnswers() {
			this.server.expect(requestTo("http://upstream.invalid/greeting"))
				.andRespond(withSuccess("hello", MediaType.TEXT_PLAIN));
			assertThat(this.greetings.greeting()).isEqualTo("hello");
			this.server.verify();
		}

	}

	private static List<String> ours(ApplicationContext context) {
		return Stream.of(context.getBeanDefinitionNames())
			.map(context::getType)
			.map(String::valueOf)
			.filter((type) -> type.contains("io.github.httppool"))
			.toList();
	}

	interface Greetings {

		String greeting();

	}

	@Component
	static class ByBuilder implements Greetings {

		private final RestClient client;

		ByBuilder(RestClient.Builder builder) {
			this.client = builder.baseUrl("http://upstream.invalid").build();
		}

		@Override
		public String greeting() {
			return this.client.get().uri("/greeting").retrieve().body(String.class);
		}

	}

	@Component
	static class ByTemplateBuilder implements Greetings {

		private final RestTemplate template;

		ByTemplateBuilder(RestTemplateBuilder builder) {
			this.template = builder.build();
		}

		@Override
		public String greeting() {
			return this.template.getForObject("http://upstream.invalid/greeting", String.class);
		}

	}

	@Component
	static class BySharedClient implements Greetings {

		private final RestClient client;

		BySharedClient(RestClient client) {
			this.client = client;
		}

		@Override
		public String greeting() {
			return this.client.get().uri("http://upstream.invalid/greeting").retrieve().body(String.class);
		}

	}

	@Component
	static class BySharedTemplate implements Greetings {

		private final RestTemplate template;

		BySharedTemplate(RestTemplate template) {
			this.template = template;
		}

		@Override
		public String greeting() {
			return this.template.getForObject("http://upstream.invalid/greeting", String.class);
		}

	}

	@Component
	static class ByFurtherPool implements Greetings {

		private final RestClient client;

		ByFurtherPool(@Qualifier("payments") RestClient client) {
			this.client = client;
		}

		@Override
		public String greeting() {
			return this.client.get().uri("/greeting").retrieve().body(String.class);
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

package io.github.httppool.apptests;

import io.github.httppool.HttpPools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.test.autoconfigure.AutoConfigureMockRestServiceServer;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestOperations;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

/**
 * {@link AutoConfigureMockRestServiceServer}: the server answers the one client that an
 * application uses, whatever it is made with. No host has the name that is called, so a
 * call that bypasses the mock server fails.
 */
// Its threads would be found by tests that look for threads left.
@Tag("waiting")
@DirtiesContext
class MockRestServiceServerTests {

	private static final String PLAIN = "http-pool.enabled=false";

	@Nested
	@SpringBootTest(classes = ClientApplication.class, webEnvironment = WebEnvironment.NONE)
	@AutoConfigureMockRestServiceServer
	class ClientOfTheBuilder extends Calls {

	}

	@Nested
	@SpringBootTest(classes = ClientApplication.class, webEnvironment = WebEnvironment.NONE, properties = PLAIN)
	@AutoConfigureMockRestServiceServer
	class ClientOfTheBuilderOfPlainBoot extends Calls {

	}

	@Nested
	@SpringBootTest(classes = TemplateApplication.class, webEnvironment = WebEnvironment.NONE)
	@AutoConfigureMockRestServiceServer
	class TemplateOfTheBuilder extends Calls {

	}

	@Nested
	@SpringBootTest(classes = TemplateApplication.class, webEnvironment = WebEnvironment.NONE, properties = PLAIN)
	@AutoConfigureMockRestServiceServer
	class TemplateOfTheBuilderOfPlainBoot extends Calls {

	}

	@Nested
	@SpringBootTest(classes = GroupApplication.class, webEnvironment = WebEnvironment.NONE)
	@AutoConfigureMockRestServiceServer
	class ServiceGroup extends Calls {

	}

	@Nested
	@SpringBootTest(classes = GroupApplication.class, webEnvironment = WebEnvironment.NONE, properties = PLAIN)
	@AutoConfigureMockRestServiceServer
	class ServiceGroupOfPlainBoot extends Calls {

	}

	@Nested
	@SpringBootTest(classes = GroupApplication.class, webEnvironment = WebEnvironment.NONE,
			properties = "http-pool.pools.greetings.max-total=7")
	@AutoConfigureMockRestServiceServer
	class ServiceGroupOfAFurtherPool extends Calls {

	}

	@Nested
	@SpringBootTest(classes = SharedClientApplication.class, webEnvironment = WebEnvironment.NONE)
	@AutoConfigureMockRestServiceServer
	class SharedClient extends Calls {

	}

	@Nested
	@SpringBootTest(classes = SharedTemplateApplication.class, webEnvironment = WebEnvironment.NONE)
	@AutoConfigureMockRestServiceServer
	class SharedTemplate extends Calls {

	}

	@Nested
	@SpringBootTest(classes = SharedTemplateByInterfaceApplication.class, webEnvironment = WebEnvironment.NONE)
	@AutoConfigureMockRestServiceServer
	class SharedTemplateByInterface extends Calls {

	}

	@Nested
	@SpringBootTest(classes = FurtherPoolApplication.class, webEnvironment = WebEnvironment.NONE,
			properties = "http-pool.pools.payments.base-url=http://upstream.invalid")
	@AutoConfigureMockRestServiceServer
	class ClientOfAFurtherPool extends Calls {

	}

	@Nested
	@SpringBootTest(classes = ClientApplication.class, webEnvironment = WebEnvironment.NONE,
			properties = { "http-pool.pools.payments.max-total=7",
					"http-pool.warm-up.upstream.uri=http://upstream.invalid",
					"http-pool.warm-up.upstream.connections=2" })
	@AutoConfigureMockRestServiceServer
	class ClientOfTheBuilderBesideFurtherPools extends Calls {

	}

	abstract static class Calls {

		@Autowired
		Greetings greetings;

		@Autowired
		MockRestServiceServer server;

		@Autowired(required = false)
		HttpPools pools;

		@AfterEach
		void nothingReachedTheNetwork() {
			if (this.pools != null) {
				assertThat(this.pools.all()).allSatisfy(
						(pool) -> assertThat(pool.snapshot().routes()).as("routes of " + pool.name()).isEmpty());
			}
		}

		@Test
		void theMockServerAnswers() {
			this.server.expect(requestTo("http://upstream.invalid/greeting"))
				.andRespond(withSuccess("hello", MediaType.TEXT_PLAIN));
			assertThat(this.greetings.greeting()).isEqualTo("hello");
			this.server.verify();
		}

		@Test
		void expectationsAreResetAfterEachTest() {
			this.server.expect(requestTo("http://upstream.invalid/greeting"))
				.andRespond(withSuccess("again", MediaType.TEXT_PLAIN));
			assertThat(this.greetings.greeting()).isEqualTo("again");
			this.server.verify();
		}

	}

	interface Greetings {

		@GetExchange("http://upstream.invalid/greeting")
		String greeting();

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ClientApplication {

		@Bean
		Greetings greetings(RestClient.Builder builder) {
			return greetingsOf(builder.baseUrl("http://upstream.invalid").build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TemplateApplication {

		@Bean
		Greetings greetings(RestTemplateBuilder builder) {
			return greetingsOf(builder.build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@ImportHttpServices(group = "greetings", types = Greetings.class)
	static class GroupApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class SharedClientApplication {

		@Bean
		Greetings greetings(RestClient client) {
			return greetingsOf(client.mutate().baseUrl("http://upstream.invalid").build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class SharedTemplateApplication {

		@Bean
		Greetings greetings(RestTemplate template) {
			return greetingsOf(template);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class SharedTemplateByInterfaceApplication {

		@Bean
		Greetings greetings(RestOperations template) {
			return greetingsOf(template);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class FurtherPoolApplication {

		@Bean
		Greetings greetings(@Qualifier("payments") RestClient client) {
			return greetingsOf(client);
		}

	}

	private static Greetings greetingsOf(RestClient client) {
		return () -> client.get().uri("/greeting").retrieve().body(String.class);
	}

	private static Greetings greetingsOf(RestOperations template) {
		return () -> template.getForObject("http://upstream.invalid/greeting", String.class);
	}

}

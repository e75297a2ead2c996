package io.github.httppool.apptests;

import java.util.List;

import io.github.httppool.HttpPools;
import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mockito.Answers;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.bean.override.convention.TestBean;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Mocks and spies in the place of our beans.
 */
// Its threads would be found by tests that look for threads left.
@Tag("waiting")
@DirtiesContext
class MockitoBeanTests {

	private static final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("real"));

	@AfterAll
	static void close() {
		upstream.close();
	}

	@Nested
	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
	class MockedClient {

		@MockitoBean(answers = Answers.RETURNS_DEEP_STUBS)
		RestClient client;

		@Autowired
		Greetings greetings;

		@Test
		void theApplicationUsesTheMock() {
			given(this.client.get().uri(upstream.url()).retrieve().body(String.class)).willReturn("mocked");
			assertThat(this.greetings.byClient(upstream.url())).isEqualTo("mocked");
		}

	}

	@Nested
	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
	class MockedTemplate {

		@MockitoBean
		RestTemplate template;

		@Autowired
		Greetings greetings;

		@Test
		void theApplicationUsesTheMock() {
			given(this.template.getForObject(upstream.url(), String.class)).willReturn("mocked");
			assertThat(this.greetings.byTemplate(upstream.url())).isEqualTo("mocked");
		}

	}

	@Nested
	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
	class SpiedClients {

		@MockitoSpyBean
		RestClient client;

		@MockitoSpyBean
		RestTemplate template;

		@Autowired
		Greetings greetings;

		@Test
		void callsReachTheServer() {
			assertThat(this.greetings.byClient(upstream.url())).isEqualTo("real");
			assertThat(this.greetings.byTemplate(upstream.url())).isEqualTo("real");
			verify(this.client).get();
			verify(this.template).getForObject(upstream.url(), String.class);
		}

	}

	@Nested
	@SpringBootTest(classes = FurtherPoolApplication.class, webEnvironment = WebEnvironment.NONE,
			properties = "http-pool.pools.payments.base-url=http://upstream.invalid")
	class MockedClientOfAFurtherPool {

		@MockitoBean(name = "paymentsRestClient", answers = Answers.RETURNS_DEEP_STUBS)
		RestClient payments;

		@Autowired
		@Qualifier("payments")
		RestClient injected;

		@Autowired
		RestClient shared;

		@Test
		void onlyItIsReplaced() {
			assertThat(this.injected).isSameAs(this.payments);
			assertThat(this.shared.get().uri(upstream.url()).retrieve().body(String.class)).isEqualTo("real");
		}

	}

	@Nested
	@SpringBootTest(classes = FurtherPoolApplication.class, webEnvironment = WebEnvironment.NONE,
			properties = "http-pool.pools.payments.base-url=http://upstream.invalid")
	class MockedSharedClientBesideAFurtherPool {

		@MockitoBean
		RestClient client;

		@Autowired
		@Qualifier("payments")
		RestClient payments;

		@Autowired
		RestClient injected;

		@Test
		void onlyItIsReplaced() {
			assertThat(this.injected).isSameAs(this.client);
			assertThat(this.payments.get().uri(upstream.url()).retrieve().body(String.class)).isEqualTo("real");
		}

	}

	@Nested
	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
	class MockedPools {

		@MockitoBean
		HttpPools pools;

		@Autowired
		Greetings greetings;

		@Test
		void clientsWorkNevertheless() {
			given(this.pools.all()).willReturn(List.of());
			assertThat(this.greetings.byClient(upstream.url())).isEqualTo("real");
			assertThat(this.greetings.byTemplate(upstream.url())).isEqualTo("real");
		}

	}

	@Nested
	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
	class SpiedPools {

		@MockitoSpyBean
		HttpPools pools;

		@Autowired
		Greetings greetings;

		@Test
		void theyShowWhatTheClientsDo() {
			assertThat(this.greetings.byClient(upstream.url())).isEqualTo("real");
			assertThat(this.pools.get("default").snapshot().routes()).hasSize(1);
			verify(this.pools).get("default");
		}

	}

	@Nested
	@SpringBootTest(classes = PlainApplication.class, webEnvironment = WebEnvironment.NONE)
	class MockedFactoryBuilder extends ReplacedFactory {

	}

	abstract static class ReplacedFactory {

		@MockitoBean
		@SuppressWarnings("rawtypes")
		ClientHttpRequestFactoryBuilder builder;

		@Autowired
		ApplicationContext context;

		@Test
		@SuppressWarnings("unchecked")
		void buildersUseTheMock() throws Exception {
			ClientHttpRequestFactory factory = mock(ClientHttpRequestFactory.class);
			given(this.builder.build(any())).willReturn(factory);
			given(factory.createRequest(any(), any())).willThrow(new IllegalStateException("mocked"));
			RestClient client = this.context.getBean(RestClient.Builder.class).build();
			assertThatIllegalStateException()
				.isThrownBy(() -> client.get().uri(upstream.url()).retrieve().toBodilessEntity())
				.withMessage("mocked");
		}

	}

	@Nested
	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
	class ReplacedClient {

		@TestBean
		RestClient client;

		@Autowired
		Greetings greetings;

		static RestClient client() {
			return RestClient.builder().defaultStatusHandler((status) -> true, (request, response) -> {
				throw new IllegalStateException("the test's");
			}).build();
		}

		@Test
		void theApplicationUsesTheClientOfTheTest() {
			assertThatIllegalStateException().isThrownBy(() -> this.greetings.byClient(upstream.url()))
				.withMessage("the test's");
		}

	}

	record Greetings(RestClient client, RestTemplate template) {

		String byClient(String url) {
			return this.client.get().uri(url).retrieve().body(String.class);
		}

		String byTemplate(String url) {
			return this.template.getForObject(url, String.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Greetings greetings(RestClient client, RestTemplate template) {
			return new Greetings(client, template);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class PlainApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class FurtherPoolApplication {

	}

}

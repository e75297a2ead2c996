package io.github.httppool.apptests.guide;

import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.TestCertificates;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.test.MockServerRestClientCustomizer;
import org.springframework.boot.restclient.test.autoconfigure.AutoConfigureMockRestServiceServer;
import org.springframework.boot.restclient.test.autoconfigure.RestClientTest;
import org.springframework.boot.resttestclient.TestRestTemplate;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureTestRestTemplate;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.BDDMockito.given;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

/**
 * Runs the snippets of {@code docs/testing.md} unchanged.
 */
@TestPropertySource(properties = "http-pool.pools.payments.base-url=http://payments.invalid")
// Its threads would be found by tests that look for threads left.
@Tag("waiting")
@DirtiesContext
class TestingGuideTests {

	private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

	@Test
	void everySnippetOfTheGuideIsRunHere() throws Exception {
		Path folder = Path.of("src/test/java", getClass().getPackageName().replace('.', '/'));
		String here = squeeze(Files.readString(folder.resolve("TestingGuideTests.java"))
				+ Files.readString(folder.resolve("PaymentClient.java")));
		List<String> snippets = SNIPPET.matcher(Files.readString(Path.of("../docs/testing.md")))
			.results()
			.map(MatchResult::group)
			.map((snippet) -> snippet.replace("```java", "").replace("```", ""))
			.toList();
		assertThat(snippets).hasSizeGreaterThan(5).allSatisfy((snippet) -> assertThat(here).contains(squeeze(snippet)));
	}

	private static String squeeze(String text) {
		return text.replaceAll("\\s+", "");
	}

	@Nested
	@SpringBootTest(webEnvironment = WebEnvironment.NONE)
	@AutoConfigureMockRestServiceServer
	class PaymentTests {

		@Autowired
		PaymentClient payments;

		@Autowired
		MockRestServiceServer server;

		@Test
		void findsAPayment() {
			this.server.expect(requestTo("http://payments.invalid/payments/1"))
				.andRespond(withSuccess("{\"id\": 1, \"state\": \"paid\"}", MediaType.APPLICATION_JSON));
			assertThat(this.payments.find(1).state()).isEqualTo("paid");
		}

	}

	@Nested
	@RestClientTest(PaymentClient.class)
	class PaymentClientTests {

		@Autowired
		PaymentClient payments;

		@Autowired
		MockRestServiceServer server;

		@Test
		void findsAPayment() {
			this.server.expect(requestTo("http://payments.invalid/payments/1"))
				.andRespond(withSuccess("{\"id\": 1, \"state\": \"paid\"}", MediaType.APPLICATION_JSON));
			assertThat(this.payments.find(1).state()).isEqualTo("paid");
		}

	}

	@Nested
	class SeveralClients {

		@Test
		void eachHasAServer() {
			MockServerRestClientCustomizer servers = new MockServerRestClientCustomizer();
			RestClient.Builder one = RestClient.builder();
			servers.customize(one);
			servers.getServer(one).expect(requestTo("/one")).andRespond(withSuccess("1", MediaType.TEXT_PLAIN));
			assertThat(one.build().get().uri("/one").retrieve().body(String.class)).isEqualTo("1");
		}

	}

	@Nested
	@SpringBootTest(webEnvironment = WebEnvironment.NONE)
	class PaymentFaultTests {

		static final WireMockServer upstream = new WireMockServer(options().dynamicPort());

		@BeforeAll
		static void start() {
			upstream.start();
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
		PaymentClient payments;

		@Autowired
		HttpPools pools;

		@Test
		void standsAResetConnection() {
			upstream.stubFor(get("/payments/1").willReturn(okJson("{\"id\": 1, \"state\": \"paid\"}")));
			upstream.stubFor(get("/payments/2").willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
			assertThat(this.payments.find(1).state()).isEqualTo("paid");
			assertThatThrownBy(() -> this.payments.find(2)).isInstanceOf(ResourceAccessException.class)
				.hasRootCauseInstanceOf(SocketException.class);
			PoolSnapshot pool = this.pools.get("payments").snapshot();
			assertThat(pool.connections().leased()).isZero();
		}

	}

	@Nested
	@SpringBootTest(webEnvironment = WebEnvironment.NONE)
	class MockWebServerExample {

		static final MockWebServer upstream = new MockWebServer();

		@DynamicPropertySource
		static void baseUrl(DynamicPropertyRegistry registry) {
			registry.add("http-pool.pools.payments.base-url", () -> upstream.url("/").toString());
		}

		@BeforeAll
		static void start() throws Exception {
			upstream.start();
		}

		@AfterAll
		static void stop() {
			upstream.close();
		}

		@Autowired
		PaymentClient payments;

		@Test
		void findsAPayment() {
			upstream.enqueue(new MockResponse.Builder().addHeader("Content-Type", "application/json")
				.body("{\"id\": 1, \"state\": \"paid\"}")
				.build());
			assertThat(this.payments.find(1).state()).isEqualTo("paid");
		}

	}

	@Nested
	class ServerTests extends SelfSignedServer {

		@Autowired
		TestRestTemplate rest;

		@Test
		void answersOverHttps() {
			assertThat(this.rest.getForObject("/orders/1", String.class)).isEqualTo("an order");
		}

		@LocalServerPort
		int port;

		@Autowired
		RestTemplateBuilder builder;

		@Test
		void answersAnotherTemplate() {
			TestRestTemplate rest = new TestRestTemplate(
					this.builder.requestFactoryBuilder(ClientHttpRequestFactoryBuilder.httpComponents()), null, null,
					TestRestTemplate.HttpClientOption.SSL);
			assertThat(rest.getForObject("https://localhost:" + this.port + "/orders/1", String.class))
				.isEqualTo("an order");
		}

	}

	@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
	@AutoConfigureTestRestTemplate
	abstract static class SelfSignedServer {

		@DynamicPropertySource
		static void certificate(DynamicPropertyRegistry registry) {
			registry.add("server.ssl.key-store", () -> TestCertificates.localhost().keyStore().toString());
			registry.add("server.ssl.key-store-password", () -> TestCertificates.PASSWORD);
		}

	}

	@Nested
	@SpringBootTest(webEnvironment = WebEnvironment.NONE)
	class WithoutPaymentsTests {

		@MockitoBean
		PaymentClient payments;

		@MockitoBean(name = "paymentsRestClient")
		RestClient paymentsRestClient;

		@MockitoBean
		HttpPools pools;

		@Test
		void callsNobody() {
			given(this.payments.find(1)).willReturn(new Payment(1, "paid"));
			assertThat(this.payments.find(1).state()).isEqualTo("paid");
		}

	}

	@Nested
	@SpringBootTest(webEnvironment = WebEnvironment.NONE)
	@Import(OwnClientTests.OwnClient.class)
	class OwnClientTests {

		@TestConfiguration(proxyBeanMethods = false)
		static class OwnClient {

			@Bean
			RestClient restClient() {
				return RestClient.create("http://localhost");
			}

		}

		@Autowired
		RestClient client;

		@Autowired
		OwnClient own;

		@Test
		void theClientOfTheTestIsInjected() {
			assertThat(this.client).isNotNull();
			assertThat(this.own).isNotNull();
		}

	}

}

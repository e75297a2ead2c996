package io.github.httppool.sample.lab;

import java.time.Duration;
import java.util.Map;

import io.github.httppool.sample.SampleApplication;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the {@link Lab} over HTTP. {@link LabPageTests} run the experiments.
 */
@SpringBootTest(classes = SampleApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "sample.upstream.port=0")
class LabTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@LocalServerPort
	private int port;

	@Autowired
	private Lab lab;

	private RestTestClient client;

	@BeforeEach
	void connectFromOutside() {
		this.client = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + this.port).build();
	}

	@AfterEach
	void cancel() {
		Run run = this.lab.current();
		if (run != null) {
			run.cancel();
			Awaitility.await().atMost(PATIENCE).until(run::isOver);
		}
	}

	@Test
	void experimentRunsOneAtATime() {
		start("leak", Map.of()).expectStatus().isCreated();
		start("burst", Map.of()).expectStatus()
			.isEqualTo(HttpStatus.CONFLICT)
			.expectBody()
			.jsonPath("$.detail")
			.value(String.class, (detail) -> assertThat(detail).startsWith("The experiment 'A leak' is running."));
		cancel();
		start("burst", Map.of()).expectStatus().isCreated();
	}

	@Test
	void cancelledRunLeavesNoThreadAndNoConnection() {
		start("idle-limit", Map.of()).expectStatus().isCreated();
		Run run = this.lab.current();
		Awaitility.await().atMost(PATIENCE).until(() -> run.view(0).samples().size() > 3);
		this.client.delete().uri("/lab/runs/current").exchange().expectStatus().isNoContent();
		Awaitility.await().atMost(PATIENCE).until(run::isOver);
		assertThat(run.view(0).state()).isEqualTo(Run.State.CANCELLED);
		Awaitility.await().atMost(PATIENCE).untilAsserted(LabTests::assertNothingIsLeft);
	}

	static void assertNothingIsLeft() {
		assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.startsWith("lab-") || name.startsWith("http-pool-default"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					no-such | http-pool.max-per-route | 50        | There is no experiment 'no-such'. Use one of [client-per-call,
					burst   | http-pool.max-total     | 50        | has no property 'http-pool.max-total'. Use one of [http-pool.max
					burst   | http-pool.max-per-route | 1000000   | The value '1000000' of 'http-pool.max-per-route' is not part of
					""")
	void onlyListedExperimentsPropertiesAndValuesAreAccepted(String experiment, String property, String value,
			String detail) {
		start(experiment, Map.of(property, value)).expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.detail")
			.value(String.class, (actual) -> assertThat(actual).contains(detail));
	}

	@ParameterizedTest
	@CsvSource({ "Origin, https://other.example", "Origin, null", "Origin, http://127.0.0.1:1",
			"Sec-Fetch-Site, cross-site", "Sec-Fetch-Site, same-site", "Host, rebound.example" })
	void otherSiteCanChangeNothing(String header, String value) {
		for (String path : new String[] { "/lab/runs", "/calls?count=1" }) {
			this.client.post()
				.uri(path)
				.header(header, value)
				.contentType(MediaType.APPLICATION_JSON)
				.body("{\"experiment\":\"burst\"}")
				.exchange()
				.expectStatus()
				.isForbidden();
		}
		this.client.delete()
			.uri("/actuator/httppool/default")
			.header(header, value)
			.exchange()
			.expectStatus()
			.isForbidden();
		assertThat(this.lab.current()).satisfiesAnyOf((run) -> assertThat(run).isNull(),
				(run) -> assertThat(run.isOver()).isTrue());
	}

	@Test
	void requestOfAFormIsRefused() {
		this.client.post()
			.uri("/lab/runs")
			.contentType(MediaType.TEXT_PLAIN)
			.body("{\"experiment\":\"burst\"}")
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
	}

	@Test
	void browserGetsThePageUnderAStrictPolicy() {
		this.client.get()
			.uri("/")
			.header(HttpHeaders.ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType("text/html;charset=UTF-8")
			.expectHeader()
			.value("Content-Security-Policy",
					(policy) -> assertThat(policy).startsWith("default-src 'none'; script-src 'self';")
						.doesNotContain("unsafe"))
			.expectBody(String.class)
			.value((page) -> assertThat(page).contains("<h1>HTTP Pool lab</h1>"));
	}

	private ResponseSpec start(String experiment, Map<String, String> properties) {
		return this.client.post()
			.uri("/lab/runs")
			.contentType(MediaType.APPLICATION_JSON)
			.body(new LabController.Order(experiment, properties))
			.exchange();
	}

}

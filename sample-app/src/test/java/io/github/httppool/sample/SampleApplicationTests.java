package io.github.httppool.sample;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SampleApplication}, over HTTP.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "sample.upstream.port=0")
class SampleApplicationTests {

	@LocalServerPort
	private int port;

	@Autowired
	private Upstream upstream;

	private RestTestClient client;

	@BeforeEach
	void connectFromOutsideWithoutConnectionsInThePool() {
		this.client = RestTestClient.bindToServer().baseUrl("http://127.0.0.1:" + this.port).build();
		this.client.delete().uri("/actuator/httppool/default").exchange().expectStatus().is2xxSuccessful();
	}

	@Test
	void bodiesThatNobodyReadsCostNoConnections() {
		long acceptedBefore = this.upstream.accepted();
		CallReport report = calls("count=2000&concurrency=100&body=ignore");
		assertThat(report.calls()).isEqualTo(2000);
		assertThat(report.firstFailure()).isNull();
		assertThat(report.failures()).isZero();
		assertThat(report.answers()).isEqualTo(Map.of(200, 2000L));
		assertThat(report.connectionsOpened()).isBetween(1L, 50L);
		assertThat(report.connectionsAccepted()).isEqualTo(report.connectionsOpened())
			.isEqualTo(this.upstream.accepted() - acceptedBefore);
		assertThat(report.reuseRatio()).isBetween(0.97, 1.0);
		assertThat(report.latencyMs().p50()).isBetween(10.0, report.latencyMs().p99());
		assertThat(report.callsPerSecond()).isPositive();
	}

	@Test
	void bodiesThatAreReadCostNoConnectionsAndNeitherDoNotFoundAnswers() {
		CallReport report = calls("count=500&concurrency=50&body=read&missing=true");
		assertThat(report.failures()).isZero();
		assertThat(report.answers()).isEqualTo(Map.of(200, 450L, 404, 50L));
		assertThat(report.connectionsOpened()).isBetween(1L, 50L).isEqualTo(report.connectionsAccepted());
	}

	@Test
	void notFoundAnswersThatNobodyReadsCostNoConnections() {
		CallReport report = calls("count=100&concurrency=1&body=ignore&missing=true&delay=1");
		assertThat(report.answers()).isEqualTo(Map.of(200, 90L, 404, 10L));
		assertThat(report.connectionsOpened()).isOne();
		assertThat(report.connectionsAccepted()).isOne();
	}

	@Test
	void bodiesTooLongToDrainCostAConnectionEach() {
		CallReport report = calls("count=20&concurrency=4&body=ignore&bytes=1000000");
		assertThat(report.failures()).isZero();
		assertThat(report.connectionsOpened()).isEqualTo(20).isEqualTo(report.connectionsAccepted());
		assertThat(report.reuseRatio()).isZero();
	}

	@Test
	void reportIsATableForATerminal() {
		this.client.post()
			.uri("/calls?count=10&concurrency=2&body=ignore")
			.accept(MediaType.TEXT_PLAIN)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.value((table) -> assertThat(table).containsPattern("calls +10\n")
				.containsPattern("failures +0\n")
				.containsPattern("connections opened +[12]\n")
				.containsPattern("accepted by upstream +[12]\n")
				.containsPattern("latency p99 +[0-9.]+ ms\n"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			count       | 0     | a whole number from 1 to 50000, such as count=2000
			count       | many  | a whole number from 1 to 50000, such as count=2000
			concurrency | 1001  | a whole number from 1 to 1000, such as concurrency=100
			body        | half  | body=read or body=ignore
			bytes       | -1    | a whole number from 0 to 1048576, such as bytes=2048
			delay       | 10ms  | a whole number from 0 to 10000, such as delay=10
			missing     | maybe | missing=true or missing=false
			concurency  | 10    | one of count, concurrency, body, bytes, delay, missing
			""")
	void parameterThatMakesNoSenseIsRefusedWithWhatToWriteInstead(String name, String value, String advice) {
		for (MediaType accepted : new MediaType[] { MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN }) {
			this.client.post()
				.uri("/calls?{name}={value}", name, value)
				.accept(accepted)
				.exchange()
				.expectStatus()
				.isBadRequest()
				.expectHeader()
				.contentType(MediaType.APPLICATION_PROBLEM_JSON)
				.expectBody()
				.jsonPath("$.parameter")
				.isEqualTo(name)
				.jsonPath("$.value")
				.isEqualTo(value)
				.jsonPath("$.detail")
				.value(String.class, (detail) -> assertThat(detail).endsWith(": write " + advice));
		}
	}

	@Test
	void secondRunAtTheSameTimeIsRefused() {
		List<Integer> statuses = Stream.of(callsInBackground(), callsInBackground())
			.map(CompletableFuture::join)
			.toList();
		assertThat(statuses).containsExactlyInAnyOrder(200, 409);
	}

	private CompletableFuture<Integer> callsInBackground() {
		return CompletableFuture.supplyAsync(
				() -> this.client.post().uri("/calls?count=1&delay=2000").exchange().returnResult().getStatus().value(),
				(task) -> new Thread(task).start());
	}

	@Test
	void endpointShowsThePool() {
		CallReport report = calls("count=40&concurrency=4&body=ignore");
		assertThat(report.connectionsOpened()).isPositive();
		this.client.get()
			.uri("/actuator/httppool")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.pools.default.limits.maxPerRoute")
			.isEqualTo(50)
			.jsonPath("$.pools.default.connections.leased")
			.isEqualTo(0)
			.jsonPath("$.pools.default.connections.idle")
			.isEqualTo((int) report.connectionsOpened())
			.jsonPath("$.pools.default.routes[0].route")
			.isEqualTo(this.upstream.uri());
	}

	@Test
	void prometheusGetsTheGaugesOfThePool() {
		calls("count=40&concurrency=4&body=ignore");
		this.client.get()
			.uri("/actuator/prometheus")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.value((meters) -> assertThat(meters).contains("http_pool_connections{")
				.contains("route=\"" + this.upstream.uri() + "\"")
				.contains("state=\"idle\""));
	}

	@Test
	void welcomeSaysWhatToTry() {
		this.client.get()
			.uri("/")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.value((text) -> assertThat(text).contains("curl -X POST")
				.contains("curl http://127.0.0.1:" + this.port + "/actuator/httppool"));
	}

	private CallReport calls(String query) {
		CallReport report = this.client.post()
			.uri("/calls?" + query)
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType(MediaType.APPLICATION_JSON)
			.expectBody(CallReport.class)
			.returnResult()
			.getResponseBody();
		assertThat(report).isNotNull();
		return report;
	}

}

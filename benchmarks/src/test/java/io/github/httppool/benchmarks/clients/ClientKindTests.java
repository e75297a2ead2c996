package io.github.httppool.benchmarks.clients;

import java.io.IOException;
import java.net.URI;
import java.util.List;

import io.github.httppool.benchmarks.measure.Load;
import io.github.httppool.benchmarks.measure.Slice;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClientKind}: the comparison is fair.
 */
@Tag("waiting")
class ClientKindTests {

	private static Upstream upstream;

	@BeforeAll
	static void start() throws IOException {
		upstream = new Upstream(3);
	}

	@AfterAll
	static void stop() {
		upstream.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "TUNED", "TUNED_LAX", "HTTP_POOL", "BOOT_LIMITED", "JETTY", "OKHTTP_LIMITED" })
	void aClientWithALimitOpensNoFurtherConnections(ClientKind kind) throws Exception {
		long before = upstream.accepted();
		try (ComparedClient client = new ClientSpec(kind, 2, false).open()) {
			Slice slice = new Load(8, 200).slice(client.call(Operation.BYTES, List.of(upstream.uri(Answer.KB1))));
			assertThat(slice.failures()).isZero();
			assertThat(slice.callsPerSecond()).isPositive();
		}
		assertThat(upstream.accepted() - before).isBetween(1L, 2L);
	}

	@ParameterizedTest
	@EnumSource(names = { "TUNED", "TUNED_CHECKED", "HTTP_POOL", "HTTP_POOL_VALIDATING" })
	void leasesKeepTheirConnections(ClientKind kind) throws Exception {
		List<URI> uris = upstream.furtherUris();
		try (ComparedClient client = new ClientSpec(kind).open()) {
			Slice slice = new Load(1, 100).slice(client.call(Operation.LEASE, uris));
			assertThat(slice.failures()).isZero();
			assertThat(slice.callsPerSecond()).isGreaterThan(100);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TUNED", "HTTP_POOL", "BOOT", "JDK" })
	void observedCallsAreTimed(ClientKind kind) throws Exception {
		double before = observed();
		try (ComparedClient client = new ClientSpec(kind, 10, true).open()) {
			client.bytes(upstream.uri(Answer.KB1));
		}
		assertThat(observed()).isEqualTo(before + 1);
	}

	@Test
	void anObservedPoolHasItsMeters() throws Exception {
		try (ComparedClient client = new ClientSpec(ClientKind.HTTP_POOL, 10, true).open()) {
			client.bytes(upstream.uri(Answer.KB1));
			assertThat(Observations.METERS.find("http.pool.acquire").timer()).isNotNull();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TUNED", "HTTP_POOL" })
	void otherCallsAreNot(ClientKind kind) throws Exception {
		double before = observed();
		try (ComparedClient client = new ClientSpec(kind).open()) {
			client.bytes(upstream.uri(Answer.KB1));
		}
		assertThat(observed()).isEqualTo(before);
	}

	private static double observed() {
		return Observations.METERS.find("http.client.requests")
			.timers()
			.stream()
			.mapToLong((timer) -> timer.count())
			.sum();
	}

}

package io.github.httppool.hc5.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.httppool.HeldLease;
import io.github.httppool.findings.LeaseFigures;
import io.github.httppool.findings.PoolFigures;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.CallerThread.inThread;
import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the leases that are shown.
 */
@Timeout(60)
class HeldLeasesTests {

	@Test
	void theLongestHeldTwentyAreShownWithoutQueries() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			List<CloseableHttpResponse> held = new ArrayList<>();
			List<String> calls = new ArrayList<>();
			for (int i = 0; i < 25; i++) {
				held.add(pool.open(new HttpGet(upstream.uri("/" + i + "?token=secret"))));
				calls.add("GET /" + i);
			}
			List<HeldLease> leases = pool.pool.leases();
			assertThat(leases).extracting(HeldLease::call).containsExactlyElementsOf(calls.subList(0, 20));
			assertThat(leases).allSatisfy((lease) -> {
				assertThat(lease.route()).isEqualTo(upstream.url());
				assertThat(lease.thread()).isEqualTo(Thread.currentThread().getName());
				assertThat(lease.heldFor()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(30));
			});
			held.remove(0).close();
			assertThat(pool.pool.leases()).extracting(HeldLease::call).containsExactlyElementsOf(calls.subList(1, 21));
			for (CloseableHttpResponse response : held) {
				response.close();
			}
			assertThat(pool.pool.leases()).isEmpty();
		}
	}

	@Test
	void leaseIsUnattendedWhileNoThreadReadsItsResponse() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			exchange.head(200, "Content-Length: 10");
			exchange.sendRaw("12345");
			exchange.stall();
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")));
			LeaseFigures lease = lease(pool);
			assertThat(lease.unattended()).isTrue();
			assertThat(lease.connection()).startsWith("http-pool-default-");
			CompletableFuture<byte[]> reader = inThread("reader",
					() -> response.getEntity().getContent().readAllBytes());
			soon().untilAsserted(() -> {
				assertThat(lease(pool).unattended()).isFalse();
				assertThat(lease(pool).bytes()).isGreaterThan(40);
			});
			response.close();
			assertThat(reader).failsWithin(10, TimeUnit.SECONDS);
		}
	}

	@Test
	void leaseIsNotUnattendedBeforeTheResponse() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.stall());
				PoolFixture pool = PoolFixture.withDefaults()) {
			HttpGet request = new HttpGet(upstream.uri("/slow"));
			CompletableFuture<String> caller = inThread("caller", () -> pool.read(request));
			soon().untilAsserted(() -> assertThat(upstream.requests()).hasSize(1));
			assertThat(lease(pool).unattended()).isFalse();
			assertThat(lease(pool).lease().call()).isEqualTo("GET /slow");
			assertThat(lease(pool).lease().thread()).isEqualTo("caller");
			request.abort();
			assertThat(caller).failsWithin(10, TimeUnit.SECONDS);
		}
	}

	private static LeaseFigures lease(PoolFixture pool) {
		List<PoolFigures> samples = pool.pool.samples().window().samples();
		List<LeaseFigures> leases = samples.get(samples.size() - 1).leases();
		assertThat(leases).hasSize(1);
		return leases.get(0);
	}

}

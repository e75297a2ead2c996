package io.github.httppool.hc5;

import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for callers who share one {@code HttpContext}, as a context factory of Spring's
 * that returns the same one each time makes them. HttpClient says that they must not; the
 * pool must stand it.
 */
@Timeout(60)
class SharedContextTests {

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void callersWhoShareAContextGetTheirOwnAnswersAndLoseNoConnection(boolean deadline) throws Exception {
		HttpClientContext context = HttpClientContext.create();
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			String[] close = exchange.path().endsWith("0") ? new String[] { "Connection: close" } : new String[0];
			exchange.ok(exchange.path().getBytes(), close);
		}); PoolFixture pool = PoolFixture.with((settings) -> {
			settings.maxPerRoute(5);
			if (deadline) {
				settings.callTimeout(Duration.ofSeconds(20));
			}
		}); Crowd crowd = new Crowd(16)) {
			crowd.all(100, (caller, time) -> {
				String path = "/" + caller + "/" + time;
				try {
					String answer = pool.client.execute(new HttpGet(upstream.uri(path)), context,
							(response) -> EntityUtils.toString(response.getEntity()));
					assertThat(answer).isEqualTo(path);
				}
				catch (ConcurrentModificationException ex) {
					// HttpClient's own word for it.
				}
				catch (Throwable ex) {
					failures.add(ex);
				}
			});
			assertThat(failures).isEmpty();
			assertThat(pool.leased()).isZero();
			assertThat(pool.pool.watches()).isZero();
			RecordedEvents.assertAccounted(pool.snapshot());
			assertThat(upstream.open()).isLessThanOrEqualTo(5);
		}
	}

}

package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for calls at about the moment at which the server closes an idle connection.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IdleRaceTests {

	private static final int CONNECTIONS = 20;

	private static final int CALLS = 10;

	/**
	 * A call whose request crosses the FIN on its way fails with every client that must
	 * not send a POST twice. What is left of that chance is the time from the check of a
	 * connection to the write: some 0.1 % of these calls. So the test tells it from a
	 * connection that was dead before the call began.
	 */
	@Test
	void noCallFailsThatIsMadeAfterTheServerClosedItsIdleConnection() throws Exception {
		List<ScriptedUpstream> upstreams = new ArrayList<>();
		List<String> failures = new CopyOnWriteArrayList<>();
		AtomicInteger crossed = new AtomicInteger();
		ExecutorService callers = Executors.newFixedThreadPool(CONNECTIONS);
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			List<Callable<Void>> tasks = new ArrayList<>();
			for (int i = 0; i < CONNECTIONS; i++) {
				// One route for each, so that each call finds the connection it left.
				ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("posted"))
					.closeWhenIdleFor(Duration.ofMillis(300));
				upstreams.add(upstream);
				int first = i;
				tasks.add(() -> {
					callAroundTheTimeout(pool, upstream, first, failures, crossed);
					return null;
				});
			}
			for (Future<Void> result : callers.invokeAll(tasks)) {
				result.get();
			}
			assertThat(failures).isEmpty();
			assertThat(crossed).hasValueLessThanOrEqualTo(3);
			assertThat(pool.closed(CloseReason.STALE)).isGreaterThan(CONNECTIONS * CALLS / 2);
			assertThat(pool.leased()).isZero();
		}
		finally {
			callers.shutdownNow();
			upstreams.forEach(ScriptedUpstream::close);
		}
	}

	private static void callAroundTheTimeout(PoolFixture pool, ScriptedUpstream upstream, int first,
			List<String> failures, AtomicInteger crossed) throws Exception {
		post(pool, upstream);
		for (int i = 0; i < CALLS; i++) {
			Pause.ofMillis(300 + (first + i * 7) % 61);
			ScriptedUpstream.Connection left = upstream.lastConnection();
			long begun = System.nanoTime();
			try {
				post(pool, upstream);
			}
			catch (IOException ex) {
				if (left.isOpen() || left.wasClosedBefore(begun)) {
					failures.add(ex.toString());
				}
				else {
					crossed.incrementAndGet();
				}
			}
		}
	}

	private static void post(PoolFixture pool, ScriptedUpstream upstream) throws IOException {
		HttpPost post = new HttpPost(upstream.uri("/"));
		post.setEntity(new StringEntity("body"));
		assertThat(pool.client.<String>execute(post, (response) -> EntityUtils.toString(response.getEntity())))
			.isEqualTo("posted");
	}

}

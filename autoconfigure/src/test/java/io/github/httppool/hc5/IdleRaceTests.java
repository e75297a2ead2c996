package io.github.httppool.hc5;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for calls at about the moment at which the server closes an idle connection.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IdleRaceTests {

	private static final int CONNECTIONS = 20;

	private static final int CALLS = 10;

	@Test
	void noCallFailsThatIsMadeAroundTheIdleTimeoutOfTheServer() throws Exception {
		List<ScriptedUpstream> upstreams = new ArrayList<>();
		ExecutorService callers = Executors.newFixedThreadPool(CONNECTIONS);
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			List<Callable<Integer>> tasks = new ArrayList<>();
			for (int i = 0; i < CONNECTIONS; i++) {
				// One route for each, so that each call finds the connection it left.
				ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("posted"))
					.closeWhenIdleFor(Duration.ofMillis(300));
				upstreams.add(upstream);
				int first = i;
				tasks.add(() -> callAroundTheTimeout(pool, upstream, first));
			}
			int failures = 0;
			for (Future<Integer> result : callers.invokeAll(tasks)) {
				failures += result.get();
			}
			assertThat(failures).isZero();
			assertThat(pool.leased()).isZero();
		}
		finally {
			callers.shutdownNow();
			upstreams.forEach(ScriptedUpstream::close);
		}
	}

	private static int callAroundTheTimeout(PoolFixture pool, ScriptedUpstream upstream, int first) throws Exception {
		int failures = 0;
		post(pool, upstream);
		for (int i = 0; i < CALLS; i++) {
			Thread.sleep(300 + (first + i * 7) % 61);
			try {
				post(pool, upstream);
			}
			catch (IOException ex) {
				failures++;
			}
		}
		return failures;
	}

	private static void post(PoolFixture pool, ScriptedUpstream upstream) throws IOException {
		HttpPost post = new HttpPost(upstream.uri("/"));
		post.setEntity(new StringEntity("body"));
		assertThat(pool.client.<String>execute(post, (response) -> EntityUtils.toString(response.getEntity())))
			.isEqualTo("posted");
	}

}

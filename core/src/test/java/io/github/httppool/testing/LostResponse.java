package io.github.httppool.testing;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A response that its caller loses without closing it.
 */
public final class LostResponse {

	private LostResponse() {
	}

	/**
	 * Get a URI, and forget the response.
	 */
	public static void lose(PoolFixture pool, URI uri) throws IOException {
		ClassicHttpResponse response = pool.client.executeOpen(null, new HttpGet(uri), null);
		assertThat(response.getEntity()).isNotNull();
	}

	/**
	 * Collect garbage until the pool has noticed that all leased connections are lost.
	 */
	public static void awaitNoneLeased(PoolFixture pool) {
		collectingGarbage().until(() -> pool.leased() == 0);
	}

	/**
	 * Collect garbage until a condition holds.
	 */
	public static ConditionFactory collectingGarbage() {
		return Awaitility.await()
			.pollInterval(Duration.ofMillis(100))
			.atMost(Duration.ofSeconds(30))
			.conditionEvaluationListener((condition) -> System.gc());
	}

}

package io.github.httppool.hc5.pool;

import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that connections are reused, whatever callers do with the bodies.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReuseTests {

	private static final String TWO_KILOBYTES = "0123456789abcdef".repeat(128);

	@Test
	void hundredCallsShareOneConnectionReadOrIgnoredWithErrorsAmongThem() throws Exception {
		ScriptedUpstream.Script script = (exchange) -> exchange
			.status(exchange.path().startsWith("/missing") ? 404 : 200, TWO_KILOBYTES);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.withDefaults()) {
			for (int i = 0; i < 25; i++) {
				assertThat(pool.get(upstream.uri("/found"))).isEqualTo(TWO_KILOBYTES);
				assertThat(pool.ignore(upstream.uri("/found"))).isEqualTo(200);
				assertThat(pool.get(upstream.uri("/missing"))).isEqualTo(TWO_KILOBYTES);
				assertThat(pool.ignore(upstream.uri("/missing"))).isEqualTo(404);
			}
			assertThat(upstream.accepted()).isEqualTo(1);
			assertThat(upstream.requests()).hasSize(100);
			assertThat(pool.snapshot().totals().reused()).isEqualTo(99);
			assertThat(pool.leased()).isZero();
		}
	}

}

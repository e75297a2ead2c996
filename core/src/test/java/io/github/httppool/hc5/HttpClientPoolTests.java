package io.github.httppool.hc5;

import java.io.IOException;

import io.github.httppool.testing.LoggedLines;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the clients that a pool builds.
 */
@Timeout(60)
class HttpClientPoolTests {

	@Test
	void cookiesAndRedirectsAreAsTheClientIsConfigured() throws IOException {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.status(302, "moved", "Location: /", "Set-Cookie: a=b; Path=/"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			HttpClientBuilder builder = HttpClientBuilder.create();
			pool.pool.configureClient(builder, true, false);
			pool.pool.attach(builder.disableRedirectHandling());
			try (CloseableHttpClient client = builder.build()) {
				for (int i = 0; i < 2; i++) {
					assertThat(
							client.<Integer>execute(new HttpGet(upstream.uri("/")), (response) -> response.getCode()))
						.isEqualTo(302);
				}
			}
			assertThat(upstream.requests()).extracting((request) -> request.header("Cookie"))
				.containsExactly(null, "a=b");
		}
	}

	@Test
	void oneWarningNamesEachSetterWithoutEffect() throws IOException {
		try (PoolFixture pool = PoolFixture.withDefaults();
				PoolingHttpClientConnectionManager other = new PoolingHttpClientConnectionManager();
				LoggedLines log = LoggedLines.of(HttpClientPool.class.getName())) {
			for (int i = 0; i < 2; i++) {
				pool.pool
					.newHttpClient((client) -> client.setConnectionManager(other)
						.evictExpiredConnections()
						.evictIdleConnections(TimeValue.ofSeconds(1)))
					.close();
			}
			assertThat(log.lines()).hasSize(3)
				.allSatisfy((line) -> assertThat(line).contains("has no effect on a client of the pool 'default'"));
			assertThat(String.join("\n", log.lines())).contains("HttpClientBuilder.setConnectionManager",
					"HttpClientBuilder.evictExpiredConnections", "HttpClientBuilder.evictIdleConnections");
		}
	}

	@Test
	void resizeToLessThanOneConnectionIsRejected() {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			assertThatIllegalArgumentException().isThrownBy(() -> pool.pool.resize(0, 1));
			assertThatIllegalArgumentException().isThrownBy(() -> pool.pool.resize(1, 0));
			assertThat(pool.snapshot().limits().maxTotal()).isPositive();
		}
	}

}

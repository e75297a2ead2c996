package io.github.httppool.hc5.observe;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.testing.ExplainedFailure;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpMethod;
import org.springframework.web.client.RestClient;

import static io.github.httppool.testing.ExplainedFailure.TIME;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the message of an exception if a reused connection was closed and the request
 * was not repeated.
 */
@Timeout(60)
class StaleExplanationTests {

	private static final String ADVICE = "\\. (No server closes a connection for being idle for so short a time: check its limit "
			+ "of requests for one connection, its restarts, and whether this request makes it fail|If the server closes "
			+ "idle connections, .+)";

	@Test
	void messageNamesTheHeaderForMethodsThatAreNotIdempotent() throws Exception {
		assertFailure(HttpMethod.POST, null,
				"POST is not idempotent, and the request has no Idempotency-Key header, with "
						+ "which the server promises that a second one does no harm",
				PoolFixture.withDefaults());
	}

	@Test
	void messageSaysThatTheBodyCanBeSentOnlyOnce() throws Exception {
		assertFailure(HttpMethod.PUT, new InputStreamResource(new ByteArrayInputStream(new byte[10])),
				"its body can be sent only once; one that is held in memory can be sent again",
				PoolFixture.withDefaults());
	}

	@Test
	void messageSaysThatRetriesAreDisabled() throws Exception {
		assertFailure(HttpMethod.GET, null, "http-pool\\.retry-stale is off",
				PoolFixture.with((settings) -> settings.retryStale(false)));
	}

	@Test
	void messageSaysThatACustomizerRemovedTheRetry() throws Exception {
		assertFailure(HttpMethod.GET, null, "a customizer has disabled HttpClient's automatic retries",
				PoolFixture.with(HttpPoolSettings.Builder::build, HttpClientBuilder::disableAutomaticRetries));
	}

	private static void assertFailure(HttpMethod method, Object body, String reason, PoolFixture fixture)
			throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/warm")) {
				exchange.ok("ok");
			}
			else {
				exchange.close();
			}
		}); PoolFixture pool = fixture) {
			pool.get(upstream.uri("/warm"));
			pool.get(upstream.uri("/warm"));
			RestClient.RequestBodySpec call = pool.spring()
				.method(method)
				.uri(URI.create(upstream.url() + "/orders?token=secret"))
				.header("Authorization", "secret");
			if (body != null) {
				call.body(body);
			}
			ExplainedFailure.of(() -> call.retrieve().toBodilessEntity(), NoHttpResponseException.class, method
					+ " /orders failed, because " + upstream.url()
					+ " closed a reused connection before any byte of the response came \\(pool 'default'\\)\\. It ended with: .+ "
					+ "failed to respond, after " + TIME
					+ " of idleness, after 2 exchanges over it\\. It was not sent again: " + reason + ADVICE);
			assertThat(upstream.accepted()).isEqualTo(1);
			assertThat(pool.leased()).isZero();
		}
	}

	/**
	 * The second connection is new, and a challenge makes of it a reused one.
	 */
	@Test
	void messageSaysThatTheRetryFailedToo() throws Exception {
		AtomicInteger exchanges = new AtomicInteger();
		BasicCredentialsProvider credentials = new BasicCredentialsProvider();
		credentials.setCredentials(new AuthScope(null, -1),
				new UsernamePasswordCredentials("user", "secret".toCharArray()));
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			int number = exchanges.incrementAndGet();
			if (number % 2 == 1) {
				exchange.status(401, "who?",
						"WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", stale=true, nonce=\"" + number + "\"");
			}
			else {
				exchange.close();
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> {
		}, (client) -> client.setDefaultCredentialsProvider(credentials))) {
			ExplainedFailure.of(() -> pool.spring()
				.get()
				.uri(upstream.uri("/orders"))
				.retrieve()
				.toBodilessEntity(), NoHttpResponseException.class, "GET /orders failed, because " + upstream.url()
						+ " closed a reused connection before any byte of the response came \\(pool 'default'\\)\\. It ended with: .+, "
						+ "after its first answer to this call, after 1 exchange over it\\. It was not sent again: it had "
						+ "been sent again once, after another stale connection" + ADVICE);
			assertThat(upstream.accepted()).isEqualTo(2);
		}
	}

	@Test
	void resetKeepsTheExceptionOfTheSocket() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/warm")) {
				exchange.ok("ok");
			}
			else {
				exchange.after(Duration.ofMillis(20)).reset();
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/warm"));
			ExplainedFailure.of(() -> pool.spring().post().uri(upstream.uri("/orders")).retrieve().toBodilessEntity(),
					java.net.SocketException.class, "POST /orders failed, because .+: Connection reset, after .+");
		}
	}

}

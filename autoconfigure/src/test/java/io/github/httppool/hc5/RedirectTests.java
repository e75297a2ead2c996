package io.github.httppool.hc5;

import java.time.Duration;

import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for what is carried from one exchange into the next, and for what is not
 * repeated.
 */
@Timeout(60)
class RedirectTests {

	@Test
	void secretsDoNotFollowARedirectToAnotherPort() throws Exception {
		try (ScriptedUpstream target = ScriptedUpstream.plain((exchange) -> exchange.ok("reached"));
				ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.status(302,
						"moved".getBytes(), "Location: " + target.url() + "/target"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(getWithSecrets(pool, upstream)).isEqualTo("reached");
			ScriptedUpstream.Request redirected = target.requests().get(0);
			assertThat(redirected.path()).isEqualTo("/target");
			assertThat(redirected.headers()).doesNotContainKeys("Authorization", "Cookie", "Proxy-Authorization")
				.containsEntry("X-Kept", "kept");
			assertThat(upstream.requests().get(0).headers()).containsKeys("Authorization", "Cookie",
					"Proxy-Authorization");
			assertThat(pool.leased()).isZero();
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void secretsDoNotFollowARedirectToAnotherNameOfTheHost() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/target")) {
				exchange.ok("reached");
			}
			else {
				exchange.status(307, "moved".getBytes(),
						"Location: http://localhost:" + exchange.request().header("X-Port") + "/target");
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(getWithSecrets(pool, upstream)).isEqualTo("reached");
			assertThat(upstream.requests().get(1).headers())
				.doesNotContainKeys("Authorization", "Cookie", "Proxy-Authorization")
				.containsEntry("X-Kept", "kept");
		}
	}

	@Test
	void secretsFollowARedirectToTheSameOrigin() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/target")) {
				exchange.ok("reached");
			}
			else {
				exchange.status(301, "moved".getBytes(), "Location: /target");
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(getWithSecrets(pool, upstream)).isEqualTo("reached");
			assertThat(upstream.requests().get(1).headers()).containsEntry("Authorization", "Bearer secret")
				.containsEntry("Cookie", "session=secret")
				.containsEntry("Proxy-Authorization", "Basic secret");
			assertThat(upstream.accepted()).isEqualTo(1);
		}
	}

	@Test
	void cookiesAreNotKept() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok("hello".getBytes(), "Set-Cookie: session=secret"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			pool.get(upstream.uri("/"));
			assertThat(upstream.requests())
				.allSatisfy((request) -> assertThat(request.headers()).doesNotContainKey("Cookie"));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 429, 503 })
	void refusalWithRetryAfterIsHandedToTheCallerAtOnce(int status) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.status(status, "busy".getBytes(), "Retry-After: 3600"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			long started = System.nanoTime();
			assertThat(pool.ignore(upstream.uri("/"))).isEqualTo(status);
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(1));
			assertThat(upstream.requests()).hasSize(1);
		}
	}

	@Test
	void unaskedUpgradeIsNotSent() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			assertThat(upstream.requests().get(0).headers()).doesNotContainKey("Upgrade");
			assertThatNoException().isThrownBy(() -> pool.get(upstream.uri("/")));
		}
	}

	private static String getWithSecrets(PoolFixture pool, ScriptedUpstream upstream) throws Exception {
		HttpGet get = new HttpGet(upstream.uri("/"));
		get.setHeader("Authorization", "Bearer secret");
		get.setHeader("Cookie", "session=secret");
		get.setHeader("Proxy-Authorization", "Basic secret");
		get.setHeader("X-Kept", "kept");
		get.setHeader("X-Port", String.valueOf(upstream.port()));
		return pool.client.execute(get, (response) -> EntityUtils.toString(response.getEntity()));
	}

}

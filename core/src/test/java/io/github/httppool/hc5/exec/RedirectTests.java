package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.CircularRedirectException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.RedirectException;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicHeader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for what one exchange takes over from the one before it, and what is not
 * repeated.
 */
@Tag("waiting")
@Timeout(60)
class RedirectTests {

	private static final String[] SECRETS = { "Authorization", "Cookie", "Proxy-Authorization" };

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

	@ParameterizedTest
	@ValueSource(strings = { "authorization", "AUTHORIZATION", "cookie", "cOOKIE", "proxy-authorization" })
	void secretsDoNotFollowHoweverTheirNameIsWritten(String name) throws Exception {
		try (ScriptedUpstream target = ScriptedUpstream.plain((exchange) -> exchange.ok("reached"));
				ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.status(308,
						"moved".getBytes(), "Location: //127.0.0.1:" + target.port() + "/target"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			HttpGet get = new HttpGet(upstream.uri("/"));
			get.addHeader(name, "one secret");
			get.addHeader(name, "another secret");
			get.addHeader("X-Kept", "kept");
			assertThat(read(pool, get)).isEqualTo("reached");
			assertThat(upstream.requests().get(0).header(name)).contains("one secret").contains("another secret");
			assertThat(target.requests().get(0).headers()).doesNotContainKey(name).containsEntry("X-Kept", "kept");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void secretsDoNotFollowARedirectToAnotherScheme(boolean downgrade) throws Exception {
		ScriptedUpstream.Script reached = (exchange) -> exchange.ok("reached");
		try (ScriptedUpstream target = downgrade ? ScriptedUpstream.plain(reached) : ScriptedUpstream.tls(reached)) {
			ScriptedUpstream.Script moved = (exchange) -> exchange.status(302, "moved".getBytes(),
					"Location: " + target.url() + "/target");
			try (ScriptedUpstream upstream = downgrade ? ScriptedUpstream.tls(moved) : ScriptedUpstream.plain(moved);
					PoolFixture pool = PoolFixture.withDefaults()) {
				assertThat(getWithSecrets(pool, upstream)).isEqualTo("reached");
				assertThat(upstream.requests().get(0).headers()).containsKeys(SECRETS);
				assertThat(target.requests().get(0).headers()).doesNotContainKeys(SECRETS)
					.containsEntry("X-Kept", "kept");
			}
		}
	}

	@Test
	void secretsDoNotComeBackWithARedirectThatComesBack() throws Exception {
		AtomicReference<String> home = new AtomicReference<>();
		try (ScriptedUpstream stranger = ScriptedUpstream.plain((exchange) -> exchange.status(302, "back".getBytes(),
				"Location: " + home.get() + "/target?planted=by-a-stranger"));
				ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
					if (exchange.path().startsWith("/target")) {
						exchange.ok("reached");
					}
					else {
						exchange.status(302, "moved".getBytes(), "Location: " + stranger.url() + "/");
					}
				});
				PoolFixture pool = PoolFixture.withDefaults()) {
			home.set(upstream.url());
			assertThat(getWithSecrets(pool, upstream)).isEqualTo("reached");
			assertThat(stranger.requests()).singleElement()
				.satisfies((request) -> assertThat(request.headers()).doesNotContainKeys(SECRETS));
			assertThat(upstream.requests().get(1).headers()).doesNotContainKeys(SECRETS);
		}
	}

	@Test
	void aBodyFollowsARedirectToAnotherOriginWithoutTheSecrets() throws Exception {
		try (ScriptedUpstream target = ScriptedUpstream.plain((exchange) -> exchange.ok("reached"));
				ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.status(307,
						"moved".getBytes(), "Location: " + target.url() + "/target"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setHeader("Authorization", "Bearer secret");
			post.setEntity(new StringEntity("body"));
			assertThat(read(pool, post)).isEqualTo("reached");
			assertThat(target.requests()).singleElement().satisfies((request) -> {
				assertThat(request.method()).isEqualTo("POST");
				assertThat(request.bodyText()).isEqualTo("body");
				assertThat(request.headers()).doesNotContainKey("Authorization");
			});
		}
	}

	@Test
	void credentialsForOneOriginDoNotAnswerTheChallengeOfAnother() throws Exception {
		ScriptedUpstream.Script challenge = (exchange) -> exchange.status(401, "who are you?".getBytes(),
				"WWW-Authenticate: Basic realm=x");
		try (ScriptedUpstream stranger = ScriptedUpstream.plain(challenge);
				ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
					if (exchange.request().header("Authorization") == null) {
						challenge.answer(exchange);
					}
					else {
						exchange.status(302, "moved".getBytes(), "Location: " + stranger.url() + "/");
					}
				});
				PoolFixture pool = PoolFixture.withDefaults()) {
			BasicCredentialsProvider credentials = new BasicCredentialsProvider();
			credentials.setCredentials(new AuthScope("127.0.0.1", upstream.port()),
					new UsernamePasswordCredentials("user", "secret".toCharArray()));
			HttpClientContext context = HttpClientContext.create();
			context.setCredentialsProvider(credentials);
			int status = pool.client.execute(new HttpGet(upstream.uri("/")), context, HttpResponse::getCode);
			assertThat(status).isEqualTo(401);
			assertThat(upstream.requests()).hasSize(2);
			assertThat(stranger.requests()).singleElement()
				.satisfies((request) -> assertThat(request.headers()).doesNotContainKey("Authorization"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://user:secret@ho st/?token=secret", "http:///nowhere?token=secret",
			"http://user:secret@:80/?token=secret", "mailto:user?token=secret",
			"ftp://user:secret@localhost/?token=secret", "http://user:secret@127.0.0.1:1/?token=secret",
			"http://[::secret]/?token=secret", "//user:secret@/?token=secret",
			"http://user:secret@unknown.invalid/?token=secret", "%%?token=secret",
			"http://localhost:99999/?token=secret", "http://user:secret@under_score/?token=secret",
			"http://a@user:secret@b/?token=secret", "http://m\u00fcller.invalid/?token=secret",
			"scheme://m\u00fcller.invalid/?token=secret", "scheme://%80.invalid/?token=secret",
			"http://a%00b.invalid/?token=secret", "http://a%1B%5B31mb.invalid/?token=secret" })
	void aLocationThatCannotBeFollowedFailsTheCallWithoutItsSecrets(String location) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.status(302, "moved".getBytes(), "Location: " + location));
				PoolFixture pool = PoolFixture.withDefaults()) {
			Throwable failure = catchThrowable(() -> pool.get(upstream.uri("/")));
			assertThat(failure).isInstanceOf(IOException.class);
			assertThat(messages(failure)).noneMatch((message) -> message.contains("secret"))
				.noneMatch((message) -> message.chars().anyMatch(Character::isISOControl));
			assertThat(pool.leased()).isZero();
			assertThat(upstream.requests()).hasSize(1);
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void exceptionForCircularRedirectsContainsNoSecrets() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.status(302, "again".getBytes(),
				"Location: http://127.0.0.1:" + exchange.request().header("X-Port") + "/circle?token=secret"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			Throwable failure = catchThrowable(() -> getWithSecrets(pool, upstream));
			assertThat(failure).isInstanceOf(ClientProtocolException.class)
				.hasCauseInstanceOf(CircularRedirectException.class)
				.hasMessage("Circular redirect to " + upstream.url() + "/circle");
			assertThat(messages(failure)).noneMatch((message) -> message.contains("secret"));
			assertThat(upstream.requests()).hasSize(2);
			assertThat(upstream.accepted()).as("the connection can be kept").isEqualTo(1);
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void circularRedirectsAreFollowedIfTheCallAllowsThem() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.status(302, "again".getBytes(), "Location: /circle"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			HttpGet get = new HttpGet(upstream.uri("/"));
			get.setConfig(RequestConfig.custom().setCircularRedirectsAllowed(true).setMaxRedirects(4).build());
			Throwable failure = catchThrowable(() -> pool.read(get));
			assertThat(failure).isInstanceOf(ClientProtocolException.class).hasCauseInstanceOf(RedirectException.class);
			assertThat(upstream.requests()).hasSize(5);
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void headersThatTheCallerMarksAsSensitiveDoNotFollow() throws Exception {
		try (ScriptedUpstream target = ScriptedUpstream.plain((exchange) -> exchange.ok("reached"));
				ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.status(302,
						"moved".getBytes(), "Location: " + target.url() + "/target"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			HttpGet get = new HttpGet(upstream.uri("/"));
			get.setHeader(new BasicHeader("X-Token", "secret", true));
			get.setHeader(new BasicHeader("X-Kept", "kept", false));
			assertThat(pool.read(get)).isEqualTo("reached");
			assertThat(upstream.requests().get(0).headers()).containsEntry("X-Token", "secret");
			assertThat(target.requests().get(0).headers()).doesNotContainKey("X-Token").containsEntry("X-Kept", "kept");
		}
	}

	@Test
	void endlessRedirectsFail() throws Exception {
		AtomicInteger hop = new AtomicInteger();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.status(302, "on".getBytes(),
				"Location: /?token=secret" + hop.incrementAndGet())); PoolFixture pool = PoolFixture.withDefaults()) {
			Throwable failure = catchThrowable(() -> pool.get(upstream.uri("/")));
			assertThat(failure).isInstanceOf(ClientProtocolException.class)
				.hasCauseInstanceOf(RedirectException.class)
				.hasMessageContaining("50");
			assertThat(messages(failure)).noneMatch((message) -> message.contains("secret"));
			assertThat(upstream.requests()).hasSize(51);
			assertThat(pool.leased()).isZero();
		}
	}

	private static List<String> messages(Throwable failure) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).map(Throwable::toString).toList();
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
	void upgradeIsNotRequestedByDefault() throws Exception {
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
		return read(pool, get);
	}

	private static String read(PoolFixture pool, ClassicHttpRequest request) throws IOException {
		return pool.client.execute(request, (response) -> EntityUtils.toString(response.getEntity()));
	}

}

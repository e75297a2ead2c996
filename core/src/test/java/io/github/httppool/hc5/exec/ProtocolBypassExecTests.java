package io.github.httppool.hc5.exec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultAuthenticationStrategy;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.ProtocolExec;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link ProtocolBypassExec}.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProtocolBypassExecTests {

	@Test
	void allCallsBypassHttpClientsElement() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("ok"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(bypasses(pool, upstream.uri("/"))).isTrue();
			assertThat(bypasses(pool, upstream.uri("/"))).isTrue();
			assertThat(bypasses(pool, upstream.uri("/other?a=b"))).isTrue();
			pool.assertConnections(1, Map.of());
		}
	}

	@ParameterizedTest
	@EnumSource
	void challengeIsAnswered(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport
			.start(challenge((exchange) -> exchange.status(401, "who?", "WWW-Authenticate: Basic realm=x")));
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, ProtocolBypassExecTests::credentials)) {
			pool.get(upstream.uri("/open"));
			for (int i = 0; i < 3; i++) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("welcome");
			}
			assertThat(upstream.requests()).hasSize(7);
			pool.assertConnections(1, Map.of());
		}
	}

	@Test
	void challengeWithoutBodyIsAnswered() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(challenge(
				(exchange) -> exchange.head(401, "WWW-Authenticate: Digest realm=x, nonce=n", "Content-Length: 0")));
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, ProtocolBypassExecTests::credentials)) {
			pool.get(upstream.uri("/open"));
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setEntity(new StringEntity("body"));
			assertThat(pool.read(post)).isEqualTo("welcome");
			assertThat(upstream.requests()).last().satisfies((request) -> {
				assertThat(request.header("Authorization")).startsWith("Digest ");
				assertThat(request.bodyText()).isEqualTo("body");
			});
			pool.assertConnections(1, Map.of());
		}
	}

	@Test
	void challengeOfAServerThatClosesIsAnsweredOnAnotherConnection() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(challenge((exchange) -> {
			exchange.status(401, "who?", "WWW-Authenticate: Basic realm=x", "Connection: close");
			exchange.close();
		})); PoolFixture pool = PoolFixture.with((settings) -> {
		}, ProtocolBypassExecTests::credentials)) {
			pool.get(upstream.uri("/open"));
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("welcome");
			pool.assertConnections(2, Map.of(CloseReason.SERVER_CLOSE, 1L));
		}
	}

	@ParameterizedTest
	@CsvSource({ "401, true", "401, false", "407, true", "407, false" })
	void challengeWithoutCredentialsReachesTheCaller(int status, boolean close) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/open")) {
				exchange.ok("open");
				return;
			}
			exchange.status(status, "who?", "WWW-Authenticate: Basic realm=x", "Proxy-Authenticate: Basic realm=x",
					"Connection: " + (close ? "close" : "keep-alive"));
			if (close) {
				exchange.close();
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/open"));
			try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
				assertThat(response.getCode()).isEqualTo(status);
				assertThat(EntityUtils.toString(response.getEntity())).isEqualTo("who?");
			}
			assertThat(upstream.requests()).hasSize(2);
			pool.assertConnections(1, close ? Map.of(CloseReason.SERVER_CLOSE, 1L) : Map.of());
		}
	}

	@Test
	void bodyThatCanBeSentOnlyOnceIsSentOnce() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain(challenge((exchange) -> exchange.status(401, "who?", "WWW-Authenticate: Basic realm=x")));
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, ProtocolBypassExecTests::credentials)) {
			pool.get(upstream.uri("/open"));
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setEntity(new InputStreamEntity(new ByteArrayInputStream(new byte[3]), 3, null));
			assertThat(pool.read(post)).isEqualTo("who?");
			assertThat(upstream.requests()).hasSize(2);
		}
	}

	@Test
	void preemptiveCredentialsAreSent() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(challenge((exchange) -> exchange.status(401, "who?")));
				PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/open"));
			BasicScheme basic = new BasicScheme();
			basic.initPreemptive(new UsernamePasswordCredentials("user", "secret".toCharArray()));
			HttpClientContext context = HttpClientContext.create();
			context.resetAuthExchange(HttpHost.create(upstream.uri("/")), basic);
			assertThat(get(pool, new HttpGet(upstream.uri("/")), context)).isEqualTo("welcome");
			assertThat(upstream.requests()).hasSize(2);
		}
	}

	@Test
	void userInfoInTheUriIsRejected() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("ok"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			pool.get(upstream.uri("/"));
			URI withUser = URI.create("http://user@127.0.0.1:" + upstream.port() + "/");
			assertThatIOException().isThrownBy(() -> pool.get(withUser)).withMessageContaining("userinfo");
			assertThat(upstream.requests()).hasSize(2);
			assertThat(pool.leased()).isZero();
		}
	}

	// What customizers put on the way

	@ParameterizedTest
	@EnumSource
	void elementOfACustomizerIsCalled(Place place) throws Exception {
		AtomicInteger calls = new AtomicInteger();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("ok"));
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, (client) -> place.add(client, (request, scope, chain) -> {
					calls.incrementAndGet();
					return chain.proceed(request, scope);
				}))) {
			for (int i = 1; i <= 3; i++) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("ok");
				assertThat(calls).hasValue(i);
			}
			pool.assertConnections(1, Map.of());
		}
	}

	@Test
	void elementThatReplacesHttpClientsIsCalled() throws Exception {
		AtomicInteger calls = new AtomicInteger();
		ProtocolExec own = new ProtocolExec(DefaultAuthenticationStrategy.INSTANCE,
				DefaultAuthenticationStrategy.INSTANCE, DefaultSchemePortResolver.INSTANCE, true);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("ok"));
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, (client) -> client.replaceExecInterceptor(ChainElement.PROTOCOL.name(), (request, scope, chain) -> {
					calls.incrementAndGet();
					return own.execute(request, scope, chain);
				}))) {
			for (int i = 1; i <= 3; i++) {
				assertThat(bypasses(pool, upstream.uri("/"))).isFalse();
				assertThat(calls).hasValue(i);
			}
		}
	}

	// Bodies

	@ParameterizedTest
	@ValueSource(strings = { "/length", "/chunked" })
	void everyReadOfATruncatedBodyFails(String path) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			switch (exchange.path()) {
				case "/length" -> exchange.head(200, "Content-Length: 10").sendRaw("12345");
				case "/chunked" -> exchange.head(200, "Transfer-Encoding: chunked").sendRaw("a\r\n12345");
				default -> exchange.ok("ok");
			}
			if (!exchange.path().equals("/")) {
				exchange.close();
			}
		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxErrorBody(0))) {
			pool.get(upstream.uri("/"));
			InputStream body = pool.open(new HttpGet(upstream.uri(path))).getEntity().getContent();
			assertThat(body.readNBytes(5)).asString().isEqualTo("12345");
			for (int i = 0; i < 3; i++) {
				assertThatIOException().isThrownBy(body::read);
				assertThatIOException().isThrownBy(() -> body.read(new byte[10]));
			}
			body.close();
			assertThatIOException().isThrownBy(body::read);
			pool.assertConnections(1, Map.of(CloseReason.ERROR, 1L));
		}
	}

	/**
	 * A read after a failed read would otherwise give different answers.
	 */
	@Test
	void everyCallReadsTheSameStreamWhateverCameBefore() throws Exception {
		ScriptedUpstream.Script script = challenge(
				(exchange) -> exchange.status(401, "who?", "WWW-Authenticate: Basic realm=x"));
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/truncated")) {
				exchange.head(200, "Content-Length: 10").sendRaw("12345").close();
			}
			else {
				script.answer(exchange);
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> {
		}, ProtocolBypassExecTests::credentials)) {
			HttpClientContext context = HttpClientContext.create();
			Set<Class<?>> streams = new HashSet<>();
			for (String path : List.of("/open", "/open", "/", "/open", "/truncated", "/open", "/truncated")) {
				streams.add(stream(pool, upstream.uri(path), HttpClientContext.create()));
				streams.add(stream(pool, upstream.uri(path), context));
			}
			assertThat(streams).hasSize(1);
		}
	}

	private static Class<?> stream(PoolFixture pool, URI uri, HttpClientContext context) throws IOException {
		try (ClassicHttpResponse response = pool.client.executeOpen(null, new HttpGet(uri), context)) {
			InputStream stream = response.getEntity().getContent();
			try {
				stream.readAllBytes();
			}
			catch (ConnectionClosedException ex) {
				// The body is truncated.
			}
			return stream.getClass();
		}
	}

	@Test
	void bodyCanBeReadAndWrittenAndHasTrailers() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.head(200, "Transfer-Encoding: chunked", "Trailer: Checksum")
				.chunk("some text".getBytes())
				.lastChunk("Checksum: abc")); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
				ByteArrayOutputStream written = new ByteArrayOutputStream();
				response.getEntity().writeTo(written);
				assertThat(written).hasToString("some text");
				assertThat(response.getEntity().isRepeatable()).isFalse();
				assertThat(response.getEntity().getTrailers().get()).extracting(Header::getName, Header::getValue)
					.containsExactly(tuple("Checksum", "abc"));
			}
			try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
				response.getEntity().writeTo(null);
				assertThat(pool.leased()).isZero();
			}
			pool.assertConnections(1, Map.of());
		}
	}

	private static boolean bypasses(PoolFixture pool, URI uri) throws IOException {
		HttpClientContext context = HttpClientContext.create();
		get(pool, new HttpGet(uri), context);
		// HttpClient's element creates an exchange there.
		return context.getAuthExchanges().isEmpty();
	}

	private static String get(PoolFixture pool, ClassicHttpRequest request, HttpClientContext context)
			throws IOException {
		return pool.client.execute(request, context, (response) -> EntityUtils.toString(response.getEntity()));
	}

	private static ScriptedUpstream.Script challenge(ScriptedUpstream.Script challenge) {
		return (exchange) -> {
			if (exchange.path().equals("/open") || exchange.request().header("Authorization") != null) {
				exchange.ok("welcome");
			}
			else {
				challenge.answer(exchange);
			}
		};
	}

	private static void credentials(HttpClientBuilder client) {
		BasicCredentialsProvider credentials = new BasicCredentialsProvider();
		credentials.setCredentials(new AuthScope(null, -1),
				new UsernamePasswordCredentials("user", "secret".toCharArray()));
		client.setDefaultCredentialsProvider(credentials);
	}

	enum Place {

		FIRST, BEFORE_PROTOCOL, AFTER_PROTOCOL, BEFORE_CONNECT, AFTER_CONNECT, LAST;

		void add(HttpClientBuilder client, ExecChainHandler element) {
			switch (this) {
				case FIRST -> client.addExecInterceptorFirst("own", element);
				case BEFORE_PROTOCOL -> client.addExecInterceptorBefore(ChainElement.PROTOCOL.name(), "own", element);
				case AFTER_PROTOCOL -> client.addExecInterceptorAfter(ChainElement.PROTOCOL.name(), "own", element);
				case BEFORE_CONNECT -> client.addExecInterceptorBefore(ChainElement.CONNECT.name(), "own", element);
				case AFTER_CONNECT -> client.addExecInterceptorAfter(ChainElement.CONNECT.name(), "own", element);
				case LAST -> client.addExecInterceptorLast("own", element);
			}
		}

	}

}

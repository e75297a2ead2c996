package io.github.httppool.hc5.exec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.ProtocolExec;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.net.NamedEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for callers that share one {@code HttpContext}, as a context factory of Spring
 * makes them if it always returns the same one. HttpClient forbids this; the pool must
 * survive it.
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
			assertThat(pool.pool.scheduledTimeouts()).isZero();
			RecordedEvents.assertAccounted(pool.snapshot());
			assertThat(upstream.open()).isLessThanOrEqualTo(5);
		}
	}

	@Test
	void challengeIsAnsweredOnlyForItsOwnCaller() throws Exception {
		HttpClientContext context = HttpClientContext.create();
		CountDownLatch challenged = new CountDownLatch(1);
		CountDownLatch answered = new CountDownLatch(1);
		AtomicBoolean armed = new AtomicBoolean();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SharedContextTests::challengeAtTheDoor);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, (client) -> client.setSchemePortResolver(new Resolver(() -> {
					if (armed.compareAndSet(true, false)) {
						challenged.countDown();
						await(answered);
					}
				})))) {
			pool.get(upstream.uri("/open"));
			armed.set(true);
			CompletableFuture<String> one = CompletableFuture
				.supplyAsync(() -> read(pool, new HttpGet(upstream.uri("/door")), context));
			assertThat(challenged.await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(read(pool, onlyOnce(upstream), context)).isEqualTo("/upload");
			answered.countDown();
			assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo("who?");
			assertThat(upstream.requests()).hasSize(3);
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void challengeThatNeverReachedItsCallerIsNotTheAnswerToTheNextCall() throws Exception {
		HttpClientContext context = HttpClientContext.create();
		AtomicBoolean armed = new AtomicBoolean();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(SharedContextTests::challengeAtTheDoor);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, (client) -> client.setSchemePortResolver(new Resolver(() -> {
					if (armed.compareAndSet(true, false)) {
						throw new IllegalStateException("No port");
					}
				})))) {
			pool.get(upstream.uri("/open"));
			armed.set(true);
			assertThatIllegalStateException().isThrownBy(() -> read(pool, new HttpGet(upstream.uri("/door")), context));
			assertThat(read(pool, onlyOnce(upstream), context)).isEqualTo("/upload");
			assertThat(pool.leased()).isZero();
		}
	}

	private static void challengeAtTheDoor(ScriptedUpstream.Exchange exchange) throws IOException {
		if (exchange.path().equals("/door")) {
			exchange.status(401, "who?", "WWW-Authenticate: Basic realm=x");
		}
		else {
			exchange.ok(exchange.path());
		}
	}

	/**
	 * Goes the long way, since its body cannot be sent again.
	 */
	private static HttpPost onlyOnce(ScriptedUpstream upstream) {
		HttpPost post = new HttpPost(upstream.uri("/upload"));
		post.setEntity(new InputStreamEntity(new ByteArrayInputStream(new byte[3]), 3, null));
		return post;
	}

	private static String read(PoolFixture pool, ClassicHttpRequest request, HttpClientContext context) {
		try {
			return pool.client.execute(request, context, (response) -> EntityUtils.toString(response.getEntity()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Does something where HttpClient's element for authentication asks for a port.
	 */
	private record Resolver(Runnable inProtocolExec) implements SchemePortResolver {

		@Override
		public int resolve(HttpHost host) {
			return DefaultSchemePortResolver.INSTANCE.resolve(host);
		}

		@Override
		public int resolve(String scheme, NamedEndpoint endpoint) {
			if (StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
				.walk((frames) -> frames.limit(3)
					.anyMatch((frame) -> frame.getDeclaringClass() == ProtocolExec.class))) {
				this.inProtocolExec.run();
			}
			return DefaultSchemePortResolver.INSTANCE.resolve(scheme, endpoint);
		}

	}

}

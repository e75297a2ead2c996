package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.httppool.CallObserver;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.HttpClientPool;
import io.github.httppool.testing.CallerThread;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Scripts;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for the events that calls add to their observations.
 */
@Timeout(60)
class CallEventsTests {

	private final List<String> events = new CopyOnWriteArrayList<>();

	private @Nullable HttpClientPool pool;

	private @Nullable CloseableHttpClient client;

	@AfterEach
	void shutDown() throws IOException {
		if (this.client != null && this.pool != null) {
			this.client.close();
			this.pool.shutDown();
		}
	}

	@Test
	void openedConnectionIsAnEventAndAReusedOneIsNone() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED)) {
			start(new Recorder(), (settings) -> {
			});
			get(upstream.uri("/"));
			get(upstream.uri("/"));
			assertThat(this.events).singleElement()
				.asString()
				.matches("http\\.pool\\.connect: opened a connection to " + upstream.url()
						+ " in \\S+: (DNS \\S+, )?TCP \\S+");
		}
	}

	@Test
	void waitIsAnEventWithItsOutcome() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED)) {
			start(new Recorder(), (settings) -> settings.maxPerRoute(1).acquireTimeout(Duration.ofMillis(300)));
			try (ClassicHttpResponse held = open(upstream.uri("/"))) {
				assertThatIOException().isThrownBy(() -> get(upstream.uri("/")));
				assertThat(waits()).singleElement().asString().endsWith(" in vain");
				CompletableFuture<String> waiting = CallerThread.inThread("waiting", () -> get(upstream.uri("/")));
				soon().until(() -> this.pool.snapshot().connections().pending() == 1);
				held.close();
				waiting.get(10, TimeUnit.SECONDS);
			}
			assertThat(waits()).hasSize(2).last().asString().endsWith(" for a connection to " + upstream.url());
		}
	}

	private List<String> waits() {
		return this.events.stream().filter((event) -> event.startsWith("http.pool.acquire.wait")).toList();
	}

	@Test
	void retryOfAStaleConnectionIsAnEvent() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/again") && exchange.request().connection() == 0) {
				exchange.close();
			}
			else {
				exchange.ok("hello");
			}
		})) {
			start(new Recorder(), (settings) -> {
			});
			get(upstream.uri("/"));
			assertThat(get(upstream.uri("/again"))).isEqualTo("hello");
			assertThat(this.events).contains("http.pool.retry.stale: repeated the request, because " + upstream.url()
					+ " had closed the reused connection");
		}
	}

	@Test
	void drainBeyondItsLimitsIsAnEvent() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED)) {
			start(new Recorder(), (settings) -> settings.drainMaxTime(Duration.ofMillis(50)));
			open(upstream.uri("/gigabyte")).close();
			open(upstream.uri("/drip")).close();
			open(upstream.uri("/chunked")).close();
			assertThat(this.events.stream().filter((event) -> event.startsWith("http.pool.drain.cutoff")))
				.satisfiesExactly((first) -> assertThat(first).endsWith("unread (http-pool.drain.max-bytes)"),
						(second) -> assertThat(second).endsWith("within 50ms (http-pool.drain.max-time)"));
		}
	}

	@Test
	void callWithoutAnObservationHasNoEvents() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED)) {
			start(new Recorder() {

				@Override
				public @Nullable Object current() {
					return null;
				}

			}, (settings) -> {
			});
			open(upstream.uri("/gigabyte")).close();
			assertThat(this.events).isEmpty();
		}
	}

	@Test
	void observerThatThrowsFailsNoCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED)) {
			start(new Recorder() {

				@Override
				public void event(Object observation, String name, String text) {
					super.event(observation, name, text);
					throw new IllegalStateException("of the observer");
				}

			}, (settings) -> {
			});
			assertThat(get(upstream.uri("/close"))).isEqualTo("hello");
			assertThat(get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(this.events).hasSize(2);
		}
	}

	private void start(CallObserver observer, Consumer<HttpPoolSettings.Builder> settings) {
		HttpPoolSettings.Builder builder = HttpPoolSettings.builder();
		settings.accept(builder);
		this.pool = new HttpClientPool("default", builder.build(), List.of(), List.of(), null, null, observer);
		this.client = this.pool.newHttpClient();
	}

	private String get(URI uri) throws IOException {
		return this.client.execute(new HttpGet(uri), (response) -> EntityUtils.toString(response.getEntity()));
	}

	private ClassicHttpResponse open(URI uri) throws IOException {
		return this.client.executeOpen(null, new HttpGet(uri), null);
	}

	/**
	 * Remembers the events of all calls.
	 */
	private class Recorder implements CallObserver {

		@Override
		public @Nullable Object current() {
			return this;
		}

		@Override
		public void event(Object observation, String name, String text) {
			CallEventsTests.this.events.add(name + ": " + text);
		}

	}

}

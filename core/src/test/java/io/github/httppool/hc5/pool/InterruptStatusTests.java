package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.httppool.CallTimeoutException;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests whether a thread is interrupted after a call whose deadline has passed: only if
 * another thread has interrupted it, not because the deadline did.
 */
@Tag("waiting")
@Timeout(60)
class InterruptStatusTests {

	private static final Duration LIMIT = Duration.ofMillis(1500);

	private final Thread caller = Thread.currentThread();

	private boolean afterPause;

	@AfterEach
	void clear() {
		Thread.interrupted();
	}

	@Test
	void interruptOfTheDeadlineAloneDoesNotOutliveTheCall() throws Exception {
		assertTimeout(inAnInterceptor(this::awaitInterrupt), new HttpGet("http://127.0.0.1:1/"));
		assertThat(this.caller.isInterrupted()).isFalse();
	}

	@Test
	void interruptAfterThatOfTheDeadlineOutlivesTheCall() throws Exception {
		assertTimeout(inAnInterceptor(() -> {
			awaitInterrupt();
			interruptFromElsewhere();
		}), new HttpGet("http://127.0.0.1:1/"));
		assertThat(this.caller.isInterrupted()).isTrue();
	}

	@Test
	void interruptAfterThatOfTheDeadlineWasConsumedOutlivesTheCall() throws Exception {
		assertTimeout(inAnInterceptor(() -> {
			try {
				Pause.untilInterrupted();
			}
			catch (InterruptedException ex) {
				interruptFromElsewhere();
			}
		}), new HttpGet("http://127.0.0.1:1/"));
		assertThat(this.caller.isInterrupted()).isTrue();
	}

	@Test
	void consumedInterruptOfTheDeadlineThatIsRestoredDoesNotOutliveTheCall() throws Exception {
		assertTimeout(inAnInterceptor(() -> {
			try {
				Pause.untilInterrupted();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}), new HttpGet("http://127.0.0.1:1/"));
		assertThat(this.caller.isInterrupted()).isFalse();
	}

	@Test
	void interruptInTheBodyOfARequestOutlivesTheCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"))) {
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setEntity(new Source(() -> {
				awaitInterrupt();
				interruptFromElsewhere();
			}));
			assertTimeout((client) -> {
			}, post);
			assertThat(this.caller.isInterrupted()).isTrue();
		}
	}

	@Test
	void interruptInARetryStrategyAfterAFailureOutlivesTheCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(ScriptedUpstream.Exchange::close)) {
			assertTimeout(inARetryStrategy(), new HttpGet(upstream.uri("/")));
			assertThat(this.caller.isInterrupted()).isTrue();
		}
	}

	@Test
	void interruptInARetryStrategyAfterAResponseOutlivesTheCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.status(503, ""))) {
			assertTimeout(inARetryStrategy(), new HttpGet(upstream.uri("/")));
			assertThat(this.caller.isInterrupted()).isTrue();
		}
	}

	@Test
	void interruptInAPauseBetweenTwoTriesOutlivesTheCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.status(503, "body"))) {
			assertTimeout(
					(client) -> client.setRetryStrategy(new DefaultHttpRequestRetryStrategy(1, TimeValue.ofSeconds(20)))
						.addExecInterceptorBefore(ChainElement.RETRY.name(), "test", (request, scope, chain) -> {
							try {
								return chain.proceed(request, scope);
							}
							catch (InterruptedIOException ex) {
								this.afterPause = true;
								interruptFromElsewhere();
								throw ex;
							}
						}),
					new HttpGet(upstream.uri("/")));
			assertThat(this.afterPause).isTrue();
			assertThat(this.caller.isInterrupted()).isTrue();
		}
	}

	@Test
	void interruptInTheBodyOfARequestAfterItsBeginningOutlivesTheCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"))) {
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setEntity(new EntityTemplate(-1, ContentType.TEXT_PLAIN, null, (out) -> {
				out.write(new byte[100_000]);
				out.flush();
				awaitInterrupt();
				interruptFromElsewhere();
				out.write(1);
			}));
			assertTimeout((client) -> {
			}, post);
			assertThat(this.caller.isInterrupted()).isTrue();
		}
	}

	@Test
	void interruptAtAnyMomentOutlivesTheCall() throws Exception {
		Random random = new Random();
		try (PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(Duration.ofMillis(20)),
				inAnInterceptor(this::awaitInterrupt))) {
			for (int i = 0; i < 50; i++) {
				long nanos = TimeUnit.MICROSECONDS.toNanos(15_000 + random.nextInt(10_000));
				long start = System.nanoTime();
				CompletableFuture<Void> interrupt = CompletableFuture.runAsync(() -> {
					while (System.nanoTime() - start < nanos) {
						Thread.onSpinWait();
					}
					this.caller.interrupt();
				});
				try {
					pool.read(new HttpGet("http://127.0.0.1:1/"));
				}
				catch (IOException | CancellationException ex) {
					// By the first interrupt.
				}
				while (!interrupt.isDone()) {
					Thread.onSpinWait();
				}
				assertThat(Thread.interrupted()).as("interrupted, run %s", i).isTrue();
			}
		}
	}

	private void assertTimeout(Consumer<HttpClientBuilder> customizer, ClassicHttpRequest request) throws Exception {
		try (PoolFixture pool = PoolFixture.with((settings) -> settings.callTimeout(LIMIT), customizer)) {
			assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> pool.read(request));
		}
	}

	private static Consumer<HttpClientBuilder> inAnInterceptor(Runnable action) {
		return (client) -> client.addExecInterceptorFirst("test", (request, scope, chain) -> {
			action.run();
			return chain.proceed(request, scope);
		});
	}

	private Consumer<HttpClientBuilder> inARetryStrategy() {
		return (client) -> client.setRetryStrategy(new DefaultHttpRequestRetryStrategy(1, TimeValue.ofSeconds(1)) {

			@Override
			public boolean retryRequest(HttpRequest request, IOException failure, int count, HttpContext context) {
				awaitInterrupt();
				interruptFromElsewhere();
				return true;
			}

			@Override
			public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
				awaitInterrupt();
				interruptFromElsewhere();
				return true;
			}

		});
	}

	private void awaitInterrupt() {
		while (!this.caller.isInterrupted()) {
			Thread.onSpinWait();
		}
	}

	private void interruptFromElsewhere() {
		Thread other = new Thread(this.caller::interrupt, "other");
		other.start();
		while (other.isAlive()) {
			Thread.onSpinWait();
		}
	}

	private static final class Source extends AbstractHttpEntity {

		private final Runnable action;

		Source(Runnable action) {
			super("text/plain", null);
			this.action = action;
		}

		@Override
		public void writeTo(OutputStream out) throws IOException {
			this.action.run();
			out.write(1);
		}

		@Override
		public boolean isRepeatable() {
			return true;
		}

		@Override
		public long getContentLength() {
			return 1;
		}

		@Override
		public InputStream getContent() {
			throw new UnsupportedOperationException();
		}

		@Override
		public boolean isStreaming() {
			return false;
		}

		@Override
		public void close() {
		}

	}

}

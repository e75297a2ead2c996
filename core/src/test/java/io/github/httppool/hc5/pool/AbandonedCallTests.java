package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.httppool.CloseReason;
import io.github.httppool.PoolShutdownException;
import io.github.httppool.testing.CallerThread;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Scripts;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests that a call that ends by an exception, an interrupt or a cancel gives its
 * connection back, and that the next call is served.
 */
@Tag("slow")
@Timeout(180)
class AbandonedCallTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	static Stream<Throwable> failures() {
		return Stream.of(new IOException("of the caller"), new IllegalStateException("of the caller"),
				new OutOfMemoryError("of the caller"), new StackOverflowError("of the caller"));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void bodyThatCannotBeWrittenGivesTheConnectionBack(Throwable failure) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = narrow()) {
			for (int i = 0; i < 3; i++) {
				HttpPost post = new HttpPost(upstream.uri("/"));
				post.setEntity(new EntityTemplate(100, ContentType.TEXT_PLAIN, null, (output) -> {
					output.write(1);
					AbandonedCallTests.<RuntimeException>sneak(failure);
				}));
				assertThatThrownBy(() -> pool.client.execute(post, (response) -> null)).isSameAs(failure);
				assertServes(pool, upstream);
			}
			assertThat(pool.closed(CloseReason.ERROR)).isEqualTo(3);
		}
	}

	@ParameterizedTest
	@MethodSource("failures")
	void handlerThatFailsGivesTheConnectionBack(Throwable failure) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = narrow()) {
			for (int i = 0; i < 3; i++) {
				assertThatThrownBy(() -> pool.client.execute(new HttpGet(upstream.uri("/")), (response) -> {
					AbandonedCallTests.<RuntimeException>sneak(failure);
					return null;
				})).isSameAs(failure);
				assertServes(pool, upstream);
			}
		}
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneak(Throwable failure) throws T {
		throw (T) failure;
	}

	@Test
	void interruptEndsTheWaitForAConnection() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = narrow()) {
			try (CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
				Call call = new Call(pool, upstream.uri("/"));
				soon().until(() -> pool.snapshot().connections().pending() == 1 && isParked(call.thread));
				call.thread.interrupt();
				assertThat(call.failure()).isInstanceOf(InterruptedIOException.class)
					.isNotInstanceOf(PoolShutdownException.class);
				assertThat(call.leftInterrupted).isTrue();
				assertThat(pool.snapshot().connections().pending()).isZero();
			}
			assertServes(pool, upstream);
			assertThat(upstream.accepted()).isEqualTo(1);
		}
	}

	/** Counted as waiting a moment before it waits. */
	private static boolean isParked(Thread thread) {
		return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
	}

	@Test
	void interruptBeforeTheCallEndsItAtOnce() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = narrow()) {
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> pool.get(upstream.uri("/")));
			assertThat(Thread.interrupted()).isTrue();
			assertServes(pool, upstream);
		}
	}

	@Test
	void interruptEndsTheConnect() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxTotal(1).connectTimeout(Duration.ofSeconds(30)))) {
			Call call = new Call(pool, dead.uri());
			soon().until(() -> pool.leased() == 1);
			call.thread.interrupt();
			assertThat(call.failure()).isInstanceOf(IOException.class);
			assertServes(pool, upstream);
		}
	}

	@Test
	void interruptEndsTheWaitForTheResponse() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED); PoolFixture pool = narrow()) {
			Call call = new Call(pool, upstream.uri("/stall"));
			soon().until(() -> upstream.requests().size() == 1);
			call.thread.interrupt();
			assertThat(call.failure()).isInstanceOf(IOException.class);
			assertThat(pool.closed(CloseReason.CANCELLED)).isEqualTo(1);
			assertServes(pool, upstream);
		}
	}

	@Test
	void interruptEndsTheReadingOfTheBody() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.head(200, "Content-Length: 9").sendRaw("hell").stall());
				PoolFixture pool = narrow()) {
			Thread caller = Thread.currentThread();
			try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
				InputStream body = response.getEntity().getContent();
				assertThat(body.readNBytes(4)).hasSize(4);
				CallerThread.inThread("interrupter", () -> {
					soon().until(() -> List.of(caller.getStackTrace()).toString().contains("ContentLengthBody.read"));
					caller.interrupt();
					return null;
				});
				assertThatExceptionOfType(IOException.class).isThrownBy(body::read);
			}
			assertThat(Thread.interrupted()).isTrue();
			assertThat(pool.closed(CloseReason.CANCELLED)).isEqualTo(1);
			assertThat(pool.leased()).isZero();
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void cancelEndsTheWaitForAConnection() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = narrow()) {
			try (CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
				Call call = new Call(pool, upstream.uri("/"));
				soon().until(() -> pool.snapshot().connections().pending() == 1);
				call.request.cancel();
				assertThat(call.failure()).isInstanceOf(CancellationException.class);
				assertThat(call.leftInterrupted).as("nobody interrupted the caller").isFalse();
			}
			assertServes(pool, upstream);
			assertThat(upstream.accepted()).isEqualTo(1);
		}
	}

	@Test
	void cancelEndsTheConnect() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxTotal(1).connectTimeout(Duration.ofSeconds(30)))) {
			Call call = new Call(pool, dead.uri());
			soon().until(() -> pool.leased() == 1);
			call.request.cancel();
			assertThat(call.failure()).isInstanceOf(IOException.class);
			assertServes(pool, upstream);
		}
	}

	@Test
	void cancelEndsTheWaitForTheResponse() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED); PoolFixture pool = narrow()) {
			Call call = new Call(pool, upstream.uri("/stall"));
			soon().until(() -> upstream.requests().size() == 1);
			call.request.cancel();
			assertThat(call.failure()).isInstanceOf(IOException.class);
			assertThat(pool.closed(CloseReason.CANCELLED)).isEqualTo(1);
			assertServes(pool, upstream);
		}
	}

	@Test
	void cancelEndsTheReadingOfTheBody() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED); PoolFixture pool = narrow()) {
			Call call = new Call(pool, upstream.uri("/drip"));
			soon().until(() -> upstream.requests().size() == 1);
			call.request.cancel();
			assertThat(call.failure()).isInstanceOf(IOException.class);
			assertThat(pool.closed(CloseReason.CANCELLED)).isEqualTo(1);
			assertServes(pool, upstream);
		}
	}

	static List<String> steps() {
		return RecordedEvents.STEPS;
	}

	@ParameterizedTest
	@MethodSource("steps")
	void cancelBetweenAnyTwoStepsLeavesNothingBehind(String step) throws Exception {
		giveUpAt(step, HttpGet::cancel);
	}

	@ParameterizedTest
	@MethodSource("steps")
	void interruptBetweenAnyTwoStepsLeavesNothingBehind(String step) throws Exception {
		giveUpAt(step, (request) -> Thread.currentThread().interrupt());
	}

	private static void giveUpAt(String step, Consumer<HttpGet> howTo) throws Exception {
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.tls(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(1), events.listener)) {
			HttpGet request = new HttpGet(upstream.uri("/"));
			events.once(step, () -> howTo.accept(request));
			Throwable failure = null;
			try {
				pool.client.execute(request, (response) -> EntityUtils.toString(response.getEntity()));
			}
			catch (Throwable ex) {
				failure = ex;
			}
			finally {
				Thread.interrupted();
			}
			if (failure != null) {
				// As HttpClient has it before a connection is there.
				assertThat(failure).isInstanceOfAny(IOException.class, CancellationException.class);
			}
			assertServes(pool, upstream);
			events.assertComplete(pool.snapshot());
			soon().until(() -> upstream.open() == 1);
		}
	}

	/**
	 * HTTPCORE-795: a connection could be assigned to a caller at the moment of its
	 * interrupt, and be lost.
	 */
	@Test
	void interruptThatRacesWithAReleaseLosesNoConnection() throws Exception {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxTotal(1).acquireTimeout(Duration.ofSeconds(20)), events.listener)) {
			int served = 0;
			for (int i = 0; i < 2000; i++) {
				CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")));
				Call next = new Call(pool, upstream.uri("/"));
				while (pool.snapshot().connections().pending() == 0) {
					Thread.yield();
				}
				int lead = random.nextInt(40_000) - 20_000;
				if (lead < 0) {
					next.thread.interrupt();
					spin(-lead);
					held.close();
				}
				else {
					held.close();
					spin(lead);
					next.thread.interrupt();
				}
				served += (next.failure() == null) ? 1 : 0;
				assertThat(pool.leased()).as("leased after iteration %d, seed %d", i, seed).isZero();
				assertThat(pool.snapshot().connections().pending()).isZero();
			}
			assertThat(served).as("served although interrupted; neither always nor never, or nothing raced")
				.isBetween(1, 1999);
			events.assertComplete(pool.snapshot());
		}
	}

	private static void spin(long nanos) {
		long started = System.nanoTime();
		while (System.nanoTime() - started < nanos) {
			Thread.onSpinWait();
		}
	}

	private static PoolFixture narrow() {
		return PoolFixture
			.with((settings) -> settings.maxTotal(1).maxPerRoute(1).acquireTimeout(Duration.ofSeconds(20)));
	}

	private static void assertServes(PoolFixture pool, ScriptedUpstream upstream) throws IOException {
		soon().until(() -> pool.leased() == 0);
		assertThat(pool.snapshot().connections().pending()).isZero();
		assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
		assertThat(pool.leased()).isZero();
		RecordedEvents.assertAccounted(pool.snapshot());
	}

	/**
	 * A call in a thread of its own.
	 */
	private static final class Call {

		final HttpGet request;

		final Thread thread;

		volatile boolean leftInterrupted;

		private final CompletableFuture<Throwable> end = new CompletableFuture<>();

		Call(PoolFixture pool, URI uri) {
			this.request = new HttpGet(uri);
			this.thread = new Thread(() -> {
				Throwable failure = null;
				try {
					pool.client.execute(this.request, (response) -> EntityUtils.toString(response.getEntity()));
				}
				catch (Throwable ex) {
					failure = ex;
				}
				this.leftInterrupted = Thread.interrupted();
				this.end.complete(failure);
			}, "call");
			this.thread.setDaemon(true);
			this.thread.start();
		}

		Throwable failure() throws Exception {
			return this.end.get(10, TimeUnit.SECONDS);
		}

	}

}

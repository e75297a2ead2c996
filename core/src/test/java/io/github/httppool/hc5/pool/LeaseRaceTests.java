package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.Sampler;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Scripts;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A race of everything that can end a lease.
 */
@Timeout(120)
class LeaseRaceTests {

	private static final int CALLERS = 10;

	/** Of each caller, in a round. */
	private static final int CALLS = 100;

	/** Paths whose answers need about as long as the ends that race with them. */
	private static final String[] PATHS = { "/", "/slow", "/slow", "/slow-body", "/slow-body", "/drip", "/chunked",
			"/gigabyte", "/goodbye", "/stall" };

	private final ScheduledExecutorService ends = Executors.newScheduledThreadPool(2);

	@Test
	void closeTimeoutInterruptAndCancelRaceWithoutALoss() throws Exception {
		long seed = System.nanoTime();
		RecordedEvents events = new RecordedEvents();
		AtomicInteger served = new AtomicInteger();
		AtomicInteger failed = new AtomicInteger();
		try (ScriptedUpstream one = ScriptedUpstream.plain(LeaseRaceTests::answer);
				ScriptedUpstream two = ScriptedUpstream.plain(LeaseRaceTests::answer);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(4)
					.maxPerRoute(3)
					.maxIdlePerRoute(2)
					.maxPending(7)
					.acquireTimeout(Duration.ofMillis(30))
					.validateAfterInactivity(Duration.ZERO)
					.drainMaxTime(Duration.ofMillis(5))
					.responseTimeout(Duration.ofMillis(8)), events.listener)) {
			try (Sampler sampler = new Sampler(pool.pool); Crowd crowd = new Crowd(CALLERS)) {
				// On a busy machine few calls are in time for the timeouts above.
				for (int round = 0; round < 10 && (round == 0 || served.get() < 50 || failed.get() < 50); round++) {
					int first = round * CALLS;
					crowd.all(CALLS, (caller, time) -> {
						Random random = new Random(seed + caller * 1000 + first + time);
						String path = PATHS[random.nextInt(PATHS.length)];
						HttpGet request = new HttpGet((random.nextBoolean() ? one : two).uri(path));
						(race(pool, request, random) ? served : failed).incrementAndGet();
					});
				}
			}
			assertThat(pool.snapshot().connections()).as("seed %d", seed).satisfies((now) -> {
				assertThat(now.leased()).isZero();
				assertThat(now.pending()).isZero();
			});
			events.assertConnectionsComplete(pool.snapshot());
			int idle = pool.snapshot().connections().idle();
			soon().until(() -> one.open() + two.open() <= idle && isQuiet(one) && isQuiet(two));
			for (int i = 0; i < 10; i++) {
				assertThat(patientGet(pool, one.uri("/"))).as("seed %d", seed).isEqualTo("hello");
				assertThat(patientGet(pool, two.uri("/"))).as("seed %d", seed).isEqualTo("hello");
			}
			PoolSnapshot.Totals totals = pool.snapshot().totals();
			assertThat(served).as("served, of %s", totals).hasValueGreaterThanOrEqualTo(50);
			assertThat(failed).as("failed, of %s", totals).hasValueGreaterThanOrEqualTo(50);
		}
		finally {
			this.ends.shutdownNow();
		}
	}

	private static void answer(ScriptedUpstream.Exchange exchange) throws Exception {
		switch (exchange.path()) {
			case "/slow" -> exchange.after(Duration.ofMillis(2)).ok("hello");
			case "/slow-body" ->
				exchange.head(200, "Content-Length: 5").sendRaw("he").after(Duration.ofMillis(2)).sendRaw("llo");
			case "/drip" -> exchange.dripData(Duration.ofMillis(1));
			default -> Scripts.AS_ASKED.answer(exchange);
		}
	}

	private boolean race(PoolFixture pool, HttpGet request, Random random) throws Exception {
		Thread caller = Thread.currentThread();
		long delay = random.nextInt(6000);
		boolean read = random.nextBoolean() && !request.getPath().equals("/gigabyte");
		Future<?> end = switch (random.nextInt(4)) {
			case 0 -> this.ends.schedule(caller::interrupt, delay, TimeUnit.MICROSECONDS);
			case 1 -> this.ends.schedule(request::cancel, delay, TimeUnit.MICROSECONDS);
			default -> null;
		};
		boolean closedByAnother = random.nextInt(4) == 0;
		try (CloseableHttpResponse response = pool.open(request)) {
			if (closedByAnother) {
				this.ends.schedule(() -> {
					response.getEntity().getContent().close();
					return null;
				}, random.nextInt(3000), TimeUnit.MICROSECONDS);
			}
			if (read) {
				readToTheEnd(response.getEntity().getContent());
			}
			return true;
		}
		catch (IOException | CancellationException ex) {
			return false;
		}
		finally {
			if (end != null && !end.cancel(false)) {
				awaitDone(end);
			}
			Thread.interrupted();
		}
	}

	/**
	 * The response timeout of the race is too short for a test that others run beside.
	 */
	private static String patientGet(PoolFixture pool, URI uri) throws IOException {
		HttpGet request = new HttpGet(uri);
		request.setConfig(RequestConfig.custom().setResponseTimeout(10, TimeUnit.SECONDS).build());
		return pool.client.execute(request, (response) -> EntityUtils.toString(response.getEntity()));
	}

	/** No script is about to close a connection. */
	private static boolean isQuiet(ScriptedUpstream upstream) {
		return upstream.connections()
			.stream()
			.filter(ScriptedUpstream.Connection::isOpen)
			.allMatch(ScriptedUpstream.Connection::isIdle);
	}

	/** A drip has no end. */
	private static void readToTheEnd(InputStream body) throws IOException {
		byte[] buffer = new byte[100];
		long started = System.nanoTime();
		while (body.read(buffer) >= 0 && System.nanoTime() - started < 20_000_000) {
			// What matters is how it ends.
		}
	}

	private static void awaitDone(Future<?> end) {
		while (!end.isDone()) {
			Thread.onSpinWait();
		}
	}

}

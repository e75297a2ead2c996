package io.github.httppool.hc5;

import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.hc5.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests of what is given back without HttpClient's pool being told: limits, waiting and
 * closing know no difference.
 */
@Timeout(120)
class KeptConnectionsTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	@Test
	void theNextCallerGetsWhatWasGivenBackLast() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			CloseableHttpResponse one = pool.open(new HttpGet(upstream.uri("/")));
			CloseableHttpResponse two = pool.open(new HttpGet(upstream.uri("/")));
			one.close();
			two.close();
			Route route = route(pool);
			assertThat(route.kept.isEmpty()).isFalse();
			PooledConnection last = Lease.connectionOf(route.kept.take());
			assertThat(last).isNotNull();
			assertThat(last.isIdle()).isTrue();
		}
	}

	@Test
	void whatIsKeptForOneRouteMakesRoomForAnotherAlsoWhereNobodyMayWait() throws Exception {
		try (ScriptedUpstream one = ScriptedUpstream.plain(HELLO);
				ScriptedUpstream other = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(2).maxPerRoute(2).maxPending(0))) {
			List<CloseableHttpResponse> held = new ArrayList<>();
			held.add(pool.open(new HttpGet(one.uri("/"))));
			held.add(pool.open(new HttpGet(one.uri("/"))));
			for (CloseableHttpResponse response : held) {
				response.close();
			}
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 2, 0));
			assertThat(pool.get(other.uri("/"))).isEqualTo("hello");
			assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 2, 0));
			assertThat(pool.get(one.uri("/"))).isEqualTo("hello");
			assertThat(one.accepted()).as("one of two was closed").isEqualTo(2);
		}
	}

	@Test
	void whatIsClosedWhileItIsKeptTakesNoPlace() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1).maxPending(0))) {
			for (int i = 1; i <= 20; i++) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
				assertThat(upstream.accepted()).isEqualTo(i);
				pool.pool.evict();
				assertThat(route(pool).kept.isEmpty()).isTrue();
			}
		}
	}

	@Test
	void whoIsInterruptedTakesNothing() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(upstream.uri("/"));
			Thread.currentThread().interrupt();
			Throwable thrown = catchThrowable(() -> pool.get(upstream.uri("/")));
			assertThat(Thread.interrupted()).isTrue();
			assertThat(thrown).isInstanceOf(InterruptedIOException.class);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
			assertThat(upstream.accepted()).as("the connection is still the first").isEqualTo(1);
		}
	}

	@Test
	void nobodyWaitsForWhatIsKept() throws Exception {
		int callers = 16;
		int calls = 1500;
		AtomicInteger served = new AtomicInteger();
		Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
		try (ScriptedUpstream one = ScriptedUpstream.plain(HELLO);
				ScriptedUpstream other = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(3)
					.maxPerRoute(2)
					.maxPending(callers)
					.acquireTimeout(Duration.ofSeconds(60)));
				Sampler sampler = new Sampler(pool.pool)) {
			URI[] uris = { one.uri("/"), other.uri("/") };
			List<Thread> threads = new ArrayList<>();
			for (int i = 0; i < callers; i++) {
				int caller = i;
				Thread thread = new Thread(() -> {
					for (int call = 0; call < calls && failures.isEmpty(); call++) {
						try {
							pool.get(uris[(caller + call / 3) % 2]);
							served.incrementAndGet();
						}
						catch (Throwable ex) {
							failures.add(ex);
						}
					}
				});
				threads.add(thread);
				thread.start();
			}
			for (Thread thread : threads) {
				thread.join();
			}
			assertThat(failures).isEmpty();
			assertThat(served).hasValue(callers * calls);
			soon().until(() -> pool.leased() == 0);
			assertThat(pool.snapshot().connections().pending()).isZero();
		}
	}

	private static Route route(PoolFixture pool) {
		return pool.pool.connections().routes().all().iterator().next();
	}

}

package io.github.httppool.hc5.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.testing.CallerThread;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.PoolFixture;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for lookups while DNS does not answer: their number, the exceptions of callers,
 * and the use of late answers.
 */
@org.junit.jupiter.api.Timeout(60)
@Tag("waiting")
class SharedLookupsTests {

	private static final Timeout SHORT = Timeout.ofMilliseconds(100);

	private static final Timeout LONG = Timeout.ofSeconds(30);

	private static final List<InetSocketAddress> ANSWER = List
		.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80));

	private final SilentResolver resolver = new SilentResolver();

	private final SharedLookups lookups = new SharedLookups("shared-lookups");

	private final AddressLookup lookup = new AddressLookup(this.resolver, this.lookups);

	@AfterEach
	void everyThreadEnds() {
		this.resolver.answer.countDown();
		soon().until(() -> threads("shared-lookups").isEmpty());
	}

	@Test
	void aWaitDoesNotCountTheTimeInWhichTheProcessStoodStill() {
		assertThat(SharedLookups.counted(250, 250)).isEqualTo(250);
		assertThat(SharedLookups.counted(1, ProcessPauses.GRACE)).isEqualTo(ProcessPauses.GRACE);
		assertThat(SharedLookups.counted(500, ProcessPauses.GRACE + 500)).isEqualTo(250);
		assertThat(SharedLookups.counted(1, ProcessPauses.GRACE + 1)).as("ends at last").isOne();
	}

	@Test
	void fiftyCallersOfAHostWithoutAnAnswerCostOneThread() throws Exception {
		Set<Thread> seen = ConcurrentHashMap.newKeySet();
		HttpPoolCustomizer silent = new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
				connections.setDnsResolver(SharedLookupsTests.this.resolver);
			}

		};
		try (PoolFixture pool = PoolFixture.customized((settings) -> settings.connectTimeout(Duration.ofMillis(200)),
				silent); Crowd crowd = new Crowd(50)) {
			crowd.all(10, (caller, time) -> {
				assertThatExceptionOfType(ConnectTimeoutException.class)
					.isThrownBy(() -> pool.get(URI.create("http://orders.example/")))
					.withMessageContaining("No address of 'orders.example' within 200ms")
					.withMessageContaining("Its lookup has been running for ");
				seen.addAll(threads("default"));
			});
			assertThat(seen).as("threads").hasSize(1);
			assertThat(this.resolver.asked).hasValue(1);
			assertThat(pool.leased()).isZero();
		}
		soon().until(() -> seen.stream().noneMatch(Thread::isAlive));
	}

	@Test
	void lookupsBeyondTheLimitOfThreadsFailWithTheHostsThatBlockThem() throws Exception {
		List<CompletableFuture<?>> callers = new ArrayList<>();
		for (int i = 0; i < SharedLookups.MAX_THREADS; i++) {
			String host = "hangs-" + i + ".example";
			callers.add(caller(host));
			soon().until(() -> this.resolver.hosts.contains(host));
		}
		assertThatExceptionOfType(TimeoutException.class)
			.isThrownBy(() -> this.lookup.addresses("late.example", 80, SHORT))
			.withMessageMatching("Its lookup did not begin; 16 other lookups are running, the oldest of them "
					+ "\\('hangs-0\\.example'\\) for \\S+s; a pool runs at most 16 at a time");
		assertThat(threads("shared-lookups")).hasSize(SharedLookups.MAX_THREADS);
		assertThat(this.resolver.hosts).as("a lookup without a caller does not begin").doesNotContain("late.example");
		this.resolver.answer.countDown();
		assertThat(this.lookup.addresses("late.example", 80, LONG)).isEqualTo(ANSWER);
		for (CompletableFuture<?> caller : callers) {
			assertThat(caller.get(10, TimeUnit.SECONDS)).isEqualTo(ANSWER);
		}
	}

	@Test
	void lookupsOfManyHostsAtOnceAllEnd() throws Exception {
		this.resolver.answer.countDown();
		try (Crowd crowd = new Crowd(100)) {
			crowd.all(20,
					(caller, time) -> assertThat(
							this.lookup.addresses("host-" + caller + "-" + time + ".example", 80, LONG))
						.isEqualTo(ANSWER));
		}
		assertThat(this.resolver.most).hasValueLessThanOrEqualTo(SharedLookups.MAX_THREADS);
		assertThat(this.resolver.asked).hasValue(2000);
	}

	@Test
	void lateAnswerServesCallersThatStillWait() throws Exception {
		CompletableFuture<List<InetSocketAddress>> patient = caller("slow.example");
		soon().until(() -> this.resolver.asked.get() == 1);
		assertThatExceptionOfType(TimeoutException.class)
			.isThrownBy(() -> this.lookup.addresses("slow.example", 80, SHORT));
		this.resolver.answer.countDown();
		assertThat(patient.get(10, TimeUnit.SECONDS)).isEqualTo(ANSWER);
	}

	@Test
	void lateAnswerServesTheNextCallersWithoutAnotherLookup() throws Exception {
		assertThatExceptionOfType(TimeoutException.class)
			.isThrownBy(() -> this.lookup.addresses("slow.example", 80, SHORT));
		this.resolver.answer.countDown();
		soon().until(() -> threads("shared-lookups").isEmpty());
		assertThat(this.lookup.addresses("slow.example", 80, SHORT)).isEqualTo(ANSWER);
		assertThat(this.lookup.addresses("slow.example", 80, SHORT)).isEqualTo(ANSWER);
		assertThat(this.resolver.asked).hasValue(1);
	}

	@Test
	void answerInTimeIsNotKept() throws Exception {
		this.resolver.answer.countDown();
		this.lookup.addresses("quick.example", 80, LONG);
		soon().until(() -> threads("shared-lookups").isEmpty());
		this.lookup.addresses("quick.example", 80, LONG);
		assertThat(this.resolver.asked).hasValue(2);
	}

	@Test
	void lateFailureIsNotKept() throws Exception {
		this.resolver.failure = new UnknownHostException("slow.example");
		assertThatExceptionOfType(TimeoutException.class)
			.isThrownBy(() -> this.lookup.addresses("slow.example", 80, SHORT));
		this.resolver.answer.countDown();
		soon().until(() -> threads("shared-lookups").isEmpty());
		this.resolver.failure = null;
		assertThat(this.lookup.addresses("slow.example", 80, LONG)).isEqualTo(ANSWER);
	}

	@Test
	void interruptOfOneCallerLeavesTheLookupToTheOthers() throws Exception {
		CompletableFuture<List<InetSocketAddress>> other = caller("slow.example");
		soon().until(() -> this.resolver.asked.get() == 1);
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedIOException.class)
			.isThrownBy(() -> this.lookup.addresses("slow.example", 80, LONG));
		assertThat(Thread.interrupted()).isTrue();
		this.resolver.answer.countDown();
		assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(ANSWER);
		assertThat(this.resolver.asked).hasValue(1);
	}

	@Test
	void shutdownEndsLookupsAndTheirCallers() throws Exception {
		CompletableFuture<List<InetSocketAddress>> caller = caller("slow.example");
		soon().until(() -> this.resolver.asked.get() == 1);
		this.lookups.shutDown();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> caller.get(10, TimeUnit.SECONDS))
			.withCauseInstanceOf(IOException.class);
		soon().until(() -> threads("shared-lookups").isEmpty());
	}

	/**
	 * A lookup that never ends, because of a faulty resolver, must not make its host
	 * unreachable or occupy all threads.
	 */
	@Test
	void oneHostHasNoMoreThanTwoLookupsHoweverOldTheyAre() {
		Lookup.Key key = new Lookup.Key(this.resolver, "slow.example", 80);
		long now = System.nanoTime();
		Lookup first = new Lookup(key, null, (lookup) -> {
		});
		first.begun = now;
		assertThat(first.mayBeReplaced(now + Lookup.REPLACED_AFTER - 1)).isFalse();
		assertThat(first.mayBeReplaced(now + Lookup.REPLACED_AFTER)).isTrue();
		Lookup second = new Lookup(key, first, (lookup) -> {
		});
		second.begun = now;
		assertThat(second.mayBeReplaced(now + 100 * Lookup.REPLACED_AFTER)).isFalse();
		first.cancel(false);
		assertThat(second.mayBeReplaced(now + Lookup.REPLACED_AFTER)).isTrue();
	}

	private CompletableFuture<List<InetSocketAddress>> caller(String host) {
		return CallerThread.inThread("caller", () -> this.lookup.addresses(host, 80, LONG));
	}

	private static Set<Thread> threads(String pool) {
		Set<Thread> threads = ConcurrentHashMap.newKeySet();
		for (Map.Entry<Thread, StackTraceElement[]> each : Thread.getAllStackTraces().entrySet()) {
			if (each.getKey().getName().equals("http-pool-" + pool + "-dns")) {
				threads.add(each.getKey());
			}
		}
		return threads;
	}

	/**
	 * Answers only when the test tells it to.
	 */
	private static final class SilentResolver implements DnsResolver {

		private final CountDownLatch answer = new CountDownLatch(1);

		private final AtomicInteger asked = new AtomicInteger();

		private final AtomicInteger atOnce = new AtomicInteger();

		private final AtomicInteger most = new AtomicInteger();

		private final Set<String> hosts = ConcurrentHashMap.newKeySet();

		private volatile UnknownHostException failure;

		@Override
		public InetAddress[] resolve(String host) throws UnknownHostException {
			this.asked.incrementAndGet();
			this.hosts.add(host);
			this.most.accumulateAndGet(this.atOnce.incrementAndGet(), Math::max);
			try {
				this.answer.await();
			}
			catch (InterruptedException ex) {
				throw new UnknownHostException("interrupted");
			}
			finally {
				this.atOnce.decrementAndGet();
			}
			if (this.failure != null) {
				throw this.failure;
			}
			return new InetAddress[] { InetAddress.getLoopbackAddress() };
		}

		@Override
		public String resolveCanonicalHostname(String host) {
			return host;
		}

	}

}

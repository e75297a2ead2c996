package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.CallTimeoutException;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PoolShutdownException;
import io.github.httppool.findings.Timing;
import io.github.httppool.hc5.observe.Listeners;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.util.Timeout;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for a wish for a connection, in a pool of one connection that is never opened.
 */
@Tag("waiting")
class AcquireRequestTests {

	private final Told told = new Told();

	private final HttpPoolSettings settings = HttpPoolSettings.builder().maxTotal(1).maxPerRoute(1).build();

	private final ConnectionPool pool = new ConnectionPool("default", this.settings,
			new Listeners("default", List.of(this.told)),
			new ConnectionsBuilder("default", this.settings, List.of(), null, null));

	@AfterEach
	void shutDown() {
		this.pool.shutDown();
	}

	private AcquireRequest acquisition(Duration timeout) {
		Lease lease = new Lease(this.pool, "1", this.pool.route(new HttpRoute(new HttpHost("http", "localhost", 80))),
				Call.unobserved(null, null, null));
		return new AcquireRequest(this.pool, this.pool.slots(), lease, Timeout.of(timeout), System.nanoTime());
	}

	private static CompletableFuture<Throwable> failureOf(AcquireRequest acquisition) {
		return CompletableFuture.supplyAsync(() -> {
			try {
				acquisition.get(Timeout.DISABLED);
				return new AssertionError("There was a connection");
			}
			catch (Exception ex) {
				return ex;
			}
		});
	}

	@Test
	void connectionThatIsToBeHadIsNotWaitedFor() throws Exception {
		AcquireRequest first = acquisition(Duration.ofSeconds(20));
		long begun = System.nanoTime();
		assertThat(first.get(Timeout.DISABLED)).isSameAs(first.lease());
		assertThat(first.isWaiting()).isFalse();
		assertThat(first.lease().heldFor()).isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - begun));
		assertThat(this.told.outcomes).containsExactly(AcquireOutcome.OPENED);
		assertThat(this.told.waited).isBetween(0L, System.nanoTime() - begun);
		assertThat(this.told.idle).isEqualTo(-1);
		assertThat(first.cancel()).as("there is nothing left to be cancelled").isTrue();
		assertThat(this.pool.pending()).isZero();
	}

	@Test
	void callerWhoWaitsIsSeenToWaitUntilHeGivesUp() throws Exception {
		acquisition(Duration.ofSeconds(20)).get(Timeout.DISABLED);
		AcquireRequest second = acquisition(Duration.ofSeconds(20));
		assertThat(second.isWaiting()).isFalse();
		CompletableFuture<Throwable> failure = failureOf(second);
		Awaitility.await().until(second::isWaiting);
		assertThat(this.pool.pending()).isOne();
		assertThat(second.cancel()).isTrue();
		assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
		assertThat(second.isWaiting()).isFalse();
		assertThat(this.pool.pending()).isZero();
		assertThat(this.told.outcomes).containsExactly(AcquireOutcome.OPENED, AcquireOutcome.FAILED);
	}

	@Test
	void callerWhoGaveUpBeforeHeHadToWaitDoesNotWait() throws Exception {
		acquisition(Duration.ofSeconds(20)).get(Timeout.DISABLED);
		AcquireRequest second = acquisition(Duration.ofSeconds(20));
		assertThat(second.cancel()).isTrue();
		assertThat(failureOf(second).get(10, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
		assertThat(this.pool.pending()).isZero();
	}

	@Test
	void waitIsAsLongAsItsLimit() throws Exception {
		acquisition(Duration.ofSeconds(20)).get(Timeout.DISABLED);
		Duration limit = Duration.ofMillis(100);
		long begun = System.nanoTime();
		Throwable failure = failureOf(acquisition(limit)).get(20, TimeUnit.SECONDS);
		assertThat(failure).hasCauseInstanceOf(AcquireTimeoutException.class);
		assertThat(this.told.waited).isBetween(limit.minusMillis(5).toNanos(), System.nanoTime() - begun);
		assertThat(this.pool.housekeeper().scheduledTimeouts()).isZero();
		assertThat(this.pool.pending()).isZero();
	}

	@Test
	void waitIsCountedWithItsTime() throws Exception {
		AcquireRequest first = acquisition(Duration.ofSeconds(20));
		first.get(Timeout.DISABLED);
		assertThat(first.lease().route.traffic.waited.timing(false).count()).as("there was nothing to wait for")
			.isZero();
		long begun = System.nanoTime();
		failureOf(acquisition(Duration.ofMillis(50))).get(20, TimeUnit.SECONDS);
		Timing waited = first.lease().route.traffic.waited.timing(true);
		assertThat(waited.count()).isOne();
		assertThat(waited.failures()).isOne();
		assertThat(waited.nanos()).isBetween(Duration.ofMillis(45).toNanos(), System.nanoTime() - begun);
		AcquireRequest second = acquisition(Duration.ofSeconds(20));
		CompletableFuture<Throwable> served = failureOf(second);
		Awaitility.await().until(second::isWaiting);
		first.lease().end(null);
		assertThat(served.get(20, TimeUnit.SECONDS)).isInstanceOf(AssertionError.class);
		waited = first.lease().route.traffic.waited.timing(false);
		assertThat(waited.count()).isEqualTo(2);
		assertThat(waited.failures()).isOne();
	}

	@Test
	void callWhoseTimeIsOverIsRefusedBeforeItAsks() {
		CallDeadline over = new CallDeadline(this.pool,
				new BasicHttpRequest("GET", new HttpHost("http", "localhost", 80), "/orders"), Duration.ofNanos(-1),
				System.nanoTime());
		over.returns();
		over.fire();
		Lease lease = new Lease(this.pool, "1", this.pool.route(new HttpRoute(new HttpHost("http", "localhost", 80))),
				Call.unobserved(null, over, null));
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> new AcquireRequest(this.pool, this.pool.slots(), lease, Timeout.ofSeconds(20),
					System.nanoTime())
				.get(Timeout.DISABLED))
			.withCauseInstanceOf(CallTimeoutException.class);
		assertThat(this.told.outcomes).containsExactly(AcquireOutcome.FAILED);
		assertThat(this.pool.tally().leased()).isZero();
	}

	@Test
	void callerWhoGaveUpLeavesNoConnectionBehind() throws Exception {
		AcquireRequest first = acquisition(Duration.ofSeconds(20));
		first.get(Timeout.DISABLED);
		for (int i = 0; i < 20; i++) {
			AcquireRequest second = acquisition(Duration.ofSeconds(20));
			CompletableFuture<Throwable> failure = failureOf(second);
			Awaitility.await().until(second::isWaiting);
			second.cancel();
			failure.get(20, TimeUnit.SECONDS);
		}
		first.lease().end(null);
		assertThat(this.pool.tally().leased()).isZero();
		AcquireRequest next = acquisition(Duration.ofSeconds(20));
		assertThat(next.get(Timeout.DISABLED)).isSameAs(next.lease());
	}

	@Test
	void shutdownEndsTheWaitWithItsReason() throws Exception {
		acquisition(Duration.ofSeconds(20)).get(Timeout.DISABLED);
		AcquireRequest second = acquisition(Duration.ofSeconds(20));
		CompletableFuture<Throwable> failure = failureOf(second);
		Awaitility.await().until(second::isWaiting);
		this.pool.refuseCalls();
		assertThat(failure.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(PoolShutdownException.class);
		assertThat(failureOf(acquisition(Duration.ofSeconds(20))).get(20, TimeUnit.SECONDS))
			.hasCauseInstanceOf(PoolShutdownException.class);
	}

	@Test
	void poolThatIsShutDownGivesNoConnection() {
		this.pool.shutDown();
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> acquisition(Duration.ofSeconds(20)).get(Timeout.DISABLED))
			.havingCause()
			.isInstanceOf(PoolShutdownException.class)
			.isInstanceOf(IOException.class);
	}

	/**
	 * Remembers how the wishes ended, and the times of the last one.
	 */
	private static final class Told implements HttpPoolListener {

		private final List<AcquireOutcome> outcomes = new ArrayList<>();

		private volatile long waited;

		private volatile long idle;

		@Override
		public synchronized void acquireEnded(LeaseInfo lease, AcquireOutcome outcome, long waitedNanos,
				long idleNanos) {
			this.outcomes.add(outcome);
			this.waited = waitedNanos;
			this.idle = idleNanos;
		}

	}

}

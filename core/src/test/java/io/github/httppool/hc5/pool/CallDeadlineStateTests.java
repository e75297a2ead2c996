package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import io.github.httppool.CallPhase;
import io.github.httppool.CallTimeoutException;
import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.observe.Listeners;
import io.github.httppool.testing.Pause;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for the states of a call's deadline, which the test fires itself.
 */
class CallDeadlineStateTests {

	private static final Duration LONG = Duration.ofHours(1);

	private final HttpPoolSettings settings = HttpPoolSettings.builder().build();

	private final ConnectionPool pool = new ConnectionPool("default", this.settings,
			new Listeners("default", List.of()),
			new ConnectionsBuilder("default", this.settings, List.of(), null, null));

	private final HttpRequest request = new BasicHttpRequest("GET", new HttpHost("http", "localhost", 80), "/orders");

	private final CallDeadline deadline = deadline(LONG);

	@AfterEach
	void shutDown() {
		assertThat(Thread.interrupted()).as("interrupted by a test of another").isFalse();
		this.pool.shutDown();
	}

	private CallDeadline deadline(Duration limit) {
		return new CallDeadline(this.pool, this.request, limit, System.nanoTime());
	}

	private Lease lease(CallDeadline deadline) {
		return new Lease(this.pool, "1", this.pool.route(new HttpRoute(new HttpHost("http", "localhost", 80))),
				Call.unobserved(this.request, deadline, null));
	}

	private Lease heldLease(CallDeadline deadline) throws Exception {
		Lease lease = lease(deadline);
		lease.hold(BookFixture.newConnection(this.pool, lease.route), System.nanoTime());
		return lease;
	}

	private AcquireRequest acquisition() {
		return new AcquireRequest(this.pool, this.pool.slots(), lease(this.deadline), Timeout.ofSeconds(1),
				System.nanoTime());
	}

	@Test
	void leaseKnowsTheRequestOfTheCall() {
		assertThat(lease(this.deadline).call()).isEqualTo("GET /orders");
	}

	@Test
	void callThatIsOverDoesNotBeginToWait() {
		this.deadline.returns();
		this.deadline.fire();
		assertThatExceptionOfType(CallTimeoutException.class)
			.isThrownBy(() -> this.deadline.acquires(acquisition(), lease(this.deadline).route))
			.withMessageContaining("GET /orders")
			.withMessageContaining("http://localhost:80");
	}

	@Test
	void waitForAConnectionIsAPhaseAlsoAfterAnotherOne() throws Exception {
		this.deadline.enter(CallPhase.READING);
		this.deadline.acquires(acquisition(), lease(this.deadline).route);
		CallTimeoutException exception = this.deadline.exception();
		assertThat(exception.getPhase()).isEqualTo(CallPhase.ACQUIRING);
		assertThat(exception.getPhases()).containsOnlyKeys(CallPhase.ACQUIRING, CallPhase.READING);
	}

	@Test
	void timesOfAPhaseAddUp() throws Exception {
		long begun = System.nanoTime();
		for (int i = 0; i < 3; i++) {
			this.deadline.enter(CallPhase.SENDING);
			Pause.ofMillis(5);
			this.deadline.enter(CallPhase.WAITING);
		}
		Duration sending = this.deadline.exception().getPhases().get(CallPhase.SENDING);
		assertThat(sending).isBetween(Duration.ofMillis(15), Duration.ofNanos(System.nanoTime() - begun));
	}

	@Test
	void stepsAfterTheDeadlineAreNoPhases() {
		this.deadline.returns();
		this.deadline.enter(CallPhase.CONNECTING);
		this.deadline.fire();
		this.deadline.enter(CallPhase.SENDING);
		assertThat(this.deadline.exception().getPhase()).isEqualTo(CallPhase.CONNECTING);
	}

	@Test
	void callMayContinueWhileTimeIsLeft() {
		assertThatNoException().isThrownBy(this.deadline::checkTime);
		assertThat(this.deadline.hasFired()).isFalse();
		assertThat(this.deadline.left()).isBetween(LONG.minusMinutes(10).toNanos(), LONG.toNanos());
	}

	@Test
	void timeThatIsOverIsSeenBeforeTheHousekeeperSeesIt() {
		CallDeadline over = deadline(Duration.ofNanos(-1));
		over.returns();
		assertThat(over.left()).isEqualTo(1);
		assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(over::checkTime);
		assertThat(over.hasFired()).isTrue();
	}

	@Test
	void connectionOfACallThatIsOverIsTakenAway() throws Exception {
		Lease lease = heldLease(this.deadline);
		this.deadline.fire();
		assertThat(lease.held().isClosed()).isTrue();
		assertThat(lease.held().closeReason()).isEqualTo(CloseReason.ERROR);
		assertThat(this.deadline.leaseEnds(lease)).isFalse();
		assertThat(Thread.currentThread().isInterrupted()).as("it waits for the connection").isFalse();
	}

	@Test
	void connectionThatCameTooLateIsTakenAway() throws Exception {
		this.deadline.returns();
		this.deadline.fire();
		assertThat(heldLease(this.deadline).held().isClosed()).isTrue();
	}

	@Test
	void leaseThatEndsInTimeIsUntouched() throws Exception {
		Lease lease = heldLease(this.deadline);
		assertThat(this.deadline.leaseEnds(lease)).isTrue();
		this.deadline.returns();
		this.deadline.fire();
		assertThat(lease.held().isClosed()).isFalse();
	}

	@Test
	void callerThatHoldsNothingIsInterrupted() {
		this.deadline.fire();
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void callerThatSendsIsInterruptedBecauseTheBodyMayComeFromElsewhere() throws Exception {
		heldLease(this.deadline);
		this.deadline.enter(CallPhase.SENDING);
		this.deadline.fire();
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void interruptOfTheDeadlineEndsWithTheCall() {
		this.deadline.fire();
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
		this.deadline.returns();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void interruptOfAnotherThreadOutlivesTheCall() {
		Thread.currentThread().interrupt();
		this.deadline.fire();
		this.deadline.returns();
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void callThatReturnedIsNotInterrupted() {
		this.deadline.returns();
		this.deadline.fire();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void watchEndsWithTheLeaseOfAnAnsweredCallAndNotBefore() throws Exception {
		this.pool.housekeeper().schedule(this.deadline);
		Lease lease = heldLease(this.deadline);
		this.deadline.answered();
		assertThat(this.pool.housekeeper().scheduledTimeouts()).isOne();
		this.deadline.leaseEnds(lease);
		assertThat(this.pool.housekeeper().scheduledTimeouts()).isZero();
	}

	@Test
	void watchGoesOnBetweenTwoLeasesOfACall() throws Exception {
		this.pool.housekeeper().schedule(this.deadline);
		this.deadline.leaseEnds(heldLease(this.deadline));
		assertThat(this.pool.housekeeper().scheduledTimeouts()).isOne();
		this.deadline.answered();
		assertThat(this.pool.housekeeper().scheduledTimeouts()).isZero();
	}

	@Test
	void failureBeforeTheDeadlineIsUnchanged() {
		IOException failure = new IOException("reset");
		assertThat(this.deadline.explain(failure)).isSameAs(failure);
		this.deadline.returns();
		this.deadline.fire();
		assertThat(this.deadline.explain(failure)).isInstanceOf(CallTimeoutException.class);
		CallTimeoutException explained = this.deadline.exception();
		assertThat(this.deadline.explain(explained)).isSameAs(explained);
	}

}

package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import ch.qos.logback.classic.Level;
import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.observe.ConnectionCounts;
import io.github.httppool.hc5.observe.Listeners;
import io.github.httppool.testing.LeakLog;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Soon;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for the states of a lease, most of them with connections that are never opened.
 */
class LeaseTests {

	private static final TimeValue KEPT = TimeValue.ofSeconds(50);

	private static final HttpHost HOST = new HttpHost("http", "localhost", 80);

	private final RecordedEvents events = new RecordedEvents();

	private ConnectionPool pool = pool(HttpPoolSettings.builder().leakDetectionThreshold(Duration.ofHours(1)));

	private ConnectionPool pool(HttpPoolSettings.Builder builder) {
		HttpPoolSettings settings = builder.build();
		return new ConnectionPool("default", settings, new Listeners("default", List.of(this.events.listener)),
				new ConnectionsBuilder("default", settings, List.of(), null, null));
	}

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok(new byte[0]));

	@AfterEach
	void shutDown() {
		this.upstream.close();
		this.pool.shutDown();
	}

	private Lease lease() {
		return new Lease(this.pool, "7", this.pool.route(new HttpRoute(HOST)),
				Call.unobserved(new BasicHttpRequest("GET", HOST, "/orders?secret=1"), null, null));
	}

	private Lease held() throws Exception {
		Lease lease = lease();
		lease.hold(BookFixture.newConnection(this.pool, lease.route), System.nanoTime());
		return lease;
	}

	private Lease connected() throws Exception {
		Lease lease = new Lease(this.pool, "8",
				this.pool.route(new HttpRoute(new HttpHost("http", "localhost", this.upstream.uri("/").getPort()))),
				Call.unobserved(null, null, null));
		new AcquireRequest(this.pool, this.pool.slots(), lease, Timeout.ofSeconds(20), System.nanoTime())
			.get(Timeout.DISABLED);
		this.pool.manager().connect(lease, Timeout.ofSeconds(20), HttpClientContext.create());
		return lease;
	}

	private static ClassicHttpRequest request() {
		return new BasicClassicHttpRequest("POST", HOST, "/other?secret=2");
	}

	private int leased() {
		return ConnectionCounts.leased(this.pool.tally().both());
	}

	@Test
	void leaseIsDescribedBeforeItHasAConnection() {
		Lease lease = lease();
		assertThat(lease.getId()).isEqualTo("7");
		assertThat(lease.call()).isEqualTo("GET /orders");
		assertThat(lease.pool()).isEqualTo("default");
		assertThat(lease.route()).isEqualTo("http://localhost:80");
		assertThat(lease.thread()).isEqualTo(Thread.currentThread().getName());
		assertThat(lease.heldFor()).isZero();
		assertThat(lease.callId()).isZero();
		assertThat(lease.connection()).isNull();
		assertThat(lease.deadline()).isNull();
		assertThat(lease.hasEnded()).isFalse();
		assertThat(lease.isReused()).isFalse();
		assertThatExceptionOfType(NullPointerException.class).isThrownBy(lease::held);
		assertThatExceptionOfType(NullPointerException.class).isThrownBy(lease::attempt);
	}

	@Test
	void leasesOfACallFollowOneAnother() throws Exception {
		BasicHttpRequest request = new BasicHttpRequest("GET", HOST, "/orders");
		CallDeadline deadline = new CallDeadline(this.pool, request, Duration.ofHours(1), System.nanoTime());
		Call call = Call.unobserved(request, deadline, "user");
		Route route = this.pool.route(new HttpRoute(HOST));
		Lease first = new Lease(this.pool, "1", route, call);
		first.hold(BookFixture.newConnection(this.pool, route), System.nanoTime());
		Lease second = new Lease(this.pool, "3", route, call);
		assertThat(second.deadline()).isSameAs(deadline);
		assertThat(second.userToken()).isEqualTo("user");
		assertThat(second.call()).isEqualTo("GET /orders");
	}

	@Test
	void tokenOfACallerThatUsesThePoolItselfIsItsUserToken() throws Exception {
		Route route = this.pool.route(new HttpRoute(HOST));
		Lease lease = (Lease) this.pool.manager()
			.lease("1", route.httpRoute, Timeout.ofSeconds(1), "user")
			.get(Timeout.ofSeconds(1));
		assertThat(lease.call()).isNull();
		assertThat(lease.deadline()).isNull();
		assertThat(lease.userToken()).isEqualTo("user");
	}

	@Test
	void leaseIsCountedFromTheMomentOnThatItIsHeld() throws Exception {
		long begun = System.nanoTime();
		Lease lease = held();
		assertThat(leased()).isOne();
		assertThat(lease.leasedAt()).isBetween(begun, System.nanoTime());
		assertThat(lease.connection()).isSameAs(lease.held());
		assertThat(lease.held().leaseOrNull()).isSameAs(lease);
		Duration before = lease.heldFor();
		assertThat(before).isPositive();
		lease.end(null);
		assertThat(lease.hasEnded()).isTrue();
		Duration after = lease.heldFor();
		assertThat(after).isGreaterThanOrEqualTo(before)
			.isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - begun));
		Pause.ofMillis(2);
		assertThat(lease.heldFor()).as("it is held no more").isEqualTo(after);
		assertThat(leased()).isZero();
	}

	@Test
	void leaseEndsOnce() throws Exception {
		Lease lease = held();
		lease.end(null);
		lease.end(null);
		lease.endUnseen();
		assertThat(leased()).isZero();
		assertThat(this.events.names.stream().filter("released"::equals)).hasSize(1);
		assertThat(lease.route.traffic.held.timing(false).count()).isOne();
	}

	@Test
	void closeOfAnEndedLeaseDoesNotTouchTheConnection() throws Exception {
		Lease lease = held();
		lease.end(null);
		CloseReason reason = lease.held().closeReason();
		lease.close(CloseMode.IMMEDIATE);
		lease.close();
		assertThat(lease.held().closeReason()).isEqualTo(reason);
	}

	@Test
	void unseenLeaseIsNotReported() throws Exception {
		Lease lease = held();
		lease.endUnseen();
		assertThat(this.events.names).doesNotContain("released");
		assertThat(lease.route.traffic.held.timing(false).count()).isZero();
		assertThat(leased()).isZero();
	}

	@Test
	void leaseIsWatchedForTheThresholdUntilItEnds() throws Exception {
		Lease lease = held();
		assertThat(this.pool.housekeeper().scheduledTimeouts()).isOne();
		lease.end(null);
		assertThat(this.pool.housekeeper().scheduledTimeouts()).isZero();
	}

	@Test
	void leaseIsNotWatchedWithoutAThreshold() throws Exception {
		this.pool.shutDown();
		this.pool = pool(HttpPoolSettings.builder());
		held();
		assertThat(this.pool.housekeeper().scheduledTimeouts()).isZero();
	}

	@Test
	void leaseIsCountedAsALeakOnce() throws Exception {
		Lease lease = held();
		assertThat(lease.countAsLeak()).isTrue();
		assertThat(lease.countAsLeak()).isFalse();
		assertThat(held().countAsLeak()).isTrue();
	}

	@Test
	void leaseWhoseResponseIsNotLostGoesOn() throws Exception {
		Lease lease = held();
		lease.endIfAbandoned(System.nanoTime());
		assertThat(lease.hasEnded()).isFalse();
		assertThat(this.pool.counters().leaks.sum()).isZero();
	}

	@Test
	void connectionThatIsNotOpenIsNotConnected() throws Exception {
		assertThat(held().isConnected()).isFalse();
		Lease lease = connected();
		assertThat(lease.isConnected()).isTrue();
		assertThat(lease.getInfo()).isNotNull();
	}

	@Test
	void connectionOfAFailedExchangeIsNotConnectedAndCloses() throws Exception {
		Lease lease = connected();
		lease.exchange.failed(CloseReason.ERROR);
		assertThat(lease.isConnected()).isFalse();
		assertThat(lease.held().closeReason()).isEqualTo(CloseReason.ERROR);
	}

	@Test
	void connectionThatIsReleasedIsKeptOrClosedAsTheServerAndThePoolSay() throws Exception {
		Lease kept = connected();
		kept.end(KEPT);
		assertThat(kept.held().isOpen()).isTrue();
		Lease again = connected();
		assertThat(again.held()).isSameAs(kept.held());
		assertThat(again.isReused()).isTrue();
		again.end(TimeValue.ZERO_MILLISECONDS);
		assertThat(again.held().closeReason()).isEqualTo(CloseReason.SERVER_CLOSE);
		Lease closing = connected();
		closing.exchange.serverCloses();
		closing.end(KEPT);
		assertThat(closing.held().closeReason()).isEqualTo(CloseReason.SERVER_CLOSE);
		Lease evicted = connected();
		this.pool.evict();
		evicted.end(KEPT);
		assertThat(evicted.held().closeReason()).isEqualTo(CloseReason.EVICTED);
		Lease personal = connected();
		personal.markAuthenticated();
		personal.end(KEPT);
		assertThat(personal.held().closeReason()).isEqualTo(CloseReason.EVICTED);
		Lease last = connected();
		this.pool.refuseCalls();
		last.end(KEPT);
		assertThat(last.held().closeReason()).isEqualTo(CloseReason.SHUTDOWN);
	}

	@Test
	void connectionBeyondItsIdleLimitOrItsLifeIsClosedWhenItIsReleased() throws Exception {
		this.pool.shutDown();
		this.pool = pool(HttpPoolSettings.builder().maxIdlePerRoute(1));
		List<Lease> two = List.of(connected(), connected());
		two.forEach((lease) -> lease.end(KEPT));
		assertThat(two).extracting((lease) -> lease.held().closeReason()).containsExactly(null, CloseReason.MAX_IDLE);
		this.pool.shutDown();
		this.pool = pool(HttpPoolSettings.builder().timeToLive(Duration.ofMillis(1)));
		Lease old = connected();
		Pause.ofMillis(5);
		old.end(KEPT);
		assertThat(old.held().closeReason()).isEqualTo(CloseReason.TIME_TO_LIVE);
	}

	@Test
	void releaseOfAReportedLeaseIsReportedOnce() throws Exception {
		this.pool.shutDown();
		this.pool = pool(HttpPoolSettings.builder().leakDetectionThreshold(Duration.ofMillis(1)));
		try (LeakLog log = new LeakLog()) {
			Lease late = connected();
			Soon.soon().until(() -> !log.at(Level.WARN).isEmpty());
			late.end(KEPT);
			assertThat(log.at(Level.INFO, 1)).hasSize(1);
			assertThat(this.pool.counters().leaks.sum()).isOne();
		}
	}

	@Test
	void connectionTooManyIsClosedWhenItIsReleased() throws Exception {
		List<Lease> three = List.of(connected(), connected(), connected());
		this.pool.resize(200, 2);
		three.forEach((lease) -> lease.end(KEPT));
		assertThat(three).extracting((lease) -> lease.held().closeReason())
			.containsExactly(CloseReason.EVICTED, null, null);
		assertThat(leased()).isZero();
	}

	@Test
	void responseTimeoutIsTheOneThatWasSetLast() throws Exception {
		Lease lease = connected();
		assertThat(lease.responseTimeout()).isNull();
		lease.setSocketTimeout(Timeout.ofSeconds(3));
		lease.setSocketTimeout(Timeout.ofSeconds(4));
		assertThat(lease.held().getSocketTimeout()).isEqualTo(Timeout.ofSeconds(4));
		assertThat(lease.responseTimeout()).isEqualTo(Duration.ofSeconds(4));
		lease.setSocketTimeout(Timeout.DISABLED);
		assertThat(lease.responseTimeout()).isNull();
	}

	@Test
	void reasonForNoRetryIsRemembered() throws Exception {
		Lease lease = held();
		assertThat(lease.whyNotReplayed()).isNull();
		lease.notReplayed("for the test");
		assertThat(lease.whyNotReplayed()).isEqualTo("for the test");
	}

	@Test
	void failedConnectIsAnError() throws Exception {
		Lease lease = held();
		lease.exchange.connectFailed();
		assertThat(lease.exchange.failure()).isEqualTo(CloseReason.ERROR);
		assertThat(lease.wasStale()).isFalse();
		lease.end(KEPT);
		assertThat(lease.held().isClosed()).isTrue();
	}

	@Test
	void connectFailedForAnInterruptIsACancel() throws Exception {
		Lease lease = held();
		Thread.currentThread().interrupt();
		try {
			lease.exchange.connectFailed();
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
		assertThat(lease.exchange.failure()).isEqualTo(CloseReason.CANCELLED);
	}

	@Test
	void overdueLeaseLosesItsConnection() throws Exception {
		Lease lease = held();
		lease.closeAtDeadline();
		assertThat(lease.held().isClosed()).isTrue();
		assertThat(lease.held().closeReason()).isEqualTo(CloseReason.ERROR);
	}

	@Test
	void exceptionOfAnExchangeIsPassedOnAndRemembered() throws Exception {
		for (Exception failure : List.of(new IOException("one"), new HttpException("two"),
				new IllegalStateException("three"))) {
			Lease lease = connected();
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> execute(lease, failure)).isSameAs(failure);
			assertThat(lease.exchange.failure()).isEqualTo(CloseReason.ERROR);
			assertThat(lease.call()).as("what is under way now").isEqualTo("POST /other");
			assertThat(lease.hasEnded()).isFalse();
			lease.end(KEPT);
			assertThat(lease.held().isClosed()).isTrue();
		}
		assertThat(this.events.names.stream().filter("exchangeFailed"::equals)).hasSize(3);
		assertThat(leased()).isZero();
	}

	@Test
	void errorOfAnExchangeEndsTheLease() throws Exception {
		Lease lease = connected();
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> lease.execute("1", request(), (request, connection, context) -> {
				throw new OutOfMemoryError("for the test");
			}, HttpClientContext.create()));
		assertThat(lease.hasEnded()).isTrue();
		assertThat(lease.held().isClosed()).isTrue();
		assertThat(this.events.names).contains("exchangeFailed", "released");
		assertThat(leased()).isZero();
	}

	@Test
	void strategiesFindTheLeaseInTheContext() throws Exception {
		Lease lease = connected();
		HttpClientContext context = HttpClientContext.create();
		context.setUserToken("set by an interceptor");
		assertThatIllegalStateException()
			.isThrownBy(() -> lease.execute("1", request(), (request, connection, current) -> {
				assertThat(Call.leaseIn(context)).isSameAs(lease);
				throw new IllegalStateException("for the test");
			}, context));
		assertThat(Call.leaseIn(context)).isSameAs(lease);
		assertThat(lease.userToken()).isEqualTo("set by an interceptor");
		Call.leave(context, null);
		assertThat(context.getUserToken()).isEqualTo("set by an interceptor");
	}

	private static void execute(Lease lease, Exception failure) throws Exception {
		lease.execute("1", request(), (request, connection, context) -> {
			if (failure instanceof IOException io) {
				throw io;
			}
			if (failure instanceof HttpException http) {
				throw http;
			}
			throw (RuntimeException) failure;
		}, HttpClientContext.create());
	}

}

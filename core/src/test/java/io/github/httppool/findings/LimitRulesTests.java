package io.github.httppool.findings;

import java.time.Duration;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

import io.github.httppool.CloseReason;
import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.HeldLease;
import io.github.httppool.ReusePolicy;
import io.github.httppool.Severity;
import org.junit.jupiter.api.Test;

import static io.github.httppool.findings.Seen.OTHER;
import static io.github.httppool.findings.Seen.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for rules about limits: callers wait, are refused, or hold connections that
 * others need.
 */
class LimitRulesTests {

	private static final HeldLease FORGOTTEN = new HeldLease(ROUTE, Duration.ofMinutes(3), "exec-7", "GET /orders");

	static Finding only(FindingCode code, Seen seen) {
		List<Finding> findings = seen.findings();
		assertThat(findings).extracting(Finding::code).containsExactly(code);
		return findings.get(0);
	}

	static void assertNone(Seen seen) {
		assertThat(seen.findings()).isEmpty();
	}

	// Too small

	/** 100 callers, one call after the other, of 50 ms each, over 50 connections. */
	static Seen tooSmall() {
		return new Seen().route((route) -> route.leased(50, 50)
			.leases(0, 120_000)
			.held(Duration.ofMillis(50))
			.waited(120_000, Duration.ofMillis(50), 50));
	}

	@Test
	void aPoolIsTooSmallWhereCallersWaitForTheirRoute() {
		Finding finding = only(FindingCode.POOL_TOO_SMALL, tooSmall());
		assertThat(finding.severity()).isEqualTo(Severity.WARNING);
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).contains("All 50 connections")
			.contains("waited for a connection 120,000 times in 120,000 leases, for 50ms on average and 100ms at most")
			.endsWith(
					"By Little's law, 1,000 leases a second x (50ms waiting + 50ms holding a connection) = 100 connections at once on average; at the peak 50 callers waited");
		assertThat(finding.advice()).startsWith("Set http-pool.max-per-route to 100, if");
	}

	@Test
	void theSizeToSetIsTheAverageWithSomeRoomNotThePeak() {
		Finding finding = only(FindingCode.POOL_TOO_SMALL,
				new Seen().route((route) -> route.leased(10, 10)
					.leases(0, 12_000)
					.held(Duration.ofMillis(100))
					.waited(12_000, Duration.ofMillis(50), 490)));
		// 100 a second x 150 ms = 15, and a quarter
		assertThat(finding.advice()).startsWith("Set http-pool.max-per-route to 19, if");
	}

	@Test
	void theSizeToSetForBurstsIsThePeak() {
		Finding finding = only(FindingCode.POOL_TOO_SMALL,
				new Seen().route((route) -> route.leased(50, 50)
					.leases(0, 2400)
					.held(Duration.ofMillis(100))
					.waited(1200, Duration.ofMillis(100), 50)));
		assertThat(finding.advice()).startsWith("Set http-pool.max-per-route to 100, if");
	}

	@Test
	void theTotalLimitIsNamedWhereItWouldBeNext() {
		assertThat(only(FindingCode.POOL_TOO_SMALL, tooSmall().total(50, 50, 80)).advice())
			.startsWith("Set http-pool.max-per-route to 100 and http-pool.max-total, now 80, to at least as much");
	}

	@Test
	void aPoolIsNotTooSmallIfFewCallersWaitOrWaitsAreShort() {
		only(FindingCode.POOL_TOO_SMALL, waits(10_000, 500, 200));
		// in 5 % of the leases
		assertNone(waits(10_000, 499, 201));
		// for 10 % of the time
		assertNone(waits(10_000, 500, 199));
		// 20 times
		only(FindingCode.POOL_TOO_SMALL, waits(100, 20, 100));
		assertNone(waits(100, 19, 100));
	}

	private static Seen waits(long leases, long waits, long millis) {
		return new Seen().route((route) -> route.leased(50, 50)
			.leases(0, leases)
			.held(Duration.ofMillis(100))
			.waited(waits, Duration.ofMillis(millis), 20));
	}

	@Test
	void aPoolIsNotTooSmallBelowItsLimit() {
		assertNone(new Seen().route((route) -> route.leased(49, 50)
			.leases(0, 12_000)
			.held(Duration.ofMillis(50))
			.waited(12_000, Duration.ofMillis(50), 50)));
	}

	@Test
	void aPoolAtItsLimitIsNotTooSmallIfNoCallerWaits() {
		assertNone(new Seen().route((route) -> route.leased(50, 50).leases(50, 120_000).held(Duration.ofMillis(50))));
	}

	@Test
	void acquireTimeoutsAreCritical() {
		Finding finding = only(FindingCode.POOL_TOO_SMALL, inVain(5));
		assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
		assertThat(finding.message()).contains("; 5 gave up (http-pool.acquire-timeout)");
		assertThat(only(FindingCode.POOL_TOO_SMALL, inVain(4)).severity()).isEqualTo(Severity.WARNING);
	}

	private static Seen inVain(int count) {
		return new Seen().route((route) -> route.leased(50, 50)
			.leases(0, 1000)
			.held(Duration.ofSeconds(1))
			.waited(1000, Duration.ofSeconds(2), 50)
			.acquireTimeouts(count));
	}

	// After a change

	/** 20 connections were too few for 18 steps; then the limit was raised to 130. */
	private static Seen raised(int waitsAfterwards) {
		return new Seen().route((route) -> route.leased(20, 130)
			.resized(18, 20)
			.inTheFirst(18 + waitsAfterwards)
			.leases(0, 12_000)
			.held(Duration.ofMillis(100))
			.waited(12_000, Duration.ofMillis(50), 490));
	}

	@Test
	void stepsUnderALowerLimitDoNotCountForTheCurrentOne() {
		assertNone(raised(0));
		assertNone(raised(6));
		assertThat(new Seen()
			.route((route) -> route.leased(20, 20)
				.leases(0, 12_000)
				.held(Duration.ofMillis(100))
				.waited(12_000, Duration.ofMillis(50), 490))
			.findings()).as("without the change").hasSize(1);
	}

	@Test
	void aLimitThatWasRaisedTooLittleIsReportedWithTheNumbersSince() {
		Finding finding = only(FindingCode.POOL_TOO_SMALL,
				new Seen().route((route) -> route.leased(10, 10)
					.resized(12, 5)
					.leases(0, 12_000)
					.held(Duration.ofMillis(100))
					.waited(12_000, Duration.ofMillis(50), 490)));
		assertThat(finding.message()).startsWith("All 10 connections").contains("6,000 times in 6,000 leases");
		assertThat(finding.advice()).startsWith("Set http-pool.max-per-route to 19, if");
	}

	@Test
	void aLimitThatWasJustChangedIsNotReported() {
		Seen seen = tooSmall();
		assertNone(seen.changed(24, 100));
	}

	@Test
	void rulesAboutALimitIgnoreStepsUnderAnotherLimit() {
		assertNone(totalLimitBinds().changed(24, 50));
		assertNone(evicting(100).changed(24, 10));
		assertNone(slowRoute().changed(24, 50));
		assertNone(refused().changed(24, 150));
		only(FindingCode.TOTAL_LIMIT_BINDS, totalLimitBinds().changed(12, 50));
		only(FindingCode.TOTAL_LIMIT_BINDS, evicting(200).changed(12, 10));
		only(FindingCode.SLOW_ROUTE, slowRoute().changed(12, 50));
		only(FindingCode.CALLERS_REFUSED, refused(100, 400).changed(12, 150));
	}

	@Test
	void connectsThatFailExplainWhyCallersWait() {
		only(FindingCode.FAILING_CONNECTS,
				new Seen().route((route) -> route.leased(50, 50)
					.leases(1, 0)
					.connectFailed(500, "ConnectException")
					.waited(500, Duration.ofSeconds(1), 50)));
	}

	// Leaks

	static Seen leak() {
		return forgotten(12, 50, 24);
	}

	/**
	 * Some leases are held and unattended for some steps.
	 */
	private static Seen forgotten(int count, int max, int steps) {
		return new Seen().route((route) -> route.leased(count + 3, max).leasedNow(count + 3).leases(count, 1000))
			.leases((step) -> IntStream.range(0, count)
				.mapToObj((i) -> new LeaseFigures(FORGOTTEN, "c" + i, true, (step < 24 - steps) ? step : 100))
				.toList());
	}

	@Test
	void responsesThatAreNeitherReadNorClosedAreLeaks() {
		Finding finding = only(FindingCode.LEAK_SUSPECTED, leak());
		assertThat(finding.severity()).isEqualTo(Severity.WARNING);
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).isEqualTo(
				"12 of 15 leased connections have a response that no thread has read from or closed for 60s; held longest: GET /orders by thread 'exec-7', 180s");
		assertThat(finding.advice()).contains("http-pool.leak-detection-threshold");
	}

	@Test
	void responsesThatAreUnattendedForAMinuteAreLeaks() {
		only(FindingCode.LEAK_SUSPECTED, forgotten(1, 50, 12));
		assertNone(forgotten(1, 50, 11));
	}

	@Test
	void aCallerThatWaitsForAByteHasNotForgottenItsResponse() {
		assertNone(new Seen().route((route) -> route.leased(1, 50).leases(1, 0))
			.leases((step) -> List.of(new LeaseFigures(FORGOTTEN, "c1", step != 20, 100))));
	}

	@Test
	void consecutiveLeasesOfOneConnectionAreDistinct() {
		HeldLease young = new HeldLease(ROUTE, Duration.ofSeconds(59), "exec-7", "GET /orders");
		assertNone(new Seen().route((route) -> route.leased(1, 50).leases(1, 0))
			.leases((step) -> List.of(new LeaseFigures(young, "c1", true, 100))));
	}

	@Test
	void reportedLeaksAreTold() {
		Finding finding = only(FindingCode.LEAK_SUSPECTED,
				new Seen().with((settings) -> settings.leakDetectionThreshold(Duration.ofSeconds(10)))
					.route((route) -> route.leased(2, 50).leases(2, 100).leaks(1, FORGOTTEN)));
		assertThat(finding.message()).isEqualTo(
				"1 lease was held for longer than http-pool.leak-detection-threshold (10s) in the last minutes; the last one: GET /orders by thread 'exec-7', 180s");
		assertThat(finding.advice()).startsWith("If the call may take that long,")
			.contains("io.github.httppool.leak has the stack trace");
	}

	@Test
	void leaksOfAQuarterOfTheLimitExplainWhyCallersWait() {
		Finding finding = only(FindingCode.LEAK_SUSPECTED, waitingBeside(13));
		assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
		assertThat(waitingBeside(12).findings()).extracting(Finding::code)
			.containsExactlyInAnyOrder(FindingCode.POOL_TOO_SMALL, FindingCode.LEAK_SUSPECTED);
	}

	private static Seen waitingBeside(int leaks) {
		return new Seen()
			.route((route) -> route.leased(50, 50)
				.leases(0, 12_000)
				.held(Duration.ofMillis(50))
				.waited(12_000, Duration.ofMillis(50), 50))
			.leases((step) -> IntStream.range(0, leaks)
				.mapToObj((i) -> new LeaseFigures(FORGOTTEN, "c" + i, true, 100))
				.toList());
	}

	@Test
	void reportedLeasesThatCameBackExplainNothing() {
		assertThat(new Seen()
			.route((route) -> route.leased(50, 50)
				.leases(0, 12_000)
				.held(Duration.ofMillis(50))
				.waited(12_000, Duration.ofMillis(50), 50)
				.leaks(40, FORGOTTEN))
			.findings()).extracting(Finding::code)
			.containsExactlyInAnyOrder(FindingCode.POOL_TOO_SMALL, FindingCode.LEAK_SUSPECTED);
	}

	// The limit of the pool

	static Seen totalLimitBinds() {
		return new Seen().with((settings) -> settings.maxPerRoute(50))
			.total(60, 60, 60)
			.route(ROUTE,
					(route) -> route.leased(32, 50)
						.leases(0, 12_000)
						.held(Duration.ofMillis(50))
						.waited(6000, Duration.ofMillis(50), 30))
			.route(OTHER,
					(route) -> route.leased(28, 50)
						.leases(0, 12_000)
						.held(Duration.ofMillis(50))
						.waited(6000, Duration.ofMillis(50), 22));
	}

	@Test
	void theTotalLimitBindsIfNoRouteHasReachedItsOwn() {
		Finding finding = only(FindingCode.TOTAL_LIMIT_BINDS, totalLimitBinds());
		assertThat(finding.route()).isNull();
		assertThat(finding.message())
			.startsWith("All 60 connections of the pool were leased before a route had reached its limit of 50")
			.contains("12,000 times in 24,000 leases");
		// 62 + 50, and a quarter
		assertThat(finding.advice())
			.isEqualTo("Set http-pool.max-total to 140: the routes, 2 of them, had or wanted up to 112 connections");
	}

	@Test
	void theTotalLimitDoesNotBindBelowIt() {
		assertNone(totalLimitBinds().total(59, 59, 60));
	}

	@Test
	void theTotalLimitBindsWhereIdleConnectionsMakeRoom() {
		Finding finding = only(FindingCode.TOTAL_LIMIT_BINDS, evicting(100));
		assertThat(finding.message()).isEqualTo(
				"100 idle connections were closed to make room for other routes, in 1,000 leases, because the pool may have 20 connections");
		assertThat(finding.advice()).startsWith("Set http-pool.max-total to ");
		assertNone(evicting(99));
	}

	private static Seen evicting(long count) {
		return new Seen().total(10, 20, 20)
			.route((route) -> route.leased(10, 50).leases(count, 1000 - count).madeRoom(count));
	}

	@Test
	void anEvictionByAnOperatorDoesNotCount() {
		assertNone(new Seen().total(10, 20, 20)
			.route((route) -> route.leased(10, 50).leases(500, 500).closed(CloseReason.EVICTED, 500))
			.evicted(3, 9, 15, 21));
	}

	// The slow route

	static Seen slowRoute() {
		return slowRoute(30, Duration.ofMillis(60), 600);
	}

	private static Seen slowRoute(int peak, Duration held, long waits) {
		return new Seen().with((settings) -> settings.maxPerRoute(50))
			.total(60, 60, 60)
			.route(ROUTE, (route) -> route.leased(peak, 50).leases(0, 1000).held(held))
			.route(OTHER,
					(route) -> route.leased(20, 50)
						.leases(0, 12_000)
						.held(Duration.ofMillis(20))
						.waited(waits, Duration.ofMillis(100), 22));
	}

	@Test
	void aSlowRouteHoldsThePool() {
		Finding finding = only(FindingCode.SLOW_ROUTE, slowRoute());
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).startsWith(
				"The route had up to 30 of the 60 connections of the pool leased, each for 60ms on average (other routes: 20ms), and callers of other routes waited for a connection 600 times in 12,000 leases");
		assertThat(finding.advice()).startsWith(
				"Give this route a limit of its own of 30 (http-pool.routes; http-pool.max-per-route, now 50, holds for all others), so")
			.contains("http-pool.response-timeout (30s)");
	}

	@Test
	void aSlowRouteWithoutReleasesIsReportedWithoutALeaseTime() {
		Seen hanging = new Seen().with((settings) -> settings.maxPerRoute(50))
			.total(60, 60, 60)
			.route(ROUTE, (route) -> route.leased(40, 50).leasedNow(40).leases(40, 0))
			.route(OTHER,
					(route) -> route.leased(20, 50)
						.leases(0, 12_000)
						.held(Duration.ofMillis(20))
						.waited(600, Duration.ofMillis(100), 22));
		assertThat(only(FindingCode.SLOW_ROUTE, hanging).message()).startsWith(
				"The route had up to 40 of the 60 connections of the pool leased, and none of them came back in that time (other routes: 20ms on average), and callers of other routes waited");
	}

	@Test
	void aSlowRouteIsNotAdvisedToUseItsCurrentLimit() {
		Seen limited = new Seen().with((settings) -> settings.maxPerRoute(30))
			.total(60, 60, 60)
			.route(ROUTE, (route) -> route.leased(30, 30).leases(0, 1000).held(Duration.ofMillis(60)))
			.route(OTHER,
					(route) -> route.leased(29, 30)
						.leases(0, 12_000)
						.held(Duration.ofMillis(20))
						.waited(600, Duration.ofMillis(100), 22));
		assertThat(only(FindingCode.SLOW_ROUTE, limited).advice()).startsWith(
				"Give this route a limit of its own of 15 (http-pool.routes; http-pool.max-per-route, now 30, ");
	}

	@Test
	void aRouteWhoseServerStopsAnsweringIsSlowAlthoughEarlierLeasesWereShort() {
		Seen hanging = hanging(20, (step) -> 100L).with((settings) -> settings.maxPerRoute(50))
			.total(60, 60, 60)
			.route(OTHER,
					(route) -> route.leased(10, 50)
						.leases(0, 12_000)
						.held(Duration.ofMillis(20))
						.waited(700, Duration.ofMillis(100), 22));
		assertThat(only(FindingCode.SLOW_ROUTE, hanging).message()).startsWith(
				"The route had up to 50 of the 60 connections of the pool leased, and no byte has come over at least 20 of them for 20s or longer (a lease of other routes: 20ms on average), and callers");
	}

	// A server that stops answering

	/**
	 * Show good traffic, and then no lease that ends.
	 */
	private static Seen hanging(int seen, IntToLongFunction bytes) {
		return new Seen()
			.leases((
					step) -> IntStream.range(0, (step > 19) ? seen : 0)
						.mapToObj((i) -> new LeaseFigures(new HeldLease(ROUTE, Seen.INTERVAL.multipliedBy(step - 19),
								"caller-" + i, "GET /stock"), "c" + i, false, bytes.applyAsLong(step)))
						.toList())
			.route((route) -> route.leased(5, 50).leases(0, 12_000).held(Duration.ofMillis(5)).inTheFirst(19))
			.beside((route) -> route.leased(50, 50)
				.leasedNow(50)
				.leases(50, 0)
				.waited(1000, Duration.ofSeconds(3), 130)
				.acquireTimeouts(1000)
				.inTheLast(5));
	}

	@Test
	void noMoreConnectionsAreAdvisedIfTheServerStopsAnswering() {
		Finding finding = only(FindingCode.POOL_TOO_SMALL, hanging(20, (step) -> 100L));
		assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
		assertThat(finding.message()).startsWith("All 50 connections that the route may have were leased")
			.endsWith(". By now, no byte has come over at least 20 of them for 20s or longer")
			.doesNotContain("Little");
		assertThat(finding.advice()).startsWith("Find out first why no bytes arrive: check the server")
			.contains("http-pool.response-timeout (30s)");
	}

	@Test
	void callersThatReceiveBytesAreNotReportedAsSilent() {
		assertThat(only(FindingCode.POOL_TOO_SMALL, hanging(20, (step) -> 100L * step)).message())
			.contains("Little's law");
	}

	@Test
	void aFewSilentLeasesDoNotExplainWhyCallersWait() {
		assertThat(only(FindingCode.POOL_TOO_SMALL, hanging(19, (step) -> 100L)).message()).contains("Little's law");
	}

	@Test
	void aLimitOfARouteIsNamedWhereItBinds() {
		String property = "http-pool.routes.orders.max-connections";
		Seen slow = slowRoute().limitedBy(property);
		assertThat(only(FindingCode.SLOW_ROUTE, slow).advice()).startsWith("Set " + property + ", now 50, to 30, so");
		Seen small = tooSmall().limitedBy(property);
		assertThat(only(FindingCode.POOL_TOO_SMALL, small).advice()).startsWith("Set " + property + " to 100, if");
		Seen refused = refused().limitedBy(property);
		assertThat(only(FindingCode.CALLERS_REFUSED, refused).advice()).startsWith("Raise " + property + " above 50");
	}

	@Test
	void aRouteThatIsFastOrSmallOrDelaysNoCallerIsNotReported() {
		only(FindingCode.TOTAL_LIMIT_BINDS, slowRoute(30, Duration.ofMillis(59), 700));
		only(FindingCode.TOTAL_LIMIT_BINDS, slowRoute(29, Duration.ofMillis(60), 700));
		assertNone(slowRoute(30, Duration.ofMillis(60), 599));
	}

	@Test
	void aSlowRouteIsNotAdvisedToGetMoreConnections() {
		only(FindingCode.SLOW_ROUTE,
				slowRoute(30, Duration.ofMillis(60), 700).route("http://slower.example:80",
						(route) -> route.leased(50, 50)
							.leases(0, 200)
							.held(Duration.ofSeconds(20))
							.waited(200, Duration.ofSeconds(5), 50)));
	}

	// Refused

	static Seen refused() {
		return refused(5, 495);
	}

	private static Seen refused(long count, long leases) {
		return new Seen().with((settings) -> settings.maxPending(0))
			.route((route) -> route.leased(50, 50).leases(0, leases).held(Duration.ofMillis(50)).refused(count));
	}

	@Test
	void refusalsOfOnePercentOfCallersAreCritical() {
		Finding finding = only(FindingCode.CALLERS_REFUSED, refused());
		assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).isEqualTo(
				"5 of 500 callers were refused at once, because no caller may wait (http-pool.max-pending). The limit of the route, 50 connections, was reached");
		assertThat(finding.advice()).startsWith("Raise http-pool.max-per-route above 50");
		assertThat(only(FindingCode.CALLERS_REFUSED, refused(5, 496)).severity()).isEqualTo(Severity.WARNING);
	}

	@Test
	void fourRefusedCallersAreABurst() {
		assertNone(refused(4, 10));
	}

	@Test
	void theLimitThatRefusedIsNamed() {
		Finding finding = only(FindingCode.CALLERS_REFUSED,
				new Seen().with((settings) -> settings.maxPending(7))
					.total(20, 20, 20)
					.route((route) -> route.leased(20, 50).leases(0, 100).refused(100)));
		assertThat(finding.message()).contains("because 7 others were waiting")
			.endsWith("The limit of the pool, 20 connections, was reached");
		assertThat(finding.advice()).startsWith("Raise http-pool.max-total above 20");
	}

	// Too large

	static Seen tooLarge() {
		return tooLarge(25, 5, 1000);
	}

	private static Seen tooLarge(int kept, int peak, long leases) {
		return new Seen().with((settings) -> settings.reusePolicy(ReusePolicy.FIFO))
			// one of the peak is leased at the end of each step
			.route((route) -> route.leased(peak, 50).idle(kept - 1).leases(0, leases));
	}

	@Test
	void aPoolThatKeepsConnectionsItNeverNeedsIsTooLarge() {
		Finding finding = only(FindingCode.POOL_TOO_LARGE, tooLarge());
		assertThat(finding.severity()).isEqualTo(Severity.INFO);
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).isEqualTo(
				"At least 25 connections were open all the time, and never more than 5 leased at once, in 1,000 leases in 120s");
		assertThat(finding.advice())
			.isEqualTo("Set http-pool.max-idle-per-route to 10, or http-pool.idle-timeout below 50s"
					+ "; http-pool.reuse-policy=fifo uses all of them in turn, so that none reaches that");
	}

	@Test
	void aPoolIsNotTooLargeForASmallSurplusOrWithoutTrafficOrAtStartup() {
		assertNone(tooLarge(24, 5, 1000));
		assertNone(tooLarge(40, 11, 1000));
		assertNone(tooLarge(25, 5, 999));
		assertNone(tooLarge().steps(21));
		only(FindingCode.POOL_TOO_LARGE, tooLarge().steps(22));
	}

	@Test
	void aHighLimitAloneIsNotTooLarge() {
		assertNone(new Seen().total(1, 1, 10_000)
			.route((route) -> route.leased(1, 5000).leases(1, 20_000).held(Duration.ofMillis(5))));
	}

}

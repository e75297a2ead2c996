package io.github.httppool.findings;

import java.time.Duration;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.httppool.findings.LimitRulesTests.assertNone;
import static io.github.httppool.findings.LimitRulesTests.only;
import static io.github.httppool.findings.Seen.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for rules about connections that end although they could be reused.
 */
class ReuseRulesTests {

	// The server closes

	static Seen serverCloses() {
		return serverCloses(240, 240);
	}

	private static Seen serverCloses(long leases, long closed) {
		return new Seen().route((route) -> route.leases(closed, leases - closed)
			.closed(CloseReason.SERVER_CLOSE, closed)
			.tcp(closed, 0, Duration.ofMillis(3)));
	}

	@Test
	void aServerThatClosesAfterEachResponseIsReported() {
		Finding finding = only(FindingCode.SERVER_CLOSES, serverCloses());
		assertThat(finding.severity()).isEqualTo(Severity.WARNING);
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).isEqualTo(
				"The server closed 240 connections after 240 responses, as its responses said; 2 connections a second were opened for that, 3ms each on average");
		assertThat(finding.advice()).contains("nginx keepalive_timeout", "server.tomcat.keep-alive-timeout",
				"http-pool.keep-alive=false");
	}

	@Test
	void aServerThatClosesAfterEveryOtherResponseIsReportedToo() {
		only(FindingCode.SERVER_CLOSES, serverCloses(240, 120));
		only(FindingCode.LOW_REUSE, serverCloses(240, 119));
		only(FindingCode.SERVER_CLOSES, serverCloses(10, 10));
		assertNone(serverCloses(9, 9));
	}

	@Test
	void nginxWithAThousandRequestsPerConnectionIsNotReported() {
		assertNone(serverCloses(100_000, 100));
	}

	@Test
	void aServerThatClosesWithoutAnAnnouncementIsReported() {
		Finding finding = only(FindingCode.SERVER_CLOSES,
				new Seen().route((route) -> route.leases(240, 0)
					.closed(CloseReason.STALE, 240)
					.serverClosedIdle(240, Duration.ofMillis(499))
					.stale(240, 3)));
		assertThat(finding.message())
			.contains("240 connections after 240 responses, without announcing it in its responses");
	}

	@Test
	void disabledKeepAliveIsNotReported() {
		assertNone(serverCloses().with((settings) -> settings.keepAlive(false)));
	}

	@Test
	void aServerShutdownIsNotReported() {
		assertNone(new Seen().route((route) -> route.inTheLast(2).leases(40, 0).closed(CloseReason.SERVER_CLOSE, 40)));
	}

	// The server closes idle connections

	static Seen keepAliveMismatch() {
		return mismatch(24, Duration.ofSeconds(20), 6);
	}

	private static Seen mismatch(long closed, Duration idle, long stale) {
		return new Seen().route((route) -> route.leases(closed, 100)
			.closed(CloseReason.STALE, closed)
			.serverClosedIdle(closed, idle)
			.stale(stale, stale / 2));
	}

	@Test
	void aShorterKeepAliveOfTheServerIsLearned() {
		Finding finding = only(FindingCode.KEEP_ALIVE_MISMATCH, keepAliveMismatch());
		assertThat(finding.severity()).isEqualTo(Severity.WARNING);
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).isEqualTo(
				"The server closed 24 idle connections, the first ones after 20s, earlier than the pool does (http-pool.idle-timeout is 50s); 6 were about to be used, and 3 requests had to be sent again");
		assertThat(finding.advice()).startsWith(
				"Set http-pool.idle-timeout to 16s, or the server's own limit above 50s: nginx keepalive_timeout");
	}

	@Test
	void aMismatchThatAffectsNoCallerIsAnInformation() {
		assertThat(only(FindingCode.KEEP_ALIVE_MISMATCH, mismatch(24, Duration.ofSeconds(5), 0)).severity())
			.isEqualTo(Severity.INFO);
	}

	@ParameterizedTest
	@CsvSource({ "8000, 4s", "7000, 3s", "1000, 500ms", "500, 250ms" })
	void theIdleTimeoutToSetIsBelowTheLearnedOne(long learned, String value) {
		assertThat(only(FindingCode.KEEP_ALIVE_MISMATCH, mismatch(24, Duration.ofMillis(learned), 0)).advice())
			.startsWith("Set http-pool.idle-timeout to " + value + ",");
	}

	@Test
	void aMismatchShowsItselfFiveTimesAndBeforeOurOwnTimeout() {
		only(FindingCode.KEEP_ALIVE_MISMATCH, mismatch(5, Duration.ofSeconds(20), 0));
		assertNone(mismatch(4, Duration.ofSeconds(20), 0));
		assertNone(mismatch(24, Duration.ofSeconds(50), 0));
	}

	@Test
	void aRestartIsNoMismatch() {
		assertNone(new Seen().route((route) -> route.inTheLast(2)
			.leases(40, 100)
			.closed(CloseReason.STALE, 40)
			.serverClosedIdle(40, Duration.ofSeconds(20))
			.stale(40, 40)));
	}

	// Stale

	static Seen stale() {
		return stale(1000, 10, 10);
	}

	private static Seen stale(long leases, long stale, long replayed) {
		return new Seen().route((route) -> route.leases(stale, leases - stale)
			.closed(CloseReason.STALE, stale)
			.serverClosedIdle(stale, Duration.ofMillis(120))
			.stale(stale, replayed));
	}

	@Test
	void connectionsThatAreStaleWhenTheyAreLeasedAreReported() {
		Finding finding = only(FindingCode.STALE_CONNECTIONS, stale());
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).isEqualTo(
				"10 connections had been closed by the server, without an announcement, when callers leased them: 1 % of 1,000 leases, after having been idle for 120ms; 10 requests had to be sent again");
		assertThat(finding.advice()).contains("http-pool.validate-after-inactivity=0", "http-pool.retry-stale (true)");
	}

	@Test
	void fewStaleConnectionsAreNone() {
		assertNone(stale(1001, 10, 10));
		assertNone(stale(100, 9, 9));
	}

	// Unsolicited

	static Seen unsolicited() {
		return unsolicited(3);
	}

	private static Seen unsolicited(long count) {
		return new Seen().route((route) -> route.leases(10, 1000).closed(CloseReason.UNSOLICITED_DATA, count));
	}

	@Test
	void unsolicitedBytesAreReported() {
		Finding finding = only(FindingCode.UNSOLICITED_DATA, unsolicited());
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).contains("on 3 connections", "in 1,010 leases");
		assertNone(unsolicited(2));
	}

	// Unread bodies

	static Seen unread() {
		return unread(400, 15, 5);
	}

	private static Seen unread(long leases, long large, long slow) {
		return new Seen().route((route) -> route.leases(large + slow, leases - large - slow)
			.closed(CloseReason.DRAIN_BYTES, large)
			.closed(CloseReason.DRAIN_TIME, slow)
			.drained(DrainOutcome.TOO_LARGE, large, "GET /export")
			.drained(DrainOutcome.TOO_SLOW, slow, "GET /export"));
	}

	@Test
	void unreadBodiesThatCostTheirConnectionsAreReported() {
		Finding finding = only(FindingCode.UNREAD_BODIES, unread());
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).isEqualTo(
				"Callers left 20 of 400 bodies unread that were too large (15, more than 64KB) or came too slowly (5, longer than 50ms) to be read on close, and lost their connections; the last such call: GET /export");
		assertThat(finding.advice()).contains("raise http-pool.drain.max-bytes above 64KB");
		assertThat(only(FindingCode.UNREAD_BODIES, unread(400, 5, 15)).advice())
			.contains("raise http-pool.drain.max-time above 50ms");
	}

	@Test
	void fewUnreadBodiesAreNone() {
		assertNone(unread(401, 15, 5));
		assertNone(unread(100, 15, 4));
	}

	@Test
	void bodiesThatExceededAFormerLimitAreNotReported() {
		assertNone(unread().refreshed(24, (settings) -> settings.drainMaxBytes(1024)));
		Finding finding = only(FindingCode.UNREAD_BODIES,
				unread(800, 30, 10).refreshed(12, (settings) -> settings.drainMaxBytes(1024)));
		only(FindingCode.UNREAD_BODIES, unread().refreshed(24, (settings) -> settings.maxBody(1)));
		assertThat(finding.message()).startsWith("Callers left 20 of 400 bodies unread");
	}

	@Test
	void unreadBodiesExplainLowReuse() {
		only(FindingCode.UNREAD_BODIES, unread(100, 90, 0));
	}

	// Low reuse

	static Seen lowReuse() {
		return lowReuse(CloseReason.MAX_IDLE, 1000, 200);
	}

	private static Seen lowReuse(CloseReason reason, long leases, long opened) {
		return new Seen().with((settings) -> settings.maxIdlePerRoute(2))
			.route((route) -> route.leases(opened, leases - opened).closed(reason, opened / 2));
	}

	@Test
	void lowReuseIsReportedWithItsMainReason() {
		Finding finding = only(FindingCode.LOW_REUSE, lowReuse());
		assertThat(finding.severity()).isEqualTo(Severity.WARNING);
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).isEqualTo(
				"200 of 1,000 leases had to open a connection (reuse ratio 0.80). Main reason why earlier connections were closed: max-idle, 100 times");
		assertThat(finding.advice())
			.isEqualTo("Raise http-pool.max-idle-per-route, now 2, to http-pool.max-per-route, now 50");
	}

	@Test
	void reuseIsNotLowAboveFourInFiveOrWithoutManyLeasesOrWithoutAReason() {
		assertNone(lowReuse(CloseReason.MAX_IDLE, 1001, 200));
		only(FindingCode.LOW_REUSE, lowReuse(CloseReason.MAX_IDLE, 100, 40));
		assertNone(lowReuse(CloseReason.MAX_IDLE, 99, 40));
		assertNone(new Seen().route((route) -> route.leases(200, 0).closed(CloseReason.MAX_IDLE, 19)));
		only(FindingCode.LOW_REUSE, new Seen().route((route) -> route.leases(200, 0).closed(CloseReason.MAX_IDLE, 20)));
	}

	@ParameterizedTest
	@EnumSource(value = CloseReason.class, names = { "ERROR", "CANCELLED", "MAX_IDLE", "IDLE_TIMEOUT" })
	void lowReuseHasReasonsOfItsOwn(CloseReason reason) {
		assertThat(only(FindingCode.LOW_REUSE, lowReuse(reason, 300, 240)).message()).contains(": " + reason.code());
	}

	@ParameterizedTest
	@EnumSource(value = CloseReason.class, names = { "TIME_TO_LIVE", "SHUTDOWN" })
	void intendedClosesAreNotLowReuse(CloseReason reason) {
		assertNone(lowReuse(reason, 300, 300));
	}

	@Test
	void noKeepAliveAndNoIdleConnectionsAreWantedToo() {
		assertNone(lowReuse().with((settings) -> settings.keepAlive(false)));
		assertNone(lowReuse().with((settings) -> settings.maxIdlePerRoute(0)));
	}

	@Test
	void idleTimeoutsAreLowReuseFromOneOpeningPerSecond() {
		assertThat(only(FindingCode.LOW_REUSE, lowReuse(CloseReason.IDLE_TIMEOUT, 120, 120)).severity())
			.isEqualTo(Severity.INFO);
		assertNone(lowReuse(CloseReason.IDLE_TIMEOUT, 119, 119));
	}

	@Test
	void aRuleWithABetterExplanationTakesPrecedence() {
		only(FindingCode.UNSOLICITED_DATA, lowReuse(CloseReason.UNSOLICITED_DATA, 300, 300));
		only(FindingCode.TOTAL_LIMIT_BINDS,
				new Seen().total(10, 200, 200).route((route) -> route.leases(300, 0).madeRoom(150)));
		assertNone(lowReuse(CloseReason.EVICTED, 300, 300));
	}

}

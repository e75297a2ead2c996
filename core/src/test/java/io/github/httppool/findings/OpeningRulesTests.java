package io.github.httppool.findings;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;
import org.junit.jupiter.api.Test;

import static io.github.httppool.findings.LimitRulesTests.assertNone;
import static io.github.httppool.findings.LimitRulesTests.only;
import static io.github.httppool.findings.Seen.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for rules about opening connections: slowly, in vain, or too often.
 */
class OpeningRulesTests {

	// Slow

	static Seen slowDns() {
		return slowDns(100, 24);
	}

	private static Seen slowDns(long millis, long count) {
		return new Seen().route((route) -> route.leases(count, 1000).dns(count, 0, Duration.ofMillis(millis)));
	}

	@Test
	void slowLookupsAreTold() {
		Finding finding = only(FindingCode.SLOW_DNS, slowDns());
		assertThat(finding.severity()).isEqualTo(Severity.WARNING);
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message())
			.startsWith("24 lookups of the host's addresses took 100ms on average, 200ms at most");
		assertThat(finding.advice()).contains("networkaddress.cache.ttl", "http-pool.time-to-live, now 5m");
		assertNone(slowDns(99, 24));
		only(FindingCode.SLOW_DNS, slowDns(100, 5));
		assertNone(slowDns(100, 4));
	}

	static Seen slowConnects() {
		return slowConnects(300, 24, 0);
	}

	private static Seen slowConnects(long millis, long count, long failures) {
		return new Seen()
			.route((route) -> route.leases(count - failures, 1000).tcp(count, failures, Duration.ofMillis(millis)));
	}

	@Test
	void slowConnectsAreTold() {
		Finding finding = only(FindingCode.SLOW_CONNECTS, slowConnects());
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).isEqualTo("24 TCP connects took 300ms on average, 600ms at most");
		assertThat(finding.advice()).contains("net.core.somaxconn", "http-pool.connect-timeout is 2s");
		assertNone(slowConnects(299, 24, 0));
		only(FindingCode.SLOW_CONNECTS, slowConnects(300, 5, 0));
		assertNone(slowConnects(300, 4, 0));
	}

	@Test
	void aDeadAddressBesideALiveOneMakesConnectsSlow() {
		Finding finding = only(FindingCode.SLOW_CONNECTS, slowConnects(500, 24, 12));
		assertThat(finding.message()).endsWith("; 12 of them failed, and another address of the host served");
		assertThat(finding.advice()).contains("out of DNS", "http-pool.connect-fallback-delay (250ms)",
				"http-pool.connect-timeout (2s) limits all of them together");
	}

	@Test
	void noOtherAddressIsMentionedIfAllConnectsFail() {
		Finding finding = only(FindingCode.SLOW_CONNECTS,
				new Seen().route((route) -> route.leases(90, 1000)
					.tcp(94, 4, Duration.ofMillis(500))
					.connectFailed(4, "ConnectTimeoutException")));
		assertThat(finding.message()).endsWith("; 4 of them failed");
	}

	@Test
	void withoutADelayOneAddressFollowsTheOther() {
		Finding finding = only(FindingCode.SLOW_CONNECTS,
				slowConnects(500, 24, 12).with((settings) -> settings.connectFallbackDelay(Duration.ZERO)));
		assertThat(finding.advice()).contains("http-pool.connect-fallback-delay is 0");
	}

	static Seen slowTls() {
		return slowTls(500, 24);
	}

	private static Seen slowTls(long millis, long count) {
		return new Seen().route((route) -> route.leases(count, 1000)
			.tcp(count, 0, Duration.ofMillis(2))
			.tls(count, 0, Duration.ofMillis(millis), count / 2));
	}

	@Test
	void slowHandshakesAreTold() {
		Finding finding = only(FindingCode.SLOW_TLS, slowTls());
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).isEqualTo(
				"24 TLS handshakes took 500ms on average, 1s at most; 12 of them resumed a session; a TCP connect takes 2ms");
		assertThat(finding.advice()).contains("ssl_session_cache", "http-pool.tls-handshake-timeout is 5s");
		assertNone(slowTls(499, 24));
		only(FindingCode.SLOW_TLS, slowTls(500, 5));
		assertNone(slowTls(500, 4));
	}

	@Test
	void stepsThatAreOnlySlowAtStartupAreNotReported() {
		only(FindingCode.SLOW_TLS,
				new Seen().route((route) -> route.inTheLast(3).leases(50, 0).tls(50, 0, Duration.ofSeconds(1), 25)));
		assertNone(new Seen().route((route) -> route.inTheLast(2).leases(50, 0).tls(50, 0, Duration.ofSeconds(1), 25)));
	}

	@Test
	void aPauseOfTheMachineExplainsSlowSteps() {
		assertNone(slowDns().pauses((step) -> Duration.ofMillis((step % 2 == 0) ? 51 : 0)));
		only(FindingCode.SLOW_DNS, slowDns().pauses((step) -> Duration.ofMillis(50)));
		assertThat(only(FindingCode.SLOW_DNS, slowDns().pauses((step) -> Duration.ofMillis((step == 7) ? 300 : 0)))
			.message()).as("without the step of the pause, and the one after it").startsWith("22 lookups");
	}

	// Resumption

	static Seen noResumption() {
		return resumption(24, 0, 24);
	}

	private static Seen resumption(long handshakes, long resumed, int steps) {
		return new Seen().route((route) -> route.inTheLast(steps)
			.leases(handshakes, 1000)
			.tls(handshakes, 0, Duration.ofMillis(20), resumed));
	}

	@Test
	void missingSessionResumptionIsReported() {
		Finding finding = only(FindingCode.NO_TLS_RESUMPTION, noResumption());
		assertThat(finding.severity()).isEqualTo(Severity.INFO);
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message())
			.isEqualTo("None of 21 TLS handshakes, after the first ones, resumed a session; they took 20ms on average");
		assertThat(finding.advice()).contains("ssl_session_tickets", "http-pool.idle-timeout (50s)");
	}

	@Test
	void onlyHandshakesThatCouldHaveResumedCount() {
		// six steps, the first three of which may have no session to resume
		only(FindingCode.NO_TLS_RESUMPTION, resumption(40, 0, 6));
		assertNone(resumption(38, 0, 6));
		assertNone(resumption(1000, 0, 5));
	}

	@Test
	void aSingleResumedSessionShowsThatTheServerResumesSessions() {
		assertNone(resumption(2400, 1, 24));
	}

	// In vain

	static Seen failing() {
		return failing(45, 5);
	}

	private static Seen failing(long opened, long failed) {
		return new Seen().route((route) -> route.leases(opened, 0)
			.dns(opened + failed, 0, Duration.ofMillis(1))
			.tcp(opened + failed, failed, Duration.ofMillis(1))
			.connectFailed(failed, "HttpHostConnectException"));
	}

	@Test
	void connectsThatFailedAreOverWhenCallsGoOn() {
		assertNone(restarted(24, 21));
		only(FindingCode.FAILING_CONNECTS, restarted(24, 22));
		assertNone(restarted(21, 12));
		only(FindingCode.FAILING_CONNECTS, restarted(12, 12));
	}

	@Test
	void repeatedConnectFailuresAreNotOverBetweenFailures() {
		only(FindingCode.FAILING_CONNECTS, restarted(24, 6, 14));
		assertNone(restarted(24, 6, 9));
	}

	/**
	 * Show a server that refused connects in some steps, and calls up to a last step.
	 */
	private static Seen restarted(int lastCalls, int... refused) {
		Seen seen = new Seen().route((route) -> route.leases(lastCalls, 100 * lastCalls).inTheFirst(lastCalls));
		for (int step : refused) {
			seen.beside((route) -> route.tcp(50, 50, Duration.ofMillis(1))
				.connectFailed(50, "HttpHostConnectException")
				.inStep(step));
		}
		return seen;
	}

	@Test
	void connectsThatFailAreTold() {
		Finding finding = only(FindingCode.FAILING_CONNECTS, failing());
		assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).isEqualTo(
				"5 of 50 connections could not be opened, because these failed: 5 of 50 TCP connects; the last failure: HttpHostConnectException");
		assertThat(finding.advice()).contains("Check whether the server runs", "http-pool.connect-timeout (2s)");
		assertNone(failing(46, 5));
		assertNone(failing(0, 4));
	}

	@Test
	void theAdviceIsAboutTheStepThatFails() {
		assertThat(only(FindingCode.FAILING_CONNECTS,
				new Seen()
					.route((route) -> route.dns(9, 9, Duration.ofMillis(1)).connectFailed(9, "UnknownHostException")))
			.advice()).startsWith("Check the name in the URL and the resolver");
		assertThat(only(FindingCode.FAILING_CONNECTS,
				new Seen().route((route) -> route.tcp(9, 0, Duration.ofMillis(1))
					.tls(9, 9, Duration.ofMillis(1), 0)
					.connectFailed(9, "SSLHandshakeException")))
			.advice()).startsWith("Check the certificates").contains("spring.http.clients.ssl.bundle");
	}

	@Test
	void failuresThatResembleDnsOrTrustProblemsAreToldApart() {
		assertThat(lastFailure("FilteredHostException", (route) -> route.dns(9, 9, Duration.ofMillis(1))))
			.startsWith("The application's own InetAddressFilter refuses the host")
			.doesNotContain("resolver");
		assertThat(lastFailure("SSLPeerUnverifiedException", (route) -> route.tls(9, 9, Duration.ofMillis(1), 0)))
			.startsWith("Check which host names the server's certificate is for")
			.doesNotContain("trusts");
		assertThat(lastFailure("ProxyRefusedException", (route) -> route.tcp(9, 0, Duration.ofMillis(1))))
			.contains("http-pool.proxy.url")
			.doesNotContain("whether the server runs");
	}

	/**
	 * The certificate and the server are in order.
	 */
	@Test
	void failuresThatResembleCertificateOrServerProblemsAreToldApart() {
		assertThat(lastFailure("ConnectTimeoutException",
				(route) -> route.tcp(9, 0, Duration.ofMillis(1)).tls(9, 9, Duration.ofSeconds(5), 0)))
			.startsWith("Check the load of the server, and whether it speaks TLS on this port")
			.doesNotContain("certificate");
		assertThat(lastFailure("SSLException",
				(route) -> route.tcp(9, 0, Duration.ofMillis(1)).tls(9, 9, Duration.ofMillis(1), 0)))
			.doesNotContain("certificate");
		assertThat(lastFailure("BindException", (route) -> route.tcp(9, 9, Duration.ofMillis(1))))
			.contains("this machine has no local port or address")
			.doesNotContain("whether the server runs");
	}

	private static String lastFailure(String failure, Consumer<SeenRoute> numbers) {
		Finding finding = only(FindingCode.FAILING_CONNECTS, new Seen().route((route) -> {
			numbers.accept(route);
			route.connectFailed(9, failure);
		}));
		assertThat(finding.message()).doesNotContain("0 of").endsWith("; the last failure: " + failure);
		return finding.advice();
	}

	@Test
	void aShorterTimeLimitThatWasCorrectedIsOver() {
		Seen seen = new Seen().refreshed(20, (settings) -> settings.connectTimeout(Duration.ofMillis(1)))
			.route((route) -> route.inTheFirst(19)
				.tcp(90, 90, Duration.ofMillis(1))
				.connectFailed(90, "ConnectTimeoutException"))
			.beside((route) -> route.inStep(22).leases(1, 5).tcp(1, 0, Duration.ofMillis(7)));
		assertNone(seen);
	}

	@Test
	void connectsThatFailSlowlyFail() {
		only(FindingCode.FAILING_CONNECTS,
				new Seen().route((route) -> route.dns(9, 0, Duration.ofSeconds(1))
					.tcp(9, 9, Duration.ofSeconds(2))
					.connectFailed(9, "ConnectTimeoutException")));
	}

	// Ports

	static Seen portsRunOut() {
		return ports(14_000, 28_000, -1);
	}

	/**
	 * Show a number of openings in a minute.
	 */
	private static Seen ports(long opened, int range, int timeWait) {
		return new Seen().with((settings) -> settings.keepAlive(false))
			.ports(range, timeWait)
			.route((route) -> route.leases(2 * opened, 0));
	}

	@Test
	void portsRunOutIfHalfOfTheRangeIsUsed() {
		Finding finding = only(FindingCode.PORTS_RUNNING_OUT, portsRunOut());
		assertThat(finding.severity()).isEqualTo(Severity.WARNING);
		assertThat(finding.route()).isEqualTo(ROUTE);
		assertThat(finding.message()).isEqualTo(
				"233 connections a second are opened, each of which blocks a local port for a minute after its end: 14,000 of 28,000 ports for one address are in use. 0 % of the leases reuse a connection");
		assertThat(finding.advice()).contains("http-pool.keep-alive", "net.ipv4.ip_local_port_range");
		assertNone(ports(13_990, 28_000, -1));
		assertThat(only(FindingCode.PORTS_RUNNING_OUT, ports(22_400, 28_000, -1)).severity())
			.isEqualTo(Severity.CRITICAL);
	}

	@Test
	void portsAreNotBlockedWhereTheServerClosesFirst() {
		assertNone(ports(28_000, 28_000, 13_999));
		assertThat(only(FindingCode.PORTS_RUNNING_OUT, ports(28_000, 28_000, 14_000)).message())
			.contains("(sockets of the machine in TIME_WAIT: 14,000)");
	}

	@Test
	void nothingIsReportedIfThePortRangeIsUnknown() {
		assertNone(ports(100_000, -1, 100_000));
	}

	@Test
	void openingsAtStartupAreNotReported() {
		assertNone(portsRunOut().steps(4));
		only(FindingCode.PORTS_RUNNING_OUT, portsRunOut().steps(5));
	}

	@Test
	void onlyTheLastMinuteCounts() {
		only(FindingCode.PORTS_RUNNING_OUT,
				new Seen().with((settings) -> settings.keepAlive(false))
					.ports(28_000, -1)
					.route((route) -> route.inTheLast(12).leases(14_000, 0)));
	}

}

package io.github.httppool.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.Finding.Severity;
import io.github.httppool.FindingCode;
import io.github.httppool.faults.FaultCase.Fault;
import io.github.httppool.findings.LocalPorts;
import io.github.httppool.hc5.SampledPool;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.TestCertificates;

/**
 * Connections that are opened slowly, in vain, or too often. Without keep-alive each call
 * opens one.
 */
final class OpeningCases {

	private static final Duration PAUSE = Duration.ofMillis(20);

	private static final ScriptedUpstream.Script CLOSES = (
			exchange) -> exchange.ok("hello".getBytes(), "Connection: close").close();

	private OpeningCases() {
	}

	static List<FaultCase> cases() {
		return List.of(

				FaultCase.of(FindingCode.SLOW_DNS, Severity.WARNING,
						"A resolver that takes 150 ms; gone when it is quick.", OpeningCases::slowDns),

				FaultCase.of(FindingCode.SLOW_CONNECTS, Severity.WARNING,
						"A host with two addresses, the first of which answers no SYN; gone when it is out of DNS.",
						OpeningCases::slowConnects),

				FaultCase.of(FindingCode.SLOW_TLS, Severity.WARNING,
						"A server that begins its TLS handshakes after 600 ms.", OpeningCases::slowTls),

				FaultCase.of(FindingCode.NO_TLS_RESUMPTION, Severity.INFO,
						"A server that resumes no session; gone when it does.", OpeningCases::noResumption),

				FaultCase.of(FindingCode.FAILING_CONNECTS, Severity.CRITICAL,
						"A server that is down: its port refuses connects; gone when it is up.", OpeningCases::refused)
					.varying("(?<=took )\\S+"),

				FaultCase.of(FindingCode.FAILING_CONNECTS, Severity.CRITICAL,
						"A name that the resolver does not know; gone when it does.", OpeningCases::unknown),

				FaultCase.of(FindingCode.FAILING_CONNECTS, Severity.CRITICAL,
						"A certificate that the application does not trust; gone when the server shows another.",
						OpeningCases::untrusted),

				FaultCase.of(FindingCode.PORTS_RUNNING_OUT, Severity.CRITICAL,
						"One call after the other with `keep-alive=false`, from a port range that is said to be of 600; gone when it is said to be of 28,232.",
						OpeningCases::ports));
	}

	private static Fault slowDns(Scene scene) {
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.plain(CLOSES));
		AtomicReference<Duration> time = new AtomicReference<>(Duration.ofMillis(150));
		SampledPool pool = scene.pool((settings) -> settings.keepAlive(false), (host) -> {
			sleep(time.get());
			return SampledPool.Resolver.LOCAL.resolve(host);
		}, null);
		String url = "http://orders.test:" + upstream.port();
		scene.callers(2, PAUSE, () -> pool.get(url));
		return Fault.on(url, "\\d+ look-ups of the host's addresses took (1[5-9]|[2-9]\\d)\\dms on average",
				() -> time.set(Duration.ZERO));
	}

	private static void sleep(Duration time) {
		try {
			Thread.sleep(time.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static Fault slowConnects(Scene scene) throws IOException {
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.plain(CLOSES));
		DeadAddress dead = scene.use(new DeadAddress("127.0.0.2", upstream.port()));
		InetAddress[] both = { dead.address().getAddress(), InetAddress.getByName("127.0.0.1") };
		AtomicReference<InetAddress[]> addresses = new AtomicReference<>(both);
		SampledPool pool = scene.pool((settings) -> settings.keepAlive(false).connectTimeout(Duration.ofSeconds(2)),
				(host) -> addresses.get(), null);
		String url = "http://orders.test:" + upstream.port();
		scene.callers(6, PAUSE, () -> pool.get(url));
		return Fault
			.on(url, "\\d+ TCP connects took \\d+ms on average, 1(\\.\\d)?s at most; \\d+ of them failed, and another",
					() -> addresses.set(new InetAddress[] { both[1] }))
			.advising("^Take the addresses that do not answer out of DNS");
	}

	private static Fault slowTls(Scene scene) {
		AtomicReference<Duration> time = new AtomicReference<>(Duration.ofMillis(600));
		ScriptedUpstream upstream = scene
			.use(ScriptedUpstream.tls(CLOSES).resumeSessions().onConnect((connection) -> sleep(time.get())));
		SampledPool pool = scene.pool((settings) -> settings.keepAlive(false));
		scene.callers(2, Duration.ofMillis(100), () -> pool.get(upstream.url()));
		return Fault.on(upstream.url(), "\\d+ TLS handshakes took ([6-9]\\d\\dms|1(\\.\\d)?s) on average",
				() -> time.set(Duration.ZERO));
	}

	private static Fault noResumption(Scene scene) {
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.tls(CLOSES));
		SampledPool pool = scene.pool((settings) -> settings.keepAlive(false));
		scene.callers(1, PAUSE, () -> pool.get(upstream.url()));
		return Fault.on(upstream.url(), "^None of \\d+ TLS handshakes, after the first ones, resumed a session",
				() -> upstream.resumeSessions());
	}

	private static Fault refused(Scene scene) throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.3"))) {
			port = socket.getLocalPort();
		}
		SampledPool pool = scene.pool((settings) -> {
		});
		String url = "http://127.0.0.3:" + port;
		scene.callers(1, PAUSE, () -> pool.get(url));
		return Fault.on(url,
				"(\\d+) of \\1 connections could not be opened: 0 of \\d+ of the look-ups failed, (\\d+) of \\2 of the TCP connects",
				() -> scene.use(ScriptedUpstream.plainAt("127.0.0.3", port, (exchange) -> exchange.ok("hello"))))
			.advising("^Look whether the server runs");
	}

	private static Fault unknown(Scene scene) {
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.plain((exchange) -> exchange.ok("hello")));
		AtomicReference<Boolean> known = new AtomicReference<>(false);
		SampledPool pool = scene.pool((settings) -> {
		}, (host) -> {
			if (!known.get()) {
				throw new UnknownHostException(host);
			}
			return SampledPool.Resolver.LOCAL.resolve(host);
		}, null);
		String url = "http://unknown.test:" + upstream.port();
		scene.callers(1, PAUSE, () -> pool.get(url));
		return Fault.on(url, "(\\d+) of \\1 of the look-ups failed.*last: UnknownHostException", () -> known.set(true))
			.advising("^Look at the name in the URL");
	}

	private static Fault untrusted(Scene scene) {
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.tls((exchange) -> exchange.ok("hello"))
			.certificates(TestCertificates.create("untrusted")));
		SampledPool pool = scene.pool((settings) -> {
		});
		scene.callers(1, PAUSE, () -> pool.get(upstream.url()));
		return Fault
			.on(upstream.url(), "(\\d+) of \\1 of the TLS handshakes; last: SSLHandshakeException",
					() -> upstream.certificates(TestCertificates.localhost()))
			.advising("^Look at the certificates");
	}

	private static Fault ports(Scene scene) {
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.plain(CLOSES));
		AtomicReference<LocalPorts> ports = new AtomicReference<>(new LocalPorts(600, -1));
		SampledPool pool = scene.pool((settings) -> settings.keepAlive(false), SampledPool.Resolver.LOCAL, ports::get);
		scene.callers(1, Duration.ofMillis(22), () -> pool.get(upstream.url()));
		return Fault
			.on(upstream.url(),
					"^\\d+(\\.\\d)? connections a second are opened.*: [\\d,]+ of 600 ports for one address",
					() -> ports.set(new LocalPorts(28_232, -1)))
			.advising("^Reuse connections: set http-pool.keep-alive to true");
	}

}

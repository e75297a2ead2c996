package io.github.httppool.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.FindingCode;
import io.github.httppool.Severity;
import io.github.httppool.faults.FaultCase.Fault;
import io.github.httppool.findings.LocalPorts;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.SampledPool;
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
						"A resolver that takes 150 ms; over when it is quick.", OpeningCases::slowDns),

				FaultCase.of(FindingCode.SLOW_CONNECTS, Severity.WARNING,
						"A server that accepts a connection every 100 ms, while 32 callers want one; over when it accepts them at once.",
						OpeningCases::slowConnects),

				FaultCase.of(FindingCode.SLOW_TLS, Severity.WARNING,
						"A server that begins its TLS handshakes after 600 ms.", OpeningCases::slowTls),

				FaultCase
					.of(FindingCode.NO_TLS_RESUMPTION, Severity.INFO,
							"A server that resumes no session; over when it does.", OpeningCases::noResumption)
					// The first handshakes of a JVM, on a machine that is busy.
					.beside(FindingCode.SLOW_TLS),

				FaultCase.of(FindingCode.FAILING_CONNECTS, Severity.CRITICAL,
						"A server that is down: its port refuses connects; over when it is up.", OpeningCases::refused)
					.varying("(?<=took )\\S+"),

				FaultCase.of(FindingCode.FAILING_CONNECTS, Severity.CRITICAL,
						"A name that the resolver does not know; over when it does.", OpeningCases::unknown),

				FaultCase.of(FindingCode.FAILING_CONNECTS, Severity.CRITICAL,
						"A certificate that the application does not trust; over when the server presents another.",
						OpeningCases::untrusted),

				FaultCase.of(FindingCode.PORTS_RUNNING_OUT, Severity.CRITICAL,
						"One call after the other with `keep-alive=false`, with a reported range of 600 local ports; over when the reported range is 28,232.",
						OpeningCases::ports));
	}

	private static Fault slowDns(Scene scene) {
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.plain(CLOSES));
		AtomicReference<Duration> time = new AtomicReference<>(Duration.ofMillis(150));
		SampledPool pool = scene.pool((settings) -> settings.keepAlive(false), (host) -> {
			pause(time.get());
			return SampledPool.Resolver.LOCAL.resolve(host);
		}, null);
		String url = "http://orders.test:" + upstream.port();
		scene.callers(2, PAUSE, () -> pool.get(url));
		return Fault.on(url, "\\d+ lookups of the host's addresses took (1[5-9]|[2-9]\\d)\\dms on average",
				() -> time.set(Duration.ZERO));
	}

	private static void pause(Duration time) {
		try {
			Pause.of(time);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Its queue is full, and the kernel drops the SYN of those who find it so.
	 */
	private static Fault slowConnects(Scene scene) throws IOException {
		ServerSocket server = scene.use(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
		AtomicReference<Duration> pause = new AtomicReference<>(Duration.ofMillis(100));
		Thread accepting = new Thread(() -> accept(server, pause), "slow-server");
		accepting.setDaemon(true);
		accepting.start();
		SampledPool pool = scene.pool((settings) -> settings.keepAlive(false).connectTimeout(Duration.ofSeconds(30)));
		String url = "http://127.0.0.1:" + server.getLocalPort();
		scene.callers(32, Duration.ofMillis(300), () -> pool.get(url));
		return Fault
			.on(url, "\\d+ TCP connects took (\\d{3}ms|\\d(\\.\\d)?s) on average, \\d(\\.\\d)?s at most",
					() -> pause.set(Duration.ZERO))
			.advising("^Check for lost packets: a full backlog of the server");
	}

	private static void accept(ServerSocket server, AtomicReference<Duration> pause) {
		byte[] answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello".getBytes();
		try {
			while (true) {
				pause(pause.get());
				try (Socket client = server.accept()) {
					client.getInputStream().read(new byte[8192]);
					client.getOutputStream().write(answer);
				}
			}
		}
		catch (IOException ex) {
			// The scene is over.
		}
	}

	private static Fault slowTls(Scene scene) {
		AtomicReference<Duration> time = new AtomicReference<>(Duration.ofMillis(600));
		ScriptedUpstream upstream = scene
			.use(ScriptedUpstream.tls(CLOSES).resumeSessions().onConnect((connection) -> pause(time.get())));
		SampledPool pool = scene.pool((settings) -> settings.keepAlive(false));
		scene.callers(2, Duration.ofMillis(100), () -> pool.get(upstream.url()));
		return Fault.on(upstream.url(), "\\d+ TLS handshakes took ([6-9]\\d\\dms|1(\\.\\d)?s) on average",
				() -> time.set(Duration.ZERO));
	}

	private static Fault noResumption(Scene scene) {
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.tls(CLOSES));
		SampledPool pool = scene.pool((settings) -> settings.keepAlive(false));
		// On a busy machine, one caller does not come to enough handshakes in time.
		scene.callers(3, PAUSE, () -> pool.get(upstream.url()));
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
		return Fault
			.on(url, "(\\d+) of \\1 connections could not be opened, because these failed: (\\d+) of \\2 TCP connects;",
					() -> scene.use(ScriptedUpstream.plainAt("127.0.0.3", port, (exchange) -> exchange.ok("hello"))))
			.advising("^Check whether the server runs");
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
		return Fault
			.on(url, "because these failed: (\\d+) of \\1 lookups; the last failure: UnknownHostException",
					() -> known.set(true))
			.advising("^Check the name in the URL");
	}

	private static Fault untrusted(Scene scene) {
		ScriptedUpstream upstream = scene.use(ScriptedUpstream.tls((exchange) -> exchange.ok("hello"))
			.certificates(TestCertificates.create("untrusted")));
		SampledPool pool = scene.pool((settings) -> {
		});
		scene.callers(1, PAUSE, () -> pool.get(upstream.url()));
		return Fault
			.on(upstream.url(), "(\\d+) of \\1 TLS handshakes; the last failure: SSLHandshakeException",
					() -> upstream.certificates(TestCertificates.localhost()))
			.advising("^Check the certificates");
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

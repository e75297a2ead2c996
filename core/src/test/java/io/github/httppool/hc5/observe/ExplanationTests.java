package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import ch.qos.logback.classic.Level;
import io.github.httppool.CloseReason;
import io.github.httppool.ProxySettings;
import io.github.httppool.findings.LocalPorts;
import io.github.httppool.hc5.net.ConnectAttempt;
import io.github.httppool.hc5.net.ConnectAttempts;
import io.github.httppool.hc5.pool.ConnectionPool;
import io.github.httppool.testing.CallerThread;
import io.github.httppool.testing.ExplainedFailure;
import io.github.httppool.testing.LeakLog;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.SocksScript;
import io.github.httppool.testing.TestCertificates;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Situations that look alike and have different causes: each message states the cause
 * whose evidence was seen, and not its neighbour's. More of them are played elsewhere: an
 * address filter in {@code ExceptionTableTests}, host names without a certificate in
 * {@code TlsExplanationTests} and {@code addresses}, early answers in
 * {@code EarlyResponseTests}, key updates in {@code IdleTlsTests}, pauses in
 * {@code StoppedProcessTests}, neighbours of findings in {@code FaultTableTests}.
 */
@org.junit.jupiter.api.Timeout(60)
@Tag("waiting")
class ExplanationTests {

	private static final String DNS = "what resolves it: DNS";

	private static final String NOTHING_LISTENS = "nothing listens on that port";

	private static final String TRUST = "is not trusted";

	// No address

	@ParameterizedTest
	@CsvSource({ "10.1.2.300, It looks like an address but is not one", "1.2, It looks like an address but is not one",
			"a..b, DNS has no such names", "'fe80::1%nowhere', It is an address" })
	void hostThatNoDnsKnowsIsNotAProblemOfDns(String host, String cause) {
		assertThat(unknown(route("https", "orders.example"), host, host)).contains(cause).doesNotContain(DNS);
	}

	@Test
	void labelThatIsTooLongIsNotAProblemOfDns() {
		String host = "x".repeat(64) + ".example";
		assertThat(unknown(route("https", host), host, host)).contains("longer than 63 characters").doesNotContain(DNS);
	}

	@Test
	void silentDnsIsNotAWrongName() {
		assertThat(unknown(route("https", "orders.example"), "orders.example",
				"orders.example: Temporary failure in name resolution"))
			.contains("says nothing about the name")
			.doesNotContain("Check the name");
	}

	@Test
	void resolverWithoutAnAnswerIsNotAWrongName() {
		assertThat(unknown(route("https", "orders.example"), "orders.example", "orders.example has no address"))
			.contains("check the resolver that the application sets")
			.doesNotContain("Check the name", DNS);
	}

	@Test
	void unknownProxyIsNotTheNameInTheCall() {
		HttpRoute route = new HttpRoute(new HttpHost("http", "orders.example", 80),
				new HttpHost("proxy.example", 3128));
		assertThat(unknown(route, "proxy.example", "proxy.example")).contains("the address of the proxy")
			.doesNotContain("in the call");
		assertThat(unknown(route("http", "orders.example"), "orders.example", "orders.example"))
			.contains("Check the name in the call", DNS);
	}

	private static String unknown(HttpRoute route, String host, String answer) {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			ConnectionPool connections = pool.pool.connections();
			return inOneLine(ConnectExplanation.unknownHost(connections, connections.route(route), host, 0,
					new UnknownHostException(answer)));
		}
	}

	// No connection

	static Stream<Arguments> failures() {
		return Stream.of(Arguments.of(new ConnectException("Connection refused"), NOTHING_LISTENS),
				Arguments.of(new ConnectException("Connection timed out"), "Possible causes: a firewall that drops"),
				Arguments.of(new NoRouteToHostException("No route to host"), "Either the host is down"),
				Arguments.of(new SocketException("Network is unreachable"), "has no route to that network"),
				Arguments.of(new SocketException("Operation not permitted"), "This machine itself does not allow"),
				Arguments.of(new BindException("Permission denied"), "This machine itself does not allow"),
				Arguments.of(new BindException("Cannot assign requested address"), "No local port"),
				Arguments.of(new BindException("Address already in use"), "(Address already in use)"));
	}

	/**
	 * The JDK has one class for several of them.
	 */
	@ParameterizedTest
	@MethodSource("failures")
	void eachFailureToConnectHasItsOwnCause(IOException failure, String cause) {
		String message = failed(route("http", "orders.example"), failure, false);
		assertThat(message).contains(cause);
		failures().map((other) -> (String) other.get()[1])
			.filter((other) -> !other.equals(cause))
			.forEach((other) -> assertThat(message).doesNotContain(other));
	}

	@Test
	void serverBehindASocksProxyThatDoesNotAnswerIsNotTheProxyAlone() throws Exception {
		SocksScript.Answers silent = new SocksScript.Answers() {

			@Override
			public byte[] toGreeting(Socket client) {
				return new byte[] { 5, 0 };
			}

			@Override
			public byte[] toRequest(Socket client) throws Exception {
				Pause.ofMillis(2000);
				return SocksScript.GRANTED;
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				SocksScript proxy = SocksScript.start(upstream.port(), silent);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.connectTimeout(Duration.ofMillis(300)).proxy(through(proxy.url())))) {
			assertThat(failureOf(pool, upstream.uri("/")))
				.contains("The SOCKS proxy accepted the connection", "or the server does not answer it")
				.doesNotContain("The proxy could not be reached");
		}
	}

	private static String failed(HttpRoute httpRoute, IOException failure, boolean inHandshake) {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			ConnectAttempt attempt = new ConnectAttempt(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080));
			attempt.begin();
			attempt.inHandshake = inHandshake;
			attempt.failed(failure);
			ConnectionPool connections = pool.pool.connections();
			return inOneLine(ConnectExplanation.failed(connections, connections.route(httpRoute),
					ConnectAttempts.only(attempt, Timeout.ofSeconds(2))));
		}
	}

	// No local port

	@Test
	void portsThatOthersUseUpAreNotThePoolsDoing() {
		LocalPorts ports = new LocalPorts(10, 9);
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(PortsExplanation.judgement(pool.pool.connections(), 0, ports, CloseReason.SERVER_CLOSE))
				.contains("most of them are not of this pool")
				.doesNotContain("instead of reusing them");
			assertThat(PortsExplanation.judgement(pool.pool.connections(), 9, ports, CloseReason.SERVER_CLOSE))
				.contains("closes connections instead of reusing them");
			assertThat(PortsExplanation.judgement(pool.pool.connections(), 0, new LocalPorts(10, 0), null))
				.contains("The pool does not use the ports up");
		}
	}

	// TLS

	@Test
	void checkThatFailsIsNotABadCertificate() throws Exception {
		IOException unreachable = new ConnectException("no OCSP responder");
		assertThat(refusedBy(new CertificateException("revocation could not be checked", unreachable)))
			.contains("which says nothing about the certificate")
			.doesNotContain("configure the server to present another one", TRUST, "connection ended");
		assertThat(refusedBy(new CertificateException("weak"))).contains("was refused for that reason")
			.doesNotContain("says nothing about the certificate", TRUST);
	}

	@Test
	void slowCheckOfACertificateIsNotASilentServer() throws Exception {
		TrustManager slow = new Trusting() {

			@Override
			void check() {
				try {
					Pause.ofMillis(1500);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.tls((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.trusting(new DefaultClientTlsStrategy(context(slow)))) {
			pool.change((settings) -> settings.tlsHandshakeTimeout(Duration.ofMillis(400)));
			assertThat(failureOf(pool, upstream.uri("/")))
				.contains("Possible causes:", "a slow check of the certificate")
				.doesNotContain("The server accepted");
		}
	}

	private static String refusedBy(CertificateException refusal) throws Exception {
		TrustManager refusing = new Trusting() {

			@Override
			void check() throws CertificateException {
				throw refusal;
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.tls((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.trusting(new DefaultClientTlsStrategy(context(refusing)))) {
			return failureOf(pool, upstream.uri("/"));
		}
	}

	private static SSLContext context(TrustManager trust) throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, new TrustManager[] { trust }, null);
		return context;
	}

	@ParameterizedTest
	@CsvSource({ "80, The server reports an internal error",
			"70, no protocol version or cipher in common: check the options",
			"42, does not accept the client's certificate", "49, does not accept the client's certificate",
			"112, knows no host of that name", "40, Possible causes: no protocol version" })
	void eachAlertHasItsOwnCause(int alert, String cause) {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"))
			.onConnect((connection) -> connection.sendRaw(new byte[] { 21, 3, 3, 0, 2, 2, (byte) alert }));
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(failureOf(pool, URI.create("https://localhost:" + upstream.port() + "/"))).contains(cause);
		}
	}

	@Test
	void brokenRecordAfterTheHandshakeIsNotAServerWithoutTls() {
		try (ScriptedUpstream upstream = ScriptedUpstream.tls((exchange) -> {
			exchange.connection().sendBelowTls(Arrays.copyOf(new byte[] { 23, 3, 3, 0, 60 }, 65));
			exchange.stall();
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(failureOf(pool, upstream.uri("/"))).contains("failed before an answer came")
				.doesNotContain("does not speak TLS", "http in place of https");
		}
	}

	@Test
	void certificateOfTheProxyIsNotThatOfTheServer() {
		try (ScriptedUpstream proxy = ScriptedUpstream.tls((exchange) -> exchange.ok("hello"))
			.certificates(TestCertificates.create("stranger"));
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.proxy(through("https://localhost:" + proxy.port())))) {
			assertThat(failureOf(pool, URI.create("http://orders.example/")))
				.contains("The proxy's certificate " + TRUST)
				.doesNotContain("The server's certificate");
		}
	}

	// No answer

	@Test
	void requestThatKillsItsServerIsNotAKeepAliveThatIsTooShort() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/poison")) {
				exchange.close();
			}
			else {
				exchange.ok("hello");
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> settings.retryStale(false))) {
			// The time between the two is the machine's; it is short enough in most
			// tries.
			String message = null;
			for (int i = 0; i < 20 && (message == null || !message.contains("for so short a time")); i++) {
				pool.get(upstream.uri("/"));
				message = failureOf(pool, upstream.uri("/poison"));
			}
			assertThat(message).contains("for so short a time", "whether this request makes it fail")
				.doesNotContain("idle-timeout");
		}
	}

	@Test
	void endOfAConnectionThroughAProxyIsNotTheServersAlone() {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain(ScriptedUpstream.Exchange::close);
				PoolFixture pool = PoolFixture.with((settings) -> settings.proxy(through(proxy.url())))) {
			assertThat(failureOf(pool, URI.create("http://orders.example/")))
				.contains("Check the logs of the proxy and of the server");
		}
	}

	// No connection in time

	@Test
	void limitThatIsReachedIsTheOneThatIsNamed() throws Exception {
		try (ScriptedUpstream first = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				ScriptedUpstream second = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxTotal(2).maxPerRoute(1).acquireTimeout(Duration.ofMillis(100)));
				CloseableHttpResponse held = pool.open(new HttpGet(first.uri("/")))) {
			assertThat(failureOf(pool, first.uri("/"))).contains("The route was at its limit: http-pool.max-per-route")
				.doesNotContain("The pool was at its limit");
			try (CloseableHttpResponse other = pool.open(new HttpGet(second.uri("/")))) {
				pool.pool.resize(2, 2);
				assertThat(failureOf(pool, second.uri("/"))).contains("The pool was at its limit: http-pool.max-total")
					.doesNotContain("The route was at its limit");
			}
			assertThat(held.getCode()).isEqualTo(200);
		}
	}

	@Test
	void limitThatWasRaisedMeanwhileIsNotAConnectionThatBecameFree() {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			ConnectionPool connections = pool.pool.connections();
			assertThat(inOneLine(LeaseExplanation.timedOut(connections,
					connections.route(route("http", "orders.example")), Duration.ofSeconds(1))))
				.contains("No limit is reached any more: either a connection has become free, or a limit was raised")
				.doesNotContain("was at its limit");
		}
	}

	@Test
	void slowCallIsNotALeak() throws Exception {
		CountDownLatch reported = new CountDownLatch(1);
		try (LeakLog log = new LeakLog(); ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			reported.await();
			exchange.ok("hello");
		}); PoolFixture pool = PoolFixture.with((settings) -> settings.leakDetectionThreshold(Duration.ofMillis(50)))) {
			CompletableFuture<String> slow = CallerThread.inThread("slow", () -> pool.get(upstream.uri("/")));
			soon().until(() -> !log.at(Level.WARN).isEmpty());
			reported.countDown();
			assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
			assertThat(log.at(Level.WARN).get(0).getFormattedMessage()).contains("If its response is not closed",
					"If the call may take that long");
			assertThat(log.at(Level.WARN)).noneMatch((event) -> event.getFormattedMessage().contains("lost"));
			assertThat(pool.pool.findings()).allSatisfy((finding) -> {
				assertThat(finding.message())
					.contains("1 lease was held for longer than http-pool.leak-detection-threshold")
					.doesNotContain("a leak", "lost");
				assertThat(finding.advice()).startsWith("If the call may take that long");
			});
		}
	}

	// A tunnel that is refused

	@ParameterizedTest
	@CsvSource({ "407, 'Proxy-Authenticate: Negotiate', and the pool sent none",
			"503, 'X-None: x', or be overloaded itself", "403, 'X-None: x', If it is a proxy",
			"404, 'X-None: x', It may not be a proxy" })
	void statusOfAProxyIsNoProofOfItsCause(int status, String field, String hint) {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> exchange.status(status, "no", field));
				PoolFixture pool = PoolFixture.with((settings) -> settings.proxy(through(proxy.url())))) {
			assertThat(failureOf(pool, URI.create("https://orders.example/"))).contains(hint);
		}
	}

	private static String failureOf(PoolFixture pool, URI uri) {
		return inOneLine(catchThrowable(() -> pool.get(uri)));
	}

	private static String inOneLine(Throwable failure) {
		assertThat(failure).isInstanceOfAny(IOException.class, SocketTimeoutException.class);
		return ExplainedFailure.inOneLine(failure);
	}

	private static ProxySettings through(String url) {
		return new ProxySettings(url, null, null, List.of(), false);
	}

	private static HttpRoute route(String scheme, String host) {
		return new HttpRoute(new HttpHost(scheme, host, 80), null, scheme.equals("https"));
	}

	/**
	 * Trusts everyone, after a check.
	 */
	private abstract static class Trusting extends X509ExtendedTrustManager {

		abstract void check() throws CertificateException;

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
				throws CertificateException {
			check();
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine)
				throws CertificateException {
			check();
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
			check();
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}

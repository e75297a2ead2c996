package io.github.httppool.hc5.observe;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

import io.github.httppool.testing.ExplainedFailure;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.TestCertificates;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.ExplainedFailure.TIME;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for the messages of exceptions if TLS with a server fails.
 */
@Tag("waiting")
@Timeout(60)
class TlsExplanationTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	private static final String BUNDLE = " \\(pool 'default'\\): ";

	@Test
	void certificateOfAnUnknownAuthorityIsNotTrusted() {
		try (ScriptedUpstream upstream = ScriptedUpstream.tls(HELLO)
			.certificates(TestCertificates.create("stranger"))) {
			assertNoTls(upstream, SSLHandshakeException.class, ".*unable to find valid certification path.*",
					"The server's certificate is not trusted: either its authority is missing from the trust store of "
							+ "the SSL bundle, or the server does not send the certificates between the two");
		}
	}

	/**
	 * Who compares the names, the JDK or HttpClient, decides about the exception.
	 */
	@Test
	void messageSaysThatTheCertificateIsForAnotherName() {
		TestCertificates certificates = TestCertificates.forHost("other.example");
		Map<HostnameVerificationPolicy, Class<? extends Exception>> types = Map.of(HostnameVerificationPolicy.BUILTIN,
				SSLHandshakeException.class, HostnameVerificationPolicy.CLIENT, SSLPeerUnverifiedException.class);
		types.forEach((policy, type) -> {
			try (ScriptedUpstream upstream = ScriptedUpstream.tls(HELLO).certificates(certificates);
					PoolFixture pool = PoolFixture.trusting(new DefaultClientTlsStrategy(certificates.clientContext(),
							policy, HttpsSupport.getDefaultHostnameVerifier()))) {
				assertNoTls(pool, upstream, type, ".*",
						"The server's certificate is for other names than the host of the call: call it by one of them, "
								+ "or configure the server to present another certificate");
			}
		});
	}

	@Test
	void messageSaysThatTheCertificateHasExpired() {
		TestCertificates certificates = TestCertificates.expired();
		try (ScriptedUpstream upstream = ScriptedUpstream.tls(HELLO).certificates(certificates);
				PoolFixture pool = PoolFixture.trusting(new DefaultClientTlsStrategy(certificates.clientContext()))) {
			assertNoTls(pool, upstream, SSLHandshakeException.class, ".*",
					"The certificate that the server sent, or one of its authorities', has expired, or the clock of this "
							+ "machine is wrong");
		}
	}

	@Test
	void messageHasTheAlertOfTheServer() {
		assertAlert(40, ".*handshake_failure.*",
				"The server refused the handshake\\. Possible causes: no protocol version or cipher in common, or a "
						+ "missing client certificate: check the options of the SSL bundle, and the log of the server");
		assertAlert(42, ".*bad_certificate.*",
				"The server does not accept the client's certificate, or did not receive one: check "
						+ "the key store of the SSL bundle, and what the server trusts");
		assertAlert(112, ".*unrecognized_name.*", "The server knows no host of that name: check the host of the call");
	}

	private static void assertAlert(int alert, String why, String advice) {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO)
			.onConnect((connection) -> connection.sendRaw(new byte[] { 21, 3, 3, 0, 2, 2, (byte) alert }))) {
			assertNoTls(upstream, SSLHandshakeException.class, why, advice);
		}
	}

	/**
	 * The alert of the server, and its close, cross what the client sends: with TLS 1.3
	 * that is the request.
	 */
	@Test
	void messageSaysThatAClientCertificateIsMissing() {
		for (String version : List.of("TLSv1.2", "TLSv1.3")) {
			try (ScriptedUpstream upstream = ScriptedUpstream.tls(HELLO, version).requireClientCertificate();
					PoolFixture pool = PoolFixture.withDefaults()) {
				String route = "https://localhost:" + upstream.port();
				assertThatIOException().isThrownBy(() -> pool.get(URI.create(route + "/orders")))
					.withMessageMatching("(?s)(No TLS with " + route + BUNDLE + ".*|TLS with " + route
							+ " failed before an answer came" + BUNDLE + ".*|GET /orders failed, because " + route
							+ " ended the connection before .*)");
			}
		}
	}

	@Test
	void messageSaysThatTheServerHasNoTls() {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO)
			.onConnect((connection) -> connection.sendRaw("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
			assertNoTls(upstream, SSLException.class, "Unsupported or unrecognized SSL message",
					"The port answers without TLS: the URL may need http instead of https, or another port");
		}
	}

	@Test
	void messageSaysThatTheServerClosedDuringTheHandshake() {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO).onConnect(ScriptedUpstream.Connection::close)) {
			assertNoTls(upstream, SSLHandshakeException.class, ".*",
					"The connection ended within the handshake: check the log of the server and of what stands before it\\. "
							+ "It may not know that host name, want another protocol version, or refuse this client");
		}
	}

	@Test
	void messageNamesTheHandshakeTimeout() {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO)
			.onConnect((connection) -> connection.awaitClientClose(Duration.ofSeconds(20)));
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.tlsHandshakeTimeout(Duration.ofMillis(300)))) {
			ExplainedFailure.ofGet(pool, URI.create("https://127.0.0.1:" + upstream
				.port() + "/"), ConnectTimeoutException.class, "No TLS with https://127\\.0\\.0\\.1:" + upstream.port()
						+ " within 300ms \\(pool 'default'; http-pool\\.tls-handshake-timeout\\): 127\\.0\\.0\\.1:"
						+ upstream.port() + " timed out after " + TIME
						+ "\\. TCP is connected, but the handshake did not complete\\. Possible causes: a server under load, a "
						+ "port without TLS, or a slow check of the certificate in this application");
		}
	}

	private static void assertNoTls(ScriptedUpstream upstream, Class<? extends Exception> type, String why,
			String advice) {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			assertNoTls(pool, upstream, type, why, advice);
		}
	}

	private static void assertNoTls(PoolFixture pool, ScriptedUpstream upstream, Class<? extends Exception> type,
			String why, String advice) {
		ExplainedFailure.ofGet(pool, URI.create("https://localhost:" + upstream
			.port() + "/orders"), type, "No TLS with https://localhost:" + upstream.port() + BUNDLE + "[^ ]+:"
					+ upstream.port() + " failed after " + TIME + " \\(" + why + "\\)\\. " + advice
					+ "\\. The SSL bundle is that of spring\\.http\\.clients\\.ssl\\.bundle, or the bundle of its client");
	}

}

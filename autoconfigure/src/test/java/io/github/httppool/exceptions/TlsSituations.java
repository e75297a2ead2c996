package io.github.httppool.exceptions;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLProtocolException;

import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.TestCertificates;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * Ways in which there is no TLS with a server.
 */
final class TlsSituations {

	private static final String[] SHORT = { "spring.http.clients.connect-timeout=400ms",
			"http-pool.tls-handshake-timeout=400ms" };

	/** Made when they are first needed, by a program of some seconds. */
	private static final class Certificates {

		static final TestCertificates UNTRUSTED = TestCertificates.create("untrusted");

		static final TestCertificates ELSEWHERE = TestCertificates.forHost("elsewhere.example");

		static final TestCertificates EXPIRED = TestCertificates.expired();

	}

	private TlsSituations() {
	}

	static List<Situation> all() {
		return List.of(

				tls("certificate not trusted").fails(SSLHandshakeException.class)
					.setUp((upstream) -> upstream.certificates(Certificates.UNTRUSTED)),

				tls("certificate for another host").fails(SSLHandshakeException.class)
					.setUp((upstream) -> upstream.certificates(Certificates.ELSEWHERE))
					.trusts(() -> Certificates.ELSEWHERE),

				tls("certificate expired").fails(SSLHandshakeException.class)
					.setUp((upstream) -> upstream.certificates(Certificates.EXPIRED))
					.trusts(() -> Certificates.EXPIRED),

				tls("no protocol version in common").fails(SSLHandshakeException.class)
					.protocols("TLSv1.2")
					.with("spring.ssl.bundle.jks.test.options.enabled-protocols=TLSv1.3")
					.over(Way.TLS),

				tls("client certificate missing, TLS 1.2")
					.fails(SSLHandshakeException.class, SSLException.class, SocketException.class)
					.over(Way.TLS)
					.protocols("TLSv1.2")
					.setUp((upstream) -> upstream.requireClientCertificate()),

				tls("client certificate missing, TLS 1.3")
					.fails(SSLHandshakeException.class, SSLException.class, SocketException.class)
					.over(Way.TLS)
					.protocols("TLSv1.3")
					.setUp((upstream) -> upstream.requireClientCertificate()),

				onHello("server speaks no TLS", List.of(SSLException.class), (connection) -> {
					connection.sendRaw("HTTP/1.1 400 Bad Request\r\n\r\n");
					connection.awaitClientClose(Duration.ofSeconds(10));
				}),

				onHello("invalid handshake", List.of(SSLProtocolException.class), (connection) -> {
					connection.sendRaw(new byte[] { 22, 3, 3, 0, 5, 99, 98, 97, 96, 95 });
					connection.awaitClientClose(Duration.ofSeconds(10));
				}),

				onHello("alert in the handshake", List.of(SSLHandshakeException.class), (connection) -> {
					connection.sendRaw(new byte[] { 21, 3, 3, 0, 2, 2, 40 });
					connection.awaitClientClose(Duration.ofSeconds(10));
				}),

				onHello("closed in the handshake", List.of(SSLHandshakeException.class),
						ScriptedUpstream.Connection::cut),

				onHello("reset in the handshake", List.of(SocketException.class), ScriptedUpstream.Connection::reset),

				onHello("no response to the handshake",
						List.of(ConnectTimeoutException.class, SocketTimeoutException.class),
						(connection) -> connection.awaitClientClose(Duration.ofSeconds(20)))
					.with(SHORT)
					.with(MessageSituations.SHORT)
					.ours(ConnectTimeoutException.class),

				tls("cut off below TLS before a response").fails(NoHttpResponseException.class)
					.server((exchange) -> exchange.connection().cut()),

				tls("cut off below TLS in the body").fails(ConnectionClosedException.class).server((exchange) -> {
					exchange.head(200, "Content-Length: 10").sendRaw("hello");
					exchange.connection().cut();
				}),

				tls("invalid bytes between records before a response").fails(SSLException.class).server((exchange) -> {
					exchange.connection().sendBelowTls(GARBAGE);
					exchange.stall();
				}),

				tls("invalid bytes between records in the body").fails(SSLException.class).server((exchange) -> {
					exchange.head(200, "Content-Length: 10").sendRaw("hello");
					exchange.connection().sendBelowTls(GARBAGE);
					exchange.stall();
				}));
	}

	/** A record by its head, which nobody has encrypted. */
	private static final byte[] GARBAGE = Arrays.copyOf(new byte[] { 23, 3, 3, 0, 60 }, 65);

	private static Situation tls(String name) {
		return Situation.of(name).over(Way.TLS, Way.TUNNEL);
	}

	private static Situation onHello(String name, List<Class<? extends Throwable>> plain,
			ScriptedUpstream.ConnectionScript script) {
		Situation situation = tls(name).onHello((connection) -> {
			// The hello of the client comes first.
			connection.awaitClientClose(Duration.ofMillis(200));
			script.accepted(connection);
		});
		situation.plain = plain;
		return situation;
	}

}

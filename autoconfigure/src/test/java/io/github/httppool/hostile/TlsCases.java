package io.github.httppool.hostile;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Connection;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.TestCertificates;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;

import static io.github.httppool.hostile.Fate.NEVER_OPENED;
import static io.github.httppool.hostile.Fate.closed;
import static io.github.httppool.hostile.Outcome.answer;
import static io.github.httppool.hostile.Outcome.failure;

/**
 * Handshakes that fail or never end, certificates that are not right, and records that
 * are none.
 */
final class TlsCases {

	/** Made when they are first needed, by a program of some seconds. */
	private static final class Certificates {

		static final TestCertificates UNTRUSTED = TestCertificates.create("untrusted");

		static final TestCertificates ELSEWHERE = TestCertificates.forHost("elsewhere.example");

		static final TestCertificates EXPIRED = TestCertificates.expired();

	}

	private TlsCases() {
	}

	static List<HostileCase> cases() {
		return List.of(

				tls("no TLS spoken", "The server answers the handshake in plain HTTP.").onConnect((connection) -> {
					connection.sendRaw(Exchange.headText(400, "Connection: close"));
					connection.awaitClientClose(Duration.ofSeconds(10));
					connection.close();
				}).gets(failure(SSLException.class, "Unsupported or unrecognized SSL message"), 5, NEVER_OPENED),

				tls("invalid handshake", "Random bytes in a record of the handshake.").onConnect((connection) -> {
					connection.sendRaw(new byte[] { 22, 3, 3, 0, 5, 99, 98, 97, 96, 95 });
					connection.awaitClientClose(Duration.ofSeconds(10));
					connection.close();
				}).gets(failure(SSLException.class, ""), 5, NEVER_OPENED),

				tls("handshake stalls", "Nothing answers the handshake; `tls-handshake-timeout` is 1 s.")
					.onConnect(TlsCases::stall)
					.with("tls-handshake-timeout=1s")
					.gets(failure(ConnectTimeoutException.class, "http-pool.tls-handshake-timeout"), 5, NEVER_OPENED),

				tls("handshake dripped",
						"A byte of the handshake every 20 ms, without end; `tls-handshake-timeout` is 1 s.")
					.onConnect((connection) -> {
						connection.sendRaw(new byte[] { 22, 3, 3, 0x40, 0 });
						while (!connection.awaitClientClose(Duration.ofMillis(20))) {
							connection.sendRaw(new byte[] { 2 });
						}
						connection.close();
					})
					.with("tls-handshake-timeout=1s")
					.gets(failure(ConnectTimeoutException.class, "http-pool.tls-handshake-timeout"), 5, NEVER_OPENED),

				tls("closed before the handshake", "The connection is accepted and closed.")
					.onConnect(Connection::close)
					.gets(failure(EOFException.class, "SSL peer shut down incorrectly"), 5, NEVER_OPENED),

				tls("reset in the handshake", "The connection is accepted and reset.").onConnect(Connection::reset)
					.gets(failure(IOException.class, ""), 5, NEVER_OPENED),

				tls("certificate for another host", "A trusted certificate for `elsewhere.example`.")
					.setUp((upstream) -> upstream.certificates(Certificates.ELSEWHERE))
					.trusts(() -> Certificates.ELSEWHERE)
					.afterwards((scene) -> scene.upstream().certificates(TestCertificates.localhost()))
					.gets(failure(SSLHandshakeException.class, "No subject alternative names"), 5, NEVER_OPENED),

				tls("untrusted certificate", "A self-signed certificate that is not trusted.")
					.setUp((upstream) -> upstream.certificates(Certificates.UNTRUSTED))
					.afterwards((scene) -> scene.upstream().certificates(TestCertificates.localhost()))
					.gets(failure(SSLHandshakeException.class, "PKIX path"), 5, NEVER_OPENED),

				tls("expired certificate", "A certificate of a trusted authority that expired five days ago.")
					.setUp((upstream) -> upstream.certificates(Certificates.EXPIRED))
					.trusts(() -> Certificates.EXPIRED)
					.afterwards((scene) -> scene.upstream().certificates(TestCertificates.localhost()))
					.gets(failure(SSLHandshakeException.class, "validity check failed"), 5, NEVER_OPENED),

				HostileCase
					.of("no client certificate, TLS 1.2",
							"The server asks for a certificate that the caller does not have.")
					.over(Transport.TLS_1_2)
					.setUp(ScriptedUpstream::requireClientCertificate)
					.afterwards((scene) -> scene.upstream().requireClientCertificate(false))
					.gets(failure(IOException.class, ""), 5, NEVER_OPENED),

				HostileCase.of("no client certificate, TLS 1.3",
						"The server asks for a certificate that the caller does not have, and fails after the handshake.")
					.over(Transport.TLS_1_3)
					.setUp(ScriptedUpstream::requireClientCertificate)
					.afterwards((scene) -> scene.upstream().requireClientCertificate(false))
					.gets(failure(IOException.class, ""), 5, closed(CloseReason.ERROR)),

				tls("no close notification, no length",
						"A body without a length ends with the connection, but without TLS's close notification. The JDK treats this as the end.")
					.server((exchange) -> {
						exchange.head(200).sendRaw("hello");
						exchange.connection().cut();
					})
					.gets(answer(200, "hello"), 5, closed(CloseReason.SERVER_CLOSE)),

				tls("no close notification, truncated",
						"10 bytes announced, 5 sent, the connection closed without TLS's close notification.")
					.server((exchange) -> {
						exchange.head(200, "Content-Length: 10").sendRaw("hello");
						exchange.connection().cut();
					})
					.gets(failure(ConnectionClosedException.class, "Premature end"), 5, closed(CloseReason.ERROR)),

				tls("plain bytes in the body", "Half a body, then bytes that are not a TLS record.")
					.server((exchange) -> {
						exchange.head(200, "Content-Length: 10").sendRaw("hello");
						exchange.connection().sendBelowTls(new byte[] { -1, -1, -1, -1, -1, -1 });
						exchange.stall();
					})
					.gets(failure(SSLException.class, ""), 5, closed(CloseReason.ERROR)),

				tls("plain alert in the body", "Half a body, then an unencrypted alert.").server((exchange) -> {
					exchange.head(200, "Content-Length: 10").sendRaw("hello");
					exchange.connection().sendBelowTls(new byte[] { 21, 3, 3, 0, 2, 2, 40 });
					exchange.stall();
				}).gets(failure(SSLException.class, ""), 5, closed(CloseReason.ERROR)),

				tls("half a record", "Half a body, then the beginning of a record and the end of the connection.")
					.server((exchange) -> {
						exchange.head(200, "Content-Length: 10").sendRaw("hello");
						exchange.connection().sendBelowTls(new byte[] { 23, 3, 3, 0, 100, 1, 2, 3 });
						exchange.connection().cut();
					})
					.gets(failure(ConnectionClosedException.class, "Premature end"), 5, closed(CloseReason.ERROR)),

				tls("record on an idle connection", "Bytes that are not a TLS record, on an idle connection.")
					.idleBefore((scene) -> scene.upstream().lastConnection().sendBelowTls("garbage".getBytes()))
					.nextCallLater()
					.gets(answer(200, "hello"), 5, Fate.keptBeside(CloseReason.UNSOLICITED_DATA)));
	}

	private static HostileCase.Builder tls(String name, String story) {
		return HostileCase.of(name, story).over(Transport.TLS_1_2, Transport.TLS_1_3);
	}

	private static void stall(Connection connection) {
		connection.awaitClientClose(Duration.ofSeconds(20));
		connection.close();
	}

}

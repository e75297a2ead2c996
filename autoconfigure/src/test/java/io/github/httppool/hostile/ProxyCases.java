package io.github.httppool.hostile;

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.SSLException;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.ProxyRefusedException;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;

import static io.github.httppool.hostile.Fate.KEPT;
import static io.github.httppool.hostile.Fate.closed;
import static io.github.httppool.hostile.Outcome.answer;
import static io.github.httppool.hostile.Outcome.failure;

/**
 * Proxies that refuse, stall or lie. The server of these cases is the proxy.
 */
final class ProxyCases {

	private static final Duration DRIP = Duration.ofMillis(20);

	private ProxyCases() {
	}

	static List<HostileCase> cases() {
		return List.of(

				tunnel("CONNECT refused", "A 403 with a short body for `CONNECT`.")
					.server((exchange) -> exchange.status(403, "no"))
					.gets(failure(ProxyRefusedException.class, "CONNECT to https://localhost:8443 with status 403"), 5,
							closed(CloseReason.ERROR)),

				tunnel("CONNECT refused with an endless body",
						"A 403 for `CONNECT` whose body drips a byte every 20 ms, without end.")
					.server((exchange) -> exchange.head(403, "Transfer-Encoding: chunked").drip("1\r\nx\r\n", DRIP))
					.gets(failure(ProxyRefusedException.class, "status 403"), 5, closed(CloseReason.ERROR)),

				tunnel("endless head for CONNECT",
						"A 200 for `CONNECT` with a field that drips a byte every 20 ms, without end; `response-timeout` is 1 s.")
					.server((exchange) -> exchange.sendRaw("HTTP/1.1 200 OK\r\nX: ").drip("x", DRIP))
					.with("response-timeout=1s")
					.gets(failure(ConnectTimeoutException.class, "did not end its answer to CONNECT"), 5,
							closed(CloseReason.ERROR)),

				tunnel("CONNECT refused with a flood",
						"A 407 for `CONNECT` with chunks as fast as the caller takes them, without end; the caller has no credentials.")
					.server((exchange) -> exchange
						.head(407, "Proxy-Authenticate: Basic realm=\"x\"", "Transfer-Encoding: chunked")
						.drip("4000\r\n" + "x".repeat(0x4000) + "\r\n", Duration.ZERO))
					.with("drain.max-time=5s")
					.gets(failure(ProxyRefusedException.class, "asks for a login"), 5, closed(CloseReason.DRAIN_BYTES)),

				tunnel("CONNECT answered by 204", "A 204 for `CONNECT`: a success, but not a tunnel for every proxy.")
					.server((exchange) -> exchange.head(204).stall())
					.gets(failure(ProtocolException.class, "answered CONNECT with 204"), 5, closed(CloseReason.ERROR)),

				tunnel("502 for CONNECT", "The proxy cannot reach the server.")
					.server((exchange) -> exchange.status(502, "nobody there", "Connection: close"))
					.gets(failure(ProxyRefusedException.class, "may not have reached the server"), 5,
							closed(CloseReason.ERROR)),

				tunnel("closes on CONNECT", "The connection ends after `CONNECT`.").server(Exchange::close)
					.gets(failure(NoHttpResponseException.class, "failed to respond"), 5, closed(CloseReason.ERROR)),

				tunnel("resets on CONNECT", "The connection is reset after `CONNECT`.").server(Exchange::reset)
					.gets(failure(SocketException.class, "reset"), 5, closed(CloseReason.ERROR)),

				tunnel("invalid response to CONNECT",
						"Bytes that are not a response to `CONNECT`, then the connection closed.")
					.sendsAndCloses("\0\1\2\3 garbage\r\n\r\n")
					.gets(failure(ProtocolException.class, ""), 5, closed(CloseReason.ERROR)),

				tunnel("stalls on CONNECT", "Nothing answers `CONNECT`; `response-timeout` is 500 ms.")
					.server(Exchange::stall)
					.with("response-timeout=500ms")
					.gets(failure(SocketTimeoutException.class, "http-pool.response-timeout"), 5,
							closed(CloseReason.ERROR)),

				tunnel("forged answer before TLS", "A 200 for `CONNECT` and a forged response in one packet.")
					.server((exchange) -> {
						exchange
							.sendRaw(Exchange.headText(200) + Exchange.headText(200, "Content-Length: 6") + "forged");
						exchange.connection().startTls();
					})
					.gets(failure(ConnectionClosedException.class, "without TLS"), 5,
							closed(CloseReason.UNSOLICITED_DATA)),

				tunnel("no TLS in the tunnel", "A 200 for `CONNECT`, then plain HTTP instead of the handshake.").server(
						(exchange) -> exchange.head(200).after(Duration.ofMillis(100)).status(200, "forged").stall())
					.gets(failure(SSLException.class, "Unsupported or unrecognized SSL message"), 5,
							closed(CloseReason.ERROR)),

				tunnel("silent tunnel",
						"A 200 for `CONNECT`, and nothing answers the handshake; `tls-handshake-timeout` is 1 s.")
					.server((exchange) -> exchange.head(200).stall())
					.with("tls-handshake-timeout=1s")
					.gets(failure(ConnectTimeoutException.class, "http-pool.tls-handshake-timeout"), 5,
							closed(CloseReason.ERROR)),

				tunnel("tunnel closed at once", "A 200 for `CONNECT`, then the connection closed.")
					.server((exchange) -> exchange.head(200).close())
					.gets(failure(EOFException.class, "SSL peer shut down incorrectly"), 5, closed(CloseReason.ERROR)),

				tunnel("200 for CONNECT with a length",
						"A 200 for `CONNECT` that announces a body, which a tunnel does not have.")
					.server((exchange) -> {
						if (exchange.method().equals("CONNECT")) {
							exchange.head(200, "Content-Length: 5").connection().startTls();
						}
						else {
							exchange.ok("hello");
						}
					})
					.gets(answer(200, "hello"), 5, KEPT),

				plain("502 with an endless body",
						"A 502 whose body drips a byte every 20 ms, without end; the caller reads nothing.")
					.server((exchange) -> exchange.head(502, "Transfer-Encoding: chunked").drip("1\r\nx\r\n", DRIP))
					.caller(Caller.IGNORES)
					.gets(answer(502, ""), 5, closed(CloseReason.DRAIN_TIME)),

				plain("407 without a challenge", "A 407 without `Proxy-Authenticate`.")
					.server((exchange) -> exchange.status(407, "who?"))
					.gets(answer(407, "who?"), 5, KEPT),

				plain("Proxy-Connection: close", "A field that proxies once used.")
					.server((exchange) -> exchange.ok("hello".getBytes(), "Proxy-Connection: close"))
					.gets(answer(200, "hello"), 5, closed(CloseReason.SERVER_CLOSE)),

				plain("dead proxy", "The proxy accepts the connection and closes it.")
					.onConnect(ScriptedUpstream.Connection::close)
					.gets(failure(NoHttpResponseException.class, ""), 5, closed(CloseReason.ERROR)));
	}

	private static HostileCase.Builder tunnel(String name, String story) {
		// Nobody connects to it but the proxy, which does not; the certificate is for
		// localhost.
		return proxied(name, story, "https://localhost:8443");
	}

	private static HostileCase.Builder plain(String name, String story) {
		return proxied(name, story, "http://origin.example");
	}

	private static HostileCase.Builder proxied(String name, String story, String target) {
		return HostileCase.of(name, story)
			.over(Transport.PLAIN)
			.target((proxy) -> target)
			.customizer((proxy) -> new HttpPoolCustomizer() {

				@Override
				public void customizeClient(String pool, HttpClientBuilder client) {
					client.setProxy(new HttpHost("http", "127.0.0.1", proxy.port()));
				}

			});
	}

}

package io.github.httppool.hostile;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;

import io.github.httppool.CallTimeout;
import io.github.httppool.CallTimeoutException;
import io.github.httppool.CloseReason;
import io.github.httppool.hostile.Caller.Answer;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Transport;

import static io.github.httppool.hostile.Fate.KEPT;
import static io.github.httppool.hostile.Fate.NEVER_OPENED;
import static io.github.httppool.hostile.Fate.closed;
import static io.github.httppool.hostile.Outcome.answer;
import static io.github.httppool.hostile.Outcome.failure;

/**
 * Calls that never end, though there is never silence for long: only a limit for the
 * whole call helps. It is 2 s in all of these cases.
 */
final class DeadlineCases {

	private static final Duration DRIP = Duration.ofMillis(20);

	private DeadlineCases() {
	}

	static List<HostileCase> cases() {
		return List.of(

				limited("endless drip, read", "A chunk of one byte every 20 ms, without end; the caller reads.")
					.server((exchange) -> exchange.dripData(DRIP))
					.gets(overdue("reading the body"), 10, closed(CloseReason.ERROR)),

				limited("endless chunk extension, read",
						"A chunk extension that grows by a byte every 20 ms; the caller reads.")
					.server((exchange) -> exchange.dripChunkExtension(DRIP))
					.gets(overdue("reading the body"), 10, closed(CloseReason.ERROR)),

				limited("endless trailers, read", "A trailer field every 20 ms, without end; the caller reads.")
					.server((exchange) -> exchange.head(200, "Transfer-Encoding: chunked")
						.sendRaw("0\r\n")
						.drip("Trailer: x\r\n", DRIP))
					.gets(overdue("reading the body"), 10, closed(CloseReason.ERROR)),

				limited("endless error body",
						"A 500 whose body drips a byte every 20 ms, without end. Spring's exception has the status, and an empty body.")
					.server((exchange) -> exchange.head(500, "Transfer-Encoding: chunked").drip("1\r\nx\r\n", DRIP))
					.gets(answer(500, ""), 10, closed(CloseReason.ERROR)),

				limited("endless header line", "A header field that grows by a byte every 20 ms.")
					.server((exchange) -> exchange.sendRaw("HTTP/1.1 200 OK\r\nX-Test: ").drip("x", DRIP))
					.gets(overdue("waiting for the response"), 10, closed(CloseReason.ERROR)),

				limited("endless headers", "A header field every 20 ms, without end.")
					.server((exchange) -> exchange.sendRaw("HTTP/1.1 200 OK\r\n").drip("X-Test: x\r\n", DRIP))
					.gets(overdue("waiting for the response"), 10, closed(CloseReason.ERROR)),

				limited("endless 100s", "`100 Continue` every 50 ms, without end.")
					.server((exchange) -> exchange.drip(Exchange.headText(100), Duration.ofMillis(50)))
					.gets(overdue("waiting for the response"), 10, closed(CloseReason.ERROR)),

				limited("silent server", "Nothing answers the request.").server(Exchange::stall)
					.gets(overdue("waiting for the response"), 10, closed(CloseReason.ERROR)),

				limited("slow redirects", "Each redirect leads to a new place, after 100 ms.")
					.server((exchange) -> exchange.after(Duration.ofMillis(100))
						.head(302, "Location: " + exchange.path() + "1", "Content-Length: 0"))
					.gets(failure(CallTimeoutException.class, "http-pool.call-timeout"), 10, closed(CloseReason.ERROR)),

				limited("reads no request", "The server does not read a body of 50 MB.").over(Transport.PLAIN)
					.setUp(ScriptedUpstream::leaveBodies)
					.server((exchange) -> exchange.drip(Exchange.headText(100), Duration.ofMillis(50)))
					.caller(Caller.posts(new byte[50_000_000]))
					.gets(overdue("sending the request"), 10, closed(CloseReason.ERROR)),

				limited("no answer to SYN", "The address drops all packets; `connect-timeout` is 20 s.")
					.over(Transport.PLAIN)
					.with("call-timeout=2s", "connect-timeout=20s")
					.caller((scene) -> {
						try (DeadAddress dead = new DeadAddress()) {
							return Caller.reads(dead.uri().toString()).call(scene);
						}
					})
					.gets(overdue("connecting"), 10, NEVER_OPENED),

				limited("silent handshake", "Nothing answers the handshake; `tls-handshake-timeout` is 20 s.")
					.over(Transport.TLS_1_2, Transport.TLS_1_3)
					.with("call-timeout=2s", "tls-handshake-timeout=20s")
					.onConnect((connection) -> {
						connection.awaitClientClose(Duration.ofSeconds(20));
						connection.close();
					})
					.gets(overdue("in the TLS handshake"), 10, NEVER_OPENED),

				limited("no connection", "Another call holds the only allowed connection; `acquire-timeout` is 20 s.")
					.with("call-timeout=2s", "acquire-timeout=20s", "max-per-route=1")
					.caller(DeadlineCases::readsBesideAnother)
					.gets(overdue("waiting for a connection"), 10, KEPT));
	}

	private static HostileCase.Builder limited(String name, String story) {
		return HostileCase.of(name, story).with("call-timeout=2s");
	}

	private static Outcome overdue(String phase) {
		return failure(CallTimeoutException.class, "It was " + phase);
	}

	private static Answer readsBesideAnother(Scene scene) throws Exception {
		try (InputStream held = scene.client()
			.get()
			.uri("/other")
			.attribute(CallTimeout.ATTRIBUTE, Duration.ZERO)
			.retrieve()
			.body(InputStream.class)) {
			return Caller.READS.call(scene);
		}
	}

}

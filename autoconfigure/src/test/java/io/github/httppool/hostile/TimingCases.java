package io.github.httppool.hostile;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;

import io.github.httppool.CloseReason;
import io.github.httppool.hostile.Caller.Answer;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;

import static io.github.httppool.hostile.Fate.KEPT;
import static io.github.httppool.hostile.Fate.closed;
import static io.github.httppool.hostile.Outcome.answer;
import static io.github.httppool.hostile.Outcome.failure;

/**
 * What comes late, slowly, never, or at the wrong moment.
 */
final class TimingCases {

	private static final String SILENCE = "response-timeout=500ms";

	private static final Outcome TIMED_OUT = failure(SocketTimeoutException.class, "http-pool.response-timeout");

	private static final String HELLO = Exchange.headText(200, "Content-Length: 5") + "hello";

	private TimingCases() {
	}

	static List<HostileCase> cases() {
		return List.of(

				HostileCase.of("silence before the head", "Nothing at all; `response-timeout` is 500 ms.")
					.server(Exchange::stall)
					.with(SILENCE)
					.gets(TIMED_OUT, 5, closed(CloseReason.ERROR)),

				HostileCase.of("silence in the head", "Half a head, then nothing; `response-timeout` is 500 ms.")
					.server((exchange) -> exchange.sendRaw("HTTP/1.1 200 OK\r\nContent-Le").stall())
					.with(SILENCE)
					.gets(TIMED_OUT, 5, closed(CloseReason.ERROR)),

				HostileCase.of("silence after the head", "A head, then nothing; `response-timeout` is 500 ms.")
					.server((exchange) -> exchange.head(200, "Content-Length: 5").stall())
					.with(SILENCE)
					.gets(TIMED_OUT, 5, closed(CloseReason.ERROR)),

				HostileCase.of("silence in the body", "Half a body, then nothing; `response-timeout` is 500 ms.")
					.server((exchange) -> exchange.head(200, "Content-Length: 10").sendRaw("hello").stall())
					.with(SILENCE)
					.gets(TIMED_OUT, 5, closed(CloseReason.ERROR)),

				HostileCase
					.of("silence before the last chunk", "All chunks but the last; `response-timeout` is 500 ms.")
					.server((exchange) -> exchange.head(200, "Transfer-Encoding: chunked")
						.chunk("hello".getBytes())
						.stall())
					.with(SILENCE)
					.gets(TIMED_OUT, 5, closed(CloseReason.ERROR)),

				HostileCase.of("silence in the body, ignored", "Half a body, then nothing; the caller reads nothing.")
					.server((exchange) -> exchange.head(200, "Content-Length: 10").sendRaw("hello").stall())
					.caller(Caller.IGNORES)
					.gets(answer(200, ""), 5, closed(CloseReason.DRAIN_TIME)),

				HostileCase.of("head byte by byte", "A byte every 10 ms to the end; `response-timeout` is 1 s.")
					.server((exchange) -> dripOnce(exchange, HELLO, Duration.ofMillis(10)))
					.with("response-timeout=1s")
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("response in pieces of a byte", "Each byte in a packet of its own, without a pause.")
					.server((exchange) -> dripOnce(exchange, HELLO, Duration.ZERO))
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase
					.of("response after the timeout",
							"The response arrives after the caller has given up; `response-timeout` is 500 ms.")
					.server((exchange) -> {
						exchange.connection().awaitClientClose(Duration.ofSeconds(10));
						exchange.sendRaw(HELLO).close();
					})
					.with(SILENCE)
					.gets(TIMED_OUT, 5, closed(CloseReason.ERROR)),

				HostileCase
					.of("rest after the caller left", "The rest of a long body arrives after the caller has closed it.")
					.server((exchange) -> {
						exchange.head(200, "Content-Length: 100").sendRaw("hello");
						exchange.connection().awaitClientClose(Duration.ofSeconds(10));
						exchange.sendRaw("x".repeat(95));
					})
					.caller(Caller.readsOnly(5))
					.gets(answer(200, "hello"), 5, closed(CloseReason.DRAIN_TIME)),

				HostileCase
					.of("rest within the drain time",
							"The rest of a body arrives 20 ms after the caller has closed it.")
					.server((exchange) -> exchange.head(200, "Content-Length: 10")
						.sendRaw("hello")
						.after(Duration.ofMillis(20))
						.sendRaw("world"))
					.with("drain.max-time=5s")
					.caller(Caller.readsOnly(5))
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("surplus later", "A response, then unsolicited bytes while the connection is idle.")
					.server((exchange) -> exchange.sendRaw(HELLO).after(Duration.ofMillis(10)).sendRaw(HELLO))
					.nextCallLater()
					.gets(answer(200, "hello"), 5, closed(CloseReason.UNSOLICITED_DATA)),

				HostileCase.of("closed while idle", "A connection is closed while it is idle.")
					.idleBefore((scene) -> scene.upstream().lastConnection().close())
					.nextCallLater()
					.gets(answer(200, "hello"), 5, Fate.keptBeside(CloseReason.STALE)),

				HostileCase.of("reset while idle", "A connection is reset while it is idle.")
					.idleBefore((scene) -> scene.upstream().lastConnection().reset())
					.nextCallLater()
					.gets(answer(200, "hello"), 5, Fate.keptBeside(CloseReason.STALE)),

				HostileCase
					.of("half-closed while idle", "The server half-closes an idle connection, and continues to read.")
					.idleBefore((scene) -> scene.upstream().lastConnection().halfClose())
					.nextCallLater()
					.gets(answer(200, "hello"), 5, Fate.keptBeside(CloseReason.STALE)),

				HostileCase
					.of("408 while idle", "`408 Request Timeout` on an idle connection, then the connection closed.")
					.idleBefore((scene) -> {
						ScriptedUpstream.Connection connection = scene.upstream().lastConnection();
						connection.sendRaw(Exchange.headText(408, "Connection: close", "Content-Length: 0"));
						connection.close();
					})
					.nextCallLater()
					.gets(answer(200, "hello"), 5, Fate.keptBeside(CloseReason.UNSOLICITED_DATA)),

				HostileCase
					.of("closed after every response",
							"The connection is closed after each response, without an announcement.")
					.server((exchange) -> exchange.sendRaw(HELLO).close())
					.nextCallLater()
					.gets(answer(200, "hello"), 5, closed(CloseReason.STALE)),

				HostileCase.of("no 100 Continue",
						"`Expect: 100-continue` is not answered before the body has arrived; `expect-continue-timeout` is 100 ms.")
					.setUp(ScriptedUpstream::ignoreExpect)
					.server((exchange) -> exchange.ok(exchange.request().bodyText()))
					.with("expect-continue-timeout=100ms")
					.caller((scene) -> postsExpecting(scene, "hello"))
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("100 Continue too late",
						"`100 Continue` comes after the body, before the response; `expect-continue-timeout` is 100 ms.")
					.setUp(ScriptedUpstream::ignoreExpect)
					.server((exchange) -> exchange.head(100).ok(exchange.request().bodyText()))
					.with("expect-continue-timeout=100ms")
					.caller((scene) -> postsExpecting(scene, "hello"))
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase
					.of("417 instead of 100 Continue",
							"`Expect: 100-continue` is refused with a 417; the short body is sent anyway.")
					.setUp(ScriptedUpstream::leaveBodies)
					.server((exchange) -> exchange.status(417, "no").readBody())
					.with("expect-continue-timeout=10s")
					.caller((scene) -> postsExpecting(scene, "hello"))
					.gets(answer(417, "no"), 5, KEPT),

				HostileCase
					.of("417 instead of a long body",
							"`Expect: 100-continue` is refused with a 417; the body of 4 MB is not sent.")
					.setUp(ScriptedUpstream::leaveBodies)
					.server((exchange) -> exchange.status(417, "no").stall())
					.with("expect-continue-timeout=10s")
					.caller((scene) -> postsExpecting(scene, "x".repeat(4_000_000)))
					.gets(answer(417, "no"), 5, closed(CloseReason.ERROR)));
	}

	private static Answer postsExpecting(Scene scene, String body) {
		return Answer.of(scene.client()
			.post()
			.uri("/case")
			.header("Expect", "100-continue")
			.body(body)
			.retrieve()
			.toEntity(String.class));
	}

	private static void dripOnce(Exchange exchange, String text, Duration pause) throws Exception {
		for (char next : text.toCharArray()) {
			exchange.sendRaw(String.valueOf(next)).after(pause);
		}
	}

}

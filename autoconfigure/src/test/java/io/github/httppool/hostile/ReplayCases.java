package io.github.httppool.hostile;

import java.util.List;

import io.github.httppool.CloseReason;
import io.github.httppool.hostile.Caller.Answer;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;

import static io.github.httppool.hostile.Fate.closed;
import static io.github.httppool.hostile.Fate.keptBeside;
import static io.github.httppool.hostile.Outcome.answer;
import static io.github.httppool.hostile.Outcome.failure;

/**
 * Connections that end at the moment at which they are used again. A call is replayed
 * once, and only where that is safe.
 */
final class ReplayCases {

	private ReplayCases() {
	}

	static List<HostileCase> cases() {
		return List.of(

				reused("closed on reuse", "The server closes the connection when its second request arrives.")
					.server((exchange) -> onceThenOk(exchange, Exchange::close))
					.gets(answer(200, "hello"), 5, keptBeside(CloseReason.STALE)),

				reused("reset on reuse", "The server resets the connection when its second request arrives.")
					.server((exchange) -> onceThenOk(exchange, Exchange::reset))
					.gets(answer(200, "hello"), 5, keptBeside(CloseReason.STALE)),

				reused("closed on reuse and again",
						"The server closes the connection when its second request arrives, and each later connection likewise.")
					.server(Exchange::close)
					.gets(failure(NoHttpResponseException.class, "failed to respond"), 5,
							closed(CloseReason.STALE, CloseReason.ERROR)),

				reused("closed on reuse by a POST",
						"The server closes the connection when its second request arrives, which is a POST.")
					.server((exchange) -> onceThenOk(exchange, Exchange::close))
					.caller(Caller.POSTS)
					.gets(failure(NoHttpResponseException.class, "failed to respond"), 5, closed(CloseReason.STALE)),

				reused("closed on reuse by a POST with a key",
						"The server closes the connection when its second request arrives, which is a POST with an `Idempotency-Key`.")
					.server((exchange) -> onceThenOk(exchange, Exchange::close))
					.caller(ReplayCases::postsWithKey)
					.gets(answer(200, "hello"), 5, keptBeside(CloseReason.STALE)),

				reused("closed on reuse, replay off",
						"The server closes the connection when its second request arrives; `retry-stale` is off.")
					.with("retry-stale=false")
					.server((exchange) -> onceThenOk(exchange, Exchange::close))
					.gets(failure(NoHttpResponseException.class, "failed to respond"), 5, closed(CloseReason.STALE)),

				reused("half an answer on reuse",
						"The connection ends in the middle of the head of its second response.")
					.server((exchange) -> onceThenOk(exchange,
							(first) -> first.sendRaw("HTTP/1.1 200 OK\r\nContent-Le").close()))
					.gets(failure(ProtocolException.class, "the connection ended in the middle of it"), 5,
							closed(CloseReason.ERROR)));
	}

	private static HostileCase.Builder reused(String name, String story) {
		return HostileCase.of(name, story).idleBefore((scene) -> {
		});
	}

	private static void onceThenOk(Exchange exchange, Mischief mischief) throws Exception {
		if (exchange.connection().number() == 0) {
			mischief.does(exchange);
		}
		else {
			exchange.ok("hello");
		}
	}

	private static Answer postsWithKey(Scene scene) {
		return Answer.of(scene.client()
			.post()
			.uri("/case")
			.header("Idempotency-Key", "1")
			.body("short")
			.retrieve()
			.toEntity(String.class));
	}

	/**
	 * What the server does instead of an answer.
	 */
	private interface Mischief {

		void does(Exchange exchange) throws Exception;

	}

}

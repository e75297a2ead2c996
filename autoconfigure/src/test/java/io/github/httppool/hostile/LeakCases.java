package io.github.httppool.hostile;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;

import io.github.httppool.CloseReason;
import io.github.httppool.hostile.Caller.Answer;
import org.awaitility.Awaitility;

import static io.github.httppool.hostile.Fate.closed;
import static io.github.httppool.hostile.Outcome.answer;
import static io.github.httppool.hostile.Outcome.thrown;

/**
 * Responses that are never closed and that nobody can reach any more. Their connections
 * come back when the garbage collector has noticed, which these cases ask for.
 */
final class LeakCases {

	private static final OutOfMemoryError NO_MEMORY = new OutOfMemoryError("of the caller");

	private LeakCases() {
	}

	static List<HostileCase> cases() {
		return List.of(

				lost("never closed", "The caller takes the response out of `exchange` and loses it.")
					.caller((scene) -> scene.client()
						.get()
						.uri("/case")
						.exchange((request, response) -> new Answer(response.getStatusCode().value(), ""), false))
					.gets(answer(200, ""), 5, closed(CloseReason.LEAK)),

				lost("stream never closed", "The caller takes an `InputStream`, reads a byte and loses it.")
					.caller((scene) -> {
						InputStream body = Caller.stream(scene);
						return new Answer(200, String.valueOf((char) body.read()));
					})
					.gets(answer(200, "h"), 5, closed(CloseReason.LEAK)),

				lost("endless stream never closed",
						"The caller takes an endless `InputStream`, reads a byte and loses it.")
					.server((exchange) -> exchange.dripData(Duration.ofMillis(20)))
					.caller((scene) -> {
						InputStream body = Caller.stream(scene);
						return new Answer(200, String.valueOf((char) body.read()));
					})
					.gets(answer(200, "x"), 5, closed(CloseReason.LEAK)),

				lost("interceptor throws after the response",
						"An interceptor of the client throws an `Error` after the response has arrived, so that no code closes it.")
					.caller((scene) -> Answer
						.of(scene.client().mutate().requestInterceptor((request, body, execution) -> {
							execution.execute(request, body);
							throw NO_MEMORY;
						}).build().get().uri("/case").retrieve().toEntity(String.class)))
					.gets(thrown(NO_MEMORY), 5, closed(CloseReason.LEAK)));
	}

	private static HostileCase.Builder lost(String name, String story) {
		return HostileCase.of(name, story)
			.afterwards((scene) -> Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
				System.gc();
				return scene.connections().leased() == 0;
			}));
	}

}

package io.github.httppool.hostile;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;

import io.github.httppool.AcquireRejectedException;
import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.CloseReason;
import io.github.httppool.hostile.Caller.Answer;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Transport;

import org.springframework.http.StreamingHttpOutputMessage;

import static io.github.httppool.hostile.Fate.KEPT;
import static io.github.httppool.hostile.Fate.NEVER_OPENED;
import static io.github.httppool.hostile.Fate.closed;
import static io.github.httppool.hostile.Outcome.answer;
import static io.github.httppool.hostile.Outcome.failure;
import static io.github.httppool.hostile.Outcome.thrown;
import static io.github.httppool.testing.Soon.soon;

/**
 * Callers that give up, break, or do not do what callers should.
 */
final class CallerCases {

	private static final String NARROW = "max-per-route=1";

	private static final OutOfMemoryError NO_MEMORY = new OutOfMemoryError("of the caller");

	private static final StackOverflowError NO_STACK = new StackOverflowError("of the caller");

	private static final IllegalStateException BROKEN = new IllegalStateException("of the caller");

	private CallerCases() {
	}

	static List<HostileCase> cases() {
		return List.of(

				HostileCase.of("reads half", "The caller reads half of a short body and closes.")
					.server((exchange) -> exchange.ok("hello, world"))
					.caller(Caller.readsOnly(5))
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase
					.of("takes a stream, reads half", "The caller takes an `InputStream`, reads half and closes it.")
					.server((exchange) -> exchange.ok("hello, world"))
					.caller((scene) -> {
						try (InputStream body = Caller.stream(scene)) {
							return new Answer(200, new String(body.readNBytes(5), StandardCharsets.US_ASCII));
						}
					})
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("closes twice",
						"The caller closes the stream twice, and a third time when the connection serves another call.")
					.caller((scene) -> {
						InputStream body = Caller.stream(scene);
						body.close();
						body.close();
						Answer other = Caller.READS.call(scene);
						body.close();
						return other;
					})
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("reads after the close",
						"The caller reads from a stream that it has closed, when the connection serves another call.")
					.with(NARROW)
					.caller((scene) -> {
						InputStream body = Caller.stream(scene);
						body.close();
						try (InputStream other = Caller.stream(scene)) {
							try {
								return new Answer(0, "read " + body.read());
							}
							catch (IOException ex) {
								return new Answer(200, new String(other.readAllBytes(), StandardCharsets.US_ASCII));
							}
						}
					})
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("throws while reading", "The code that reads the response throws an exception.")
					.caller((scene) -> scene.client().get().uri("/case").exchange((request, response) -> {
						throw BROKEN;
					}))
					.gets(thrown(BROKEN), 5, KEPT),

				HostileCase
					.of("out of memory while reading", "The code that reads the response throws an `OutOfMemoryError`.")
					.caller((scene) -> scene.client().get().uri("/case").exchange((request, response) -> {
						response.getBody().read();
						throw NO_MEMORY;
					}))
					.gets(thrown(NO_MEMORY), 5, KEPT),

				HostileCase
					.of("out of stack while writing",
							"The code that writes the request's body throws a `StackOverflowError`.")
					.caller((scene) -> writing(scene, (output) -> {
						throw NO_STACK;
					}))
					.gets(thrown(NO_STACK), 5, closed(CloseReason.ERROR)),

				HostileCase
					.of("throws while writing", "The code that writes the request's body throws an exception half-way.")
					.caller((scene) -> writing(scene, (output) -> {
						output.write(new byte[100_000]);
						throw BROKEN;
					}))
					.gets(thrown(BROKEN), 5, closed(CloseReason.ERROR)),

				HostileCase
					.of("fails while writing",
							"The code that writes the request's body throws an `IOException` half-way.")
					.caller((scene) -> writing(scene, (output) -> {
						output.write(new byte[100_000]);
						throw new IOException("disk of the caller");
					}))
					.gets(failure(IOException.class, "disk of the caller"), 5, closed(CloseReason.ERROR)),

				HostileCase
					.of("interceptor throws",
							"An interceptor of the client throws an `Error` before the request is sent.")
					.caller((scene) -> Answer
						.of(scene.client().mutate().requestInterceptor((request, body, execution) -> {
							throw NO_MEMORY;
						}).build().get().uri("/case").retrieve().toEntity(String.class)))
					.gets(thrown(NO_MEMORY), 5, NEVER_OPENED),

				HostileCase.of("interrupted before", "The caller's thread is interrupted before the call.")
					.caller((scene) -> {
						Thread.currentThread().interrupt();
						return Caller.READS.call(scene);
					})
					.gets(failure(CancellationException.class, ""), 5, NEVER_OPENED),

				HostileCase
					.of("interrupted while connecting", "The caller is interrupted while the connection is opened.")
					.over(Transport.PLAIN)
					.with("connect-timeout=20s")
					.caller((scene) -> {
						try (DeadAddress dead = new DeadAddress()) {
							return Caller.reads(dead.uri().toString()).call(scene);
						}
					})
					.meanwhile((scene) -> {
						soon().until(() -> scene.connections().leased() == 1);
						interruptIn(scene, "connect");
					})
					.gets(failure(SocketException.class, "Closed by interrupt"), 5, NEVER_OPENED),

				HostileCase
					.of("interrupted while waiting for the response",
							"The caller is interrupted before the head arrives.")
					.server(Exchange::stall)
					.meanwhile((scene) -> {
						soon().until(() -> scene.upstream().requests().size() == 1);
						scene.caller().interrupt();
					})
					.gets(failure(SocketException.class, "Closed by interrupt"), 5, closed(CloseReason.CANCELLED)),

				HostileCase.of("interrupted while reading", "The caller is interrupted in the middle of the body.")
					.server((exchange) -> exchange.head(200, "Content-Length: 10").sendRaw("hello").stall())
					.meanwhile((scene) -> interruptIn(scene, "ContentLengthBody.read"))
					.gets(failure(SocketException.class, "Closed by interrupt"), 5, closed(CloseReason.CANCELLED)),

				HostileCase
					.of("interrupted while sending",
							"The server does not read a body of 50 MB; the caller is interrupted.")
					.over(Transport.PLAIN)
					.setUp(ScriptedUpstream::leaveBodies)
					.server((exchange) -> exchange.drip(Exchange.headText(100), Duration.ofMillis(10)))
					.caller(Caller.posts(new byte[50_000_000]))
					.meanwhile((scene) -> {
						soon().until(() -> scene.upstream().requests().size() == 1);
						interruptIn(scene, "SocketOutput.awaitRoom");
					})
					.gets(failure(SocketException.class, "Closed by interrupt"), 5, closed(CloseReason.CANCELLED)),

				HostileCase
					.of("closed by another thread",
							"Another thread closes the stream while the caller waits for its next byte.")
					.server((exchange) -> exchange.head(200, "Content-Length: 10").sendRaw("hello").stall())
					.caller((scene) -> {
						InputStream body = Caller.stream(scene);
						closeWhen(body, scene.caller(), "ContentLengthBody.read");
						body.readAllBytes();
						return new Answer(200, "");
					})
					.gets(failure(SocketException.class, "Socket closed"), 5, closed(CloseReason.CANCELLED)),

				HostileCase.of("holds its only connection",
						"A caller calls again while it holds the only allowed connection; `acquire-timeout` is 300 ms.")
					.with(NARROW, "acquire-timeout=300ms")
					.caller((scene) -> {
						try (InputStream held = Caller.stream(scene)) {
							return Caller.READS.call(scene);
						}
					})
					.gets(failure(AcquireTimeoutException.class, "http-pool.acquire-timeout"), 5, KEPT),

				HostileCase
					.of("one too many",
							"A caller calls again while it holds the only allowed connection; `max-pending` is 0.")
					.with(NARROW, "max-pending=0")
					.caller((scene) -> {
						try (InputStream held = Caller.stream(scene)) {
							return Caller.READS.call(scene);
						}
					})
					.gets(failure(AcquireRejectedException.class, "http-pool.max-pending"), 5, KEPT),

				HostileCase
					.of("interrupted while waiting for a connection",
							"A caller calls again while it holds the only allowed connection, and is interrupted.")
					.with(NARROW, "acquire-timeout=20s")
					.caller((scene) -> {
						try (InputStream held = Caller.stream(scene)) {
							return Caller.READS.call(scene);
						}
					})
					.meanwhile((scene) -> {
						soon().until(() -> scene.connections().pending() == 1);
						scene.caller().interrupt();
					})
					.gets(failure(InterruptedIOException.class, ""), 5, KEPT));
	}

	private static Answer writing(Scene scene, StreamingHttpOutputMessage.Body body) {
		return Answer.of(scene.client().post().uri("/case").body(body).retrieve().toEntity(String.class));
	}

	private static void interruptIn(Scene scene, String method) {
		soon().until(() -> isIn(scene.caller(), method));
		scene.caller().interrupt();
	}

	private static void closeWhen(InputStream body, Thread reader, String method) {
		Thread closer = new Thread(() -> {
			soon().until(() -> isIn(reader, method));
			try {
				body.close();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}, "closer");
		closer.setDaemon(true);
		closer.start();
	}

	private static boolean isIn(Thread thread, String method) {
		return List.of(thread.getStackTrace()).toString().contains(method);
	}

}

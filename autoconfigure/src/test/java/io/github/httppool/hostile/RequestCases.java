package io.github.httppool.hostile;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;

import io.github.httppool.CloseReason;
import io.github.httppool.RequestBodyLengthException;
import io.github.httppool.hostile.Caller.Answer;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;

import org.springframework.http.StreamingHttpOutputMessage.Body;

import static io.github.httppool.hostile.Fate.KEPT;
import static io.github.httppool.hostile.Fate.closed;
import static io.github.httppool.hostile.Outcome.answer;
import static io.github.httppool.hostile.Outcome.failure;
import static io.github.httppool.hostile.Outcome.thrown;

/**
 * Bodies that are not what was declared, or break, and servers that answer before they
 * have read one, or read none. The server answers a whole request with its body: what it
 * takes for one would show.
 */
final class RequestCases {

	private static final byte[] PIECE = new byte[100_000];

	private static final int CHUNKS = -1;

	/** How long the server reads nothing, and does nothing else. */
	private static final Duration UNREAD = Duration.ofSeconds(4);

	private static final long LONG = 20_000_000;

	private static final IllegalStateException BROKEN = new IllegalStateException("of the body");

	private static final StackOverflowError NO_STACK = new StackOverflowError("of the body");

	private RequestCases() {
	}

	static List<HostileCase> cases() {
		return List.of(

				echo("body breaks in chunks", "A body of unknown length fails after 250,000 bytes.")
					.caller(posts(CHUNKS, (out) -> breaks(out, 250_000)))
					.gets(failure(IOException.class, "the source broke"), 5, closed(CloseReason.ERROR)),

				echo("body breaks before its length", "A body of 300,000 bytes fails after 250,000.")
					.caller(posts(300_000, (out) -> breaks(out, 250_000)))
					.gets(failure(IOException.class, "the source broke"), 5, closed(CloseReason.ERROR)),

				echo("body breaks after its last byte", "A body of 250,000 bytes fails after all of them are written.")
					.caller(posts(250_000, (out) -> breaks(out, 250_000)))
					.gets(failure(IOException.class, "the source broke"), 5, closed(CloseReason.ERROR)),

				echo("body closes its stream and breaks",
						"A body closes its stream after a failure, as JSON generators do.")
					.caller(posts(CHUNKS, (out) -> {
						try (out) {
							breaks(out, 250_000);
						}
					}))
					.gets(failure(IOException.class, "the source broke"), 5, closed(CloseReason.ERROR)),

				echo("body throws a RuntimeException", "A body throws an unchecked exception half-way.")
					.caller(posts(CHUNKS, (out) -> {
						out.write(PIECE);
						throw BROKEN;
					}))
					.gets(thrown(BROKEN), 5, closed(CloseReason.ERROR)),

				echo("body throws an Error", "A body throws an `Error` half-way.").caller(posts(CHUNKS, (out) -> {
					out.write(PIECE);
					throw NO_STACK;
				})).gets(thrown(NO_STACK), 5, closed(CloseReason.ERROR)),

				echo("shorter than declared", "A declared length of 10 bytes; 9 are written.")
					.caller(posts(10, (out) -> out.write(new byte[9])))
					.gets(failure(RequestBodyLengthException.class, "10 bytes are declared, and 9 were written"), 5,
							closed(CloseReason.ERROR)),

				echo("longer than declared", "A declared length of 10 bytes; 11 are written.")
					.caller(posts(10, (out) -> out.write(new byte[11])))
					.gets(failure(RequestBodyLengthException.class,
							"10 bytes are declared, and at least 11 were written"), 5, closed(CloseReason.ERROR)),

				echo("longer than nothing", "A declared length of 0 bytes; 5 are written.")
					.caller(posts(0, (out) -> out.write(new byte[5])))
					.gets(failure(RequestBodyLengthException.class,
							"0 bytes are declared, and at least 5 were written"), 5, closed(CloseReason.ERROR)),

				early("early answer, closed", "A 413 before a body of 20 MB, and the connection closed.",
						Exchange::close)
					.gets(answer(413, "too large"), 5, closed(CloseReason.ERROR)),

				early("early answer, half-closed", "A 413 before a body of 20 MB, then no more is sent.",
						(exchange) -> {
							exchange.halfClose();
							exchange.stall();
						})
					.gets(answer(413, "too large"), 5, closed(CloseReason.ERROR)),

				early("early answer, nothing read", "A 413 before a body of 20 MB, and the connection left open.",
						(exchange) -> exchange.after(UNREAD).close())
					.gets(answer(413, "too large"), 5, closed(CloseReason.ERROR)),

				early("early answer, all read", "A 413 before a body of 20 MB, which the server reads and discards.",
						Exchange::readBody)
					.gets(answer(413, "too large"), 5, closed(CloseReason.ERROR)),

				upload("early answer that says close", "A 401 with `Connection: close` before a body of 20 MB.")
					.server((exchange) -> exchange.status(401, "who?", "Connection: close").close())
					.gets(answer(401, "who?"), 5, closed(CloseReason.SERVER_CLOSE)),

				upload("interim responses during an upload",
						"Twenty 102 responses before the server reads a body of 20 MB.")
					.server((exchange) -> {
						for (int i = 0; i < 20; i++) {
							exchange.head(102);
						}
						exchange.ok(Integer.toString(exchange.readBody().length));
					})
					.gets(answer(200, "20000000"), 20, KEPT),

				upload("early success, all read", "A 200 before a body of 20 MB, which the server still reads.")
					.server((exchange) -> exchange.ok("hello").readBody())
					.gets(answer(200, "hello"), 20, KEPT),

				upload("no byte accepted", "The server reads nothing of a body of 20 MB; `response-timeout` is 500 ms.")
					.with("response-timeout=500ms")
					.server((exchange) -> exchange.after(UNREAD).close())
					.gets(failure(SocketTimeoutException.class, "accepted no byte of the request"), 10,
							closed(CloseReason.ERROR)),

				upload("closed in an upload", "The server closes in the middle of a body of 20 MB.")
					.server((exchange) -> exchange.after(Duration.ofMillis(10)).close())
					.gets(failure(IOException.class, "ended the connection before the head of a response had come"), 5,
							closed(CloseReason.ERROR)));
	}

	/**
	 * Begin a case whose server answers with what it takes for the body.
	 */
	private static HostileCase.Builder echo(String name, String story) {
		return HostileCase.of(name, story).server((exchange) -> exchange.ok(exchange.request().bodyText()));
	}

	private static HostileCase.Builder early(String name, String story, ScriptedUpstream.Script end) {
		return upload(name, story).server((exchange) -> {
			exchange.status(413, "too large");
			end.answer(exchange);
		});
	}

	/**
	 * Begin a case in which the caller sends 20 MB, to a server that does not read them
	 * by itself.
	 */
	private static HostileCase.Builder upload(String name, String story) {
		return HostileCase.of(name, story).setUp(ScriptedUpstream::leaveBodies).caller(posts(CHUNKS, (out) -> {
			for (long left = LONG; left > 0; left -= PIECE.length) {
				out.write(PIECE);
			}
		}));
	}

	private static void breaks(OutputStream out, int bytes) throws IOException {
		out.write(new byte[bytes]);
		throw new IOException("the source broke");
	}

	private static Caller posts(long length, Body body) {
		return (scene) -> Answer.of(scene.client().post().uri("/case").headers((headers) -> {
			if (length >= 0) {
				headers.setContentLength(length);
			}
		}).body(body).retrieve().toEntity(String.class));
	}

}

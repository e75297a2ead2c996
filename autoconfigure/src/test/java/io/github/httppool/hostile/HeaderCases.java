package io.github.httppool.hostile;

import java.time.Duration;
import java.util.List;

import io.github.httppool.CloseReason;
import io.github.httppool.hostile.Caller.Answer;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;

import org.springframework.util.InvalidMimeTypeException;

import static io.github.httppool.hostile.Fate.KEPT;
import static io.github.httppool.hostile.Fate.closed;
import static io.github.httppool.hostile.Outcome.answer;
import static io.github.httppool.hostile.Outcome.failure;

/**
 * Heads of responses that are broken, ambiguous, or too much.
 */
final class HeaderCases {

	private static final String HELLO = "Content-Length: 5\r\n\r\nhello";

	private HeaderCases() {
	}

	static List<HostileCase> cases() {
		return List.of(

				HostileCase
					.of("no header fields", "A status line, an empty line, a body, and the end of the connection.")
					.sendsAndCloses("HTTP/1.1 200 OK\r\n\r\nhello")
					.gets(answer(200, "hello"), 5, closed(CloseReason.SERVER_CLOSE)),

				HostileCase.of("no reason phrase", "A status line that ends with the code.")
					.sends("HTTP/1.1 200\r\n" + HELLO)
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase
					.of("invalid status line", "`HELLO WORLD` instead of a status line, then the connection closed.")
					.sendsAndCloses("HELLO WORLD\r\n" + HELLO)
					.gets(failure(ProtocolException.class, "it does not begin with HTTP/"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("status without digits", "`HTTP/1.1 abc`.")
					.sends("HTTP/1.1 abc OK\r\n" + HELLO)
					.gets(failure(ProtocolException.class, "its status line is malformed"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("status of one digit", "`HTTP/1.1 2 OK`.")
					.sends("HTTP/1.1 2 OK\r\n" + HELLO)
					.gets(failure(ProtocolException.class, "its status line is malformed"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("status 999", "`HTTP/1.1 999 Strange` with a body.")
					.sends("HTTP/1.1 999 Strange\r\n" + HELLO)
					.gets(answer(999, "hello"), 5, KEPT),

				HostileCase.of("status -200", "`HTTP/1.1 -200 OK`.")
					.sends("HTTP/1.1 -200 OK\r\n" + HELLO)
					.gets(failure(ProtocolException.class, "its status line is malformed"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("version 2", "`HTTP/2.0 200 OK` in the form of version 1.")
					.sends("HTTP/2.0 200 OK\r\n" + HELLO)
					.gets(failure(ProtocolException.class, "its version is HTTP/2.0"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("name without colon", "A field line without a colon.")
					.sends("HTTP/1.1 200 OK\r\nBroken\r\n" + HELLO)
					.gets(failure(ProtocolException.class, "a line of its fields has no name"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("NUL in a value", "A field value with a NUL in it.")
					.sends("HTTP/1.1 200 OK\r\nX-Test: a\0b\r\n" + HELLO)
					.gets(failure(ProtocolException.class, "a line has a control character"), 5,
							closed(CloseReason.ERROR)),

				HostileCase
					.of("bare CR in a value", "A field value with a CR, which could end the field for other parsers.")
					.sends("HTTP/1.1 200 OK\r\nX-Test: a\rContent-Length: 2\r\n" + HELLO)
					.gets(failure(ProtocolException.class, "a CR without a LF"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("long header line", "A field of 100,000 bytes.")
					.sends("HTTP/1.1 200 OK\r\nX-Test: " + "x".repeat(100_000) + "\r\n" + HELLO)
					.gets(failure(MessageConstraintException.class, "a line is longer than 64 KB"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("long status line", "A reason phrase of 100,000 bytes.")
					.sends("HTTP/1.1 200 " + "x".repeat(100_000) + "\r\n" + HELLO)
					.gets(failure(MessageConstraintException.class, "a line is longer than 64 KB"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("flood of a header line", "A field without an end, as fast as the caller takes it.")
					.server((exchange) -> exchange.sendRaw("HTTP/1.1 200 OK\r\nX-Test: ")
						.drip("x".repeat(16_384), Duration.ZERO))
					.gets(failure(MessageConstraintException.class, "a line is longer than 64 KB"), 5,
							closed(CloseReason.ERROR)),

				HostileCase
					.of("flood of header fields", "Fields of 8 KB as fast as the caller takes them, without end.")
					.server((exchange) -> exchange.sendRaw("HTTP/1.1 200 OK\r\n")
						.drip("X-Test: " + "x".repeat(8192) + "\r\n", Duration.ZERO))
					.gets(failure(MessageConstraintException.class, "its fields are longer than 256 KB"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("thousands of fields", "5,000 short fields.")
					.sends("HTTP/1.1 200 OK\r\n" + "X-Test: x\r\n".repeat(5000) + HELLO)
					.gets(failure(MessageConstraintException.class, "more than 1000 lines"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("hundreds of fields", "500 fields of 100 bytes.")
					.sends("HTTP/1.1 200 OK\r\n" + ("X-Test: " + "x".repeat(90) + "\r\n").repeat(500) + HELLO)
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("folded value", "A field value that continues on the next line, as once allowed.")
					.sends("HTTP/1.1 200 OK\r\nX-Test: a\r\n b\r\n" + HELLO)
					.gets(answer(200, "hello"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("non-ASCII field values", "Field values of UTF-8 and of Latin 1.")
					.sends("HTTP/1.1 200 OK\r\nX-Test: \u00c3\u00a4 \u00e4\r\n" + HELLO)
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("keep-alive of zero", "`Keep-Alive: timeout=0`.")
					.sends("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\n" + HELLO)
					.gets(answer(200, "hello"), 5, closed(CloseReason.SERVER_CLOSE)),

				HostileCase.of("keep-alive without end", "`Keep-Alive: timeout=` with the largest number of 64 bits.")
					.sends("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=" + Long.MAX_VALUE + "\r\n" + HELLO)
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("keep-alive too large", "`Keep-Alive: timeout=` with 40 digits.")
					.sends("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=" + "9".repeat(40) + "\r\n" + HELLO)
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("negative keep-alive", "`Keep-Alive: timeout=-1`.")
					.sends("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=-1\r\n" + HELLO)
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("invalid keep-alive", "`Keep-Alive: timeout=\"soon, =;max`.")
					.sends("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=\"soon, =;max\r\n" + HELLO)
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("Connection: CLOSE", "The option in capitals, surrounded by blanks.")
					.sends("HTTP/1.1 200 OK\r\nConnection:   CLOSE  \r\n" + HELLO)
					.gets(answer(200, "hello"), 5, closed(CloseReason.SERVER_CLOSE)),

				HostileCase.of("Connection: keep-alive, close", "Both options in one field.")
					.sends("HTTP/1.1 200 OK\r\nConnection: keep-alive, Close\r\n" + HELLO)
					.gets(answer(200, "hello"), 5, closed(CloseReason.SERVER_CLOSE)),

				HostileCase.of("two Connection fields", "`keep-alive` in one field, `close` in another.")
					.sends("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: close\r\n" + HELLO)
					.gets(answer(200, "hello"), 5, closed(CloseReason.SERVER_CLOSE)),

				HostileCase.of("Connection: garbage", "An unknown option.")
					.sends("HTTP/1.1 200 OK\r\nConnection: ,, ;x=\"\r\n" + HELLO)
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase
					.of("cookie of another caller",
							"`Set-Cookie` for one caller; the next one shows whether it sends the cookie.")
					.server((exchange) -> {
						String cookie = exchange.request().header("Cookie");
						exchange.ok(("cookie: " + cookie).getBytes(), "Set-Cookie: session=1; Path=/");
					})
					.caller(HeaderCases::readsTwice)
					.gets(answer(200, "cookie: null"), 5, KEPT),

				HostileCase.of("invalid challenge", "A 401 whose `WWW-Authenticate` cannot be parsed.")
					.server((exchange) -> exchange.status(401, "who?", "WWW-Authenticate: =,Basic realm=\"\\"))
					.gets(answer(401, "who?"), 5, KEPT),

				HostileCase.of("401 without a challenge", "A 401 without `WWW-Authenticate`.")
					.server((exchange) -> exchange.status(401, "who?"))
					.gets(answer(401, "who?"), 5, KEPT),

				HostileCase.of("retry after an hour", "A 503 with `Retry-After: 3600`.")
					.server((exchange) -> exchange.status(503, "later", "Retry-After: 3600"))
					.gets(answer(503, "later"), 5, KEPT),

				HostileCase.of("invalid Retry-After", "A 429 whose `Retry-After` is not a date.")
					.server((exchange) -> exchange.status(429, "later", "Retry-After: tomorrow"))
					.gets(answer(429, "later"), 5, KEPT),

				HostileCase.of("unknown charset", "A body in a charset that does not exist.")
					.server((exchange) -> exchange.ok("hello".getBytes(), "Content-Type: text/plain;charset=klingon"))
					.gets(failure(InvalidMimeTypeException.class, "klingon"), 5, KEPT),

				HostileCase.of("invalid content type", "A `Content-Type` that is not a media type.")
					.server((exchange) -> exchange.ok("hello".getBytes(), "Content-Type: ;;="))
					.gets(failure(InvalidMimeTypeException.class, ""), 5, KEPT));
	}

	private static Answer readsTwice(Scene scene) throws Exception {
		Caller.READS.call(scene);
		return Caller.READS.call(scene);
	}

}

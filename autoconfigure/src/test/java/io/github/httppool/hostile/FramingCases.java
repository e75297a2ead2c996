package io.github.httppool.hostile;

import java.time.Duration;
import java.util.List;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;

import static io.github.httppool.hostile.Fate.KEPT;
import static io.github.httppool.hostile.Fate.closed;
import static io.github.httppool.hostile.Outcome.answer;
import static io.github.httppool.hostile.Outcome.failure;

/**
 * Messages of which it is not clear where they end (RFC 9112, sections 6 and 7), and
 * messages that nobody asked for.
 */
final class FramingCases {

	private static final String OK = "HTTP/1.1 200 OK\r\n";

	private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";

	private static final String FORGED = Exchange.headText(200, "Content-Length: 6") + "forged";

	private FramingCases() {
	}

	static List<HostileCase> cases() {
		return List.of(

				HostileCase.of("length and chunks", "`Content-Length` and `Transfer-Encoding: chunked`.")
					.sends(OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
					.gets(answer(200, "hello"), 5, closed(CloseReason.ERROR)),

				HostileCase
					.of("length with a blank before the colon",
							"`Content-Length : 5`, which some parsers accept and some do not.")
					.sends(OK + "Content-Length : 5\r\n\r\nhello")
					.gets(failure(ProtocolException.class, "the name of a field is followed by a blank"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("chunks with LF alone", "Chunks whose lines end with LF.")
					.sends(CHUNKED + "5\nhello\n0\n\n")
					.gets(failure(MalformedChunkCodingException.class,
							"followed by something else than an extension or CRLF"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("length with a sign", "`Content-Length: +5`.")
					.sends(OK + "Content-Length: +5\r\n\r\nhello")
					.gets(failure(ProtocolException.class, "its content length is not a number"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("two equal lengths", "Two equal `Content-Length` fields.")
					.sends(OK + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello")
					.gets(answer(200, "hello"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("list of equal lengths", "`Content-Length: 5, 5`.")
					.sends(OK + "Content-Length: 5, 5\r\n\r\nhello")
					.gets(answer(200, "hello"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("empty lines before the head", "Two empty lines before the status line.")
					.sends("\r\n\r\n" + OK + "Content-Length: 5\r\n\r\nhello")
					.gets(answer(200, "hello"), 5, closed(CloseReason.ERROR)),

				HostileCase
					.of("flood of a chunk extension",
							"A chunk extension without an end, as fast as the caller takes it.")
					.server((exchange) -> exchange.sendRaw(CHUNKED + "5;x=").drip("x".repeat(16_384), Duration.ZERO))
					.gets(failure(MessageConstraintException.class,
							"its chunk extensions are longer than its data and 64 KB"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("flood of trailers", "Trailer fields as fast as the caller takes them, without end.")
					.server((exchange) -> exchange.sendRaw(CHUNKED + "5\r\nhello\r\n0\r\n")
						.drip("Trailer: x\r\n".repeat(100), Duration.ZERO))
					.gets(failure(MessageConstraintException.class, "more than 1000 lines"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("blank after a chunk size", "A chunk of `5 ` bytes.")
					.sends(CHUNKED + "5 \r\nhello\r\n0\r\n\r\n")
					.gets(answer(200, "hello"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("some 100s", "50 times `100 Continue`, then the response.")
					.sends(Exchange.headText(100).repeat(50) + Exchange.headText(200, "Content-Length: 5") + "hello")
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("early hints with a length", "A 103 with a `Content-Length`, then the response.")
					.sends(Exchange.headText(103, "Content-Length: 9") + Exchange.headText(200, "Content-Length: 5")
							+ "hello")
					.gets(failure(ProtocolException.class, "an interim response has a body"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("two lengths", "Two different `Content-Length` fields.")
					.sends(OK + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")
					.gets(failure(ProtocolException.class, "it has several content lengths"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("list of lengths", "`Content-Length: 5, 6`.")
					.sends(OK + "Content-Length: 5, 6\r\n\r\nhello!")
					.gets(failure(ProtocolException.class, "it has several content lengths"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("negative length", "`Content-Length: -5`.")
					.sends(OK + "Content-Length: -5\r\n\r\nhello")
					.gets(failure(ProtocolException.class, "its content length is not a number"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("length too large", "`Content-Length` with 40 digits.")
					.sends(OK + "Content-Length: " + "9".repeat(40) + "\r\n\r\nhello")
					.gets(failure(ProtocolException.class, "its content length is not a number"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("length of letters", "`Content-Length: five`.")
					.sends(OK + "Content-Length: five\r\n\r\nhello")
					.gets(failure(ProtocolException.class, "its content length is not a number"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("length in hexadecimal", "`Content-Length: 0x5`.")
					.sends(OK + "Content-Length: 0x5\r\n\r\nhello")
					.gets(failure(ProtocolException.class, "its content length is not a number"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("empty length", "`Content-Length` without a value.")
					.sends(OK + "Content-Length:\r\n\r\nhello")
					.gets(failure(ProtocolException.class, "its content length is not a number"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("unknown transfer coding", "`Transfer-Encoding: gzip` alone.")
					.sendsAndCloses(OK + "Transfer-Encoding: gzip\r\n\r\nhello")
					.gets(failure(ProtocolException.class, "its transfer encoding is not just 'chunked'"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("identity and a length", "`Transfer-Encoding: identity` and `Content-Length: 5`.")
					.sends(OK + "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello")
					.gets(answer(200, "hello"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("identity without a length", "`Transfer-Encoding: identity`, a body, and the end.")
					.sendsAndCloses(OK + "Transfer-Encoding: identity\r\n\r\nhello")
					.gets(answer(200, "hello"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("lists of equal lengths", "Two fields with `Content-Length: 5, 5`.")
					.sends(OK + "Content-Length: 5, 5\r\nContent-Length: 5,05\r\n\r\nhello")
					.gets(answer(200, "hello"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("chunked is not last", "`Transfer-Encoding: chunked, identity`.")
					.sendsAndCloses(OK + "Transfer-Encoding: chunked, identity\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
					.gets(failure(ProtocolException.class, "its transfer encoding is not just 'chunked'"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("chunked twice", "Two `Transfer-Encoding: chunked` fields.")
					.sends(OK
							+ "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
					.gets(failure(ProtocolException.class, "its transfer encoding is not just 'chunked'"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("chunks of HTTP/1.0", "`Transfer-Encoding: chunked` in a response of HTTP/1.0.")
					.sends("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
					.gets(answer(200, "hello"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("HTTP/1.0", "A response of HTTP/1.0 without options.")
					.sends("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello")
					.gets(answer(200, "hello"), 5, closed(CloseReason.SERVER_CLOSE)),

				HostileCase.of("HTTP/1.0 that stays", "A response of HTTP/1.0 with `Connection: keep-alive`.")
					.sends("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello")
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("chunk size too large", "A chunk of `ffffffffffffffffff` bytes.")
					.sends(CHUNKED + "ffffffffffffffffff\r\nhello")
					.gets(failure(MalformedChunkCodingException.class, "the size of a chunk has more than 16 digits"),
							5, closed(CloseReason.ERROR)),

				HostileCase.of("negative chunk size", "A chunk of `-5` bytes.")
					.sends(CHUNKED + "-5\r\nhello\r\n0\r\n\r\n")
					.gets(failure(MalformedChunkCodingException.class, "a chunk has no size"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("invalid chunk size", "A chunk of `five` bytes.")
					.sends(CHUNKED + "five\r\nhello\r\n0\r\n\r\n")
					.gets(failure(MalformedChunkCodingException.class,
							"the size of a chunk is followed by something else"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("no chunk size", "An empty line where a chunk's size belongs.")
					.sends(CHUNKED + "\r\nhello\r\n0\r\n\r\n")
					.gets(failure(MalformedChunkCodingException.class, "a chunk has no size"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("chunk longer than its size", "A chunk of 3 bytes with 5 in it.")
					.sends(CHUNKED + "3\r\nhello\r\n0\r\n\r\n")
					.gets(failure(MalformedChunkCodingException.class, "the data of a chunk is not followed by CRLF"),
							5, closed(CloseReason.ERROR)),

				HostileCase
					.of("chunk longer than its size, ignored",
							"A chunk of 3 bytes with 5 in it; the caller reads nothing.")
					.sends(CHUNKED + "3\r\nhello\r\n0\r\n\r\n")
					.with("drain.max-time=5s")
					.caller(Caller.IGNORES)
					.gets(answer(200, ""), 5, closed(CloseReason.ERROR)),

				HostileCase.of("chunk extensions", "Chunk extensions of all kinds, also quoted.")
					.sends(CHUNKED + "5;a;b=1;c=\"x;y\"\r\nhello\r\n0;last\r\n\r\n")
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("response in a trailer", "A whole response where trailers belong.")
					.sends(CHUNKED + "5\r\nhello\r\n0\r\n" + FORGED)
					.gets(failure(MalformedChunkCodingException.class, "in its trailers a line"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("framing in a trailer", "`Content-Length` and `Connection: close` as trailers.")
					.sends(CHUNKED + "5\r\nhello\r\n0\r\nContent-Length: 99\r\nConnection: close\r\n\r\n")
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("second response at once", "Two responses in one packet, for one request.")
					.sends(Exchange.headText(200, "Content-Length: 5") + "hello" + FORGED)
					.gets(answer(200, "hello"), 5, closed(CloseReason.UNSOLICITED_DATA)),

				HostileCase
					.of("second response after chunks",
							"A chunked response and another one in one packet, for one request.")
					.sends(CHUNKED + "5\r\nhello\r\n0\r\n\r\n" + FORGED)
					.gets(answer(200, "hello"), 5, closed(CloseReason.UNSOLICITED_DATA)),

				HostileCase.of("second response after a redirect", "A redirect and a forged response in one packet.")
					.server((exchange) -> {
						if (exchange.path().equals("/case")) {
							exchange.sendRaw(Exchange.headText(302, "Location: /other", "Content-Length: 0") + FORGED);
						}
						else {
							exchange.ok("hello");
						}
					})
					.gets(answer(200, "hello"), 5, Fate.keptBeside(CloseReason.UNSOLICITED_DATA)),

				HostileCase.of("empty lines after the body", "Two empty lines after a complete body.")
					.sends(200, "Content-Length: 5", "hello\r\n\r\n")
					.gets(answer(200, "hello"), 5, closed(CloseReason.UNSOLICITED_DATA)),

				HostileCase.of("response before the request", "A forged response on an idle connection.")
					.idleBefore((scene) -> scene.upstream().lastConnection().sendRaw(FORGED))
					.nextCallLater()
					.gets(answer(200, "hello"), 5, Fate.keptBeside(CloseReason.UNSOLICITED_DATA)),

				HostileCase.of("unsolicited 101", "A switch of protocols without an `Upgrade` request.")
					.server((exchange) -> exchange.head(101, "Upgrade: chess", "Connection: upgrade")
						.sendRaw("e2e4")
						.stall())
					.gets(failure(ProtocolException.class, "which the request did not ask for"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("many 100s", "1,000 times `100 Continue`, then the response.")
					.sends(Exchange.headText(100).repeat(1000) + Exchange.headText(200, "Content-Length: 5") + "hello")
					.gets(failure(MessageConstraintException.class, "more than 100 interim responses"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("early hints", "A 103 with `Connection: close`, then the response.")
					.sends(Exchange.headText(103, "Link: </a>", "Connection: close")
							+ Exchange.headText(200, "Content-Length: 5") + "hello")
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("100 with a body", "A `100 Continue` with a length and a body, then the response.")
					.sendsAndCloses(Exchange.headText(100, "Content-Length: 6") + "forged"
							+ Exchange.headText(200, "Content-Length: 5") + "hello")
					.gets(failure(ProtocolException.class, "an interim response has a body"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("line ends of LF alone", "A head whose lines end with LF.")
					.sends("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello")
					.gets(answer(200, "hello"), 5, closed(CloseReason.ERROR)));
	}

}

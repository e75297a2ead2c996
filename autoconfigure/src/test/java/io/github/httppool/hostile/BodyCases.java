package io.github.httppool.hostile;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

import io.github.httppool.BodyTooLargeException;
import io.github.httppool.CloseReason;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Transport;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.TruncatedChunkException;

import static io.github.httppool.hostile.Fate.KEPT;
import static io.github.httppool.hostile.Fate.closed;
import static io.github.httppool.hostile.Outcome.answer;
import static io.github.httppool.hostile.Outcome.failure;

/**
 * Bodies without an end, with a wrong one, or where none may be.
 */
final class BodyCases {

	private static final Duration DRIP = Duration.ofMillis(20);

	private static final String CHUNKED = "Transfer-Encoding: chunked";

	private static final String GZIP = "Content-Encoding: gzip";

	private static final byte[] BOMB = gzip("\0".repeat(50_000_000));

	private BodyCases() {
	}

	static List<HostileCase> cases() {
		return List.of(

				HostileCase
					.of("endless drip, ignored",
							"A chunk of one byte every 20 ms, without end; the caller reads nothing.")
					.server((exchange) -> exchange.dripData(DRIP))
					.caller(Caller.IGNORES)
					.gets(answer(200, ""), 5, closed(CloseReason.DRAIN_TIME)),

				HostileCase
					.of("endless chunk extension, ignored",
							"A chunk extension that grows by a byte every 20 ms; the caller reads nothing.")
					.server((exchange) -> exchange.dripChunkExtension(DRIP))
					.caller(Caller.IGNORES)
					.gets(answer(200, ""), 5, closed(CloseReason.DRAIN_TIME)),

				HostileCase
					.of("endless trailers, ignored",
							"A trailer field every 20 ms, without end; the caller reads nothing.")
					.server((exchange) -> exchange.head(200, CHUNKED).sendRaw("0\r\n").drip("Trailer: x\r\n", DRIP))
					.caller(Caller.IGNORES)
					.gets(answer(200, ""), 5, closed(CloseReason.DRAIN_TIME)),

				HostileCase
					.of("known length dripped, ignored",
							"60,000 bytes announced, one sent every 20 ms; the caller reads nothing.")
					.server((exchange) -> exchange.head(200, "Content-Length: 60000").drip("x", DRIP))
					.caller(Caller.IGNORES)
					.gets(answer(200, ""), 5, closed(CloseReason.DRAIN_TIME)),

				HostileCase
					.of("flood, ignored",
							"Chunks as fast as the caller takes them, without end; the caller reads nothing.")
					.server(Exchange::flood)
					.with("drain.max-time=5s")
					.caller(Caller.IGNORES)
					.gets(answer(200, ""), 5, closed(CloseReason.DRAIN_BYTES)),

				HostileCase.of("flood, left half-way",
						"Chunks as fast as the caller takes them, without end; the caller reads 100,000 bytes and closes.")
					.server(Exchange::flood)
					.with("drain.max-time=5s")
					.caller(Caller.readsOnly(100_000))
					.gets(answer(200, "\0".repeat(100_000), "100,000 bytes"), 5, closed(CloseReason.DRAIN_BYTES)),

				HostileCase
					.of("gigabyte, ignored",
							"A length of one gibibyte, of which nothing is sent; the caller reads nothing.")
					.server(Exchange::gigabyte)
					.caller(Caller.IGNORES)
					.gets(answer(200, ""), 5, closed(CloseReason.DRAIN_BYTES)),

				HostileCase
					.of("gigabyte, read",
							"A length of one gibibyte, of which nothing is sent; `response-timeout` is 500 ms.")
					.server(Exchange::gigabyte)
					.with("response-timeout=500ms")
					.gets(failure(SocketTimeoutException.class, "http-pool.response-timeout"), 5,
							closed(CloseReason.ERROR)),

				HostileCase
					.of("close-delimited drip, ignored",
							"No length, a byte every 20 ms, without end; the caller reads nothing.")
					.server((exchange) -> exchange.head(200).drip("x", DRIP))
					.caller(Caller.IGNORES)
					.gets(answer(200, ""), 5, closed(CloseReason.SERVER_CLOSE)),

				HostileCase.of("short, ignored", "A whole body of 2,000 bytes; the caller reads nothing.")
					.server((exchange) -> exchange.ok(new byte[2000]))
					.caller(Caller.IGNORES)
					.gets(answer(200, ""), 5, KEPT),

				HostileCase.of("exactly the drain limit, ignored", "A whole body of 64 KB; the caller reads nothing.")
					.server((exchange) -> exchange.ok(new byte[64 * 1024]))
					.with("drain.max-time=5s")
					.caller(Caller.IGNORES)
					.gets(answer(200, ""), 5, KEPT),

				HostileCase
					.of("a byte above the drain limit, ignored",
							"A whole body of 64 KB and a byte, in chunks; the caller reads nothing.")
					.server((exchange) -> exchange.head(200, CHUNKED).chunk(new byte[64 * 1024 + 1]).lastChunk())
					.with("drain.max-time=5s")
					.caller(Caller.IGNORES)
					.gets(answer(200, ""), 5, closed(CloseReason.DRAIN_BYTES)),

				HostileCase.of("truncated length", "10 bytes announced, 5 sent, then the connection closed.")
					.sendsAndCloses(Exchange.headText(200, "Content-Length: 10") + "hello")
					.gets(failure(ConnectionClosedException.class, "Premature end of Content-Length"), 5,
							closed(CloseReason.ERROR)),

				HostileCase
					.of("truncated length, ignored",
							"10 bytes announced, 5 sent, then the connection closed; the caller reads nothing.")
					.sendsAndCloses(Exchange.headText(200, "Content-Length: 10") + "hello")
					.with("drain.max-time=5s")
					.caller(Caller.IGNORES)
					.gets(answer(200, ""), 5, closed(CloseReason.ERROR)),

				HostileCase.of("truncated in a chunk", "Closed after 5 of the 10 bytes of a chunk.")
					.sendsAndCloses(Exchange.headText(200, CHUNKED) + "a\r\nhello")
					.gets(failure(TruncatedChunkException.class,
							"the connection ended in a chunk, 5 bytes before its end"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("truncated in a chunk size", "Closed in the middle of a chunk's size.")
					.sendsAndCloses(Exchange.headText(200, CHUNKED) + "5\r\nhello\r\n1")
					.gets(failure(TruncatedChunkException.class, "the connection ended before the last chunk"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("truncated before the last chunk", "Closed after a whole chunk, without the last one.")
					.sendsAndCloses(Exchange.headText(200, CHUNKED) + "5\r\nhello\r\n")
					.gets(failure(ConnectionClosedException.class, "the connection ended before the last chunk"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("truncated in a trailer", "Closed in the middle of a trailer field.")
					.sendsAndCloses(Exchange.headText(200, CHUNKED) + "5\r\nhello\r\n0\r\nTrail")
					.gets(failure(MalformedChunkCodingException.class, "in its trailers the connection ended"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("reset in the middle", "10 bytes announced, 5 sent, then a reset.")
					.over(Transport.PLAIN)
					.server((exchange) -> {
						exchange.head(200, "Content-Length: 10").sendRaw("hello");
						exchange.after(Duration.ofMillis(100)).reset();
					})
					.gets(failure(SocketException.class, "Connection reset"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("bytewise chunks", "5,000 chunks of one byte each.")
					.server((exchange) -> exchange
						.sendRaw(Exchange.headText(200, CHUNKED) + "1\r\nx\r\n".repeat(5000) + "0\r\n\r\n"))
					.gets(answer(200, "x".repeat(5000), "5,000 bytes"), 5, KEPT),

				HostileCase.of("body of HEAD", "A body after the response to HEAD.")
					.server((exchange) -> exchange.ok("hello"))
					.caller(Caller.HEAD)
					.gets(answer(200, ""), 5, closed(CloseReason.UNSOLICITED_DATA)),

				HostileCase.of("body of 204", "A body after a 204.")
					.server((exchange) -> exchange.status(204, "hello"))
					.gets(answer(204, ""), 5, closed(CloseReason.ERROR)),

				HostileCase.of("body of 304", "A body after a 304.")
					.server((exchange) -> exchange.status(304, "hello"))
					.gets(answer(304, ""), 5, closed(CloseReason.UNSOLICITED_DATA)),

				HostileCase.of("longer than announced", "5 bytes announced, 12 sent.")
					.sends(200, "Content-Length: 5", "hello, world")
					.gets(answer(200, "hello"), 5, closed(CloseReason.UNSOLICITED_DATA)),

				HostileCase
					.of("longer than announced, ignored", "5 bytes announced, 12 sent; the caller reads nothing.")
					.sends(200, "Content-Length: 5", "hello, world")
					.caller(Caller.IGNORES)
					.gets(answer(200, ""), 5, closed(CloseReason.UNSOLICITED_DATA)),

				HostileCase.of("not compressed", "Plain text with `Content-Encoding: gzip`.")
					.server((exchange) -> exchange.ok(ascii("this is no gzip"), GZIP))
					.gets(failure(ZipException.class, "Not in GZIP format"), 5, KEPT),

				HostileCase.of("compressed and cut", "The first half of a gzip stream, in a whole message.")
					.server((exchange) -> exchange.ok(half(gzip("hello".repeat(100))), GZIP))
					.gets(failure(EOFException.class, "Unexpected end"), 5, KEPT),

				HostileCase
					.of("compressed and cut, connection cut",
							"The first half of a gzip stream, then the connection closed.")
					.server((exchange) -> {
						byte[] all = gzip("hello".repeat(100));
						exchange.head(200, GZIP, "Content-Length: " + all.length).sendRaw(half(all)).close();
					})
					.gets(failure(ConnectionClosedException.class, "Premature end"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("empty compressed body", "An empty body with `Content-Encoding: gzip`.")
					.server((exchange) -> exchange.ok(new byte[0], GZIP))
					.gets(answer(200, ""), 5, KEPT),

				HostileCase.of("compression bomb", "50 MB of zeros, compressed to 50 KB; `max-body` is 1 MB.")
					.server((exchange) -> exchange.ok(BOMB, GZIP))
					.with("max-body=1MB")
					.gets(failure(BodyTooLargeException.class, "http-pool.max-body"), 5, KEPT),

				HostileCase
					.of("flood, read", "Chunks as fast as the caller takes them, without end; `max-body` is 1 MB.")
					.server(Exchange::flood)
					.with("max-body=1MB", "drain.max-time=5s")
					.gets(failure(BodyTooLargeException.class, "http-pool.max-body"), 5,
							closed(CloseReason.DRAIN_BYTES)),

				HostileCase.of("flood of an error",
						"A 500 with chunks as fast as the caller takes them, without end. Spring's exception has the status, and an empty body.")
					.server(BodyCases::floodWithError)
					.with("drain.max-time=5s")
					.gets(answer(500, ""), 5, closed(CloseReason.DRAIN_BYTES)),

				HostileCase.of("flood of an error, read",
						"A 500 with chunks as fast as the caller takes them, without end; the caller reads it itself.")
					.server(BodyCases::floodWithError)
					.with("drain.max-time=5s")
					.caller(Caller.readsOnly(Integer.MAX_VALUE))
					.gets(failure(BodyTooLargeException.class, "http-pool.max-error-body"), 5,
							closed(CloseReason.DRAIN_BYTES)),

				HostileCase.of("compression bomb of an error",
						"A 500 with 50 MB of zeros, compressed to 50 KB. Spring's exception has the status, and an empty body.")
					.server((exchange) -> exchange.status(500, BOMB, GZIP))
					.gets(answer(500, ""), 5, KEPT),

				HostileCase.of("unknown encoding", "An unknown encoding; the body is passed on unchanged.")
					.server((exchange) -> exchange.ok(ascii("hello"), "Content-Encoding: x-secret"))
					.gets(answer(200, "hello"), 5, KEPT));
	}

	private static void floodWithError(Exchange exchange) throws Exception {
		exchange.head(500, CHUNKED).drip("4000\r\n" + "x".repeat(0x4000) + "\r\n", Duration.ZERO);
	}

	private static byte[] half(byte[] bytes) {
		return Arrays.copyOf(bytes, bytes.length / 2);
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private static byte[] gzip(String text) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
			gzip.write(ascii(text));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

}

package io.github.httppool.exceptions;

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
import io.github.httppool.exceptions.Client.Level;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.TruncatedChunkException;

/**
 * What goes wrong while a request is sent or a response is received.
 */
final class MessageSituations {

	static final String[] SHORT = { "spring.http.clients.read-timeout=400ms", "http-pool.response-timeout=400ms" };

	private static final String[] LONGER = { "spring.http.clients.read-timeout=1200ms",
			"http-pool.response-timeout=1200ms" };

	private static final byte[] LARGE = new byte[20_000_000];

	private MessageSituations() {
	}

	static List<Situation> all() {
		return List.of(

				everywhere("closed while the body is sent").fails(SocketException.class, NoHttpResponseException.class)
					.setUp((upstream) -> upstream.leaveBodies())
					.server((exchange) -> exchange.close())
					.caller((play) -> play.post(LARGE)),

				everywhere("reset while the body is sent").fails(SocketException.class, NoHttpResponseException.class)
					.setUp((upstream) -> upstream.leaveBodies())
					.server((exchange) -> exchange.reset())
					.caller((play) -> play.post(LARGE)),

				everywhere("half-closed, then reset, while the body is sent").fails(SocketException.class)
					.setUp((upstream) -> upstream.leaveBodies())
					.server((exchange) -> {
						exchange.halfClose();
						exchange.after(Duration.ofMillis(500));
						exchange.reset();
					})
					.caller((play) -> play.post(LARGE)),

				everywhere("reset while the body is sent and its sender waits").fails(SocketException.class)
					.setUp((upstream) -> upstream.leaveBodies())
					.server((exchange) -> {
						exchange.after(Duration.ofMillis(500));
						exchange.reset();
					})
					.caller((play) -> play.post(LARGE)),

				everywhere("closed instead of a response").fails(NoHttpResponseException.class).server(Exchange::close),

				everywhere("reset instead of a response").fails(SocketException.class, NoHttpResponseException.class)
					.server(Exchange::reset),

				everywhere("closed instead of a further response").fails(NoHttpResponseException.class)
					.afterGoodCall()
					.server(Exchange::close)
					.caller((play) -> play.post(new byte[] { 1 })),

				everywhere("reset instead of a further response")
					.fails(SocketException.class, NoHttpResponseException.class)
					.afterGoodCall()
					.server(Exchange::reset)
					.caller((play) -> play.post(new byte[] { 1 })),

				everywhere("no response in time").fails(SocketTimeoutException.class)
					.with(SHORT)
					.server(Exchange::stall),

				everywhere("no response in a longer time").fails(SocketTimeoutException.class)
					.with(LONGER)
					.server(Exchange::stall),

				everywhere("no response in time, further call").fails(SocketTimeoutException.class)
					.with(LONGER)
					.afterGoodCall()
					.server(Exchange::stall),

				everywhere("head not complete in time").fails(SocketTimeoutException.class)
					.with(LONGER)
					.server((exchange) -> exchange.sendRaw("HTTP/1.1 200 OK\r\nA: b").stall()),

				everywhere("body not complete in time").fails(SocketTimeoutException.class)
					.with(LONGER)
					.server((exchange) -> exchange.head(200, "Content-Length: 10").sendRaw("hello").stall()),

				everywhere("chunks not complete in time").fails(SocketTimeoutException.class)
					.with(SHORT)
					.server((exchange) -> exchange.head(200, "Transfer-Encoding: chunked").sendRaw("5\r\nhe").stall()),

				everywhere("closed in the status line").fails(NoHttpResponseException.class)
					.server((exchange) -> exchange.sendRaw("HTTP/1.1 2").close()),

				everywhere("closed in the head")
					.deliberately(ClientProtocolException.class,
							"HttpClient treats the end of the connection as the end of the head")
					.server((exchange) -> exchange.sendRaw("HTTP/1.1 200 OK\r\nA: b\r\n").close()),

				Situation.of("reset in the head")
					.over(Way.PLAIN, Way.TLS, Way.PROXY, Way.TUNNEL)
					.fails(SocketException.class)
					.server((exchange) -> {
						exchange.sendRaw("HTTP/1.1 200 OK\r\nA: b\r\n");
						exchange.after(Duration.ofMillis(100));
						exchange.reset();
					}),

				Situation.of("no HTTP")
					.fails(NoHttpResponseException.class)
					.deliberately(ClientProtocolException.class,
							"HttpClient skips lines that are not a status line, and waits")
					.server((exchange) -> exchange.sendRaw("220 ftp ready\r\n\r\n").close()),

				Situation.of("malformed status line")
					.fails(NoHttpResponseException.class)
					.deliberately(ClientProtocolException.class, "as above")
					.server((exchange) -> exchange.sendRaw("HTTP/1.1 abc\r\nContent-Length: 0\r\n\r\n").close()),

				Situation.of("HTTP/2.0")
					.fails(ClientProtocolException.class)
					.server((exchange) -> exchange.sendRaw("HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n").close()),

				Situation.of("field without a name")
					.fails(ClientProtocolException.class)
					.server((exchange) -> exchange.sendRaw("HTTP/1.1 200 OK\r\n: b\r\nContent-Length: 0\r\n\r\n")
						.close()),

				Situation.of("field without a colon")
					.fails(ClientProtocolException.class)
					.server((exchange) -> exchange.sendRaw("HTTP/1.1 200 OK\r\nabc\r\nContent-Length: 0\r\n\r\n")
						.close()),

				Situation.of("too many fields")
					.fails(MessageConstraintException.class)
					.server((exchange) -> exchange
						.sendRaw("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(100_000) + "Content-Length: 0\r\n\r\n")
						.close()),

				Situation.of("line too long")
					.fails(MessageConstraintException.class)
					.server((exchange) -> exchange
						.sendRaw("HTTP/1.1 200 OK\r\nA: " + "b".repeat(10_000_000) + "\r\nContent-Length: 0\r\n\r\n")
						.close()),

				Situation.of("unsolicited 101")
					.fails(ClientProtocolException.class)
					.server((exchange) -> exchange.sendRaw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")
						.close()),

				Situation.of("length is not a number")
					.fails(ClientProtocolException.class)
					.sendsAndCloses(Exchange.headText(200, "Content-Length: abc")),

				Situation.of("negative length")
					.fails(ClientProtocolException.class)
					.sendsAndCloses(Exchange.headText(200, "Content-Length: -5")),

				Situation.of("two lengths")
					.fails(ClientProtocolException.class)
					.sendsAndCloses(Exchange.headText(200, "Content-Length: 5", "Content-Length: 6") + "hello"),

				Situation.of("unknown transfer encoding")
					.fails(ClientProtocolException.class)
					.sendsAndCloses(Exchange.headText(200, "Transfer-Encoding: secret") + "hello"),

				everywhere("closed before the end of the length").fails(ConnectionClosedException.class)
					.server((exchange) -> exchange.head(200, "Content-Length: 10").sendRaw("hello").close()),

				everywhere("reset before the end of the length")
					.fails(SocketException.class, ConnectionClosedException.class)
					.server((exchange) -> {
						exchange.head(200, "Content-Length: 10").sendRaw("hello");
						exchange.after(Duration.ofMillis(100));
						exchange.reset();
					}),

				everywhere("reset before the close that ends a body").fails(SocketException.class)
					.orPasses()
					.server((exchange) -> {
						exchange.head(200).sendRaw("hello");
						exchange.after(Duration.ofMillis(100));
						exchange.reset();
					}),

				everywhere("closed before the last chunk").fails(ConnectionClosedException.class)
					.server((exchange) -> exchange.head(200, "Transfer-Encoding: chunked")
						.sendRaw("5\r\nhello\r\n")
						.close()),

				everywhere("closed in a chunk").fails(TruncatedChunkException.class)
					.server((exchange) -> exchange.head(200, "Transfer-Encoding: chunked").sendRaw("5\r\nhe").close()),

				everywhere("reset in a chunk").fails(SocketException.class, TruncatedChunkException.class)
					.server((exchange) -> {
						exchange.head(200, "Transfer-Encoding: chunked").sendRaw("5\r\nhe");
						exchange.after(Duration.ofMillis(100));
						exchange.reset();
					}),

				Situation.of("closed in the size of a chunk")
					.fails(TruncatedChunkException.class)
					.sendsAndCloses(Exchange.headText(200, "Transfer-Encoding: chunked") + "5"),

				Situation.of("size of a chunk is not a number")
					.fails(MalformedChunkCodingException.class)
					.sendsAndCloses(Exchange.headText(200, "Transfer-Encoding: chunked") + "xyz\r\nhello\r\n"),

				Situation.of("chunk longer than its size")
					.fails(MalformedChunkCodingException.class)
					.sendsAndCloses(
							Exchange.headText(200, "Transfer-Encoding: chunked") + "5\r\nhello world\r\n0\r\n\r\n"),

				Situation.of("negative size of a chunk")
					.fails(MalformedChunkCodingException.class)
					.sendsAndCloses(Exchange.headText(200, "Transfer-Encoding: chunked") + "-5\r\nhello\r\n"),

				Situation.of("closed in the trailers")
					.deliberately(MalformedChunkCodingException.class,
							"HttpClient treats the end of the connection as the end of the trailers")
					.sendsAndCloses(Exchange.headText(200, "Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\nA: b"),

				Situation.of("malformed trailers")
					.fails(MalformedChunkCodingException.class)
					.sendsAndCloses(
							Exchange.headText(200, "Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n: b\r\n\r\n"),

				Situation.of("unknown content encoding")
					.fails(ClientProtocolException.class)
					.deliberately(null, "the body is passed on unchanged, with its headers")
					.sends(200, "Content-Encoding: secret\r\nContent-Length: 5", "hello"),

				Situation.of("body is not gzip")
					.fails(ZipException.class)
					.sends(200, "Content-Encoding: gzip\r\nContent-Length: 5", "hello"),

				Situation.of("gzip ends too early")
					.fails(EOFException.class)
					.orPasses()
					.server((exchange) -> exchange.ok(Arrays.copyOf(gzip(), 30), "Content-Encoding: gzip")),

				Situation.of("gzip with a wrong checksum").fails(ZipException.class).server((exchange) -> {
					byte[] bytes = gzip();
					bytes[bytes.length - 6] ^= 1;
					exchange.ok(bytes, "Content-Encoding: gzip");
				}),

				Situation.of("body is not deflate")
					.fails(ZipException.class)
					.sends(200, "Content-Encoding: deflate\r\nContent-Length: 5", "hello"),

				Situation.of("gzip, closed before the end of the length")
					.fails(ConnectionClosedException.class)
					.sendsAndCloses(Exchange.headText(200, "Content-Encoding: gzip", "Content-Length: 1000")
							+ new String(gzip(), 0, 40, StandardCharsets.ISO_8859_1)),

				Situation.of("circular redirect")
					.fails(ClientProtocolException.class)
					.server((exchange) -> exchange.status(302, "", "Location: /case")),

				Situation.of("endless redirects")
					.fails(ClientProtocolException.class)
					.server((exchange) -> exchange.status(302, "", "Location: " + exchange.path() + "x")),

				Situation.of("redirect without a location").server((exchange) -> exchange.status(302, "")),

				Situation.of("redirect to an invalid location")
					.fails(ClientProtocolException.class)
					.server((exchange) -> exchange.status(302, "", "Location: http://a b/")),

				Situation.of("redirect to an unsupported scheme")
					.fails(ClientProtocolException.class)
					.server((exchange) -> exchange.status(302, "", "Location: ftp://127.0.0.1/x")),

				Situation.of("redirect to a location without a host")
					.fails(ClientProtocolException.class)
					.server((exchange) -> exchange.status(302, "", "Location: http:///x")),

				Situation.of("body longer than `max-body`")
					.onlyOurs(BodyTooLargeException.class, "HttpClient has no such limit")
					.at(Level.EXCHANGE, Level.HTTP_CLIENT)
					.with("http-pool.max-body=3B"),

				Situation.of("read after close")
					.fails(IOException.class)
					.at(Level.EXCHANGE, Level.REST_TEMPLATE, Level.HTTP_CLIENT)
					.caller((play) -> play.get((body) -> {
						body.close();
						return body.read();
					})),

				Situation.of("read after close, half read")
					.fails(IOException.class)
					.at(Level.EXCHANGE, Level.REST_TEMPLATE, Level.HTTP_CLIENT)
					.caller((play) -> play.get((body) -> {
						body.read();
						body.close();
						return body.read();
					})),

				Situation.of("read after the end and close")
					.fails(IOException.class)
					.at(Level.EXCHANGE, Level.REST_TEMPLATE, Level.HTTP_CLIENT)
					.caller((play) -> play.get((body) -> {
						body.readAllBytes();
						body.close();
						return body.read();
					})),

				Situation.of("read after the end")
					.at(Level.EXCHANGE, Level.REST_TEMPLATE, Level.HTTP_CLIENT)
					.caller((play) -> play.get((body) -> {
						body.readAllBytes();
						if (body.read() >= 0 || body.read(new byte[10]) >= 0) {
							throw new IllegalStateException();
						}
						return null;
					})),

				Situation.of("close before the end of a broken body")
					.fails(ConnectionClosedException.class)
					.deliberately(null,
							"HttpClient reads the rest on close, and fails; a close of the pool's stream does not fail")
					.at(Level.EXCHANGE, Level.REST_TEMPLATE, Level.HTTP_CLIENT)
					.server((exchange) -> exchange.head(200, "Content-Length: 10").sendRaw("hello").close())
					.caller((play) -> play.get((body) -> {
						body.read();
						body.close();
						return null;
					})));
	}

	private static byte[] gzip() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
			for (int i = 0; i < 100; i++) {
				gzip.write(("" + i * 7919).getBytes(StandardCharsets.ISO_8859_1));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	private static Situation everywhere(String name) {
		return Situation.of(name).over(Way.PLAIN, Way.TLS, Way.SOCKS, Way.PROXY, Way.TUNNEL);
	}

}

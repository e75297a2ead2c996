package io.github.httppool.testing;

import java.time.Duration;

/**
 * Scripts of a {@link ScriptedUpstream} that answer as the path of the request says.
 */
public final class Scripts {

	/** The text of the {@link #BODIES}. */
	public static final byte[] TEXT = "hello world".repeat(1000).getBytes();

	private static final byte[] COMPRESSED = Coding.GZIP.encode(TEXT);

	/** Good and bad answers, such as {@code /close}, {@code /reset}, {@code /stall}. */
	public static final ScriptedUpstream.Script AS_ASKED = (exchange) -> {
		switch (exchange.path()) {
			case "/close" -> exchange.ok("hello".getBytes(), "Connection: close");
			case "/goodbye" -> exchange.ok("hello").close();
			case "/reset" -> exchange.reset();
			case "/truncated" -> exchange.head(200, "Content-Length: 9").sendRaw("hell").close();
			case "/garbage" -> exchange.sendRaw("This is no HTTP\r\n\r\n").close();
			case "/surplus" -> exchange.ok("hello").sendRaw("surplus");
			case "/short" -> exchange.ok("hello".getBytes(), "Keep-Alive: timeout=1");
			case "/stall" -> exchange.stall();
			case "/drip" -> exchange.dripData(Duration.ofMillis(5));
			case "/gigabyte" -> exchange.gigabyte();
			case "/chunked" -> exchange.chunked("hello", " ", "world");
			case "/until-close" -> exchange.head(200).sendRaw("hello").close();
			default -> exchange.ok("hello");
		}
	};

	/** Bodies of all kinds, such as {@code /length}, {@code /chunks}, {@code /drip}. */
	public static final ScriptedUpstream.Script BODIES = (exchange) -> {
		switch (exchange.path()) {
			case "/chunks" -> exchange.chunked(new String(TEXT), "more");
			case "/until-close" -> exchange.head(200).sendRaw(TEXT).close();
			case "/compressed" -> exchange.ok(COMPRESSED, "Content-Encoding: gzip");
			case "/empty" -> exchange.ok("");
			case "/error" -> exchange.status(500, TEXT);
			case "/redirect" -> exchange.status(302, "moved", "Location: /length");
			case "/drip" -> exchange.dripData(Duration.ofMillis(5));
			default -> exchange.ok(TEXT);
		}
	};

	private Scripts() {
	}

}

package io.github.httppool.benchmarks.upstream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the server can be asked for: the path is the name.
 */
public enum Answer {

	/** No body at all. */
	EMPTY(withLength(0), 0),

	/** 1 KB with a length. */
	KB1(withLength(1024), 0),

	/** 1 KB in one chunk. */
	CHUNKED1(chunked(1024), 0),

	/** 2 KB with a length. */
	KB2(withLength(2048), 0),

	/** 64 KB with a length. */
	KB64(withLength(64 * 1024), 0),

	/** 1 KB after 10 milliseconds. */
	SLOW1(withLength(1024), 10),

	/** Chunks without end, as long as somebody reads. */
	FOREVER("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 0),

	/** The same, with a chunk every 5 milliseconds. */
	DRIP(FOREVER.bytes, 5);

	private final byte[] bytes;

	private final int delayMillis;

	Answer(byte[] bytes, int delayMillis) {
		this.bytes = bytes;
		this.delayMillis = delayMillis;
	}

	byte[] bytes() {
		return this.bytes;
	}

	int delayMillis() {
		return this.delayMillis;
	}

	/**
	 * Say whether the body has no end.
	 * @return whether it has none
	 */
	public boolean isEndless() {
		return this == FOREVER || this == DRIP;
	}

	private static byte[] withLength(int length) {
		return response("Content-Length: " + length, "", body(length), "");
	}

	private static byte[] chunked(int length) {
		return response("Transfer-Encoding: chunked", Integer.toHexString(length) + "\r\n", body(length),
				"\r\n0\r\n\r\n");
	}

	private static String body(int length) {
		char[] body = new char[length];
		Arrays.fill(body, 'x');
		return new String(body);
	}

	private static byte[] response(String field, String before, String body, String after) {
		return ("HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 12:00:00 GMT\r\nServer: benchmark\r\n"
				+ "Content-Type: text/plain;charset=UTF-8\r\n" + field + "\r\n\r\n" + before + body + after)
			.getBytes(StandardCharsets.US_ASCII);
	}

}

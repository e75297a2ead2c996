package io.github.httppool.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * Creates valid responses of all kinds. Each is filled with a token that identifies its
 * owner.
 */
public final class RandomResponse {

	private final Random random;

	private final String token;

	private final boolean head;

	private RandomResponse(Random random, String token, boolean head) {
		this.random = random;
		this.token = token;
		this.head = head;
	}

	/**
	 * Make a response.
	 * @param random the source of randomness
	 * @param token what its header and its body contain
	 * @param method method of the request that it answers
	 * @return its bytes
	 */
	public static byte[] bytes(Random random, String token, String method) {
		return new RandomResponse(random, token, method.equals("HEAD")).bytes();
	}

	private byte[] bytes() {
		StringBuilder interim = new StringBuilder();
		while (this.random.nextInt(8) == 0) {
			interim.append(oneOf("HTTP/1.1 102 Processing\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
					"HTTP/1.1 100 Continue\r\n\r\n"));
		}
		return join(ascii(interim.toString()), switch (this.random.nextInt(12)) {
			case 0 -> head(204);
			case 1 -> head(304, "ETag: \"" + this.token + "\"");
			case 2 -> redirect();
			case 3, 4 -> withBody(oneOf(400, 401, 403, 404, 408, 429, 500, 502, 503));
			default -> withBody(oneOf(200, 200, 200, 201, 203, 206));
		});
	}

	private byte[] redirect() {
		byte[] body = ascii("moved " + this.token);
		return join(head(oneOf(301, 302, 303, 307, 308), "Location: /plain/" + this.token,
				"Content-Length: " + body.length), this.head ? new byte[0] : body);
	}

	private byte[] withBody(int status) {
		byte[] body = body();
		List<String> fields = new ArrayList<>();
		if (this.random.nextInt(3) == 0) {
			body = compressed(body);
			fields.add("Content-Encoding: gzip");
		}
		fields.add(oneOf("Content-Type: text/plain", "Content-Type: application/octet-stream",
				"Content-Type: text/html;charset=utf-8"));
		switch (this.random.nextInt(8)) {
			case 0 -> {
				fields.add("Connection: close");
				body = length(fields, body);
			}
			case 1 -> fields.add("X-Ends: with the connection");
			case 2, 3, 4 -> {
				fields.add("Transfer-Encoding: chunked");
				body = chunked(body);
			}
			default -> body = length(fields, body);
		}
		return join(head(status, fields.toArray(String[]::new)), this.head ? new byte[0] : body);
	}

	private static byte[] length(List<String> fields, byte[] body) {
		fields.add("Content-Length: " + body.length);
		return body;
	}

	private byte[] head(int status, String... fields) {
		StringBuilder head = new StringBuilder(oneOf("HTTP/1.1 ", "HTTP/1.1 ", "HTTP/1.1 ", "HTTP/1.0 "));
		head.append(status).append(oneOf(" OK", " ", " Some words")).append("\r\nServer: random\r\n");
		for (String field : fields) {
			head.append(field).append("\r\n");
		}
		head.append("X-Token: ").append(this.token).append("\r\n");
		if (this.random.nextInt(4) == 0) {
			head.append(oneOf("Keep-Alive: timeout=5, max=100\r\n", "Connection: keep-alive\r\n",
					"Set-Cookie: a=b; Path=/\r\n", "Vary: Accept-Encoding\r\n"));
		}
		return ascii(head.append("\r\n").toString());
	}

	private byte[] body() {
		int length = switch (this.random.nextInt(10)) {
			case 0 -> 0;
			case 1 -> 10_000;
			default -> 1 + this.random.nextInt(1000);
		};
		return ascii((this.token + " ").repeat(1 + length / (this.token.length() + 1)).substring(0, length));
	}

	private byte[] chunked(byte[] body) {
		byte[] all = new byte[0];
		for (int from = 0; from < body.length;) {
			int size = Math.min(body.length - from, 1 + this.random.nextInt(400));
			String line = Integer.toHexString(size) + oneOf("", "", "", ";name=value", ";name=\"a b\"", " ;x") + "\r\n";
			byte[] chunk = new byte[size];
			System.arraycopy(body, from, chunk, 0, size);
			all = join(all, ascii(line), chunk, ascii("\r\n"));
			from += size;
		}
		return join(all, ascii(oneOf("0\r\n\r\n", "0\r\n\r\n", "0;last\r\n\r\n",
				"0\r\nX-Trailer: " + this.token + "\r\nX-Other: 1\r\n\r\n")));
	}

	private static byte[] compressed(byte[] body) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
			gzip.write(body);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	@SafeVarargs
	private <T> T oneOf(T... choices) {
		return choices[this.random.nextInt(choices.length)];
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static byte[] join(byte[]... parts) {
		ByteArrayOutputStream whole = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			whole.writeBytes(part);
		}
		return whole.toByteArray();
	}

}

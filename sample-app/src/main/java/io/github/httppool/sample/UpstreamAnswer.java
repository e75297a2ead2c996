package io.github.httppool.sample;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

import org.springframework.http.HttpStatus;
import org.springframework.web.util.UriComponents;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * What the {@link Upstream} answers to one request.
 *
 * @param status the status
 * @param bytes length of the body
 * @param delay milliseconds before the answer
 */
record UpstreamAnswer(HttpStatus status, int bytes, int delay) {

	/**
	 * Length of the body.
	 */
	static final NumberParameter BYTES = new NumberParameter("bytes", 2048, 0, 1_048_576);

	/**
	 * Milliseconds before the answer.
	 */
	static final NumberParameter DELAY = new NumberParameter("delay", 10, 0, 10_000);

	/**
	 * Return the answer to a request: {@code 200} for {@code GET /answer}, {@code 404}
	 * for any other path.
	 * @param requestLine method, target and version
	 * @return the answer
	 */
	static UpstreamAnswer to(String requestLine) {
		String[] parts = requestLine.split(" ");
		if (parts.length != 3 || !"GET".equals(parts[0])) {
			return refused(HttpStatus.METHOD_NOT_ALLOWED);
		}
		try {
			UriComponents target = UriComponentsBuilder.fromUriString(parts[1]).build();
			HttpStatus status = "/answer".equals(target.getPath()) ? HttpStatus.OK : HttpStatus.NOT_FOUND;
			Map<String, String> query = target.getQueryParams().toSingleValueMap();
			return new UpstreamAnswer(status, BYTES.in(query), DELAY.in(query));
		}
		catch (InvalidParameterException ex) {
			return refused(HttpStatus.BAD_REQUEST);
		}
	}

	private static UpstreamAnswer refused(HttpStatus status) {
		return new UpstreamAnswer(status, 0, 0);
	}

	/**
	 * Return whether the next request may come on the same connection. After a refusal it
	 * may not: the request may have a body, which nobody reads.
	 * @return whether the connection is kept
	 */
	boolean keepsConnection() {
		return this.status == HttpStatus.OK || this.status == HttpStatus.NOT_FOUND;
	}

	/**
	 * Return the answer as it is sent, in one piece.
	 * @return status line, headers and body
	 */
	byte[] message() {
		byte[] head = ("HTTP/1.1 " + this.status.value() + " " + this.status.getReasonPhrase() + "\r\n"
				+ "Content-Type: text/plain\r\nContent-Length: " + this.bytes + "\r\n"
				+ (keepsConnection() ? "" : "Connection: close\r\n") + "\r\n")
			.getBytes(StandardCharsets.US_ASCII);
		byte[] message = Arrays.copyOf(head, head.length + this.bytes);
		Arrays.fill(message, head.length, message.length, (byte) 'x');
		return message;
	}

}

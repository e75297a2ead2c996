package io.github.httppool.hc5.http1;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the way in which the network splits a response changes neither the response
 * nor the reason for rejecting it.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SplitInputTests {

	private static final String CHUNKED = "Transfer-Encoding: chunked";

	static List<String> accepted() {
		return List.of(Exchange.headText(200, "Content-Length: 5", "A: \u00fc", "B:") + "hello",
				Exchange.headText(200, CHUNKED) + "5\r\nhello\r\n0\r\n\r\n",
				Exchange.headText(103, "Link: x") + Exchange.headText(404, CHUNKED)
						+ "5;a=\"b\"\r\nhello\r\n00000000000000c \r\n, you there!\r\n0;z\r\nA: b\r\nC: d\r\n\r\n",
				"\r\n\nHTTP/1.0 200\nA: b\r\n \tc\r\nContent-Length: 3, 3\n\r\nyes",
				Exchange.headText(200, CHUNKED) + "1\r\nx\r\n".repeat(50) + "0\r\n\r\n",
				Exchange.headText(200, "A: " + "x".repeat(700), CHUNKED) + "12c\r\n" + "y".repeat(300)
						+ "\r\n0\r\n\r\n");
	}

	static List<String> refused() {
		return List.of("garbage\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
				"HTTP/1.1 200 OK\r\nA: b\rC: d\r\n\r\n", Exchange.headText(200, "Content-Length: 5, 6") + "hello",
				Exchange.headText(200, CHUNKED) + "5\r\nhello\n0\r\n\r\n",
				Exchange.headText(200, CHUNKED) + "5\nhello\r\n0\r\n\r\n",
				Exchange.headText(200, CHUNKED) + "5\r\nhello\r\n0\r\nA: b\n\r\n",
				Exchange.headText(200, CHUNKED) + "8000000000000000\r\nhello\r\n0\r\n\r\n");
	}

	@ParameterizedTest
	@MethodSource("accepted")
	void acceptedResponseIsTheSameForEachSplit(String wire) {
		String whole = read(wire, wire.length());
		assertThat(whole).startsWith("[").endsWith(" rest:NEXT");
		shouldBeTheSameWhereverItIsCut(wire, whole);
	}

	@ParameterizedTest
	@MethodSource("refused")
	void rejectedResponseIsTheSameForEachSplit(String wire) {
		String whole = read(wire, wire.length());
		assertThat(whole).startsWith("refused: ");
		shouldBeTheSameWhereverItIsCut(wire, whole);
	}

	private static void shouldBeTheSameWhereverItIsCut(String wire, String whole) {
		for (int i = 1; i < wire.length(); i++) {
			assertThat(read(wire, i)).as("cut at %d", i).isEqualTo(whole);
		}
		int[] everywhere = new int[wire.length()];
		Arrays.setAll(everywhere, (i) -> i);
		assertThat(read(wire, everywhere)).as("cut everywhere").isEqualTo(whole);
		Random random = new Random(42);
		for (int i = 0; i < 100; i++) {
			int[] cuts = random.ints(5, 0, wire.length()).sorted().toArray();
			assertThat(read(wire, cuts)).as("cut at %s", Arrays.toString(cuts)).isEqualTo(whole);
		}
	}

	/**
	 * No prefix of a response is a complete response.
	 */
	@ParameterizedTest
	@MethodSource("accepted")
	void truncatedResponseIsRejectedWhereverItEnds(String wire) {
		for (int i = 1; i < wire.length(); i++) {
			assertThat(readAll(wire.substring(0, i).getBytes(StandardCharsets.ISO_8859_1), i)).as("end at %d", i)
				.startsWith("refused: ");
		}
	}

	@ParameterizedTest
	@MethodSource("accepted")
	void acceptedResponseIsTheSameInSegmentsOfOneByte(String wire) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			if (exchange.path().equals("/whole")) {
				exchange.sendRaw(wire);
				return;
			}
			for (int i = 0; i < wire.length(); i++) {
				exchange.sendRaw(wire.substring(i, i + 1));
			}
		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script);
				PoolFixture pool = PoolFixture.withDefaults()) {
			String whole = pool.get(upstream.uri("/whole"));
			assertThat(whole).isNotEmpty();
			assertThat(pool.get(upstream.uri("/bytes"))).isEqualTo(whole);
			assertThat(pool.leased()).isZero();
		}
	}

	/**
	 * A mutated response is accepted or rejected, and never causes another exception.
	 * Reading a valid response does not consume the bytes after it.
	 */
	@Test
	void mutatedResponseIsAcceptedOrRejected() {
		Random random = new Random(4711);
		String alphabet = "\r\n\0\t :;,0159afx\"\u007f\u00ff";
		int refused = 0;
		for (int i = 0; i < 20_000; i++) {
			StringBuilder wire = new StringBuilder(accepted().get(random.nextInt(4)));
			for (int mutations = 1 + random.nextInt(3); mutations > 0; mutations--) {
				mutate(wire, random, alphabet);
			}
			String result = read(wire.toString(), random.nextInt(wire.length()));
			assertThat(result).as("mutation %d: %s", i, wire).matches("(?s)(\\[|refused: ).*");
			refused += result.startsWith("refused") ? 1 : 0;
		}
		assertThat(refused).isBetween(1000, 19_000);
	}

	private static void mutate(StringBuilder wire, Random random, String alphabet) {
		int position = random.nextInt(wire.length());
		char character = alphabet.charAt(random.nextInt(alphabet.length()));
		switch (random.nextInt(3)) {
			case 0 -> wire.setCharAt(position, character);
			case 1 -> wire.insert(position, character);
			default -> wire.deleteCharAt(position);
		}
	}

	private static String read(String wire, int... cuts) {
		return readAll((wire + "NEXT").getBytes(StandardCharsets.ISO_8859_1), cuts);
	}

	/**
	 * Reads a response as a connection does.
	 * @return the response as text
	 */
	private static String readAll(byte[] bytes, int... cuts) {
		ReadBuffer buffer = new ReadBuffer(512);
		SessionInputBufferImpl source = new SessionInputBufferImpl(512, 0);
		InputStream in = cut(bytes, cuts);
		ResponseParser parser = new ResponseParser(buffer);
		try {
			ClassicHttpResponse response = parser.parse(source, in);
			while (response != null && response.getCode() < 200) {
				response = parser.parse(source, in);
			}
			if (response == null) {
				return "nothing";
			}
			boolean clean = !ResponseFraming.isAmbiguous(response, null, parser.wasClean());
			String head = "[" + response.getVersion() + " " + response.getCode() + " " + response.getReasonPhrase()
					+ " " + text(response.getHeaders()) + "] " + clean;
			return head + body(response, parser, buffer, in) + " rest:"
					+ new String(rest(buffer, in), StandardCharsets.ISO_8859_1);
		}
		catch (IOException | HttpException ex) {
			return "refused: " + ex.getMessage();
		}
	}

	private static String body(ClassicHttpResponse response, ResponseParser parser, ReadBuffer buffer, InputStream in)
			throws IOException, HttpException {
		long length = ResponseFraming.INSTANCE.determineLength(response);
		if (length == ContentLengthStrategy.UNDEFINED) {
			return " until the end";
		}
		if (length >= 0) {
			byte[] body = new byte[(int) Math.min(length, 10_000)];
			for (int i = 0; i < body.length; i++) {
				int next = buffer.read(in);
				if (next < 0) {
					throw new IOException("truncated");
				}
				body[i] = (byte) next;
			}
			return new String(body, StandardCharsets.ISO_8859_1);
		}
		ChunkDecoder decoder = new ChunkDecoder(buffer, in, parser.fields());
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		byte[] some = new byte[64];
		for (int read = decoder.read(some, 0, 64); read != -1; read = decoder.read(some, 0, 64)) {
			assertThat(read).isPositive();
			body.write(some, 0, read);
		}
		return body.toString(StandardCharsets.ISO_8859_1) + text(decoder.trailers()) + decoder.isClean();
	}

	private static String text(Header[] headers) {
		return Arrays.toString(headers);
	}

	private static byte[] rest(ReadBuffer buffer, InputStream in) throws IOException {
		ByteArrayOutputStream rest = new ByteArrayOutputStream();
		for (int next = buffer.read(in); next != -1; next = buffer.read(in)) {
			rest.write(next);
		}
		return rest.toByteArray();
	}

	/**
	 * Creates a stream whose reads never cross a split.
	 */
	private static InputStream cut(byte[] bytes, int... cuts) {
		InputStream in = InputStream.nullInputStream();
		int from = 0;
		for (int cut : cuts) {
			in = new SequenceInputStream(in, new ByteArrayInputStream(bytes, from, Math.min(cut, bytes.length) - from));
			from = Math.min(cut, bytes.length);
		}
		return new SequenceInputStream(in, new ByteArrayInputStream(bytes, from, bytes.length - from));
	}

}

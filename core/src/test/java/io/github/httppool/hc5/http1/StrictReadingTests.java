package io.github.httppool.hc5.http1;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.httppool.testing.Mutation;
import io.github.httppool.testing.RandomResponse;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the codec with a second implementation that consists of the grammar of RFC
 * 9112. A connection is kept exactly after the responses that the grammar allows, and
 * they end where the grammar ends them.
 */
@Tag("slow")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StrictReadingTests {

	private static final int RUNS = Integer.getInteger("http-pool.runs", 4000);

	private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

	private static final String TEXT = "[\\t\\x20-\\x7e\\x80-\\xff]*";

	private static final String FIELD = TOKEN + ":" + TEXT + "\\r\\n";

	private static final Pattern HEAD = Pattern
		.compile("HTTP/1\\.([01]) ([1-9][0-9]{2})(?: " + TEXT + ")?\\r\\n((?:" + FIELD + ")*+)\\r\\n");

	private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,16})(?:;" + TEXT + ")?\\r\\n");

	private static final Pattern TRAILERS = Pattern.compile("((?:" + FIELD + ")*+)\\r\\n");

	@Test
	void connectionIsKeptExactlyIfTheGrammarAllowsTheResponse() {
		int kept = 0;
		int refused = 0;
		for (int seed = 0; seed < RUNS; seed++) {
			Random random = new Random(seed);
			String method = (random.nextInt(6) == 0) ? "HEAD" : "GET";
			byte[] before = RandomResponse.bytes(random, "T1", method);
			byte[] bytes = before;
			byte[] other = RandomResponse.bytes(random, "T2", "GET");
			for (int mutations = random.nextInt(4); mutations > 0; mutations--) {
				bytes = Mutation.any(bytes, other, random);
			}
			String wire = new String(bytes, StandardCharsets.ISO_8859_1);
			String strict = strict(wire, method);
			String read = read(before, bytes, method, 1 + random.nextInt(700));
			if (read.startsWith("kept") || strict.startsWith("kept")) {
				assertThat(read).as("seed %d, answer to %s:\n%s", seed, method, wire).isEqualTo(strict);
				kept++;
			}
			else {
				refused++;
			}
		}
		assertThat(kept).isGreaterThan(RUNS / 5);
		assertThat(refused).isGreaterThan(RUNS / 5);
	}

	/**
	 * Reads a response by the grammar alone.
	 * @return the response and its end, or why its connection is not kept
	 */
	private static String strict(String wire, String method) {
		Matcher head = HEAD.matcher(wire);
		int position = 0;
		while (head.region(position, wire.length()).lookingAt()) {
			position = head.end();
			List<String> lengths = values(head.group(3), "content-length");
			List<String> codings = values(head.group(3), "transfer-encoding");
			int status = Integer.parseInt(head.group(2));
			if (status < 200) {
				if (status == 101 || !codings.isEmpty() || lengths.stream().anyMatch((length) -> !length.equals("0"))) {
					return "odd interim response";
				}
				continue;
			}
			boolean bodyless = method.equals("HEAD") || status == 204 || status == 304;
			if (lengths.size() > 1 || codings.size() > 1 || (!codings.isEmpty() && !lengths.isEmpty())
					|| lengths.stream().anyMatch((length) -> !isNumber(length))
					|| codings.stream().anyMatch((coding) -> !coding.equalsIgnoreCase("chunked"))
					|| (!codings.isEmpty() && head.group(1).equals("0"))) {
				return "ambiguous framing";
			}
			if (status == 204 && (!codings.isEmpty() || lengths.stream().anyMatch((length) -> !length.matches("0+")))) {
				return "204 that announces a body";
			}
			if (bodyless) {
				return kept(status, head.group(3), "", "", position);
			}
			if (!codings.isEmpty()) {
				return strictChunks(wire, position, status, head.group(3));
			}
			if (lengths.isEmpty()) {
				return "ends with the connection";
			}
			long length = Long.parseLong(lengths.get(0));
			if (length > wire.length() - position) {
				return "truncated";
			}
			int end = position + (int) length;
			return kept(status, head.group(3), wire.substring(position, end), "", end);
		}
		return "no head";
	}

	private static String strictChunks(String wire, int from, int status, String fields) {
		StringBuilder body = new StringBuilder();
		Matcher size = CHUNK_SIZE.matcher(wire);
		int position = from;
		while (size.region(position, wire.length()).lookingAt()) {
			position = size.end();
			long length = Long.parseUnsignedLong(size.group(1), 16);
			if (length == 0) {
				Matcher trailers = TRAILERS.matcher(wire);
				return trailers.region(position, wire.length()).lookingAt()
						? kept(status, fields, body.toString(), trailers.group(1), trailers.end()) : "broken trailers";
			}
			if (length < 0 || length > wire.length() - position - 2
					|| !wire.startsWith("\r\n", position + (int) length)) {
				return "broken chunk";
			}
			body.append(wire, position, position + (int) length);
			position += (int) length + 2;
		}
		return "broken size of a chunk";
	}

	private static boolean isNumber(String length) {
		return length.matches("[0-9]+") && new BigInteger(length).bitLength() < Long.SIZE;
	}

	private static List<String> values(String fields, String name) {
		return lines(fields).stream()
			.filter((line) -> line.substring(0, line.indexOf(':')).equalsIgnoreCase(name))
			.map((line) -> line.substring(line.indexOf(':') + 2))
			.toList();
	}

	/**
	 * Returns fields without whitespace around their values.
	 */
	private static List<String> lines(String fields) {
		List<String> lines = new ArrayList<>();
		for (String line : fields.split("\r\n")) {
			if (!line.isEmpty()) {
				int colon = line.indexOf(':');
				lines.add(line.substring(0, colon) + ": "
						+ line.substring(colon + 1).replaceAll("^[ \\t]+|[ \\t]+$", ""));
			}
		}
		return lines;
	}

	private static String kept(int status, String fields, String body, String trailers, int end) {
		return "kept: " + status + lines(fields) + body + lines(trailers) + " up to " + end;
	}

	/**
	 * Reads a response as a connection does that has read a similar one before.
	 */
	private static String read(byte[] before, byte[] bytes, String method, int bufferSize) {
		ReadBuffer buffer = new ReadBuffer(bufferSize);
		SessionInputBufferImpl source = new SessionInputBufferImpl(512, 0);
		InputStream in = new ByteArrayInputStream(bytes);
		ResponseParser parser = new ResponseParser(buffer);
		BasicHttpRequest request = new BasicHttpRequest(method, "/");
		boolean clean = true;
		try {
			ClassicHttpResponse response;
			InputStream first = new ByteArrayInputStream(before);
			do {
				response = parser.parse(source, first);
			}
			while (response.getCode() < 200);
			buffer.skip(buffer.count());
			source.clear();
			do {
				response = parser.parse(source, in);
				if (response == null) {
					return "nothing";
				}
				ResponseFraming.requireAllowed(response, request);
				clean &= !ResponseFraming.isAmbiguous(response, request, parser.wasClean());
				ResponseFraming.normalizeLength(response, request);
			}
			while (response.getCode() < 200);
			StringBuilder body = new StringBuilder();
			Header[] trailers = {};
			long length = isBodyless(response, method) ? 0 : ResponseFraming.INSTANCE.determineLength(response);
			if (length == ContentLengthStrategy.UNDEFINED) {
				return "ends with the connection";
			}
			if (length == ContentLengthStrategy.CHUNKED) {
				ChunkDecoder decoder = new ChunkDecoder(buffer, in, parser.fields());
				byte[] some = new byte[64];
				for (int read = decoder.read(some, 0, 64); read != -1; read = decoder.read(some, 0, 64)) {
					body.append(new String(some, 0, read, StandardCharsets.ISO_8859_1));
				}
				clean &= decoder.isClean();
				trailers = decoder.trailers();
			}
			for (long i = 0; i < length; i++) {
				int next = buffer.read(in);
				if (next < 0) {
					return "truncated";
				}
				body.append((char) next);
			}
			return (clean ? "kept: " : "read: ") + response.getCode() + text(response.getHeaders()) + body
					+ text(trailers) + " up to " + (bytes.length - rest(buffer, in));
		}
		catch (IOException | HttpException ex) {
			return "refused: " + ex.getMessage();
		}
	}

	private static boolean isBodyless(ClassicHttpResponse response, String method) {
		return method.equals("HEAD") || response.getCode() == 204 || response.getCode() == 304;
	}

	private static List<String> text(Header[] fields) {
		List<String> lines = new ArrayList<>();
		for (Header field : fields) {
			lines.add(field.getName() + ": " + field.getValue());
		}
		return lines;
	}

	private static int rest(ReadBuffer buffer, InputStream in) throws IOException {
		ByteArrayOutputStream rest = new ByteArrayOutputStream();
		for (int next = buffer.read(in); next != -1; next = buffer.read(in)) {
			rest.write(next);
		}
		return rest.size();
	}

}

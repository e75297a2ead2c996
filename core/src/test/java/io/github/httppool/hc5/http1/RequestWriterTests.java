package io.github.httppool.hc5.http1;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestWriter;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;
import org.apache.hc.core5.http.io.HttpMessageWriter;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.BufferedHeader;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests that heads of requests are written as HttpCore writes them.
 */
class RequestWriterTests {

	private final RequestWriter writer = new RequestWriter();

	@Test
	void headIsWrittenLineByLine() throws Exception {
		ClassicHttpRequest request = new BasicClassicHttpRequest("GET", "/orders?id=7");
		request.addHeader("Accept", "text/plain");
		request.addHeader("X-Number", 7);
		request.addHeader("X-Nothing", null);
		assertThat(write(this.writer, request))
			.isEqualTo("GET /orders?id=7 HTTP/1.1\r\nAccept: text/plain\r\nX-Number: 7\r\nX-Nothing: \r\n\r\n");
		assertThat(write(this.writer, new BasicClassicHttpRequest("PUT", "/"))).isEqualTo("PUT / HTTP/1.1\r\n\r\n");
	}

	/**
	 * Otherwise, a value could contain a second request.
	 */
	@ParameterizedTest
	@ValueSource(
			strings = { "a\r\nB: c", "a\nB: c", "a\rB: c", "a\u010d\u010aB: c", "\u560a", "a\u000bb\u000cc\u0085d" })
	void noCharacterEndsALine(String text) throws Exception {
		ClassicHttpRequest request = new BasicClassicHttpRequest("GET" + text, "/");
		request.setPath("/" + text);
		request.addHeader("Name" + text, "value" + text);
		CharArrayBuffer line = new CharArrayBuffer(64);
		line.append("Cookie: " + text);
		request.addHeader(BufferedHeader.create(line));
		String head = write(this.writer, request);
		assertThat(head.split("[\r\n]+")).hasSize(3);
		assertThat(head).isEqualTo(write(new DefaultHttpRequestWriter(), request));
	}

	@ParameterizedTest
	@CsvSource({ "[fe80::1%25eth0], [fe80::1]", "[fe80::1%eth0]:8080, [fe80::1]:8080",
			"http://[fe80::1%25eth0]:8080/a%20b, http://[fe80::1]:8080/a%20b",
			"http://a/b%25[c%25d], http://a/b%25[c%25d]", "[::1]:80, [::1]:80", "a%25b, a%25b",
			"http://[::1]/a%25]b, http://[::1]/a%25]b", "[, [", "'', ''" })
	void zoneOfAnAddressIsRemoved(String text, String without) {
		assertThat(RequestWriter.withoutZone(text)).isEqualTo(without);
	}

	/**
	 * A proxy gets a whole URI, or a host and a port.
	 */
	@Test
	void requestsToProxiesContainNoZone() throws Exception {
		BasicClassicHttpRequest get = new BasicClassicHttpRequest("GET", new HttpHost("http", "[fe80::1%eth0]", 8080),
				"/a%20b");
		get.setAbsoluteRequestUri(true);
		assertThat(write(new RequestWriter(), get)).isEqualTo("GET http://[fe80::1]:8080/a%20b HTTP/1.1\r\n\r\n");
		BasicClassicHttpRequest connect = new BasicClassicHttpRequest("CONNECT", "/");
		connect.setPath("[fe80::1%25eth0]:443");
		connect.addHeader("Host", "[fe80::1%25eth0]:443");
		assertThat(write(new RequestWriter(), connect))
			.isEqualTo("CONNECT [fe80::1]:443 HTTP/1.1\r\nHost: [fe80::1]:443\r\n\r\n");
	}

	@Test
	void absoluteUriIsWrittenIfRequested() throws Exception {
		BasicClassicHttpRequest request = new BasicClassicHttpRequest("GET", "http://localhost:8080/a");
		request.setAbsoluteRequestUri(true);
		assertThat(write(this.writer, request)).isEqualTo("GET http://localhost:8080/a HTTP/1.1\r\n\r\n");
	}

	@Test
	void anyHeadIsWrittenAsHttpCoreWritesIt() throws Exception {
		Random random = new Random(7);
		for (int i = 0; i < 300; i++) {
			ClassicHttpRequest request = new BasicClassicHttpRequest("GET", "/");
			request.setPath("/" + text(random));
			for (int fields = random.nextInt(10); fields > 0; fields--) {
				request.addHeader("A" + text(random), text(random));
			}
			assertThat(write(this.writer, request)).isEqualTo(write(new DefaultHttpRequestWriter(), request));
		}
	}

	@Test
	void headContainsNothingOfThePreviousRequest() throws Exception {
		Random random = new Random(8);
		String[] values = { "", "1", "22", "a\rb", null };
		for (int i = 0; i < 3000; i++) {
			ClassicHttpRequest request = new BasicClassicHttpRequest("GET", "/" + "x".repeat(random.nextInt(9)));
			int fields = (i % 50 == 0) ? 40 : random.nextInt(6);
			for (int field = 0; field < fields; field++) {
				if (random.nextInt(8) == 0) {
					CharArrayBuffer line = new CharArrayBuffer(64);
					line.append("Cookie: " + random.nextInt(2));
					request.addHeader(BufferedHeader.create(line));
				}
				else {
					request.addHeader("A".repeat(1 + random.nextInt(2)), values[random.nextInt(5)]);
				}
			}
			assertThat(write(this.writer, request)).isEqualTo(write(new DefaultHttpRequestWriter(), request));
		}
	}

	@Test
	void headContainsNothingOfARequestThatFailed() throws Exception {
		ClassicHttpRequest request = new BasicClassicHttpRequest("GET", "/");
		request.addHeader("A", "1");
		request.addHeader("B", "2");
		String head = write(this.writer, request);
		ClassicHttpRequest broken = new BasicClassicHttpRequest("GET", "/");
		broken.addHeader("A", "3");
		broken.addHeader(new BasicHeader("B", "4") {
			@Override
			public String getValue() {
				throw new IllegalStateException();
			}
		});
		assertThatIllegalStateException().isThrownBy(() -> write(this.writer, broken));
		assertThat(write(this.writer, request)).isEqualTo(head);
	}

	private static String text(Random random) {
		int[] limits = { 0x7f, 0x100, 0x10000 };
		int limit = limits[random.nextInt(3)];
		int length = (random.nextInt(20) == 0) ? random.nextInt(30_000) : random.nextInt(60);
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < length; i++) {
			text.append((char) random.nextInt(limit));
		}
		return text.toString();
	}

	private static String write(HttpMessageWriter<ClassicHttpRequest> writer, ClassicHttpRequest request)
			throws Exception {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		SessionOutputBufferImpl buffer = new SessionOutputBufferImpl(8192);
		writer.write(request, buffer, out);
		buffer.flush(out);
		return out.toString(StandardCharsets.ISO_8859_1);
	}

}

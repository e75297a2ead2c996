package io.github.httppool.hc5.http1;

import java.io.ByteArrayInputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a response reuses fields of the previous one only if it repeats them.
 */
class FieldCacheTests {

	private static final String FIRST = "A: 1\r\nB: 2\r\nC: 3\r\n";

	private final ReadBuffer buffer = new ReadBuffer(ReadBuffer.SIZE);

	private final SessionInputBufferImpl source = new SessionInputBufferImpl(16);

	private final ResponseParser parser = new ResponseParser(this.buffer);

	private Header[] first = {};

	@BeforeEach
	void readFirst() throws Exception {
		this.first = read(FIRST).getHeaders();
	}

	@Test
	void repeatedFieldIsReused() throws Exception {
		Header[] second = read("A: 1\r\nB: 4\r\nC: 3\r\n").getHeaders();
		assertThat(second[0]).isSameAs(this.first[0]);
		assertThat(second[1].getName()).isSameAs(this.first[1].getName());
		assertThat(second[1].getValue()).isEqualTo("4");
		assertThat(second[2]).isSameAs(this.first[2]);
		assertThat(this.parser.wasClean()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "A: 1\r\n", "B: 2\r\nC: 3\r\nA: 1\r\n", "A: 1\r\nB: 22\r\nC: 3\r\nD: 4\r\n",
			"a: 1\r\nb: 2\r\nc: 3\r\n", "A: 1 \r\nB:2\r\nC:\r\n", "AA: 1\r\nB-: 2\r\nC: 3\r\n",
			"A: 11\r\nB: \r\nC: 3\r\n" })
	void fieldsAreTheOnesOfTheResponse(String fields) throws Exception {
		assertThat(text(read(fields))).isEqualTo(text(new FieldCacheTests().read(fields)));
		assertThat(this.parser.wasClean()).isTrue();
		assertThat(text(read(FIRST))).isEqualTo("A: 1;B: 2;C: 3;");
	}

	@Test
	void continuationOfARepeatedFieldBelongsToOneResponse() throws Exception {
		assertThat(text(read("A: 1\r\nB: 2\r\n 3\r\n"))).isEqualTo("A: 1;B: 2 3;");
		assertThat(this.parser.wasClean()).isFalse();
		assertThat(text(read("A: 1\r\nB: 2\r\n"))).isEqualTo("A: 1;B: 2;");
		assertThat(this.parser.wasClean()).isTrue();
	}

	@Test
	void lineWithAnotherEndIsNotTheSame() throws Exception {
		assertThat(text(read("A: 1\nB: 2\r\n"))).isEqualTo("A: 1;B: 2;");
		assertThat(this.parser.wasClean()).isFalse();
		assertThat(text(read("A: 1\r\nB: 2\r\n"))).isEqualTo("A: 1;B: 2;");
		assertThat(this.parser.wasClean()).isTrue();
	}

	@Test
	void manyAndLongFieldsAreRead() throws Exception {
		String fields = "A: b\r\n".repeat(100) + "Long: " + "x".repeat(20_000) + "\r\n";
		for (int i = 0; i < 3; i++) {
			Header[] read = read(fields).getHeaders();
			assertThat(read).hasSize(101);
			assertThat(read[100].getValue()).hasSize(20_000);
		}
		assertThat(text(read(FIRST))).isEqualTo("A: 1;B: 2;C: 3;");
		assertThat(this.buffer.capacity()).isEqualTo(ReadBuffer.SIZE);
	}

	@Test
	void memoryOfALongHeadIsReleasedBeforeTheNext() throws Exception {
		read("Long: " + "x".repeat(20_000) + "\r\n");
		assertThat(this.buffer.capacity()).isGreaterThan(ReadBuffer.SIZE);
		this.parser.fields().trimBuffers();
		assertThat(this.buffer.capacity()).isEqualTo(ReadBuffer.SIZE);
		assertThat(text(read(FIRST))).isEqualTo("A: 1;B: 2;C: 3;");
	}

	@Test
	void eachResponseHasItsOwnReasonPhrase() throws Exception {
		for (String reason : new String[] { "OK", "", "x".repeat(60_000), "Fine", "Fine", "OK", "Fin", "Fine " }) {
			assertThat(readWithReason(reason, "").getReasonPhrase()).isEqualTo(reason.strip());
		}
	}

	@Test
	void idleConnectionKeepsNoFieldThatIsTooLongForTheCache() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok(new byte[10], "Long: " + "x".repeat(1000)));
				PoolFixture pool = PoolFixture.withDefaults()) {
			WeakReference<Header> field = fieldOf(pool, upstream);
			Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				System.gc();
				assertThat(field.get()).isNull();
			});
			assertThat(pool.snapshot().connections().idle()).isOne();
		}
	}

	private static WeakReference<Header> fieldOf(PoolFixture pool, ScriptedUpstream upstream) throws Exception {
		try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
			return new WeakReference<>(response.getHeader("Long"));
		}
	}

	private ClassicHttpResponse read(String fields) throws Exception {
		return readWithReason("OK", fields);
	}

	private ClassicHttpResponse readWithReason(String reason, String fields) throws Exception {
		byte[] wire = ("HTTP/1.1 200 " + reason + "\r\n" + fields + "\r\nbody").getBytes(StandardCharsets.ISO_8859_1);
		ClassicHttpResponse response = this.parser.parse(this.source, new ByteArrayInputStream(wire));
		assertThat(this.buffer.count()).isEqualTo(4);
		this.buffer.skip(4);
		return response;
	}

	private static String text(ClassicHttpResponse response) {
		StringBuilder text = new StringBuilder();
		for (Header field : response.getHeaders()) {
			text.append(field.getName()).append(": ").append(field.getValue()).append(';');
		}
		return text.toString();
	}

}

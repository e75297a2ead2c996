package io.github.httppool.hc5.exec;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import io.github.httppool.testing.Coding;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.entity.InputStreamFactory;
import org.apache.hc.client5.http.entity.compress.DecompressingEntity;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for content codings: which ones are decoded, and that no byte of an encoded body
 * is lost.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContentCodingExecTests {

	private static final Duration LATE = Duration.ofMillis(50);

	private static final byte[] FIRST = gzip("first ");

	private static final byte[] SECOND = gzip("second ");

	private static final byte[] THIRD = gzip("third");

	@ParameterizedTest
	@ValueSource(strings = { "aws-chunked", "utf-8", "none", "br", "zstd", "x-secret", "binary", "gzip, aws-chunked",
			"aws-chunked, gzip", "a, b, c, d, e, f, g", "\"gzip\"" })
	void bodyWithUnknownCodingIsPassedOnAsItIs(String coding) throws Exception {
		byte[] body = FIRST;
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok(body, "Content-Encoding: " + coding));
				PoolFixture pool = PoolFixture.withDefaults();
				CloseableHttpClient client = pool.pool.newHttpClient()) {
			ResponseEntity<byte[]> response = pool.spring()
				.get()
				.uri(upstream.uri("/"))
				.retrieve()
				.toEntity(byte[].class);
			assertThat(response.getBody()).isEqualTo(body);
			assertThat(response.getHeaders().get(HttpHeaders.CONTENT_ENCODING)).containsExactly(coding);
			assertThat(response.getHeaders().getContentLength()).isEqualTo(body.length);
			client.execute(new HttpGet(upstream.uri("/")), (answer) -> {
				assertThat(answer.getEntity().getContentEncoding()).isEqualTo(coding);
				assertThat(answer.getEntity().getContentLength()).isEqualTo(body.length);
				assertThat(EntityUtils.toByteArray(answer.getEntity())).isEqualTo(body);
				return null;
			});
			try (CloseableHttpClient plain = HttpClients.createDefault()) {
				assertThatExceptionOfType(IOException.class).as("plain HttpClient")
					.isThrownBy(() -> plain.execute(new HttpGet(upstream.uri("/")), (answer) -> null));
			}
			assertThat(upstream.accepted()).as("plain client's connection beside ours").isEqualTo(2);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "x-gzip", "GZIP", "identity, gzip", "gzip,", " gzip ,identity" })
	void bodyWithKnownCodingIsDecoded(String coding) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok(FIRST, "Content-Encoding: " + coding));
				PoolFixture pool = PoolFixture.withDefaults()) {
			ResponseEntity<String> response = pool.spring()
				.get()
				.uri(upstream.uri("/"))
				.retrieve()
				.toEntity(String.class);
			assertThat(response.getBody()).isEqualTo("first ");
			assertThat(response.getHeaders().containsHeader(HttpHeaders.CONTENT_ENCODING)).isFalse();
		}
	}

	@Test
	void codingsOfRepeatedFieldsAreOneList() throws Exception {
		byte[] twice = Coding.DEFLATE.encode(FIRST);
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok(twice, "Content-Encoding: gzip", "Content-Encoding: deflate"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("first ");
		}
	}

	@Test
	void decodersOfTheCallerDecideWhatIsKnown() throws Exception {
		LinkedHashMap<String, InputStreamFactory> decoders = new LinkedHashMap<>();
		decoders.put("X-Upper", UpperCase::new);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			boolean own = exchange.path().equals("/own");
			exchange.ok(own ? "own".getBytes(StandardCharsets.US_ASCII) : FIRST,
					"Content-Encoding: " + (own ? "x-upper" : "gzip"));
		});
				PoolFixture pool = PoolFixture.withDefaults();
				CloseableHttpClient client = pool.pool
					.newHttpClient((builder) -> builder.setContentDecoderRegistry(decoders))) {
			assertThat(new String(read(client, upstream.uri("/own")), StandardCharsets.US_ASCII)).isEqualTo("OWN");
			assertThat(read(client, upstream.uri("/"))).isEqualTo(FIRST);
		}
	}

	static Stream<byte[][]> members() {
		byte[] all = join(FIRST, SECOND, THIRD);
		return Stream.of(new byte[][] { all }, new byte[][] { FIRST, SECOND, THIRD },
				new byte[][] { join(FIRST, Arrays.copyOf(SECOND, 1)),
						join(Arrays.copyOfRange(SECOND, 1, SECOND.length), THIRD) },
				new byte[][] { join(FIRST, Arrays.copyOf(SECOND, 10)),
						join(Arrays.copyOfRange(SECOND, 10, SECOND.length), THIRD) },
				new byte[][] { Arrays.copyOf(all, FIRST.length - 3),
						Arrays.copyOfRange(all, FIRST.length - 3, all.length) });
	}

	@ParameterizedTest
	@MethodSource("members")
	void membersOfGzipBodyThatArriveLateAreAllRead(byte[][] parts) throws Exception {
		assertMembers(parts, "gzip", "first second third");
	}

	@Test
	void membersAreReadThroughTwoDecoders() throws Exception {
		byte[] inner = join(FIRST, SECOND, THIRD);
		byte[] one = Coding.GZIP.encode(Arrays.copyOf(inner, FIRST.length));
		byte[] two = Coding.GZIP.encode(Arrays.copyOfRange(inner, FIRST.length, inner.length));
		assertMembers(new byte[][] { one, two }, "gzip, gzip", "first second third");
	}

	private void assertMembers(byte[][] parts, String coding, String expected) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			exchange.head(200, "Transfer-Encoding: chunked", "Content-Encoding: " + coding);
			for (byte[] part : parts) {
				exchange.chunk(part).after(LATE);
			}
			exchange.lastChunk();
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.spring().get().uri(upstream.uri("/")).retrieve().body(String.class)).isEqualTo(expected);
			assertThat(pool.get(upstream.uri("/"))).isEqualTo(expected);
			assertThat(upstream.accepted()).isEqualTo(1);
		}
	}

	@Test
	void failureBetweenTwoMembersIsNotTakenForTheEnd() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			exchange.head(200, "Content-Length: 1000", "Content-Encoding: gzip");
			exchange.sendRaw(join(FIRST, Arrays.copyOf(SECOND, 4)));
			exchange.after(LATE).reset();
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> pool.get(upstream.uri("/")))
				.satisfies(
						(ex) -> assertThat(ex).isInstanceOfAny(SocketException.class, ConnectionClosedException.class));
			try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
				InputStream body = response.getEntity().getContent();
				IOException first = failure(body);
				assertThat(failure(body)).hasSameClassAs(first).hasMessage(first.getMessage());
			}
		}
	}

	@Test
	void decodedBodyThatIsAvailableNowIsReadWithoutWaitingForTheNextMember() throws Exception {
		CountDownLatch read = new CountDownLatch(1);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			exchange.head(200, "Transfer-Encoding: chunked", "Content-Encoding: gzip");
			exchange.chunk(FIRST);
			assertThat(read.await(30, TimeUnit.SECONDS)).isTrue();
			exchange.chunk(SECOND).lastChunk();
		});
				PoolFixture pool = PoolFixture.withDefaults();
				CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/")))) {
			InputStream body = response.getEntity().getContent();
			assertThat(new String(body.readNBytes(6), StandardCharsets.US_ASCII)).isEqualTo("first ");
			body.available();
			read.countDown();
			assertThat(new String(body.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("second ");
		}
	}

	@Test
	void decoderBehindABufferIsGivenWhatHasComeWithoutWaitingForMore() throws Exception {
		Consumer<HttpClientBuilder> decoder = (client) -> client.setContentDecoderRegistry(
				new LinkedHashMap<>(Map.of("gzip", (body) -> new GZIPInputStream(new BufferedInputStream(body)))));
		assertFirstPartComesAlone(decoder, RequestConfig.DEFAULT, flushed("first "), "first ");
	}

	@Test
	void firstPartOfABodyThatIsNotDecodedIsReadWithoutWaitingForMore() throws Exception {
		assertFirstPartComesAlone((client) -> {
		}, RequestConfig.custom().setContentCompressionEnabled(false).build(), FIRST,
				new String(FIRST, StandardCharsets.ISO_8859_1));
	}

	/**
	 * Read the first part of a body, and ask for more, while the server waits for that.
	 */
	private static void assertFirstPartComesAlone(Consumer<HttpClientBuilder> customizer, RequestConfig config,
			byte[] sent, String expected) throws Exception {
		HttpClientBuilder builder = HttpClientBuilder.create();
		customizer.accept(builder);
		try (PoolFixture pool = PoolFixture.withDefaults();
				CloseableHttpClient plain = builder.build();
				CloseableHttpClient pooled = pool.pool.newHttpClient(customizer::accept)) {
			for (CloseableHttpClient client : List.of(plain, pooled)) {
				CountDownLatch read = new CountDownLatch(1);
				try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
					exchange.head(200, "Transfer-Encoding: chunked", "Content-Encoding: gzip");
					exchange.chunk(sent);
					assertThat(read.await(30, TimeUnit.SECONDS)).isTrue();
					exchange.lastChunk();
				})) {
					HttpGet request = new HttpGet(upstream.uri("/"));
					request.setConfig(config);
					client.execute(request, (response) -> {
						InputStream body = response.getEntity().getContent();
						byte[] first = body.readNBytes(expected.length());
						body.available();
						read.countDown();
						assertThat(new String(first, StandardCharsets.ISO_8859_1)).isEqualTo(expected);
						return null;
					});
				}
			}
		}
	}

	@Test
	void elementInThePlaceOfHttpClientsDecodingSeesWhatHttpClientDoesNotKnow() throws Exception {
		ExecChainHandler decoding = (request, scope, chain) -> {
			ClassicHttpResponse response = chain.proceed(request, scope);
			if ("x-upper".equals(response.getEntity().getContentEncoding())) {
				response.setEntity(new DecompressingEntity(response.getEntity(), UpperCase::new));
			}
			return response;
		};
		Consumer<HttpClientBuilder> customizer = (client) -> client.replaceExecInterceptor(ChainElement.COMPRESS.name(),
				decoding);
		HttpClientBuilder builder = HttpClientBuilder.create();
		customizer.accept(builder);
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok("own".getBytes(StandardCharsets.US_ASCII), "Content-Encoding: x-upper"));
				PoolFixture pool = PoolFixture.withDefaults();
				CloseableHttpClient plain = builder.build();
				CloseableHttpClient pooled = pool.pool.newHttpClient(customizer::accept)) {
			for (CloseableHttpClient client : List.of(plain, pooled)) {
				assertThat(new String(read(client, upstream.uri("/")), StandardCharsets.US_ASCII)).isEqualTo("OWN");
			}
		}
	}

	@Test
	void nothingIsDecodedWithoutCompression() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok(FIRST, "Content-Encoding: gzip"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.compression(false))) {
			ResponseEntity<byte[]> response = pool.spring()
				.get()
				.uri(upstream.uri("/"))
				.retrieve()
				.toEntity(byte[].class);
			assertThat(response.getBody()).isEqualTo(FIRST);
			assertThat(response.getHeaders().getFirst(HttpHeaders.CONTENT_ENCODING)).isEqualTo("gzip");
		}
	}

	private static byte[] read(CloseableHttpClient client, URI uri) throws IOException {
		return client.execute(new HttpGet(uri), (answer) -> EntityUtils.toByteArray(answer.getEntity()));
	}

	private static IOException failure(InputStream body) {
		try {
			body.readAllBytes();
		}
		catch (IOException ex) {
			return ex;
		}
		throw new AssertionError("The body ended without a failure");
	}

	private static byte[] gzip(String text) {
		return Coding.GZIP.encode(text.getBytes(StandardCharsets.US_ASCII));
	}

	/** Some bytes of a member that goes on. */
	private static byte[] flushed(String text) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		GZIPOutputStream gzip = new GZIPOutputStream(bytes, true);
		gzip.write(text.getBytes(StandardCharsets.US_ASCII));
		gzip.flush();
		return bytes.toByteArray();
	}

	private static byte[] join(byte[]... parts) {
		byte[] all = new byte[Stream.of(parts).mapToInt((part) -> part.length).sum()];
		int length = 0;
		for (byte[] part : parts) {
			System.arraycopy(part, 0, all, length, part.length);
			length += part.length;
		}
		return all;
	}

	/** A decoder of the caller's own. */
	private static final class UpperCase extends FilterInputStream {

		UpperCase(InputStream encoded) {
			super(encoded);
		}

		@Override
		public int read() throws IOException {
			return Character.toUpperCase(super.read());
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			int read = super.read(bytes, offset, Math.min(length, 1));
			if (read == 1) {
				bytes[offset] = (byte) Character.toUpperCase(bytes[offset]);
			}
			return read;
		}

	}

}

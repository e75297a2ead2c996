package io.github.httppool.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

import com.sun.management.ThreadMXBean;
import io.github.httppool.BodyTooLargeException;
import io.github.httppool.HttpPools;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What callers of Spring's clients see of bodies that are too large.
 */
@Tag("waiting")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(OutputCaptureExtension.class)
class ReadLimitsOfClientsTests {

	private static final int MEGABYTE = 1024 * 1024;

	private static final String JSON = "{\"text\": \"" + "x".repeat(2000) + "\"}";

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		switch (exchange.path().replaceFirst("\\?.*", "")) {
			case "/flood" -> flood(exchange, 404);
			case "/broken" -> flood(exchange, 500);
			case "/bomb" -> bomb(exchange);
			case "/error" -> exchange.status(404, JSON, "Content-Type: application/json");
			case "/stream" -> exchange.ok(JSON);
			case "/packed" -> exchange.ok(gzip(JSON), "Content-Type: application/json", "Content-Encoding: gzip");
			default -> exchange.ok(JSON.getBytes(), "Content-Type: application/json");
		}
	});

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/flood", "/bomb" })
	void callerOfRetrieveGetsTheStatusOfAnErrorWithoutAnEnd(String path, CapturedOutput output) {
		run((client, template) -> {
			for (int i = 0; i < 5; i++) {
				assertEndsSmall(() -> assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
					.isThrownBy(() -> client.get().uri(path + "?secret=1").retrieve().toBodilessEntity())
					.satisfies(ReadLimitsOfClientsTests::hasNoBody));
			}
			assertWarnedOnce(output, "404 to GET " + path);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "/flood", "/bomb" })
	void callerOfARestTemplateGetsTheStatusOfAnErrorWithoutAnEnd(String path, CapturedOutput output) {
		run((client, template) -> {
			for (int i = 0; i < 5; i++) {
				assertEndsSmall(() -> assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
					.isThrownBy(() -> template.getForObject(this.upstream.url() + path, String.class))
					.satisfies(ReadLimitsOfClientsTests::hasNoBody));
			}
			assertWarnedOnce(output, "404 to GET " + path);
		});
	}

	@Test
	void callerGetsTheStatusOfAServerErrorWithoutAnEnd(CapturedOutput output) {
		run((client, template) -> {
			assertEndsSmall(() -> assertThatExceptionOfType(HttpServerErrorException.InternalServerError.class)
				.isThrownBy(() -> client.post().uri("/broken").body("question").retrieve().body(String.class))
				.satisfies(ReadLimitsOfClientsTests::hasNoBody));
			assertWarnedOnce(output, "500 to POST /broken");
		});
	}

	private static void hasNoBody(RestClientResponseException ex) {
		assertThat(ex.getResponseBodyAsByteArray()).isEmpty();
	}

	private void assertWarnedOnce(CapturedOutput output, String call) {
		assertThat(StringUtils.countOccurrencesOf(output.getAll(), "The body of the response ")).isOne();
		assertThat(output.getAll()).contains("WARN")
			.contains("The body of the response " + call + " from " + this.upstream.url() + " is longer than 1MB ")
			.contains("http-pool.max-error-body");
	}

	@Test
	void handlerThatReadsTheBodyItselfGetsTheException() {
		run((client, template) -> {
			assertThatExceptionOfType(RestClientException.class).isThrownBy(
					() -> client.get().uri("/flood").retrieve().onStatus((status) -> true, (request, response) -> {
						response.getBody().readAllBytes();
					}).toBodilessEntity())
				.withCauseInstanceOf(BodyTooLargeException.class);
			assertThatExceptionOfType(RestClientException.class).isThrownBy(
					() -> client.get().uri("/flood").exchange((request, response) -> response.getBody().readAllBytes()))
				.withCauseInstanceOf(BodyTooLargeException.class);
		});
	}

	@Test
	void errorBodyWithinTheLimitReachesTheCaller() {
		run((client, template) -> assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
			.isThrownBy(() -> client.get().uri("/error").retrieve().toBodilessEntity())
			.satisfies((ex) -> {
				assertThat(ex.getResponseBodyAsString()).isEqualTo(JSON);
				assertThat(ex.getResponseBodyAs(Map.class).get("text")).isNotNull();
			}), "http-pool.max-error-body=" + JSON.length() + "B");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/packed" })
	void bodyWithinTheLimitReachesTheCallerHoweverItIsRead(String path) {
		run((client, template) -> {
			assertThat(client.get().uri(path).retrieve().body(String.class)).isEqualTo(JSON);
			assertThat(client.get().uri(path).retrieve().body(byte[].class)).asString().isEqualTo(JSON);
			assertThat(client.get().uri(path).retrieve().body(Map.class).get("text")).isNotNull();
			assertThat(template.getForObject(this.upstream.url() + path, String.class)).isEqualTo(JSON);
			assertThat(client.get().uri(path).retrieve().toEntity(String.class).getHeaders().headerNames())
				.doesNotContain("Content-Encoding");
			assertThat(this.upstream.accepted()).isOne();
		}, "http-pool.max-body=" + JSON.length() + "B");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/packed" })
	void callerOfABodyPastTheLimitGetsTheExceptionHoweverItIsRead(String path) {
		run((client, template) -> {
			for (Class<?> type : new Class<?>[] { String.class, byte[].class, Map.class }) {
				assertThatExceptionOfType(RestClientException.class).as(type.getName())
					.isThrownBy(() -> client.get().uri(path).retrieve().body(type))
					.satisfies(ReadLimitsOfClientsTests::tellsOfMaxBody);
				assertThatExceptionOfType(RestClientException.class).as(type.getName())
					.isThrownBy(() -> template.getForObject(this.upstream.url() + path, type))
					.satisfies(ReadLimitsOfClientsTests::tellsOfMaxBody);
			}
			assertThat(this.upstream.accepted()).isOne();
		}, "http-pool.max-body=" + (JSON.length() - 1) + "B");
	}

	@Test
	void callerWhoTakesTheStreamCanReadUpToTheLimit() {
		run((client, template) -> {
			for (int i = 0; i < 3; i++) {
				try (InputStream body = client.get().uri("/stream").retrieve().body(InputStream.class)) {
					assertThat(body.readNBytes(100)).hasSize(100);
					assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(body::read);
				}
				catch (IOException ex) {
					throw new AssertionError(ex);
				}
			}
			assertThat(this.upstream.accepted()).isOne();
		}, "http-pool.max-body=100B");
	}

	private static void tellsOfMaxBody(Throwable thrown) {
		assertThat(thrown).hasStackTraceContaining("BodyTooLargeException")
			.hasStackTraceContaining("is longer than " + (JSON.length() - 1) + " bytes ")
			.hasStackTraceContaining("http-pool.max-body");
	}

	private static void assertEndsSmall(Runnable call) {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long started = System.nanoTime();
		long allocated = threads.getCurrentThreadAllocatedBytes();
		call.run();
		assertThat(threads.getCurrentThreadAllocatedBytes() - allocated).isLessThan(32 * MEGABYTE);
		assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(10));
	}

	private void run(BiConsumer<RestClient, RestTemplate> test, String... properties) {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues(properties)
			.run((context) -> {
				RestClient client = context.getBean("pooledRestClient", RestClient.class)
					.mutate()
					.baseUrl(this.upstream.url())
					.build();
				test.accept(client, context.getBean("pooledRestTemplate", RestTemplate.class));
				assertThat(context.getBean(HttpPools.class).get("default").snapshot().connections().leased()).isZero();
			});
	}

	private static void flood(Exchange exchange, int status) throws IOException {
		exchange.head(status, "Transfer-Encoding: chunked");
		repeat(exchange, new byte[16 * 1024]);
	}

	private static void bomb(Exchange exchange) throws IOException {
		Deflater deflater = new Deflater();
		exchange.head(404, "Transfer-Encoding: chunked", "Content-Encoding: deflate").chunk(zeros(deflater));
		repeat(exchange, zeros(deflater));
	}

	private static byte[] zeros(Deflater deflater) {
		byte[] bytes = new byte[16 * 1024];
		deflater.setInput(new byte[MEGABYTE]);
		return Arrays.copyOf(bytes, deflater.deflate(bytes, 0, bytes.length, Deflater.SYNC_FLUSH));
	}

	private static void repeat(Exchange exchange, byte[] chunk) throws IOException {
		while (true) {
			exchange.chunk(chunk);
		}
	}

	private static byte[] gzip(String text) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
			gzip.write(text.getBytes());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return bytes.toByteArray();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

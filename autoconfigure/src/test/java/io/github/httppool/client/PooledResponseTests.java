package io.github.httppool.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.support.HttpComponentsHeadersAdapter;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What callers see of a response is what they see of Spring's own.
 */
class PooledResponseTests {

	@Test
	void hasStatusAndReason() throws IOException {
		try (PooledResponse response = new PooledResponse(new BasicClassicHttpResponse(404, "Gone fishing"))) {
			assertThat(response.getStatusCode()).isSameAs(HttpStatus.NOT_FOUND);
			assertThat(response.getStatusText()).isEqualTo("Gone fishing");
		}
		try (PooledResponse response = new PooledResponse(new BasicClassicHttpResponse(299))) {
			assertThat(response.getStatusCode().value()).isEqualTo(299);
		}
	}

	@Test
	void headersAreFoundInAnyCase() {
		HttpHeaders headers = new PooledResponse(withHeaders(new BasicClassicHttpResponse(200))).getHeaders();
		assertThat(headers.getFirst("content-type")).isEqualTo("text/plain;charset=UTF-8");
		assertThat(headers.getContentType()).isEqualTo(new MediaType("text", "plain", StandardCharsets.UTF_8));
		assertThat(headers.get("SET-COOKIE")).containsExactly("a=1", "b=2");
		assertThat(headers.getContentLength()).isEqualTo(5);
		assertThat(headers.headerNames()).containsExactlyElementsOf(
				new HttpHeaders(new HttpComponentsHeadersAdapter(withHeaders(new BasicClassicHttpResponse(200))))
					.headerNames());
		assertThat(headers.containsHeader("x-missing")).isFalse();
		assertThat(headers.get("x-missing")).isNull();
		assertThat(headers.getFirst("x-missing")).isNull();
	}

	@Test
	void headersCanOnlyBeRead() {
		HttpHeaders headers = new PooledResponse(withHeaders(new BasicClassicHttpResponse(200))).getHeaders();
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> headers.add("a", "b"));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> headers.remove("Set-Cookie"));
	}

	@Test
	void theMapOfHeadersIsAsSpringsInAllThatCanBeDoneWithIt() {
		assertAlike((map) -> {
		});
		assertAlike((map) -> map.add("set-cookie", "c=3"));
		assertAlike((map) -> map.addAll("New", List.of("1", "2")));
		assertAlike((map) -> map.addAll(new LinkedMultiValueMap<>(Map.of("New", List.of("1", "2")))));
		assertAlike((map) -> map.set("SET-COOKIE", "c=3"));
		assertAlike((map) -> map.setAll(Map.of("Content-Type", "text/html")));
		assertAlike((map) -> map.put("Set-Cookie", List.of("d=4", "e=5")));
		assertAlike((map) -> map.putAll(Map.of("content-length", List.of("7"))));
		assertAlike((map) -> map.remove("Set-Cookie"));
		assertAlike((map) -> map.keySet().iterator().next());
		assertAlike((map) -> {
			map.add("Other", "1");
			map.remove("missing");
			map.set("other", "2");
		});
		assertAlike(Map::clear);
	}

	private static void assertAlike(Consumer<MultiValueMap<String, String>> change) {
		MultiValueMap<String, String> expected = new HttpComponentsHeadersAdapter(
				withHeaders(new BasicClassicHttpResponse(200)));
		MultiValueMap<String, String> headers = new ResponseHeaders(withHeaders(new BasicClassicHttpResponse(200)));
		change.accept(expected);
		change.accept(headers);
		assertThat(headers.size()).isEqualTo(expected.size());
		assertThat(headers.isEmpty()).isEqualTo(expected.isEmpty());
		assertThat(headers.keySet()).containsExactlyElementsOf(expected.keySet());
		assertThat(headers.values()).containsExactlyElementsOf(expected.values());
		assertThat(headers.entrySet()).hasSameSizeAs(expected.entrySet());
		assertThat(headers.toSingleValueMap()).isEqualTo(expected.toSingleValueMap());
		assertThat(headers).hasToString(expected.toString());
		for (String name : new String[] { "set-cookie", "Content-Type", "content-length", "New", "Other", "missing" }) {
			assertThat(headers.get(name)).isEqualTo(expected.get(name));
			assertThat(headers.getFirst(name)).isEqualTo(expected.getFirst(name));
			assertThat(headers.containsKey(name)).isEqualTo(expected.containsKey(name));
		}
		assertThat(headers.containsKey(1)).isFalse();
		assertThat(headers.containsValue("b=2")).isEqualTo(expected.containsValue("b=2"));
	}

	private static <T extends HttpResponse> T withHeaders(T response) {
		response.addHeader("Set-Cookie", "a=1");
		response.addHeader("Content-Type", "text/plain;charset=UTF-8");
		response.addHeader("Content-Length", "5");
		response.addHeader("set-cookie", "b=2");
		return response;
	}

	@Test
	void headersThatDoNotSpeakOfADecodedBodyAreRemoved() throws IOException {
		ClassicHttpResponse decoded = new BasicClassicHttpResponse(200);
		decoded.addHeader("Content-Length", "5");
		decoded.addHeader("Content-Encoding", "gzip");
		decoded.setEntity(new InputStreamEntity(InputStream.nullInputStream(), null));
		HttpHeaders headers = new PooledResponse(decoded).getHeaders();
		assertThat(headers.isEmpty()).isTrue();
		assertThat(headers.getContentLength()).isEqualTo(-1);
		ClassicHttpResponse encoded = new BasicClassicHttpResponse(200);
		encoded.addHeader("Content-Length", "5");
		encoded.addHeader("Content-Encoding", "zstd");
		encoded.setEntity(new InputStreamEntity(InputStream.nullInputStream(), 5, null, "zstd"));
		assertThat(new PooledResponse(encoded).getHeaders().headerNames()).containsExactly("Content-Length",
				"Content-Encoding");
	}

	@Test
	void aBodyIsOneStreamForAllWhoAsk() throws IOException {
		AtomicInteger closed = new AtomicInteger();
		PooledResponse response = new PooledResponse(withBody("hello", closed));
		InputStream body = response.getBody();
		assertThat(body.read()).isEqualTo('h');
		assertThat(response.getBody()).isSameAs(body).asString().isNotEmpty();
		assertThat(new String(response.getBody().readAllBytes())).isEqualTo("ello");
		response.close();
		assertThat(closed).hasPositiveValue();
	}

	@Test
	void aBodyThatNobodyAskedForIsClosedWithTheResponse() throws IOException {
		AtomicInteger closed = new AtomicInteger();
		new PooledResponse(withBody("hello", closed)).close();
		assertThat(closed).hasPositiveValue();
	}

	@Test
	void aResponseWithoutABodyHasAnEmptyOne() throws IOException {
		try (PooledResponse response = new PooledResponse(new BasicClassicHttpResponse(204))) {
			assertThat(response.getBody().read()).isEqualTo(-1);
		}
	}

	@Test
	void nobodyLearnsOfAFailureToClose() {
		ClassicHttpResponse response = new BasicClassicHttpResponse(200) {

			@Override
			public void close() throws IOException {
				throw new IOException("broken");
			}

		};
		new PooledResponse(response).close();
	}

	private static ClassicHttpResponse withBody(String text, AtomicInteger closed) {
		ClassicHttpResponse response = new BasicClassicHttpResponse(200);
		InputStream content = new ByteArrayInputStream(text.getBytes()) {

			@Override
			public void close() {
				closed.incrementAndGet();
			}

		};
		HttpEntity entity = new InputStreamEntity(content, text.length(), null);
		response.setEntity(entity);
		return response;
	}

}

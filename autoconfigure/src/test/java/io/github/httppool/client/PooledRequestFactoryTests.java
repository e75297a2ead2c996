package io.github.httppool.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.protocol.BasicHttpContext;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What goes to HttpClient is what Spring's own factory and requests give it, whoever uses
 * them and however they are set.
 */
class PooledRequestFactoryTests {

	private static final URI URL = URI.create("http://user@orders.example:8080/items/1?of=all#part");

	private static final RequestConfig DEFAULTS = RequestConfig.custom()
		.setResponseTimeout(Timeout.ofSeconds(7))
		.setMaxRedirects(3)
		.build();

	// Uses of a factory

	static final List<Use> uses = List.of(plain((request) -> {
	}), plain((request) -> {
		request.getHeaders().add("Accept", "text/plain");
		request.getHeaders().add("accept", "text/html");
		request.getHeaders().add(HttpHeaders.COOKIE, "a=1");
		request.getHeaders().add(HttpHeaders.COOKIE, "b=2");
		request.getHeaders().setContentLength(5);
		request.getHeaders().set(HttpHeaders.TRANSFER_ENCODING, "chunked");
	}), plain((request) -> {
		request.getHeaders().setContentType(MediaType.TEXT_PLAIN);
		request.getHeaders().set(HttpHeaders.CONTENT_ENCODING, "br");
		request.getBody().write("aggregated".getBytes());
		request.getBody().write(" body".getBytes());
	}), plain((request) -> {
		request.getHeaders().setContentLength(4);
		((StreamingHttpOutputMessage) request).setBody((output) -> output.write("once".getBytes()));
	}), plain((request) -> ((StreamingHttpOutputMessage) request).setBody("again".getBytes())),
			(factory) -> client(factory).get().uri(URL).retrieve().toBodilessEntity(),
			(factory) -> client(factory).get()
				.uri(URL)
				.accept(MediaType.APPLICATION_JSON)
				.cookie("c", "3")
				.attribute("name", "value")
				.retrieve()
				.toBodilessEntity(),
			(factory) -> client(factory).post().uri(URL).body("text").retrieve().toBodilessEntity(),
			(factory) -> client(factory).put().uri(URL).body(Map.of("a", 1)).retrieve().toBodilessEntity(),
			(factory) -> client(factory).patch().uri(URL).retrieve().toBodilessEntity(),
			(factory) -> client(factory).delete().uri(URL).retrieve().toBodilessEntity(),
			(factory) -> client(factory).mutate().requestInterceptor((request, body, execution) -> {
				request.getHeaders().add("Intercepted", new String(body));
				return execution.execute(request, "changed".getBytes());
			})
				.requestInitializer((request) -> request.getHeaders().add("Initialized", "yes"))
				.build()
				.post()
				.uri(URL)
				.body("text")
				.retrieve()
				.toBodilessEntity(),
			(factory) -> new RestTemplate(factory).postForLocation(URL,
					new LinkedMultiValueMap<>(Map.of("form", List.of("1", "2")))),
			(factory) -> factory.createRequest(URL, HttpMethod.TRACE).execute(),
			(factory) -> new RestTemplate(factory).headForHeaders(URL),
			(factory) -> new RestTemplate(factory).optionsForAllow(URL));

	private static Use plain(Preparation preparation) {
		return (factory) -> {
			// HttpClient refuses a TRACE with a body.
			for (HttpMethod method : HttpMethod.values()) {
				if (method.equals(HttpMethod.TRACE)) {
					continue;
				}
				ClientHttpRequest request = factory.createRequest(URL, method);
				assertThat(request.getMethod()).isEqualTo(method);
				assertThat(request.getURI()).isEqualTo(URI.create("http://orders.example:8080/items/1?of=all"));
				preparation.prepare(request);
				request.execute().close();
			}
		};
	}

	private static RestClient client(ClientHttpRequestFactory factory) {
		return RestClient.builder().requestFactory(factory).build();
	}

	@ParameterizedTest
	@FieldSource("uses")
	void httpClientGetsWhatSpringsOwnGiveIt(Use use) throws IOException {
		RecordingClient springs = new RecordingClient();
		use.with(new HttpComponentsClientHttpRequestFactory(springs));
		RecordingClient ours = new RecordingClient();
		use.with(new PooledRequestFactory(ours));
		assertThat(ours.calls).isNotEmpty().isEqualTo(springs.calls);
	}

	// Settings of a factory

	static Stream<Settings> settings() {
		HttpClientContext configured = HttpClientContext.create();
		configured.setRequestConfig(RequestConfig.custom().setMaxRedirects(9).build());
		HttpClientContext byDefault = HttpClientContext.create();
		byDefault.setRequestConfig(RequestConfig.DEFAULT);
		return Stream.of((factory) -> {
		}, (factory) -> factory.setReadTimeout(1234), (factory) -> factory.setReadTimeout(Duration.ofMillis(1)),
				(factory) -> factory.setReadTimeout(0), (factory) -> factory.setConnectionRequestTimeout(55),
				(factory) -> {
					factory.setConnectionRequestTimeout(Duration.ofSeconds(2));
					factory.setReadTimeout(Duration.ofSeconds(3));
				}, (factory) -> factory.setHttpContextFactory((method, uri) -> null),
				(factory) -> factory.setHttpContextFactory((method, uri) -> HttpClientContext.create()),
				(factory) -> factory.setHttpContextFactory((method, uri) -> configured),
				(factory) -> factory.setHttpContextFactory((method, uri) -> byDefault),
				(factory) -> factory.setHttpContextFactory((method, uri) -> new BasicHttpContext()),
				(factory) -> factory.setHttpContextFactory((method, uri) -> {
					HttpContext context = new BasicHttpContext();
					context.setAttribute("of", method + " " + uri);
					return context;
				}));
	}

	@ParameterizedTest
	@MethodSource("settings")
	void isSetAsSpringsOwnBeforeAndAfterItIsMade(Settings settings) throws IOException {
		RecordingClient springs = new RecordingClient();
		HttpComponentsClientHttpRequestFactory original = new HttpComponentsClientHttpRequestFactory(springs);
		settings.accept(original);
		original.createRequest(URL, HttpMethod.GET).execute();
		RecordingClient ours = new RecordingClient();
		PooledRequestFactory set = new PooledRequestFactory(ours);
		settings.accept(set);
		set.createRequest(URL, HttpMethod.GET).execute();
		HttpComponentsClientHttpRequestFactory customized = new HttpComponentsClientHttpRequestFactory(ours);
		settings.accept(customized);
		HttpComponentsClientHttpRequestFactory like = PooledRequestFactory.like(customized);
		assertThat(like).isInstanceOf(PooledRequestFactory.class);
		like.createRequest(URL, HttpMethod.GET).execute();
		assertThat(ours.calls).hasSize(2).containsOnly(springs.calls.get(0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://orders.example", "http://orders.example/", "https://orders.example:8443?a=b",
			"HTTP://Orders.Example:8080/%20a//b?c=%26&d=%C3%A4#e", "http://user:secret@orders.example/a",
			"http://my_orders:81/a?b", "http://[::1]:8080/a", "http://[fe80::1%25eth0]/a", "http://127.0.0.1/?",
			"http://orders.example:8080/a;b=c" })
	void goesWhereSpringsOwnGoesForWhateverUri(String uri) throws IOException {
		RecordingClient springs = new RecordingClient();
		RecordingClient ours = new RecordingClient();
		PooledRequestFactory factory = new PooledRequestFactory(ours);
		factory.createRequest(URL, HttpMethod.GET).execute();
		for (int i = 0; i < 2; i++) {
			ClientHttpRequest expected = new HttpComponentsClientHttpRequestFactory(springs)
				.createRequest(URI.create(uri), HttpMethod.GET);
			ClientHttpRequest request = factory.createRequest(URI.create(uri), HttpMethod.GET);
			assertThat(request.getURI()).isEqualTo(expected.getURI());
			expected.execute();
			request.execute();
		}
		assertThat(ours.calls.subList(1, 3)).isEqualTo(springs.calls);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http:///a", "/a", "mailto:someone", "http://orders.example:99999/" })
	void doesAsSpringsOwnWithAUriThatLeadsNowhere(String uri) {
		assertThat(outcome(PooledRequestFactory::new, uri))
			.isEqualTo(outcome(HttpComponentsClientHttpRequestFactory::new, uri));
	}

	private static String outcome(Function<HttpClient, ClientHttpRequestFactory> type, String uri) {
		RecordingClient client = new RecordingClient();
		try {
			type.apply(client).createRequest(URI.create(uri), HttpMethod.GET).execute();
			return client.calls.toString();
		}
		catch (Exception ex) {
			return ex.toString();
		}
	}

	@Test
	void usesAnotherClientAsSoonAsItIsGivenOne() throws IOException {
		RecordingClient other = new RecordingClient();
		PooledRequestFactory factory = new PooledRequestFactory(new RecordingClient());
		factory.setHttpClient(other);
		assertThat(factory.getHttpClient()).isSameAs(other);
		factory.createRequest(URL, HttpMethod.GET).execute();
		assertThat(other.calls).hasSize(1);
	}

	@Test
	void refusesAMethodThatHttpClientDoesNotKnow() {
		assertThatIllegalArgumentException().isThrownBy(
				() -> new PooledRequestFactory(new RecordingClient()).createRequest(URL, HttpMethod.valueOf("BREW")));
	}

	// The life of a request

	@Test
	void aRequestIsExecutedOnceAndCanOnlyBeReadThen() throws IOException {
		ClientHttpRequest request = new PooledRequestFactory(new RecordingClient()).createRequest(URL, HttpMethod.GET);
		request.getHeaders().add("Name", "value");
		request.getAttributes().put("attribute", 1);
		request.execute();
		assertThatIllegalStateException().isThrownBy(request::execute);
		assertThatIllegalStateException().isThrownBy(request::getBody);
		assertThatIllegalStateException().isThrownBy(() -> ((StreamingHttpOutputMessage) request).setBody(new byte[1]));
		assertThat(request.getHeaders().getFirst("name")).isEqualTo("value");
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> request.getHeaders().add("Late", "value"));
		assertThat(request.getAttributes()).containsOnly(Map.entry("attribute", 1));
	}

	@Test
	void theHeadersOfAnExecutedRequestCanOnlyBeReadAlsoIfThereAreNone() throws IOException {
		ClientHttpRequest request = new PooledRequestFactory(new RecordingClient()).createRequest(URL, HttpMethod.GET);
		request.execute();
		assertThat(request.getHeaders().isEmpty()).isTrue();
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> request.getHeaders().add("Late", "value"));
	}

	@Test
	void aBodyIsWrittenInOneWayOnly() throws IOException {
		PooledRequestFactory factory = new PooledRequestFactory(new RecordingClient());
		ClientHttpRequest written = factory.createRequest(URL, HttpMethod.POST);
		written.getBody().write(1);
		assertThatIllegalStateException().isThrownBy(() -> ((StreamingHttpOutputMessage) written).setBody(new byte[1]));
		ClientHttpRequest set = factory.createRequest(URL, HttpMethod.POST);
		((StreamingHttpOutputMessage) set).setBody(new byte[1]);
		assertThatIllegalStateException().isThrownBy(set::getBody);
	}

	@Test
	void aBodyOfARequestCannotBeReadThroughItsEntity() throws IOException {
		RecordingClient client = new RecordingClient();
		ClientHttpRequest request = new PooledRequestFactory(client).createRequest(URL, HttpMethod.POST);
		((StreamingHttpOutputMessage) request).setBody(new byte[1]);
		request.execute();
		HttpEntity entity = Objects.requireNonNull(client.lastEntity);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(entity::getContent);
	}

	/**
	 * A use of a factory.
	 */
	interface Use {

		void with(ClientHttpRequestFactory factory) throws IOException;

	}

	/**
	 * What is done to a request before it is executed.
	 */
	interface Preparation {

		void prepare(ClientHttpRequest request) throws IOException;

	}

	/**
	 * Settings of a factory.
	 */
	interface Settings {

		void accept(HttpComponentsClientHttpRequestFactory factory);

	}

	/**
	 * Writes down what it is given.
	 */
	private static final class RecordingClient implements HttpClient, Configurable {

		private final List<String> calls = new ArrayList<>();

		private HttpEntity lastEntity;

		@Override
		public RequestConfig getConfig() {
			return DEFAULTS;
		}

		@Override
		@SuppressWarnings("deprecation")
		public ClassicHttpResponse executeOpen(HttpHost target, ClassicHttpRequest request, HttpContext context) {
			RequestConfig config = HttpClientContext.castOrCreate(context).getRequestConfig();
			this.lastEntity = request.getEntity();
			this.calls.add(String.join("\n", destination(target, request), request.getMethod(), request.getRequestUri(),
					request.getPath(), request.getScheme(), String.valueOf(request.getAuthority()),
					Arrays.toString(request.getHeaders()), describe(this.lastEntity), String.valueOf(config),
					String.valueOf(context.getAttribute(HttpClientContext.REQUEST_CONFIG)),
					String.valueOf(context.getAttribute("of"))));
			return new BasicClassicHttpResponse(200);
		}

		/**
		 * Find out where a request goes, as HttpClient does it.
		 */
		private static String destination(HttpHost target, ClassicHttpRequest request) {
			try {
				HttpHost host = (target != null) ? target : RoutingSupport.determineHost(request);
				return String.valueOf(host);
			}
			catch (HttpException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private static String describe(HttpEntity entity) {
			if (entity == null) {
				return "no entity";
			}
			ByteArrayOutputStream body = new ByteArrayOutputStream();
			try {
				entity.writeTo(body);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			return "%d %s %s repeatable=%s streaming=%s chunked=%s trailers=%s,%s: %s".formatted(
					entity.getContentLength(), entity.getContentType(), entity.getContentEncoding(),
					entity.isRepeatable(), entity.isStreaming(), entity.isChunked(), entity.getTrailers(),
					entity.getTrailerNames(), body);
		}

		@Override
		@Deprecated
		public org.apache.hc.core5.http.HttpResponse execute(ClassicHttpRequest request) {
			throw new UnsupportedOperationException();
		}

		@Override
		@Deprecated
		public org.apache.hc.core5.http.HttpResponse execute(ClassicHttpRequest request, HttpContext context) {
			throw new UnsupportedOperationException();
		}

		@Override
		@Deprecated
		public ClassicHttpResponse execute(HttpHost target, ClassicHttpRequest request) {
			throw new UnsupportedOperationException();
		}

		@Override
		@Deprecated
		public org.apache.hc.core5.http.HttpResponse execute(HttpHost target, ClassicHttpRequest request,
				HttpContext context) {
			throw new UnsupportedOperationException();
		}

		@Override
		public <T> T execute(ClassicHttpRequest request, HttpClientResponseHandler<? extends T> handler) {
			throw new UnsupportedOperationException();
		}

		@Override
		public <T> T execute(ClassicHttpRequest request, HttpContext context,
				HttpClientResponseHandler<? extends T> handler) {
			throw new UnsupportedOperationException();
		}

		@Override
		public <T> T execute(HttpHost target, ClassicHttpRequest request,
				HttpClientResponseHandler<? extends T> handler) {
			throw new UnsupportedOperationException();
		}

		@Override
		public <T> T execute(HttpHost target, ClassicHttpRequest request, HttpContext context,
				HttpClientResponseHandler<? extends T> handler) {
			throw new UnsupportedOperationException();
		}

	}

}

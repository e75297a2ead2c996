package io.github.httppool.client;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.httppool.AcquireRejectedException;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.web.client.ResponseErrorHandler;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests that nothing which the code around Spring's clients throws costs a connection.
 */
@Tag("waiting")
@Timeout(60)
class ErrorsOfSpringCodeTests {

	private static final int MAX_PER_ROUTE = 2;

	/** Where code of users runs in a call of Spring's clients. */
	enum Place {

		REQUEST_INITIALIZER, INTERCEPTOR, CONVERTER_WRITES, CONVERTER_READS, EXCHANGE_FUNCTION, STATUS_HANDLER,
		ERROR_HANDLER_ASKED, ERROR_HANDLER, REQUEST_CALLBACK, STREAMED_BODY, RESPONSE_EXTRACTOR

	}

	private Place place;

	private Throwable failure;

	static List<Throwable> failures() {
		return List.of(new IllegalStateException("of a user"), new OutOfMemoryError("of a user"),
				new StackOverflowError("of a user"), new AssertionError("of a user"),
				new NoClassDefFoundError("of a user"), new Error("of a user") {
				}, new Exception("of a user"));
	}

	@ParameterizedTest
	@EnumSource
	void whateverIsThrownCostsNoConnection(Place place) {
		ScriptedUpstream.Script script = (exchange) -> {
			if (exchange.path().equals("/missing")) {
				exchange.status(404, "x".repeat(5000));
			}
			else {
				exchange.chunked("hello", " ", "world");
			}
		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(script)) {
			new ApplicationContextRunner().withUserConfiguration(Application.class)
				.withPropertyValues("http-pool.max-per-route=" + MAX_PER_ROUTE, "http-pool.max-pending=0")
				.run((context) -> {
					HttpPool pool = context.getBean(HttpPools.class).get("default");
					RestClient client = client(context.getBean("pooledRestClient", RestClient.class));
					RestTemplate template = context.getBean("pooledRestTemplate", RestTemplate.class);
					template.setMessageConverters(List.of(new Converter()));
					template.setErrorHandler(new ErrorHandler());
					for (Throwable failure : failures()) {
						for (int i = 0; i <= MAX_PER_ROUTE; i++) {
							this.failure = failure;
							this.place = place;
							Throwable thrown = catchThrowable(() -> call(place, client, template, upstream.url()));
							assertThat(this.place).as("%s was reached", place).isNull();
							assertThat(causes(thrown)).as("%s at %s", failure, place).contains(failure);
							assertThat(pool.snapshot().connections().leased()).isZero();
						}
					}
					assertIntact(pool, client, upstream.url());
				});
		}
	}

	private RestClient client(RestClient pooled) {
		return pooled.mutate()
			.requestInitializer((request) -> at(Place.REQUEST_INITIALIZER))
			.requestInterceptor((request, body, execution) -> {
				at(Place.INTERCEPTOR);
				return execution.execute(request, body);
			})
			.configureMessageConverters((converters) -> converters.addCustomConverter(new Converter()))
			.defaultStatusHandler(HttpStatusCode::is4xxClientError, (request, response) -> at(Place.STATUS_HANDLER))
			.build();
	}

	private void call(Place place, RestClient client, RestTemplate template, String url) {
		switch (place) {
			case REQUEST_INITIALIZER, INTERCEPTOR, CONVERTER_WRITES,
					CONVERTER_READS ->
				client.post()
					.uri(url + "/")
					.contentType(MediaType.TEXT_PLAIN)
					.body("ping")
					.retrieve()
					.body(String.class);
			case EXCHANGE_FUNCTION -> client.get().uri(url + "/").exchange((request, response) -> {
				at(Place.EXCHANGE_FUNCTION);
				return null;
			});
			case STATUS_HANDLER -> client.get().uri(url + "/missing").retrieve().toBodilessEntity();
			case STREAMED_BODY -> template.execute(url + "/", HttpMethod.POST,
					(request) -> ((StreamingHttpOutputMessage) request).setBody((output) -> {
						output.write(new byte[20_000]);
						at(Place.STREAMED_BODY);
					}), null);
			case REQUEST_CALLBACK -> template.execute(url + "/", HttpMethod.GET, (request) -> {
				at(Place.REQUEST_CALLBACK);
			}, null);
			case ERROR_HANDLER_ASKED, ERROR_HANDLER -> template.getForObject(url + "/missing", String.class);
			case RESPONSE_EXTRACTOR -> template.execute(url + "/", HttpMethod.GET, null, (response) -> {
				at(Place.RESPONSE_EXTRACTOR);
				return null;
			});
		}
	}

	/**
	 * Say that as many connections as ever can be leased at once, and not one more.
	 */
	private static void assertIntact(HttpPool pool, RestClient client, String url) throws IOException {
		List<ClientHttpResponse> held = new ArrayList<>();
		try {
			for (int i = 0; i < MAX_PER_ROUTE; i++) {
				client.get().uri(url + "/").exchange((request, response) -> held.add(response), false);
			}
			assertThatExceptionOfType(Exception.class)
				.isThrownBy(() -> client.get().uri(url + "/").retrieve().toBodilessEntity())
				.withRootCauseInstanceOf(AcquireRejectedException.class);
		}
		finally {
			held.forEach(ClientHttpResponse::close);
		}
		assertThat(client.get().uri(url + "/").retrieve().body(String.class)).isEqualTo("hello world");
		assertThat(pool.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, MAX_PER_ROUTE, 0));
	}

	private static List<Throwable> causes(Throwable thrown) {
		return Stream.iterate(thrown, (cause) -> cause != null, Throwable::getCause).toList();
	}

	private void at(Place reached) {
		if (reached == this.place) {
			this.place = null;
			ErrorsOfSpringCodeTests.<RuntimeException>sneak(this.failure);
		}
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneak(Throwable failure) throws T {
		throw (T) failure;
	}

	private final class Converter extends StringHttpMessageConverter {

		@Override
		protected void writeInternal(String text, HttpOutputMessage message) throws IOException {
			at(Place.CONVERTER_WRITES);
			super.writeInternal(text, message);
		}

		@Override
		protected String readInternal(Class<? extends String> type, HttpInputMessage message) throws IOException {
			at(Place.CONVERTER_READS);
			return super.readInternal(type, message);
		}

	}

	private final class ErrorHandler implements ResponseErrorHandler {

		@Override
		public boolean hasError(ClientHttpResponse response) throws IOException {
			at(Place.ERROR_HANDLER_ASKED);
			return response.getStatusCode().isError();
		}

		@Override
		public void handleError(URI url, HttpMethod method, ClientHttpResponse response) {
			at(Place.ERROR_HANDLER);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

package io.github.httppool.exceptions;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;

import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/**
 * A client at one of the levels at which applications call.
 */
abstract class Client {

	/**
	 * Call, and let something be done with the response.
	 * @param body the body of the request, or {@code null} for none
	 */
	abstract void call(String method, URI uri, byte @Nullable [] body, Reader reader) throws Exception;

	/**
	 * Cancel the call that is under way, where the level knows how to.
	 */
	void cancel() {
		throw new UnsupportedOperationException();
	}

	/**
	 * What a caller does with the body of a response.
	 */
	@FunctionalInterface
	interface Reader {

		Reader ALL = InputStream::readAllBytes;

		Reader NOTHING = (body) -> null;

		@Nullable Object read(InputStream body) throws IOException;

	}

	/**
	 * Where applications call.
	 */
	enum Level {

		RETRIEVE {

			@Override
			Client client(ApplicationContext context, HttpClient http) {
				RestClient client = context.getBean(RestClient.Builder.class).build();
				return new Client() {

					@Override
					void call(String method, URI uri, byte @Nullable [] body, Reader reader) {
						RestClient.RequestBodySpec request = client.method(HttpMethod.valueOf(method)).uri(uri);
						((body != null) ? request.body(body) : request).retrieve().body(byte[].class);
					}

				};
			}

		},

		EXCHANGE {

			@Override
			Client client(ApplicationContext context, HttpClient http) {
				RestClient client = context.getBean(RestClient.Builder.class).build();
				return new Client() {

					@Override
					void call(String method, URI uri, byte @Nullable [] body, Reader reader) {
						RestClient.RequestBodySpec request = client.method(HttpMethod.valueOf(method)).uri(uri);
						((body != null) ? request.body(body) : request)
							.exchange((sent, response) -> reader.read(response.getBody()));
					}

				};
			}

		},

		REST_TEMPLATE {

			@Override
			Client client(ApplicationContext context, HttpClient http) {
				RestTemplate template = new RestTemplate(Play.factory(context));
				return new Client() {

					@Override
					void call(String method, URI uri, byte @Nullable [] body, Reader reader) {
						template.execute(uri, HttpMethod.valueOf(method), (request) -> {
							if (body != null) {
								try (OutputStream out = request.getBody()) {
									out.write(body);
								}
							}
						}, (response) -> reader.read(response.getBody()));
					}

				};
			}

		},

		HTTP_CLIENT {

			@Override
			Client client(ApplicationContext context, HttpClient http) {
				return new Client() {

					private volatile @Nullable HttpUriRequestBase request;

					@Override
					void call(String method, URI uri, byte @Nullable [] body, Reader reader) throws IOException {
						HttpUriRequestBase request = new HttpUriRequestBase(method, uri);
						if (body != null) {
							request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_OCTET_STREAM));
						}
						this.request = request;
						try (ClassicHttpResponse response = http.executeOpen(null, request, null)) {
							reader.read(response.getEntity().getContent());
						}
					}

					@Override
					void cancel() {
						HttpUriRequestBase request = this.request;
						if (request != null) {
							request.cancel();
						}
					}

				};
			}

		};

		abstract Client client(ApplicationContext context, HttpClient http);

	}

}

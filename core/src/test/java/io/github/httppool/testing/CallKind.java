package io.github.httppool.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.util.Timeout;

import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * What a caller does with a response.
 */
public enum CallKind {

	READ_ALL {

		@Override
		public void call(Client client, String method, URI uri, Answer answer) throws IOException {
			client.open(method, uri, answer, (request, body) -> answer.body(body.readAllBytes(), true));
		}

	},

	READ_BY_BYTES {

		@Override
		public void call(Client client, String method, URI uri, Answer answer) throws IOException {
			client.open(method, uri, answer, (request, body) -> {
				byte[] read = new byte[100_000];
				int length = 0;
				for (int next = body.read(); next >= 0 && length < read.length; next = body.read()) {
					read[length++] = (byte) next;
				}
				answer.body(Arrays.copyOf(read, length), true);
			});
		}

	},

	READ_HALF {

		@Override
		public void call(Client client, String method, URI uri, Answer answer) throws IOException {
			client.open(method, uri, answer, (request, body) -> answer.body(body.readNBytes(100), false));
		}

	},

	IGNORE {

		@Override
		public void call(Client client, String method, URI uri, Answer answer) throws IOException {
			client.open(method, uri, answer, (request, body) -> {
			});
		}

	},

	CANCEL {

		@Override
		public void call(Client client, String method, URI uri, Answer answer) throws IOException {
			client.open(method, uri, answer, (request, body) -> {
				answer.body(body.readNBytes(10), false);
				request.cancel();
			});
		}

	},

	SPRING_BYTES {

		@Override
		public void call(Client client, String method, URI uri, Answer answer) {
			answer.entity(client.retrieve(method, uri).toEntity(byte[].class));
		}

	},

	SPRING_BODILESS {

		@Override
		public void call(Client client, String method, URI uri, Answer answer) {
			ResponseEntity<Void> entity = client.retrieve(method, uri).toBodilessEntity();
			answer.head(entity.getStatusCode().value(), entity.getHeaders().toString());
		}

	},

	SPRING_STREAM {

		@Override
		public void call(Client client, String method, URI uri, Answer answer) throws IOException {
			try (InputStream body = client.retrieve(method, uri).body(InputStream.class)) {
				if (body != null) {
					answer.body(body.readNBytes(100), false);
				}
			}
		}

	},

	SPRING_IGNORE {

		@Override
		public void call(Client client, String method, URI uri, Answer answer) {
			client.spring.method(HttpMethod.valueOf(method)).uri(uri).exchange((request, response) -> {
				answer.head(response.getStatusCode().value(), response.getHeaders().toString());
				return "";
			});
		}

	};

	public abstract void call(Client client, String method, URI uri, Answer answer) throws IOException;

	public static CallKind any(Random random) {
		return values()[random.nextInt(values().length)];
	}

	/**
	 * Return whether a call over a broken connection may fail with an exception: with
	 * those of Spring also because its parsers reject a header field.
	 */
	public static boolean mayFailWith(Throwable ex) {
		return ex instanceof IOException
				|| ex instanceof RuntimeException && ex.getClass().getName().startsWith("org.springframework.");
	}

	/**
	 * HttpClient and Spring's client over one pool, with the same response timeout.
	 */
	public static final class Client {

		private final CloseableHttpClient http;

		private final RequestConfig config;

		private final RestClient spring;

		public Client(CloseableHttpClient http, Duration responseTimeout) {
			this.http = http;
			this.config = RequestConfig.custom().setResponseTimeout(Timeout.of(responseTimeout)).build();
			HttpComponentsClientHttpRequestFactory factory = new HttpComponentsClientHttpRequestFactory(http);
			factory.setReadTimeout(responseTimeout);
			this.spring = RestClient.builder().requestFactory(factory).build();
		}

		@SuppressWarnings("deprecation")
		private void open(String method, URI uri, Answer answer, Reading reading) throws IOException {
			HttpUriRequestBase request = new HttpUriRequestBase(method, uri);
			request.setConfig(this.config);
			try (CloseableHttpResponse response = this.http.execute(request)) {
				answer.head(response.getCode(), Arrays.toString(response.getHeaders()));
				if (response.getEntity() != null) {
					reading.read(request, response.getEntity().getContent());
				}
			}
		}

		private RestClient.ResponseSpec retrieve(String method, URI uri) {
			return this.spring.method(HttpMethod.valueOf(method)).uri(uri).retrieve();
		}

	}

	private interface Reading {

		void read(HttpUriRequestBase request, InputStream body) throws IOException;

	}

	/**
	 * What a caller saw.
	 */
	public static final class Answer {

		public int status;

		public String headers = "";

		public String body = "";

		public boolean whole;

		private void head(int status, String headers) {
			this.status = status;
			this.headers = headers;
		}

		private void body(byte[] body, boolean whole) {
			this.body = new String(body, StandardCharsets.ISO_8859_1);
			this.whole = whole;
		}

		private void entity(ResponseEntity<byte[]> entity) {
			head(entity.getStatusCode().value(), entity.getHeaders().toString());
			byte[] body = entity.getBody();
			body((body != null) ? body : new byte[0], true);
		}

		@Override
		public String toString() {
			return this.status + " " + this.headers + " " + this.body;
		}

	}

}

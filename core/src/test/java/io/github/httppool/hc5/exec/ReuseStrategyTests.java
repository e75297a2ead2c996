package io.github.httppool.hc5.exec;

import java.util.ArrayList;
import java.util.List;

import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReuseStrategy}.
 */
class ReuseStrategyTests {

	private static final List<String> CONNECTIONS = List.of("", "Connection: keep-alive", "Connection: Keep-Alive",
			"Connection: close", "Connection: keep-alive, close", "Connection: upgrade",
			"Connection: keep-alive|Connection: close", "Connection: close|Connection: keep-alive",
			"Proxy-Connection: close", "Connection: keep-alive|Proxy-Connection: close");

	private static final List<String> LENGTHS = List.of("", "Content-Length: 1", "Content-Length: 1|Content-Length: 1",
			"Transfer-Encoding: chunked", "Transfer-Encoding: chunked|Content-Length: 1");

	@Test
	void decidesAsHttpClientDoes() {
		List<String> kept = new ArrayList<>();
		for (String method : List.of("GET", "HEAD", "POST")) {
			for (String asked : CONNECTIONS) {
				for (String sent : LENGTHS) {
					for (String said : CONNECTIONS) {
						for (String received : LENGTHS) {
							for (int status : new int[] { 200, 204, 206, 304, 404 }) {
								HttpRequest request = fields(new BasicHttpRequest(method, "/"), asked + "|" + sent);
								HttpResponse response = fields(new BasicHttpResponse(status), said + "|" + received);
								response.setVersion(HttpVersion.HTTP_1_1);
								String exchange = method + " " + asked + " " + sent + " " + status + " " + said + " "
										+ received;
								boolean keep = keeps(request, response);
								assertThat(keep).as(exchange)
									.isEqualTo(DefaultClientConnectionReuseStrategy.INSTANCE.keepAlive(request,
											response, HttpClientContext.create()));
								if (keep) {
									kept.add(exchange);
								}
							}
						}
					}
				}
			}
		}
		assertThat(kept).hasSizeGreaterThan(1000);
	}

	@Test
	void closeOverridesKeepAliveInHttp10() {
		HttpResponse response = fields(new BasicHttpResponse(200),
				"Content-Length: 1|Connection: keep-alive|Connection: close");
		response.setVersion(HttpVersion.HTTP_1_0);
		assertThat(keeps(new BasicHttpRequest("GET", "/"), response)).isFalse();
	}

	@Test
	void noConnectionIsKeptWithoutKeepAlive() {
		HttpResponse response = fields(new BasicHttpResponse(200), "Content-Length: 1");
		response.setVersion(HttpVersion.HTTP_1_1);
		assertThat(keeps(new BasicHttpRequest("GET", "/"), response)).isTrue();
		assertThat(new ReuseStrategy(() -> false).keepAlive(new BasicHttpRequest("GET", "/"), response,
				HttpClientContext.create()))
			.isFalse();
	}

	private static boolean keeps(HttpRequest request, HttpResponse response) {
		return new ReuseStrategy(() -> true).keepAlive(request, response, HttpClientContext.create());
	}

	private static <T extends HttpMessage> T fields(T message, String fields) {
		for (String field : fields.split("\\|")) {
			if (!field.isEmpty()) {
				message.addHeader(field.split(": ")[0], field.split(": ")[1]);
			}
		}
		return message;
	}

}

package io.github.httppool.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ScriptedUpstream}, with the JDK's client.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScriptedUpstreamTests {

	@Test
	void sequentialCallsShareOneConnectionAndAreRecorded() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok(exchange.path() + exchange.request().bodyText()))) {
			HttpClient client = HttpClient.newHttpClient();
			assertThat(get(client, upstream.uri("/a")).body()).isEqualTo("/a");
			HttpResponse<String> response = client.send(HttpRequest.newBuilder(upstream.uri("/b"))
				.header("X-Test", "value")
				.POST(HttpRequest.BodyPublishers.ofInputStream(() -> stream("body")))
				.build(), BodyHandlers.ofString());
			assertThat(response.body()).isEqualTo("/bbody");
			assertThat(upstream.accepted()).isEqualTo(1);
			assertThat(upstream.open()).isEqualTo(1);
			assertThat(upstream.requests()).extracting(ScriptedUpstream.Request::method).containsExactly("GET", "POST");
			assertThat(upstream.requests().get(1).header("x-test")).isEqualTo("value");
		}
	}

	private static InputStream stream(String content) {
		return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void tlsIsOfTheProtocolAskedFor(String protocol) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.tls((exchange) -> exchange.chunked("a", "b"), protocol)) {
			HttpClient client = HttpClient.newBuilder()
				.sslContext(TestCertificates.localhost().clientContext())
				.version(HttpClient.Version.HTTP_1_1)
				.build();
			HttpResponse<String> response = get(client, upstream.uri("/"));
			assertThat(response.body()).isEqualTo("ab");
			assertThat(response.sslSession())
				.hasValueSatisfying((session) -> assertThat(session.getProtocol()).isEqualTo(protocol));
		}
	}

	@Test
	void idleConnectionCanBeControlledByTheTest() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("x"));
				Socket socket = request(upstream)) {
			InputStream input = socket.getInputStream();
			assertThat(new String(input.readNBytes(45), StandardCharsets.US_ASCII)).contains("Content-Length: 1");
			Awaitility.await().until(() -> upstream.lastConnection().isIdle());
			upstream.lastConnection().sendRaw("late");
			upstream.lastConnection().halfClose();
			assertThat(input.readAllBytes()).asString().endsWith("late");
			upstream.lastConnection().reset();
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> {
				socket.getOutputStream().write(1);
				input.read();
				socket.getOutputStream().write(1);
			});
			assertThat(upstream.open()).isZero();
		}
	}

	@Test
	void idleConnectionIsClosedAfterTheLimit() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("x"))
			.closeWhenIdleFor(Duration.ofMillis(100)); Socket socket = request(upstream)) {
			assertThat(socket.getInputStream().readAllBytes()).asString().endsWith("x");
			Awaitility.await().until(() -> upstream.open() == 0);
		}
	}

	@Test
	void closeOfTheClientIsSeen() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.dripData(Duration.ofMillis(1)))) {
			request(upstream).close();
			Awaitility.await().until(() -> upstream.accepted() == 1 && upstream.lastConnection().isClosedByClient());
			assertThat(upstream.open()).isZero();
		}
	}

	@Test
	void closeEndsScriptsThatWouldNeverEnd() throws Exception {
		ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			switch (exchange.path()) {
				case "/drip" -> exchange.dripChunkExtension(Duration.ofSeconds(100));
				case "/flood" -> exchange.flood();
				default -> exchange.gigabyte();
			}
		});
		int port = upstream.port();
		try (Socket drip = request(upstream, "/drip");
				Socket flood = request(upstream, "/flood");
				Socket gigabyte = request(upstream, "/gigabyte")) {
			Awaitility.await().until(() -> upstream.requests().size() == 3);
			upstream.close();
		}
		assertThat(Thread.getAllStackTraces().keySet())
			.noneMatch((thread) -> thread.getName().startsWith("upstream-" + port + "-"));
	}

	private static Socket request(ScriptedUpstream upstream) throws IOException {
		return request(upstream, "/");
	}

	private static Socket request(ScriptedUpstream upstream, String path) throws IOException {
		URI uri = upstream.uri(path);
		Socket socket = new Socket(uri.getHost(), uri.getPort());
		socket.setSoTimeout(10_000);
		socket.getOutputStream()
			.write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	private static HttpResponse<String> get(HttpClient client, URI uri) throws Exception {
		return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
	}

}

package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.testing.Nginx;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpHead;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpStatusCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for bodies of a real server, read and unread: nginx.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@RequiresProgram(Program.NGINX)
class NginxBodyTests {

	private static final byte[] SMALL = bytes(20_000);

	private static final byte[] LARGE = bytes(10_000_000);

	private static byte[] bytes(int length) {
		byte[] bytes = new byte[length];
		Arrays.fill(bytes, (byte) 'x');
		return bytes;
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void smallIgnoredBodiesCostNoConnection(String tls) throws Exception {
		try (Nginx nginx = start(tls).publish("small", SMALL); PoolFixture pool = PoolFixture.withDefaults()) {
			for (int call = 0; call < 50; call++) {
				assertThat(pool.ignore(URI.create(nginx.url() + "/small"))).isEqualTo(200);
				assertThat(pool.spring().get().uri(nginx.url() + "/small").exchange(NginxBodyTests::status))
					.isEqualTo(200);
			}
			assertThat(pool.drained(DrainOutcome.REUSED)).isEqualTo(100);
			pool.assertConnections(1, Map.of());
		}
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void largeIgnoredBodiesAreNotReadAndCostTheirConnection(String tls) throws Exception {
		try (Nginx nginx = start(tls).publish("large", LARGE); PoolFixture pool = PoolFixture.withDefaults()) {
			for (int call = 0; call < 10; call++) {
				assertThat(pool.ignore(URI.create(nginx.url() + "/large"))).isEqualTo(200);
			}
			assertThat(pool.drained(DrainOutcome.TOO_LARGE)).isEqualTo(10);
			pool.assertConnections(10, Map.of(CloseReason.DRAIN_BYTES, 10L));
			assertThat(pool.get(URI.create(nginx.url() + "/large"))).hasSize(LARGE.length);
		}
	}

	@Test
	void slowIgnoredBodyDoesNotDelayTheCaller() throws Exception {
		try (Nginx nginx = Nginx.start("", "limit_rate 1k;").publish("slow", SMALL);
				PoolFixture pool = PoolFixture.withDefaults()) {
			long started = System.nanoTime();
			assertThat(pool.ignore(URI.create(nginx.url() + "/slow"))).isEqualTo(200);
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
			pool.assertConnections(1, Map.of(CloseReason.DRAIN_TIME, 1L));
		}
	}

	@Test
	void compressedBodiesAreDecodedAndCostNoConnectionReadOrNot() throws Exception {
		try (Nginx nginx = Nginx.start("gzip on; gzip_types text/plain;", "").publish("file.txt", SMALL);
				PoolFixture pool = PoolFixture.withDefaults()) {
			String url = nginx.url() + "/file.txt";
			for (int call = 0; call < 20; call++) {
				assertThat(pool.get(URI.create(url))).isEqualTo(new String(SMALL));
				assertThat(pool.ignore(URI.create(url))).isEqualTo(200);
				assertThat(pool.spring().get().uri(url).retrieve().body(byte[].class)).isEqualTo(SMALL);
			}
			pool.assertConnections(1, Map.of());
		}
	}

	@Test
	void answersWithoutBodyAndOfPartsAndErrorsCostNoConnection() throws Exception {
		String locations = """
				location /none { return 204; }
				location /moved { return 302 /small; }
				location /broken { return 500 broken; }
				""";
		try (Nginx nginx = Nginx.start("if_modified_since before;", locations).publish("small", SMALL);
				PoolFixture pool = PoolFixture.withDefaults()) {
			String url = nginx.url() + "/small";
			assertAnswer(pool, new HttpGet(nginx.url() + "/none"), 204, 0);
			assertAnswer(pool, new HttpHead(url), 200, 0);
			assertAnswer(pool, with(new HttpGet(url), "If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"), 304, 0);
			assertAnswer(pool, with(new HttpGet(url), "Range", "bytes=10-19"), 206, 10);
			assertAnswer(pool, with(new HttpGet(url), "Range", "bytes=90000-"), 416, -1);
			assertAnswer(pool, new HttpGet(nginx.url() + "/moved"), 200, SMALL.length);
			assertAnswer(pool, new HttpGet(nginx.url() + "/missing"), 404, -1);
			assertAnswer(pool, new HttpGet(nginx.url() + "/broken"), 500, 6);
			assertAnswer(pool, new HttpPost(url), 405, -1);
			for (String path : new String[] { "/missing", "/broken" }) {
				assertThat(pool.ignore(URI.create(nginx.url() + path))).isIn(404, 500);
				assertThat(pool.spring()
					.get()
					.uri(nginx.url() + path)
					.retrieve()
					.onStatus(HttpStatusCode::isError, (request, response) -> {
					})
					.toBodilessEntity()
					.getStatusCode()
					.isError()).isTrue();
			}
			pool.assertConnections(1, Map.of());
		}
	}

	@Test
	void refusalOfALargeRequestReachesTheCaller() throws Exception {
		try (Nginx nginx = Nginx.start("client_max_body_size 1k;", "").publish("small", SMALL);
				PoolFixture pool = PoolFixture.withDefaults()) {
			HttpPost request = new HttpPost(nginx.url() + "/small");
			request.setEntity(new ByteArrayEntity(bytes(200_000), ContentType.APPLICATION_OCTET_STREAM));
			assertAnswer(pool, request, 413, -1);
			pool.assertConnections(1, Map.of(CloseReason.SERVER_CLOSE, 1L));
			assertAnswer(pool, new HttpGet(nginx.url() + "/small"), 200, SMALL.length);
		}
	}

	@Test
	void errorsOfAGatewayCostNoConnection() throws Exception {
		try (ScriptedUpstream silent = ScriptedUpstream.plain(ScriptedUpstream.Exchange::stall);
				ScriptedUpstream gone = ScriptedUpstream.plain(ScriptedUpstream.Exchange::close);
				Nginx nginx = Nginx.start("proxy_read_timeout 300ms;",
						"location /silent { proxy_pass %s; } location /gone { proxy_pass %s; }".formatted(silent.url(),
								gone.url()));
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertAnswer(pool, new HttpGet(nginx.url() + "/silent"), 504, -1);
			assertAnswer(pool, new HttpGet(nginx.url() + "/gone"), 502, -1);
			pool.assertConnections(1, Map.of());
		}
	}

	@Test
	void bodyThatBreaksOffBehindAGatewayFailsAndCostsItsConnection() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			switch (exchange.path()) {
				case "/length" -> exchange.head(200, "Content-Length: 100000").sendRaw(bytes(1000)).close();
				case "/chunks" -> exchange.head(200, "Transfer-Encoding: chunked").chunk(bytes(1000)).close();
				default -> exchange.ok("hello");
			}
		});
				Nginx nginx = Nginx.start("proxy_http_version 1.1;",
						"location / { proxy_pass %s; }".formatted(upstream.url()));
				PoolFixture pool = PoolFixture.withDefaults()) {
			for (String path : new String[] { "/length", "/chunks" }) {
				assertThatExceptionOfType(IOException.class).isThrownBy(() -> pool.get(URI.create(nginx.url() + path)));
			}
			assertThat(pool.get(URI.create(nginx.url() + "/"))).isEqualTo("hello");
			pool.assertConnections(3, Map.of(CloseReason.ERROR, 2L));
		}
	}

	private static Nginx start(String tls) throws IOException {
		return (tls != null) ? Nginx.tls(tls, "", "") : Nginx.start("", "");
	}

	private static ClassicHttpRequest with(ClassicHttpRequest request, String header, String value) {
		request.setHeader(header, value);
		return request;
	}

	/**
	 * Say what is answered, and how long the body is unless that is negative.
	 */
	private static void assertAnswer(PoolFixture pool, ClassicHttpRequest request, int status, int length)
			throws IOException {
		pool.client.execute(request, (response) -> {
			assertThat(response.getCode()).as("%s", request).isEqualTo(status);
			byte[] body = (response.getEntity() != null) ? EntityUtils.toByteArray(response.getEntity()) : new byte[0];
			if (length >= 0) {
				assertThat(body).as("%s", request).hasSize(length);
			}
			return null;
		});
	}

	private static int status(Object request, org.springframework.http.client.ClientHttpResponse response)
			throws IOException {
		return response.getStatusCode().value();
	}

}

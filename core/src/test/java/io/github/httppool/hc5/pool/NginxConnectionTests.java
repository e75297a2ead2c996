package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

import io.github.httppool.CloseReason;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.Nginx;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for when and why connections to a real server end: nginx.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@RequiresProgram(Program.NGINX)
class NginxConnectionTests {

	private static final String HELLO = "location / { return 200 hello; }";

	@Test
	void limitOfRequestsAConnectionCostsNoCallOfACrowd() throws Exception {
		try (Nginx nginx = Nginx.start("keepalive_requests 7;", HELLO);
				PoolFixture pool = PoolFixture.withDefaults();
				Crowd crowd = new Crowd(8)) {
			URI uri = URI.create(nginx.url());
			crowd.all(70, (caller, time) -> assertThat(pool.get(uri)).isEqualTo("hello"));
			PoolSnapshot snapshot = pool.snapshot();
			long closed = snapshot.totals().opened() - snapshot.connections().idle();
			assertThat(closed).isBetween(560L / 7 - 8, 560L / 7);
			pool.assertConnections(snapshot.totals().opened(), Map.of(CloseReason.SERVER_CLOSE, closed));
		}
	}

	@Test
	void unannouncedCloseOfAnIdleConnectionCostsNoCall() throws Exception {
		try (Nginx nginx = Nginx.start("keepalive_timeout 500ms;", HELLO);
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(URI.create(nginx.url()))).isEqualTo("hello");
			soon().until(() -> pool.closed(CloseReason.STALE) == 1);
			assertThat(pool.get(URI.create(nginx.url()))).isEqualTo("hello");
			pool.assertConnections(2, Map.of(CloseReason.STALE, 1L));
		}
	}

	@Test
	void poolIsQuickerThanAnAnnouncedClose() throws Exception {
		try (Nginx nginx = Nginx.start("keepalive_timeout 2s 2s;", HELLO);
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(URI.create(nginx.url()))).isEqualTo("hello");
			soon().until(() -> pool.snapshot().connections().idle() == 0);
			assertThat(pool.get(URI.create(nginx.url()))).isEqualTo("hello");
			pool.assertConnections(2, Map.of(CloseReason.IDLE_TIMEOUT, 1L));
		}
	}

	@Test
	void serverWithoutKeepAliveGetsAConnectionForEachCall() throws Exception {
		try (Nginx nginx = Nginx.start("keepalive_timeout 0;", HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			for (int call = 0; call < 20; call++) {
				assertThat(pool.spring().get().uri(nginx.url()).retrieve().body(String.class)).isEqualTo("hello");
			}
			pool.assertConnections(20, Map.of(CloseReason.SERVER_CLOSE, 20L));
		}
	}

	@Test
	void limitOfAConnectionsAgeCostsNoCall() throws Exception {
		try (Nginx nginx = Nginx.start("keepalive_time 300ms;", HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			URI uri = URI.create(nginx.url());
			soon().until(() -> {
				assertThat(pool.get(uri)).isEqualTo("hello");
				return pool.closed(CloseReason.SERVER_CLOSE) == 3;
			});
			pool.assertConnections(3, Map.of(CloseReason.SERVER_CLOSE, 3L));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void connectionWithTlsIsReusedUntilTheServersLimit(String protocol) throws Exception {
		try (Nginx nginx = Nginx.tls(protocol, "keepalive_requests 20;", "location / { return 200 $ssl_protocol; }");
				PoolFixture pool = PoolFixture.withDefaults()) {
			URI uri = URI.create(nginx.url());
			for (int call = 0; call < 50; call++) {
				assertThat(pool.get(uri)).isEqualTo(protocol);
				assertThat(pool.ignore(uri)).isEqualTo(200);
			}
			pool.assertConnections(5, Map.of(CloseReason.SERVER_CLOSE, 5L));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void closeNotificationOnAnIdleConnectionIsNoUnsolicitedData(String protocol) throws Exception {
		try (Nginx nginx = Nginx.tls(protocol, "keepalive_timeout 500ms;", HELLO);
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThat(pool.get(URI.create(nginx.url()))).isEqualTo("hello");
			soon().until(() -> pool.closed(CloseReason.STALE) == 1);
			assertThat(pool.get(URI.create(nginx.url()))).isEqualTo("hello");
			pool.assertConnections(2, Map.of(CloseReason.STALE, 1L));
		}
	}

	@Test
	void callThatAsksForTheEndOfItsConnectionGetsIt() throws Exception {
		try (Nginx nginx = Nginx.start("", HELLO); PoolFixture pool = PoolFixture.withDefaults()) {
			HttpGet request = new HttpGet(nginx.url());
			request.setHeader("Connection", "close");
			for (int call = 0; call < 5; call++) {
				assertThat(pool.read(request)).isEqualTo("hello");
			}
			pool.assertConnections(5, Map.of(CloseReason.SERVER_CLOSE, 5L));
		}
	}

	/**
	 * As HTTP/1.0 has it, which nginx itself answers only to clients that speak no more.
	 */
	@Test
	void bodyThatEndsWithItsConnectionIsWhole() throws Exception {
		byte[] text = "hello ".repeat(10_000).getBytes();
		try (Nginx nginx = Nginx
			.start("chunked_transfer_encoding off; gzip on; gzip_types text/plain; default_type text/plain;", "")
			.publish("file.txt", text); PoolFixture pool = PoolFixture.withDefaults()) {
			for (int call = 0; call < 3; call++) {
				assertThat(pool.spring().get().uri(nginx.url() + "/file.txt").retrieve().body(byte[].class))
					.isEqualTo(text);
				assertThat(pool.ignore(URI.create(nginx.url() + "/file.txt"))).isEqualTo(200);
			}
			pool.assertConnections(6, Map.of(CloseReason.SERVER_CLOSE, 6L));
		}
	}

	@Test
	void serverThatHangsUpWithoutAnAnswerFailsThatCallOnly() throws Exception {
		try (Nginx nginx = Nginx.start("", HELLO + "location /gone { return 444; }");
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertThatExceptionOfType(NoHttpResponseException.class)
				.isThrownBy(() -> pool.get(URI.create(nginx.url() + "/gone")));
			assertThat(pool.get(URI.create(nginx.url()))).isEqualTo("hello");
			pool.assertConnections(2, Map.of(CloseReason.ERROR, 1L));
		}
	}

	@Test
	void addressFailsAfterItsServerHasStopped() throws Exception {
		try (PoolFixture pool = PoolFixture.with((settings) -> settings.validateAfterInactivity(Duration.ZERO))) {
			URI uri;
			try (Nginx nginx = Nginx.start("", HELLO)) {
				uri = URI.create(nginx.url());
				assertThat(pool.get(uri)).isEqualTo("hello");
			}
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> pool.get(uri));
			pool.assertConnections(1, Map.of(CloseReason.STALE, 1L));
		}
	}

}

package io.github.httppool.hc5.pool;

import java.net.URI;
import java.util.List;
import java.util.Map;

import io.github.httppool.CloseReason;
import io.github.httppool.ProxyRefusedException;
import io.github.httppool.ProxySettings;
import io.github.httppool.testing.Nginx;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import io.github.httppool.testing.TinyProxy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests an HTTP proxy as Debian ships it: tinyproxy in front of nginx.
 */
@Tag("waiting")
@Timeout(60)
@RequiresProgram(Program.TINYPROXY)
class TinyProxyTests {

	private static final String LOGIN = "BasicAuth user s3cret";

	@Test
	@RequiresProgram({ Program.NGINX, Program.TINYPROXY })
	void aServerWithTlsIsReachedThroughATunnelThatIsReused() throws Exception {
		try (Nginx nginx = Nginx.tls("TLSv1.3", "", "").publish("page", "secure".getBytes());
				TinyProxy proxy = TinyProxy.start(LOGIN);
				PoolFixture pool = through(proxy, "s3cret")) {
			for (int i = 0; i < 5; i++) {
				assertThat(pool.get(URI.create(nginx.url() + "/page"))).isEqualTo("secure");
			}
			pool.assertConnections(1, Map.of());
			assertThat(pool.snapshot().routes().get(0).route()).isEqualTo(nginx.url() + " via " + proxy.url());
		}
	}

	@Test
	@RequiresProgram({ Program.NGINX, Program.TINYPROXY })
	void aServerWithoutTlsIsReachedAndDoesNotSeeTheCredentials() throws Exception {
		try (Nginx nginx = Nginx.start("",
				"location / { return 200 \"$http_via|$http_proxy_authorization|$http_authorization\"; }");
				TinyProxy proxy = TinyProxy.start(LOGIN);
				PoolFixture pool = through(proxy, "s3cret")) {
			assertThat(pool.get(URI.create(nginx.url()))).contains("tinyproxy").endsWith("||");
		}
	}

	@Test
	@RequiresProgram({ Program.NGINX, Program.TINYPROXY })
	void wrongCredentialsAreExplained() throws Exception {
		try (Nginx nginx = Nginx.tls("TLSv1.3", "", "");
				TinyProxy proxy = TinyProxy.start(LOGIN);
				PoolFixture pool = through(proxy, "wrong")) {
			assertThatExceptionOfType(ProxyRefusedException.class).isThrownBy(() -> pool.get(URI.create(nginx.url())))
				.withMessageContaining("does not accept the credentials")
				.withMessageContaining(proxy.url())
				.satisfies((ex) -> assertThat(ex.getCode()).isIn(401, 407));
			assertThat(pool.closed(CloseReason.ERROR)).isOne();
		}
	}

	@Test
	@RequiresProgram({ Program.NGINX, Program.TINYPROXY })
	void aHostThatTheProxyFiltersIsExplainedAndOthersAreReached() throws Exception {
		try (Nginx nginx = Nginx.tls("TLSv1.3", "", "").publish("page", "secure".getBytes());
				TinyProxy proxy = TinyProxy.start(LOGIN, "Filter \"filter\"");
				PoolFixture pool = through(proxy, "s3cret")) {
			assertThatExceptionOfType(ProxyRefusedException.class)
				.isThrownBy(() -> pool.get(URI.create("https://forbidden.example/")))
				.withMessageContaining("status 403")
				.withMessageContaining("https://forbidden.example:443")
				.withMessageContaining("access lists");
			assertThat(pool.get(URI.create(nginx.url() + "/page"))).isEqualTo("secure");
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void aServerThatTheProxyDoesNotReachIsExplained() throws Exception {
		try (TinyProxy proxy = TinyProxy.start(LOGIN); PoolFixture pool = through(proxy, "s3cret")) {
			assertThatExceptionOfType(ProxyRefusedException.class)
				.isThrownBy(() -> pool.get(URI.create("https://127.0.0.1:1/")))
				.withMessageContaining("may not have reached the server")
				.satisfies((ex) -> assertThat(ex.getCode()).isBetween(500, 599));
		}
	}

	private static PoolFixture through(TinyProxy proxy, String password) {
		return PoolFixture
			.with((settings) -> settings.proxy(new ProxySettings(proxy.url(), "user", password, List.of(), false)));
	}

}

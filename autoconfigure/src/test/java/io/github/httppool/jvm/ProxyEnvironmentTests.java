package io.github.httppool.jvm;

import java.util.stream.Stream;

import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the environment of a process says about proxies holds where the pool is told to
 * follow it.
 */
@Tag("slow")
class ProxyEnvironmentTests {

	private static final String FOLLOW = "--http-pool.proxy.from-environment=true";

	private static final String PAGE = "http://page.invalid/page";

	private final ScriptedUpstream forHttp = ScriptedUpstream.plain((exchange) -> exchange.ok("by the proxy"));

	private final ScriptedUpstream forHttps = ScriptedUpstream.plain((exchange) -> exchange.status(403, "no"));

	private final ScriptedUpstream direct = ScriptedUpstream.plain((exchange) -> exchange.ok("directly"));

	@AfterEach
	void close() {
		Stream.of(this.forHttp, this.forHttps, this.direct).forEach(ScriptedUpstream::close);
	}

	@Test
	void itsProxiesAreUsedForAllHostsButTheExceptions() throws Exception {
		String output = jvm().run(ProxiedApplication.class.getName(), FOLLOW, PAGE, "https://secure.invalid/",
				url("www.direct.invalid"), url("localhost"), url("127.0.0.1"));
		assertThat(output).contains(PAGE + ": by the proxy\n")
			.containsPattern("https://secure.invalid/: .*ProxyRefusedException: The proxy http://127.0.0.1:"
					+ this.forHttps.port() + " answered CONNECT to https://secure.invalid:443 with status 403")
			.contains(url("www.direct.invalid") + ": directly\n", url("localhost") + ": directly\n",
					url("127.0.0.1") + ": directly\n")
			.doesNotContain("s3cret", "me@home");
		assertThat(this.forHttp.requests()).singleElement().satisfies((request) -> {
			assertThat(request.path()).isEqualTo(PAGE);
			// me@home:s3cret
			assertThat(request.header("Proxy-Authorization")).isEqualTo("Basic bWVAaG9tZTpzM2NyZXQ=");
		});
		assertThat(this.forHttps.requests()).singleElement()
			.satisfies((request) -> assertThat(request.path()).isEqualTo("secure.invalid:443"));
		assertThat(this.direct.requests()).hasSize(3)
			.allSatisfy((request) -> assertThat(request.header("Proxy-Authorization")).isNull());
	}

	@Test
	void anExplicitProxyWinsAndWithoutThePropertyNothingIsFollowed() throws Exception {
		String explicit = jvm().run(ProxiedApplication.class.getName(), FOLLOW,
				"--http-pool.proxy.url=http://127.0.0.1:" + this.direct.port(), PAGE);
		assertThat(explicit).contains(PAGE + ": directly\n")
			.containsOnlyOnce("http-pool.proxy.from-environment is true and has no effect");
		String silent = jvm().run(ProxiedApplication.class.getName(), url("page.invalid"));
		assertThat(silent).contains(url("page.invalid") + ": directly\n");
		assertThat(this.forHttp.requests()).isEmpty();
	}

	@Test
	void aVariableThatNamesNoProxyStopsTheStartWithoutBeingShown() {
		ForkedJvm jvm = jvm().environment("HTTPS_PROXY", "ftp://me:s3cret@proxy.example");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> jvm.run(ProxiedApplication.class.getName(), FOLLOW, PAGE))
			.withMessageContaining("APPLICATION FAILED TO START")
			.withMessageContaining("http-pool.proxy.from-environment")
			.withMessageContaining("environment variable HTTPS_PROXY")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("s3cret").doesNotContain("HTTP_PROXY"));
		assertThat(this.forHttp.requests()).isEmpty();
	}

	private ForkedJvm jvm() {
		return ForkedJvm.withTheClassPathOfTheTests()
			.environment("HTTP_PROXY", "http://me%40home:s3cret@127.0.0.1:" + this.forHttp.port())
			.environment("HTTPS_PROXY", "127.0.0.1:" + this.forHttps.port())
			.environment("NO_PROXY", "10.0.0.0/8, direct.invalid");
	}

	private String url(String host) {
		return "http://" + host + ":" + this.direct.port() + "/";
	}

}

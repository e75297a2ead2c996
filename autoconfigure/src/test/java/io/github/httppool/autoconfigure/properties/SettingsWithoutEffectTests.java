package io.github.httppool.autoconfigure.properties;

import java.util.Arrays;
import java.util.List;

import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A value that has no effect is a warning in the log, once, that says why.
 */
@Tag("waiting")
@ExtendWith(OutputCaptureExtension.class)
class SettingsWithoutEffectTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class, HttpPoolAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
							max-per-route=300                                | no effect | http-pool.max-total is lower (200)
							max-idle-per-route=60                            | no effect | http-pool.max-per-route is lower (50)
							max-idle-per-route=60 max-total=20               | no effect | http-pool.max-total is lower (20)
							routes.a.max-connections=300 routes.a.uri=http://a.example | no effect | http-pool.max-total is lower (200)
							acquire-timeout=5s max-pending=0                 | no effect | http-pool.max-pending is 0: no caller waits
							acquire-timeout=3s call-timeout=2500ms           | no effect | http-pool.call-timeout is shorter (2s500ms)
							connect-timeout=3s call-timeout=2s               | no effect | http-pool.call-timeout is shorter (2s)
							connect-fallback-delay=3s connect-timeout=2s     | no effect | http-pool.connect-timeout is shorter (2s)
							tls-handshake-timeout=3s call-timeout=2s         | no effect | http-pool.call-timeout is shorter (2s)
							response-timeout=3s call-timeout=2s              | no effect | http-pool.call-timeout is shorter (2s)
							expect-continue-timeout=3s call-timeout=2s       | no effect | http-pool.call-timeout is shorter (2s)
							idle-timeout=10m                                 | no effect | http-pool.time-to-live is shorter (5m)
							validate-after-inactivity=60s                    | no effect | http-pool.idle-timeout is not longer (50s)
							drain.max-time=70ms drain.max-bytes=0            | next to no effect | http-pool.drain.max-bytes is 0
							drain.max-time=10s response-timeout=1s           | no effect where the server falls silent | http-pool.response-timeout is shorter (1s)
							max-error-body=20MB max-body=10MB                | no effect | http-pool.max-body is lower (10MB)
							max-error-body=0 max-body=10000B                 | no effect | http-pool.max-body is lower (10000B)
							proxy.from-environment=true proxy.url=http://proxy.example:3128 | no effect | http-pool.proxy.url is set
					proxy.non-proxy-hosts=localhost                  | no effect | http-pool.proxy.url is not set
					idle-timeout=20s keep-alive=false                | no effect | http-pool.keep-alive is false
							time-to-live=20s keep-alive=false                | no effect | http-pool.keep-alive is false
							max-idle-per-route=5 keep-alive=false            | no effect | http-pool.keep-alive is false
							validate-after-inactivity=0 keep-alive=false     | no effect | http-pool.keep-alive is false
							reuse-policy=fifo keep-alive=false               | no effect | http-pool.keep-alive is false
							drain.max-bytes=1MB keep-alive=false             | no effect | http-pool.keep-alive is false
							drain.max-time=1s keep-alive=false               | no effect | http-pool.keep-alive is false
							retry-stale=true keep-alive=false                | no effect | http-pool.keep-alive is false
							""")
	void itIsAWarningThatSaysWhy(String properties, String effect, String why, CapturedOutput output) {
		String[] each = properties.split(" ");
		String[] first = each[0].split("=");
		String[] written = Arrays.stream(each).map((one) -> "http-pool." + one).toArray(String[]::new);
		this.runner.withPropertyValues(written).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output.getOut())
				.containsOnlyOnce(
						"http-pool.%s is %s and has %s, because %s".formatted(first[0], first[1], effect, why))
				.containsOnlyOnce("effect");
		});
	}

	@ParameterizedTest
	@CsvSource({ "http-pool., proxy.from-environment=false", "http-pool., proxy.from-environment=true",
			"http-pool.pools.orders., max-total=7" })
	void credentialsWithoutAProxyAreNamedAndNotShown(String prefix, String other, CapturedOutput output) {
		this.runner
			.withPropertyValues(prefix + "proxy.username=s3cret-name", prefix + "proxy.password=s3cret-password",
					prefix + other)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				for (String credential : List.of("proxy.username", "proxy.password")) {
					assertThat(output.getOut()).containsOnlyOnce(
							prefix + credential + " has no effect, because http-pool.proxy.url is not set");
				}
				assertThat(output.getOut()).doesNotContain("s3cret");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "proxy.username=me proxy.password=secret",
			"proxy.url=http://proxy.example:3128 pools.orders.proxy.username=me pools.orders.proxy.password=secret",
			"proxy.url=http://proxy.example:3128 proxy.username=me proxy.password=secret pools.orders.proxy.url=" })
	void credentialsAreNamedOnceWhereTheyWereWritten(String properties, CapturedOutput output) {
		String[] written = Arrays.stream(properties.split(" ")).map((one) -> "http-pool." + one).toArray(String[]::new);
		this.runner.withPropertyValues(written)
			.withPropertyValues("http-pool.pools.orders.max-total=7")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				if (properties.contains("proxy.url")) {
					assertThat(output.getOut()).doesNotContain("effect");
				}
				else {
					assertThat(output.getOut()).containsOnlyOnce("proxy.username has no effect")
						.doesNotContain("pools.orders");
				}
			});
	}

	@ParameterizedTest
	@CsvSource({ "connect-timeout, spring.http.clients.connect-timeout",
			"response-timeout, spring.http.clients.read-timeout" })
	void settingsOfSpringBootThatAreStrongerAreNamed(String setting, String stronger, CapturedOutput output) {
		this.runner.withPropertyValues("http-pool." + setting + "=9s", stronger + "=4s").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output.getOut())
				.containsOnlyOnce("http-pool." + setting + " is 9s and has no effect on Spring's clients, because "
						+ stronger + " is stronger")
				.containsOnlyOnce("no effect");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "max-total=10", "call-timeout=100ms", "max-pending=0", "keep-alive=false",
			"drain.max-bytes=0", "time-to-live=0", "max-body=1KB", "response-timeout=10ms",
			"idle-timeout=10m time-to-live=0", "idle-timeout=5m time-to-live=5m", "acquire-timeout=2s call-timeout=2s",
			"max-error-body=10MB max-body=10MB", "max-error-body=10MB max-body=0",
			"leak-detection-threshold=10s call-timeout=2s",
			"proxy.url=http://proxy.example:3128 proxy.non-proxy-hosts=localhost",
			"proxy.from-environment=true proxy.non-proxy-hosts=localhost",
			"max-idle-per-route=60 routes.a.uri=http://a.example routes.a.max-connections=60",
			"drain.max-time=0 drain.max-bytes=8KB", "drain.max-time=1s response-timeout=1s" })
	void whatHasAnEffectOrWasNotWrittenIsNoWarning(String properties, CapturedOutput output) {
		String[] written = properties.isEmpty() ? new String[0]
				: Arrays.stream(properties.split(" ")).map((one) -> "http-pool." + one).toArray(String[]::new);
		this.runner.withPropertyValues(written).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output.getOut()).doesNotContain("effect");
		});
	}

	@Test
	void aPlaceholderIsShownAsItsValue(CapturedOutput output) {
		this.runner.withPropertyValues("http-pool.max-per-route=${limit}", "limit=400")
			.run((context) -> assertThat(output.getOut()).contains("http-pool.max-per-route is 400 and has no effect"));
	}

}

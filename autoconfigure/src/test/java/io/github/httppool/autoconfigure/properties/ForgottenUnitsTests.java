package io.github.httppool.autoconfigure.properties;

import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import io.github.httppool.autoconfigure.HttpPoolRestClientAutoConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bare numbers that are probably missing their unit.
 */
@Tag("waiting")
@ExtendWith(OutputCaptureExtension.class)
class ForgottenUnitsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class,
				ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
				HttpPoolAutoConfiguration.class, HttpPoolRestClientAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource({ "acquire-timeout, 2", "connect-timeout, 5", "tls-handshake-timeout, 10", "response-timeout, 30",
			"call-timeout, 60", "expect-continue-timeout, 1", "idle-timeout, 300", "time-to-live, 600",
			"leak-detection-threshold, 30", "pools.orders.acquire-timeout, 2", "ACQUIRE_TIMEOUT, 2" })
	void aDurationShowsBothReadings(String setting, String value, CapturedOutput output) {
		this.runner.withPropertyValues("http-pool." + setting + "=" + value).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output.getOut().replace("\n  ", " "))
				.containsOnlyOnce(
						"http-pool.%s=%s".formatted(setting.replace("ACQUIRE_TIMEOUT", "acquire-timeout"), value))
				.containsOnlyOnce(
						" means %1$s milliseconds. If seconds are meant, write %1$ss. If milliseconds are meant, write %1$sms"
							.formatted(value));
		});
	}

	@ParameterizedTest
	@CsvSource({ "max-body, 10", "max-error-body, 1", "drain.max-bytes, 64" })
	void aSizeShowsItsReadings(String setting, String value, CapturedOutput output) {
		this.runner.withPropertyValues("http-pool." + setting + "=" + value, "http-pool.max-error-body=1")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output.getOut().replace("\n  ", " "))
					.containsOnlyOnce("http-pool.%s=%s".formatted(setting, value))
					.containsOnlyOnce(
							"means %1$s bytes. If kilobytes or megabytes are meant, write %1$sKB or %1$sMB. If bytes are meant, write %1$sB"
								.formatted(value));
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "acquire-timeout=2s", "acquire-timeout=2ms", "acquire-timeout=PT2S", "acquire-timeout=100",
			"acquire-timeout=3000", "time-to-live=0", "call-timeout=0", "validate-after-inactivity=10",
			"drain.max-time=50", "max-body=10B", "max-body=10MB", "max-body=65536", "drain.max-bytes=0",
			"max-total=2" })
	void whatIsPlausibleIsNoWarning(String property, CapturedOutput output) {
		this.runner.withPropertyValues("http-pool." + property).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output.getOut()).doesNotContain(" means ");
		});
	}

	@Test
	void anInheritedValueIsNamedOnce(CapturedOutput output) {
		this.runner
			.withPropertyValues("http-pool.acquire-timeout=${seconds}", "seconds=2",
					"http-pool.pools.orders.max-total=7")
			.run((context) -> assertThat(output.getOut()).containsOnlyOnce("acquire-timeout=2"));
	}

}

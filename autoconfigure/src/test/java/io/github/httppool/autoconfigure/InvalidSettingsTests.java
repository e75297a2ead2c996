package io.github.httppool.autoconfigure;

import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Values that make no sense stop the start with an explanation; values without effect are
 * a warning.
 */
@ExtendWith(OutputCaptureExtension.class)
class InvalidSettingsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class, HttpPoolAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource({ "max-total, 0", "max-total, -1", "max-per-route, 0", "max-idle-per-route, -1", "max-pending, -2",
			"acquire-timeout, 0s", "acquire-timeout, -1s", "connect-timeout, 0ms", "tls-handshake-timeout, 0",
			"response-timeout, -5s", "response-timeout, 60d", "expect-continue-timeout, 0s", "idle-timeout, 0s",
			"time-to-live, -1s", "validate-after-inactivity, -1ms", "drain.max-bytes, -1B", "drain.max-time, -1ms",
			"call-timeout, 0s", "call-timeout, 30d", "max-error-body, -1B", "max-body, -2KB",
			"leak-detection-threshold, 0" })
	void aValueThatMakesNoSenseStopsTheStart(String property, String value) {
		this.runner.withPropertyValues("http-pool." + property + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = new InvalidHttpPoolSettingsFailureAnalyzer()
				.analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).contains("'http-pool." + property + "'");
			assertThat(analysis.getAction()).contains("'http-pool." + property + "'").contains("write a");
		});
	}

	@ParameterizedTest
	@CsvSource({ "reuse-policy, newest, LIFO", "metrics.convention, opentelemetry, OTEL" })
	void aNameThatIsNoneOfTheChoicesStopsTheStart(String property, String value, String choice) {
		this.runner.withPropertyValues("http-pool." + property + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			List<FailureAnalysis> analyses = SpringFactoriesLoader
				.forDefaultResourceLocation(getClass().getClassLoader())
				.load(FailureAnalyzer.class, FailureHandler.handleMessage((message, ex) -> {
				}))
				.stream()
				.map((analyzer) -> analyzer.analyze(context.getStartupFailure()))
				.filter(Objects::nonNull)
				.toList();
			assertThat(analyses).isNotEmpty();
			assertThat(analyses.get(0).getDescription()).contains("http-pool." + property).contains(value);
			assertThat(analyses.get(0).getAction()).contains(choice);
		});
	}

	@Test
	void severalMistakesAreReportedTogether() {
		this.runner.withPropertyValues("http-pool.max-total=0", "http-pool.idle-timeout=-1s").run((context) -> {
			FailureAnalysis analysis = new InvalidHttpPoolSettingsFailureAnalyzer()
				.analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("'http-pool.max-total' has the value '0'")
				.contains("'http-pool.idle-timeout' has the value 'PT-1S'");
			assertThat(analysis.getAction()).contains("write a number of at least 1")
				.contains("write a time of at least 1ms");
		});
	}

	@Test
	void theAnalyzerIsRegistered() {
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation(getClass().getClassLoader())
			.load(FailureAnalyzer.class, FailureHandler.handleMessage((message, ex) -> {
			}))).hasAtLeastOneElementOfType(InvalidHttpPoolSettingsFailureAnalyzer.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "max-total=1", "max-per-route=1", "max-idle-per-route=0", "max-pending=-1",
			"max-pending=0", "time-to-live=0", "validate-after-inactivity=0", "drain.max-bytes=0", "drain.max-time=0",
			"call-timeout=1ms", "max-error-body=0", "max-body=0", "leak-detection-threshold=1ms" })
	void limitsOfWhatMakesSenseAreTaken(String property) {
		this.runner.withPropertyValues("http-pool." + property).run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource({ "max-per-route=300, max-total is lower (200)", "max-idle-per-route=60, max-per-route is lower (50)",
			"idle-timeout=10m, time-to-live is shorter", "validate-after-inactivity=60s, idle-timeout is not longer" })
	void aValueWithoutEffectIsAWarningThatSaysWhy(String property, String why, CapturedOutput output) {
		this.runner.withPropertyValues("http-pool." + property).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output.getOut())
				.containsOnlyOnce("http-pool." + property.substring(0, property.indexOf('=')) + " is ")
				.contains("has no effect, because http-pool." + why);
		});
	}

	@Test
	void theDefaultsWarnOfNothing(CapturedOutput output) {
		this.runner.withPropertyValues("http-pool.max-total=10").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output.getOut()).doesNotContain("has no effect");
		});
	}

}

package io.github.httppool.autoconfigure.properties;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Objects;

import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Values that make no sense stop the start with an explanation.
 */
@Tag("waiting")
class InvalidSettingsTests {

	private @Nullable Environment environment;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class, HttpPoolAutoConfiguration.class))
		.withInitializer((context) -> this.environment = context.getEnvironment());

	@ParameterizedTest
	@CsvSource({ "max-total, 0", "max-total, -1", "max-per-route, 0", "max-idle-per-route, -1", "max-pending, -2",
			"acquire-timeout, 0s", "acquire-timeout, -1s", "connect-timeout, 0ms", "connect-fallback-delay, -1ms",
			"tls-handshake-timeout, 0", "response-timeout, -5s", "response-timeout, 60d", "expect-continue-timeout, 0s",
			"idle-timeout, 0s", "time-to-live, -1s", "validate-after-inactivity, -1ms", "drain.max-bytes, -1B",
			"drain.max-time, -1ms", "call-timeout, -1s", "call-timeout, 1us", "call-timeout, 30d",
			"max-error-body, -1B", "max-body, -2KB", "leak-detection-threshold, -1s", "leak-detection-threshold, 1ns" })
	void anInvalidValueFailsStartup(String property, String value) {
		this.runner.withPropertyValues("http-pool." + property + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription()).contains("'http-pool." + property + "'");
			assertThat(analysis.getAction()).contains("'http-pool." + property + "'").contains("use a");
		});
	}

	@ParameterizedTest
	@CsvSource({ "reuse-policy, newest, lifo", "metrics.convention, opentelemetry, otel" })
	void aNameThatIsNoneOfTheChoicesStopsTheStart(String property, String value, String choice) {
		this.runner.withPropertyValues("http-pool." + property + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription()).contains("http-pool." + property).contains(value);
			assertThat(analysis.getAction()).contains(choice);
		});
	}

	@Test
	void severalMistakesAreReportedTogether() {
		this.runner.withPropertyValues("http-pool.max-total=0", "http-pool.idle-timeout=-1s").run((context) -> {
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription()).contains("'http-pool.max-total' has the value '0'")
				.contains("'http-pool.idle-timeout' has the value '-1s'");
			assertThat(analysis.getAction()).contains("use a number of at least 1")
				.contains("use a time of at least 1ms");
		});
	}

	@Test
	void itIsSaidWhereAMistakeWasWritten() {
		this.runner.withInitializer(new ConfigDataApplicationContextInitializer())
			.withPropertyValues("spring.config.location=classpath:/invalid-settings.yml")
			.run((context) -> {
				FailureAnalysis analysis = analyze(context);
				assertThat(analysis.getDescription()).contains("'http-pool.max-total'", "'http-pool.drain.max-time'",
						"invalid-settings.yml] - 4:14", "invalid-settings.yml] - 7:15");
			});
	}

	@Test
	void whatIsMissingIsSaidToBeMissing() {
		this.runner.withPropertyValues("http-pool.routes.orders.max-connections=5").run((context) -> {
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription()).isEqualTo("Property 'http-pool.routes.orders.uri' is missing.");
			assertThat(analysis.getAction())
				.startsWith("For 'http-pool.routes.orders.uri', use scheme, host and port of the route");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "http-pool.", "http-pool.pools.orders." })
	void mistakesAboutAProxyAreReportedTogetherUnderTheNameOfTheirPool(String prefix) {
		this.runner
			.withPropertyValues(prefix + "max-total=0", prefix + "proxy.url=ftp://proxy.example:21",
					prefix + "proxy.username=s3cret-name", prefix + "proxy.non-proxy-hosts=10.0.0.0/33,api.example,a b")
			.run((context) -> {
				FailureAnalysis analysis = analyze(context);
				assertThat(analysis.getDescription().lines()).satisfiesExactlyInAnyOrder(
						(line) -> assertThat(line).startsWith("Property '" + prefix + "max-total' has the value '0'"),
						(line) -> assertThat(line)
							.startsWith("Property '" + prefix + "proxy.non-proxy-hosts' has the value '10.0.0.0/33'"),
						(line) -> assertThat(line)
							.startsWith("Property '" + prefix + "proxy.non-proxy-hosts' has the value 'a b'"),
						(line) -> assertThat(line)
							.startsWith("Property '" + prefix + "proxy.url' has the value 'ftp://proxy.example:21'"),
						(line) -> assertThat(line).isEqualTo("Property '" + prefix + "proxy.password' is missing."));
				assertThat(analysis.getAction()).contains("For '" + prefix + "proxy.url', use an address that begins")
					.contains("For '" + prefix + "proxy.password', set the password")
					.contains("For '" + prefix + "proxy.non-proxy-hosts', use names such as");
				assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain("s3cret");
			});
	}

	@Test
	void mistakesAboutTheProxiesOfSeveralPoolsAreReportedTogether() {
		this.runner.withPropertyValues("http-pool.proxy.url=http://first.example:3128", "http-pool.proxy.username=me",
				"http-pool.proxy.password=s3cret", "http-pool.pools.inherits.max-total=7",
				"http-pool.pools.half.proxy.url=http://second.example:3128",
				"http-pool.pools.half.proxy.password=s3cret", "http-pool.pools.portless.proxy.url=http://third.example",
				"http-pool.pools.colon.proxy.url=http://fourth.example:3128",
				"http-pool.pools.colon.proxy.username=s3cret:me", "http-pool.pools.colon.proxy.password=s3cret")
			.run((context) -> {
				FailureAnalysis analysis = analyze(context);
				assertThat(analysis.getDescription().lines()).satisfiesExactlyInAnyOrder(
						(line) -> assertThat(line)
							.isEqualTo("Property 'http-pool.pools.half.proxy.username' is missing."),
						(line) -> assertThat(line).startsWith(
								"Property 'http-pool.pools.portless.proxy.url' has the value 'http://third.example'"),
						(line) -> assertThat(line)
							.startsWith("Property 'http-pool.pools.colon.proxy.username' has the value '***'"));
				assertThat(analysis.getAction()).contains("use a port", "without a colon");
				assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain("s3cret");
			});
	}

	@Test
	void halfOfTheCredentialsForAnInheritedProxyIsMissingWhereTheOtherHalfIs() {
		this.runner
			.withPropertyValues("http-pool.proxy.url=http://proxy.example:3128",
					"http-pool.pools.orders.proxy.username=me")
			.run((context) -> assertThat(analyze(context).getDescription())
				.isEqualTo("Property 'http-pool.pools.orders.proxy.password' is missing."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "http-pool.", "http-pool.pools.orders." })
	void credentialsInTheAddressOfAProxyAreRefusedAndShownNowhere(String prefix) {
		this.runner.withPropertyValues(prefix + "proxy.url=http://s3cret-name:s3cret-password@proxy.example:3128")
			.run((context) -> {
				FailureAnalysis analysis = analyze(context);
				assertThat(analysis.getDescription())
					.startsWith("Property '" + prefix + "proxy.url' has the value 'http://***@proxy.example:3128'");
				assertThat(analysis.getAction()).contains("For '" + prefix + "proxy.url'", prefix + "proxy.username");
				assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain("s3cret");
				assertThat(context.getStartupFailure()).satisfies((failure) -> {
					StringWriter trace = new StringWriter();
					failure.printStackTrace(new PrintWriter(trace));
					assertThat(trace.toString()).contains("***@proxy.example:3128").doesNotContain("s3cret");
				});
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "max-total=1", "max-per-route=1", "max-idle-per-route=0", "max-pending=-1",
			"max-pending=0", "time-to-live=0", "validate-after-inactivity=0", "drain.max-bytes=0", "drain.max-time=0",
			"call-timeout=1ms", "call-timeout=0", "max-error-body=0", "max-body=0", "leak-detection-threshold=1ms",
			"leak-detection-threshold=0" })
	void limitsOfWhatMakesSenseAreTaken(String property) {
		this.runner.withPropertyValues("http-pool." + property).run((context) -> assertThat(context).hasNotFailed());
	}

	private FailureAnalysis analyze(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		ArgumentResolver resolver = ArgumentResolver.of(Environment.class, Objects.requireNonNull(this.environment));
		return SpringFactoriesLoader.forDefaultResourceLocation(InvalidSettingsTests.class.getClassLoader())
			.load(FailureAnalyzer.class, resolver, FailureHandler.handleMessage((message, ex) -> {
			}))
			.stream()
			.map((analyzer) -> analyzer.analyze(context.getStartupFailure()))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow();
	}

}

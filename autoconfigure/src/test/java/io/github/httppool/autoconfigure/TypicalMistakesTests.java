package io.github.httppool.autoconfigure;

import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;
import org.springframework.web.client.RestClient;

import io.github.httppool.HttpPools;
import org.junit.jupiter.api.Tag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What a user is told of a typical mistake: property, place, value and what to write.
 */
@Tag("waiting")
@ExtendWith(OutputCaptureExtension.class)
class TypicalMistakesTests {

	private @Nullable Environment environment;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
				HttpPoolAutoConfiguration.class, HttpPoolRestClientAutoConfiguration.class))
		.withInitializer((context) -> this.environment = context.getEnvironment());

	// Values that are none of their kind

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-",
			value = { "reuse-policy | lifoo | not one of its choices | 'fifo' | 'lifo'",
					"metrics.convention | otelx | not one of its choices | 'micrometer', 'otel' | 'otel'",
					"reuse-policy | newest | not one of its choices | 'lifo', 'fifo' | -",
					"acquire-timeout | 3sec | not a duration | such as '3s' | '3s'",
					"connect-timeout | 500 millis | not a duration | such as '3s' | '500ms'",
					"idle-timeout | 2min | not a duration | such as '3s' | '2m'",
					"response-timeout | soon | not a duration | such as '3s' | -",
					"drain.max-bytes | 64kb | not a size | such as '64KB' | '64KB'",
					"max-body | 10 Mb | not a size | such as '64KB' | '10MB'",
					"max-error-body | 1m | not a size | such as '64KB' | '1MB'",
					"max-total | many | not a whole number | such as '50' | -",
					"max-per-route | 99999999999 | not a whole number | such as '50' | -",
					"keep-alive | yse | neither true nor false | 'true' or 'false' | -",
					"pools.orders.acquire-timeout | 3sec | not a duration | such as '3s' | '3s'",
					"routes.orders.max-connections | five | not a whole number | such as '50' | -",
					"warm-up.orders.connections | few | not a whole number | such as '50' | -" })
	void aValueOfTheWrongTypeIsExplainedInPlainWords(String property, String value, String wrong, String example,
			@Nullable String meant) {
		String name = "http-pool." + property;
		this.runner.withPropertyValues(name + "=" + value).run((context) -> {
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription())
				.startsWith("Property '" + name + "' has the value '" + value + "', which is ")
				.contains(wrong, "\"" + name + "\" from property source");
			assertThat(analysis.getAction()).startsWith("For '" + name + "', use ").contains(example);
			if (meant != null) {
				assertThat(analysis.getAction()).contains("perhaps " + meant + " is meant");
			}
			else {
				assertThat(analysis.getAction()).doesNotContain("perhaps");
			}
			assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain("java.", "org.", "convert");
		});
	}

	@Test
	void thePlaceInAFileIsTold() {
		this.runner.withInitializer(new ConfigDataApplicationContextInitializer())
			.withPropertyValues("spring.config.location=classpath:/mistaken-settings.yml")
			.run((context) -> assertThat(analyze(context).getDescription()).contains(
					"'http-pool.pools.orders.drain.max-time' has the value '50msec'", "mistaken-settings.yml] - 5:"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "proxy", "drain", "pools.orders.proxy", "pools.orders.drain", "metrics" })
	void aValueWhereThereArePropertiesBelowIsNotShown(String property) {
		String name = "http-pool." + property;
		this.runner.withPropertyValues(name + "=http://user:s3cret@proxy.example:3128").run((context) -> {
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription()).contains("Property '" + name + "' has a value, but takes none");
			assertThat(analysis.getAction()).contains("such as '" + name + ".");
			assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain("s3cret");
		});
	}

	@Test
	void valuesOfOthersAreLeftToSpringBoot() {
		this.runner.withPropertyValues("spring.http.clients.connect-timeout=3sec").run((context) -> {
			assertThat(context).hasFailed();
			assertThat(analyze(context).getDescription()).doesNotContain("which is not a duration");
		});
	}

	// Values that make no sense

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "acquire-timeout | -3s | use a time of at least 1ms",
					"max-total | -1 | use a number of at least 1",
					"proxy.url | htp://proxy.example:3128 | http://, https:// or socks5://",
					"proxy.url | proxy.example:3128 | http://, https:// or socks5://",
					"routes.orders.uri | orders.example | use scheme, host and port",
					"pools.orders.base-url | orders.example | begins with 'http://' or 'https://'",
					"response-timeout | 99d | at most 24 days" })
	void anInvalidValueIsReportedWithAdvice(String property, String value, String remedy) {
		this.runner
			.withPropertyValues("http-pool." + property + "=" + value, "http-pool.routes.orders.max-connections=3",
					"http-pool.routes.orders.uri="
							+ (property.equals("routes.orders.uri") ? value : "http://o.example"))
			.run((context) -> {
				FailureAnalysis analysis = analyze(context);
				assertThat(analysis.getDescription()).contains("Property 'http-pool." + property + "'",
						"'" + value + "'", "from property source");
				assertThat(analysis.getAction()).contains("For 'http-pool." + property + "'", remedy);
			});
	}

	@ParameterizedTest
	@CsvSource({ "max-per-route=500, 'http-pool.max-total is lower (200)'", "drain.max-bytes=64, means 64 bytes",
			"acquire-timeout=2, means 2 milliseconds",
			"max-idle-per-route=70, 'http-pool.max-per-route is lower (50)'" })
	void aValueThatIsProbablyAMistakeIsAWarning(String setting, String words, CapturedOutput output) {
		this.runner.withPropertyValues("http-pool." + setting).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output.getOut().lines().filter((line) -> line.contains("http-pool." + setting.split("=")[0])))
				.anySatisfy((line) -> assertThat(line).contains("WARN", words));
		});
	}

	// Unknown names

	@Test
	void anUnknownBundleOfAPoolNamesTheNearest() {
		withBundle().withPropertyValues("http-pool.pools.orders.ssl-bundle=partnr").run((context) -> {
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription()).contains("'http-pool.pools.orders.ssl-bundle'", "'partnr'");
			assertThat(analysis.getAction()).contains("there are [partner], and perhaps 'partner' is meant");
		});
	}

	@Test
	void anUnknownBundleOfSpringBootsClientsNamesTheNearest() {
		withBundle().withPropertyValues("spring.http.clients.ssl.bundle=partnr").run((context) -> {
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription())
				.contains("Property 'spring.http.clients.ssl.bundle' has the value 'partnr'", "from property source");
			assertThat(analysis.getAction()).contains("perhaps 'partner' is meant");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anUnknownBundleOfSpringBootsClientsIsAnalyzedWhileThereArePools(boolean enabled) {
		this.runner.withPropertyValues("http-pool.enabled=" + enabled).run((context) -> {
			TestPropertyValues.of("spring.http.clients.ssl.bundle=partnr").applyTo(context);
			FailureAnalysis analysis = new UnknownBundleFailureAnalyzer(context.getEnvironment())
				.analyze(new NoSuchSslBundleException("partnr", "unknown"));
			assertThat(analysis != null).isEqualTo(enabled);
		});
	}

	@Test
	void withoutBundlesNoneIsNamed() {
		this.runner.withPropertyValues("http-pool.pools.orders.ssl-bundle=partner")
			.run((context) -> assertThat(analyze(context).getAction()).contains("there is none")
				.doesNotContain("perhaps"));
	}

	@Test
	void anUnknownPoolNamesTheNearest() {
		this.runner.withPropertyValues("http-pool.pools.orders.max-total=7").run((context) -> {
			HttpPools pools = context.getBean(HttpPools.class);
			assertThatIllegalArgumentException().isThrownBy(() -> pools.get("ordrs"))
				.withMessage("There is no pool 'ordrs', perhaps 'orders' is meant: the pools of this application are "
						+ "[default, orders]");
			assertThatIllegalArgumentException().isThrownBy(() -> pools.get("payments"))
				.withMessage("There is no pool 'payments': the pools of this application are [default, orders]");
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { ByPool.class, ByBean.class })
	void anUnknownQualifierNamesTheNearest(Class<?> user) {
		this.runner.withPropertyValues("http-pool.pools.orders.max-total=7").withBean(user).run((context) -> {
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription()).contains("The pools of this application are [default, orders]");
			assertThat(analysis.getAction())
				.contains("Use the qualifier '" + ((user == ByPool.class) ? "orders" : "ordersRestClient") + "'");
		});
	}

	private ApplicationContextRunner withBundle() {
		return this.runner
			.withPropertyValues("spring.ssl.bundle.pem.partner.truststore.certificate=classpath:none.pem");
	}

	private FailureAnalysis analyze(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		ArgumentResolver resolver = ArgumentResolver.of(Environment.class, Objects.requireNonNull(this.environment));
		return SpringFactoriesLoader.forDefaultResourceLocation(TypicalMistakesTests.class.getClassLoader())
			.load(FailureAnalyzer.class, resolver, FailureHandler.handleMessage((message, ex) -> {
			}))
			.stream()
			.map((analyzer) -> analyzer.analyze(context.getStartupFailure()))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow();
	}

	static class ByPool {

		ByPool(@Autowired @Qualifier("ordrs") RestClient client) {
		}

	}

	static class ByBean {

		ByBean(@Autowired @Qualifier("ordrsRestClient") RestClient client) {
		}

	}

}

package io.github.httppool.autoconfigure.properties;

import java.util.List;
import java.util.Map;

import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
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
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties that nobody reads, because they are misspelt or in the wrong place.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnknownPropertiesTests {

	@ParameterizedTest
	@CsvSource({ "max-totl, max-total", "maxtotals, max-total", "max-pr-route, max-per-route",
			"idle-time, idle-timeout", "drain-max-bytes, drain.max-bytes", "max-bytes, drain.max-bytes",
			"drain.maxbyte, drain.max-bytes", "drian.max-bytes, drain.max-bytes", "proxy.user, proxy.username",
			"leak-detection-treshold, leak-detection-threshold", "conection-timeout, connect-timeout",
			"non-proxy-hosts[0], proxy.non-proxy-hosts", "metrics.conventions, metrics.convention",
			"route.orders.uri, routes.orders.uri", "routes.orders.url, routes.orders.uri",
			"routes.orders.maxconnection, routes.orders.max-connections", "warm-ups.orders.uri, warm-up.orders.uri",
			"warm-up.orders.connection, warm-up.orders.connections", "pool.orders.max-total, pools.orders.max-total",
			"pools.orders.max-totl, pools.orders.max-total", "pools.orders.base-uri, pools.orders.base-url",
			"pools.orders.drain.max-bites, pools.orders.drain.max-bytes",
			"pools.orders.metrics.convention, metrics.convention", "pools.orders.enabled, enabled",
			"base-url, pools.<name>.base-url", "ssl-bundle, pools.<name>.ssl-bundle" })
	void theNearestNameIsSuggested(String written, String meant) {
		String name = "http-pool." + written;
		assertThat(unknown(new MapPropertySource("test", Map.of(name, "secret")))).containsExactly(
				"%s (\"%s\" from property source \"test\") is no property of HTTP Pool and has no effect: perhaps http-pool.%s is meant"
					.formatted(name, name, meant));
	}

	@ParameterizedTest
	@ValueSource(strings = { "http-pool.colour", "http-pool.max-total.of-us", "http-pool.pools.orders.colour" })
	void whatIsNearToNothingIsSaidToBeUnknown(String name) {
		assertThat(unknown(new MapPropertySource("test", Map.of(name, "blue")))).singleElement()
			.asString()
			.startsWith(name)
			.endsWith("is no property of HTTP Pool and has no effect");
	}

	@ParameterizedTest
	@ValueSource(strings = { "http-pool.max-total", "http-pool.maxTotal", "http-pool.MAX_TOTAL", "httpPool.maxTotal",
			"http-pool.drain.max-bytes", "http-pool.proxy.non-proxy-hosts", "http-pool.proxy.non-proxy-hosts[1]",
			"http-pool.routes.orders.max-connections", "http-pool.routes[a.b].uri", "http-pool.pools.orders.base-url",
			"http-pool.pools.orders.routes.a.uri", "http-pool.pools.orders.proxy.non-proxy-hosts[0]",
			"http-pools.max-totl", "http.pool.max-totl", "http-pool", "spring.http-pool.colour" })
	void knownNamesAndThoseOfOthersAreLeftAlone(String name) {
		assertThat(unknown(new MapPropertySource("test", Map.of(name, "1")))).isEmpty();
	}

	@Test
	void variablesOfTheEnvironmentAreNamedAsTheyAreWritten() {
		assertThat(environment("HTTPPOOL_MAXTOTL")).singleElement()
			.asString()
			.contains("HTTPPOOL_MAXTOTL")
			.contains("perhaps http-pool.max-total is meant");
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTPPOOL_MAXTOTAL", "HTTPPOOL_DRAIN_MAXBYTES", "HTTP_POOL_MAX_TOTAL",
			"HTTPPOOL_PROXY_NONPROXYHOSTS_0", "HTTPPOOL_POOLS_ORDERS_MAXTOTAL", "HTTPPOOL_SERVICE_HOST",
			"HTTPPOOL_SERVICE_PORT_HTTP", "HTTPPOOL_PORT", "HTTPPOOL_PORT_8080_TCP_ADDR" })
	void variablesThatAreReadOrAreOfKubernetesAreLeftAlone(String name) {
		assertThat(environment(name)).isEmpty();
	}

	@Test
	void theyAreLoggedOnceWithTheirPlaceAtTheStart(CapturedOutput output) {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(HttpClientAutoConfiguration.class, HttpPoolAutoConfiguration.class))
			.withPropertyValues("http-pool.max-totl=7", "http-pool.max-total=8")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output.getOut()).containsOnlyOnce("is no property of HTTP Pool")
					.contains("perhaps http-pool.max-total is meant");
			});
	}

	@Test
	void nothingIsSaidWhereTheStarterIsOff(CapturedOutput output) {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(HttpClientAutoConfiguration.class, HttpPoolAutoConfiguration.class))
			.withPropertyValues("http-pool.enabled=false", "http-pool.max-totl=7")
			.run((context) -> assertThat(output.getOut()).doesNotContain("max-totl"));
	}

	private static List<String> environment(String name) {
		return unknown(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
				Map.of(name, "1")));
	}

	private static List<String> unknown(PropertySource<?> source) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().forEach((each) -> environment.getPropertySources().remove(each.getName()));
		environment.getPropertySources().addLast(source);
		return UnknownProperties.in(new WrittenProperties(environment));
	}

}

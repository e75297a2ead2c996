package io.github.httppool.autoconfigure.properties;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.InvalidHttpPoolSettingsException;
import io.github.httppool.InvalidHttpPoolSettingsException.Problem;
import io.github.httppool.ProxySettings;
import io.github.httppool.RouteLimit;
import io.github.httppool.WarmUp;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What a further pool inherits, what it says itself, and what it may be called.
 */
class ConfiguredPoolsTests {

	/** For each setting a property, a value for all pools, and one for a further pool. */
	private static final Map<String, List<String>> PROPERTIES = new LinkedHashMap<>();

	static {
		PROPERTIES.put("maxTotal", List.of("max-total", "61", "62"));
		PROPERTIES.put("maxPerRoute", List.of("max-per-route", "31", "32"));
		PROPERTIES.put("maxIdlePerRoute", List.of("max-idle-per-route", "11", "12"));
		PROPERTIES.put("maxPending", List.of("max-pending", "21", "22"));
		PROPERTIES.put("acquireTimeout", List.of("acquire-timeout", "31ms", "32ms"));
		PROPERTIES.put("connectTimeout", List.of("connect-timeout", "41ms", "42ms"));
		PROPERTIES.put("connectFallbackDelay", List.of("connect-fallback-delay", "43ms", "44ms"));
		PROPERTIES.put("tlsHandshakeTimeout", List.of("tls-handshake-timeout", "51ms", "52ms"));
		PROPERTIES.put("responseTimeout", List.of("response-timeout", "61s", "62s"));
		PROPERTIES.put("callTimeout", List.of("call-timeout", "11m", "12m"));
		PROPERTIES.put("expectContinueTimeout", List.of("expect-continue-timeout", "71ms", "72ms"));
		PROPERTIES.put("keepAlive", List.of("keep-alive", "false", "true"));
		PROPERTIES.put("idleTimeout", List.of("idle-timeout", "21s", "22s"));
		PROPERTIES.put("timeToLive", List.of("time-to-live", "6m", "7m"));
		PROPERTIES.put("validateAfterInactivity", List.of("validate-after-inactivity", "11ms", "12ms"));
		PROPERTIES.put("reusePolicy", List.of("reuse-policy", "fifo", "lifo"));
		PROPERTIES.put("drainMaxBytes", List.of("drain.max-bytes", "1KB", "2KB"));
		PROPERTIES.put("drainMaxTime", List.of("drain.max-time", "81ms", "82ms"));
		PROPERTIES.put("maxErrorBody", List.of("max-error-body", "3KB", "4KB"));
		PROPERTIES.put("maxBody", List.of("max-body", "5MB", "6MB"));
		PROPERTIES.put("compression", List.of("compression", "false", "true"));
		PROPERTIES.put("retryStale", List.of("retry-stale", "false", "true"));
		PROPERTIES.put("leakDetectionThreshold", List.of("leak-detection-threshold", "8m", "9m"));
		PROPERTIES.put("proxy", List.of("proxy.url", "http://first.example:3128", "http://second.example:3128"));
		PROPERTIES.put("routes", List.of("routes.a.max-connections", "5", "6"));
	}

	private final StandardEnvironment environment = new StandardEnvironment();

	@Test
	void eachSettingIsAmongThoseOfTheseTests() {
		Set<String> settings = new TreeSet<>(HttpPoolSettings.builder().build().values().keySet());
		settings.remove("warm-up");
		assertThat(PROPERTIES.values()
			.stream()
			.map((property) -> property.get(0).replaceFirst("^(proxy|routes)\\..*", "$1"))).hasSameElementsAs(settings);
	}

	@TestFactory
	List<DynamicTest> aPoolInheritsEachValueAndMayHaveAnotherOne() {
		return PROPERTIES.entrySet()
			.stream()
			.map((property) -> DynamicTest.dynamicTest(property.getKey(),
					() -> assertInherited(property.getKey(), property.getValue().get(0), property.getValue().get(1),
							property.getValue().get(2))))
			.toList();
	}

	private static void assertInherited(String setting, String property, String shared, String own) {
		StandardEnvironment environment = new StandardEnvironment();
		Map<String, Object> values = new LinkedHashMap<>();
		values.put("http-pool.routes.a.uri", "http://a.example");
		values.put("http-pool.routes.a.max-connections", "7");
		values.put("http-pool." + property, shared);
		values.put("http-pool.pools.heir.base-url", "http://heir.example");
		values.put("http-pool.pools.other." + property, own);
		environment.getPropertySources().addFirst(new MapPropertySource("test", values));
		List<ConfiguredPool> pools = ConfiguredPools.of(environment);
		assertThat(pools).extracting(ConfiguredPool::name).containsExactly("default", "heir", "other");
		Object ofDefault = value(pools.get(0), setting);
		assertThat(value(pools.get(1), setting)).isEqualTo(ofDefault);
		assertThat(value(pools.get(2), setting)).isNotEqualTo(ofDefault);
		assertThat(ofDefault).isNotEqualTo(value(new StandardEnvironment(), setting));
	}

	private static Object value(StandardEnvironment environment, String setting) {
		return value(ConfiguredPools.of(environment).get(0), setting);
	}

	private static Object value(ConfiguredPool pool, String setting) {
		Method getter = ReflectionUtils.findMethod(HttpPoolSettings.class, setting);
		return ReflectionUtils.invokeMethod(getter, pool.settings());
	}

	@Test
	void maxIdleIsAsTheOwnMaxPerRouteUnlessSomebodySaysOtherwise() {
		properties("http-pool.max-per-route=10", "http-pool.pools.orders.max-per-route=20");
		assertThat(pool("orders").settings().maxIdlePerRoute()).isEqualTo(20);
	}

	@Test
	void settingsKnowWhosePropertiesTheyComeFrom() {
		properties("http-pool.max-total=60", "http-pool.pools.orders.max-total=50");
		assertThat(pool("default").settings().propertyPrefix()).isEqualTo("http-pool.");
		assertThat(pool("orders").settings().propertyPrefix()).isEqualTo("http-pool.pools.orders.");
		assertThat(pool("orders").settings().toBuilder().build().propertyPrefix()).isEqualTo("http-pool.pools.orders.");
	}

	@Test
	void warmUpIsNotInherited() {
		properties("http-pool.warm-up.a.uri=http://a.example", "http-pool.warm-up.a.connections=3",
				"http-pool.pools.orders.warm-up.b.uri=http://b.example",
				"http-pool.pools.orders.warm-up.b.connections=4");
		assertThat(pool("default").settings().warmUp()).containsExactly(new WarmUp("a", "http://a.example", 3));
		assertThat(pool("orders").settings().warmUp()).containsExactly(new WarmUp("b", "http://b.example", 4));
	}

	@Test
	void baseUrlAndSslBundleBelongToFurtherPoolsOnly() {
		properties("http-pool.base-url=http://all.example", "http-pool.ssl-bundle=all", "http-pool.pools.a.max-total=3",
				"http-pool.pools.b.base-url=https://b.example/api", "http-pool.pools.b.ssl-bundle=b");
		assertThat(pool("default").baseUrl()).isNull();
		assertThat(pool("a").baseUrl()).isNull();
		assertThat(pool("a").sslBundle()).isNull();
		assertThat(pool("b").baseUrl()).isEqualTo("https://b.example/api");
		assertThat(pool("b").sslBundle()).isEqualTo("b");
	}

	@Test
	void aRouteInheritsWhatItDoesNotSayAndFurtherRoutesAreAdded() {
		properties("http-pool.routes.a.uri=http://a.example", "http-pool.routes.a.max-connections=3",
				"http-pool.pools.orders.routes.a.max-connections=5",
				"http-pool.pools.orders.routes.b.uri=http://b.example",
				"http-pool.pools.orders.routes.b.max-connections=7");
		assertThat(pool("default").settings().routes()).containsExactly(new RouteLimit("a", "http://a.example", 3));
		assertThat(pool("orders").settings().routes()).containsExactlyInAnyOrder(
				new RouteLimit("a", "http://a.example", 5), new RouteLimit("b", "http://b.example", 7));
	}

	@Test
	void anEmptyValueLeavesAPoolWithoutWhatTheSharedOneHas() {
		yaml("""
				http-pool:
				  max-idle-per-route: 3
				  call-timeout: 10s
				  max-body: 1MB
				  leak-detection-threshold: 1m
				  proxy:
				    url: http://proxy.example:3128
				    username: me
				    password: secret
				  pools:
				    free:
				      max-idle-per-route:
				      call-timeout:
				      max-body:
				      leak-detection-threshold:
				      proxy.url:
				""");
		HttpPoolSettings free = pool("free").settings();
		assertThat(free.maxIdlePerRoute()).isEqualTo(50);
		assertThat(free.callTimeout()).isNull();
		assertThat(free.maxBody()).isZero();
		assertThat(free.leakDetectionThreshold()).isNull();
		assertThat(free.proxy()).isEqualTo(ProxySettings.NONE);
		assertThat(pool("default").settings().callTimeout()).isEqualTo(Duration.ofSeconds(10));
	}

	@Test
	void theCredentialsOfOneProxyAreNotGivenToAnother() {
		properties("http-pool.proxy.url=http://first.example:3128", "http-pool.proxy.username=me",
				"http-pool.proxy.password=secret", "http-pool.proxy.non-proxy-hosts=direct.example",
				"http-pool.pools.heir.max-total=3", "http-pool.pools.other.proxy.url=http://second.example:3128",
				"http-pool.pools.known.proxy.url=http://third.example:3128", "http-pool.pools.known.proxy.username=you",
				"http-pool.pools.known.proxy.password=another");
		assertThat(pool("heir").settings().proxy()).isEqualTo(pool("default").settings().proxy());
		assertThat(pool("other").settings().proxy())
			.isEqualTo(new ProxySettings("http://second.example:3128", null, null, List.of("direct.example"), false));
		assertThat(pool("known").settings().proxy()).isEqualTo(
				new ProxySettings("http://third.example:3128", "you", "another", List.of("direct.example"), false));
	}

	@ParameterizedTest
	@ValueSource(strings = { "http-pool:\n  pools:\n    orders:\n", "http-pool:\n  pools:\n    orders: {}\n" })
	void aPoolThatSaysNothingInheritsEverything(String text) {
		yaml(text);
		properties("http-pool.max-total=17");
		assertThat(pool("orders").settings().maxTotal()).isEqualTo(17);
	}

	@Test
	void anEnvironmentVariableReachesAPoolWhoseNameItCannotSpell() {
		yaml("http-pool.pools:\n  order-service.max-total: 5\n  billingService.max-total: 6\n");
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
					Map.of("HTTPPOOL_POOLS_ORDERSERVICE_MAXTOTAL", "7", "HTTPPOOL_POOLS_BILLINGSERVICE_MAXPERROUTE",
							"3", "HTTPPOOL_POOLS_FURTHER_MAXTOTAL", "9")));
		assertThat(ConfiguredPools.of(this.environment)).extracting(ConfiguredPool::name)
			.containsExactlyInAnyOrder("default", "order-service", "billingService", "further");
		assertThat(pool("order-service").settings().maxTotal()).isEqualTo(7);
		assertThat(pool("billingService").settings().maxTotal()).isEqualTo(6);
		assertThat(pool("billingService").settings().maxPerRoute()).isEqualTo(3);
		assertThat(pool("further").settings().maxTotal()).isEqualTo(9);
	}

	@ParameterizedTest
	@ValueSource(strings = { "order_service", "1", "a", "Order-Service_2" })
	void aNameInBracketsIsTakenAsItIsWritten(String name) {
		properties("http-pool.pools.[" + name + "].max-total=3",
				"http-pool.pools.[" + name + "].proxy.url=http://proxy.example:3128", "http-pool.proxy.username=me");
		assertThat(pool(name).settings().maxTotal()).isEqualTo(3);
		assertThat(pool(name).settings().proxy().username()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "Default", "pooled", "order service", "a/b", "-a", "bücher", "a.b", "{a}" })
	void anInvalidNameIsRejected(String name) {
		properties("http-pool.pools.[" + name + "].max-total=3");
		assertThatExceptionOfType(InvalidHttpPoolSettingsException.class)
			.isThrownBy(() -> ConfiguredPools.of(this.environment))
			.satisfies((ex) -> assertThat(ex.getProblems()).singleElement().satisfies((problem) -> {
				assertThat(problem.setting()).isEqualTo("pools");
				assertThat(problem.value()).isEqualTo(name);
				assertThat(problem.advice()).startsWith("use ");
			}));
	}

	@Test
	void mistakesOfAllPoolsAreReportedTogetherAndInheritedOnesOnce() {
		properties("http-pool.max-total=0", "http-pool.pools.orders.max-pending=-5",
				"http-pool.pools.billing.base-url=ftp://me:secret@files.example/?token=1",
				"http-pool.pools.billing.idle-timeout=0s", "http-pool.pools.default.max-total=1");
		assertThatExceptionOfType(InvalidHttpPoolSettingsException.class)
			.isThrownBy(() -> ConfiguredPools.of(this.environment))
			.satisfies((ex) -> assertThat(ex.getProblems()).extracting(Problem::setting, Problem::value)
				.containsExactlyInAnyOrder(tuple("max-total", 0L), tuple("pools", "default"),
						tuple("pools.orders.max-pending", -5L), tuple("pools.billing.base-url", "ftp://files.example/"),
						tuple("pools.billing.idle-timeout", Duration.ZERO)));
	}

	@Test
	void whatIsMissingFromTheCredentialsOfAnOwnProxyBelongsToThePool() {
		properties("http-pool.proxy.url=http://shared.example:3128", "http-pool.proxy.username=shared",
				"http-pool.proxy.password=secret", "http-pool.pools.orders.proxy.url=http://own.example:3128",
				"http-pool.pools.orders.proxy.username=own");
		assertThatExceptionOfType(InvalidHttpPoolSettingsException.class)
			.isThrownBy(() -> ConfiguredPools.of(this.environment))
			.satisfies((ex) -> assertThat(ex.getProblems()).extracting(Problem::setting, Problem::advice)
				.containsExactly(tuple("pools.orders.proxy.password",
						"set the password that belongs to http-pool.pools.orders.proxy.username")));
	}

	@Test
	void credentialsThatAreInheritedWithAMistakeAreReportedOnce() {
		properties("http-pool.proxy.url=http://shared.example:3128", "http-pool.proxy.username=shared",
				"http-pool.pools.orders.proxy.non-proxy-hosts=a.example");
		assertThatExceptionOfType(InvalidHttpPoolSettingsException.class)
			.isThrownBy(() -> ConfiguredPools.of(this.environment))
			.satisfies((ex) -> assertThat(ex.getProblems()).extracting(Problem::setting, Problem::advice)
				.containsExactly(tuple("proxy.password", "set the password that belongs to http-pool.proxy.username")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders.example", "/api", "http://", "https:orders", "lb://orders", "http:///api" })
	void aBaseUrlWithoutSchemeOrHostIsRefused(String url) {
		properties("http-pool.pools.orders.base-url=" + url);
		assertThatExceptionOfType(InvalidHttpPoolSettingsException.class)
			.isThrownBy(() -> ConfiguredPools.of(this.environment))
			.withMessageContaining("http-pool.pools.orders.base-url is " + url);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://orders", "HTTPS://orders.example:8443/api/", "http://[::1]:8080",
			"http://{region}.example/{tenant}", "" })
	void aBaseUrlMayBeRelativeToNothingElse(String url) {
		properties("http-pool.pools.orders.base-url=" + url);
		assertThat(pool("orders").baseUrl()).isEqualTo(url);
	}

	private ConfiguredPool pool(String name) {
		return ConfiguredPools.of(this.environment)
			.stream()
			.filter((pool) -> pool.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private void properties(String... pairs) {
		Map<String, Object> values = new LinkedHashMap<>();
		Arrays.stream(pairs).forEach((pair) -> {
			int equals = pair.indexOf('=');
			values.put(pair.substring(0, equals), pair.substring(equals + 1));
		});
		this.environment.getPropertySources().addFirst(new MapPropertySource("properties", values));
	}

	private void yaml(String text) {
		try {
			for (PropertySource<?> source : new YamlPropertySourceLoader().load("yaml",
					new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))) {
				this.environment.getPropertySources().addLast(source);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

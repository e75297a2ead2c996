package io.github.httppool;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.httppool.HttpPoolSettings.Builder;
import io.github.httppool.InvalidHttpPoolSettingsException.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for the list of settings and for the values that it rejects.
 */
class SettingsTableTests {

	@Test
	void everySettingHasAGetterASetterAndALineInTheTable() {
		Set<String> names = HttpPoolSettings.builder()
			.build()
			.values()
			.keySet()
			.stream()
			.map((name) -> name.replace('.', '-'))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(methods(HttpPoolSettings.class, 0, "builder", "toBuilder", "values", "hashCode", "propertyPrefix"))
			.isEqualTo(names);
		assertThat(methods(SettingsBuilder.class, 1, "propertyPrefix")).isEqualTo(names);
		assertThat(SettingValues.class.getDeclaredFields()).hasSize(names.size() + 1);
	}

	private static Set<String> methods(Class<?> type, int parameters, String... others) {
		return Stream.of(type.getDeclaredMethods())
			.filter((method) -> Modifier.isPublic(method.getModifiers()) && method.getParameterCount() == parameters)
			.map(Method::getName)
			.filter((name) -> !List.of(others).contains(name))
			.map((name) -> name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	@Test
	void aBuilderDoesNotChangeTheSettingsItHasBuilt() {
		Builder builder = HttpPoolSettings.builder().route("a", "http://a.example", 1);
		HttpPoolSettings built = builder.build();
		builder.maxTotal(7).route("b", "http://b.example", 2);
		built.toBuilder().maxTotal(8).warmUp("a", "http://a.example", 1);
		assertThat(built.maxTotal()).isEqualTo(200);
		assertThat(built.routes()).hasSize(1);
		assertThat(built.warmUp()).isEmpty();
	}

	@Test
	void anIdleLimitEqualToTheRouteLimitFollowsIt() {
		HttpPoolSettings settings = HttpPoolSettings.builder().maxPerRoute(5).maxIdlePerRoute(5).build();
		assertThat(settings.toBuilder().maxPerRoute(9).build().maxIdlePerRoute()).isEqualTo(9);
		HttpPoolSettings lower = HttpPoolSettings.builder().maxPerRoute(5).maxIdlePerRoute(4).build();
		assertThat(lower.toBuilder().maxPerRoute(9).build().maxIdlePerRoute()).isEqualTo(4);
	}

	@Test
	void defaultsAreValid() {
		assertThat(problems((settings) -> settings)).isEmpty();
	}

	@Test
	void allMistakesAreFoundAtOnce() {
		assertThat(problems((settings) -> settings.maxTotal(0)
			.acquireTimeout(Duration.ZERO)
			.drainMaxBytes(-1)
			.route("orders", "ftp://orders.example", 0)
			.warmUp("stock", null, 5))).extracting(Problem::setting)
			.containsExactly("max-total", "acquire-timeout", "drain.max-bytes", "routes.orders.uri",
					"routes.orders.max-connections", "warm-up.stock.uri");
	}

	@Test
	void messageShowsValuesAsInProperties() {
		Builder builder = HttpPoolSettings.builder()
			.maxTotal(0)
			.idleTimeout(Duration.ofSeconds(-9))
			.route("a", "http://a.example", null);
		assertThatExceptionOfType(InvalidHttpPoolSettingsException.class).isThrownBy(builder::build)
			.withMessage("http-pool.max-total is 0: use a number of at least 1; "
					+ "http-pool.idle-timeout is -9s: use a time of at least 1ms; "
					+ "http-pool.routes.a.max-connections is missing: use a number of at least 1");
	}

	@Test
	void limitThatFollowsAnotherIsNotReportedAgain() {
		assertThat(problems((settings) -> settings.maxPerRoute(-1))).extracting(Problem::setting)
			.containsExactly("max-per-route");
	}

	@Test
	void zeroMeansNoneWhereTheDefaultIsNone() {
		HttpPoolSettings settings = HttpPoolSettings.builder()
			.callTimeout(Duration.ZERO)
			.leakDetectionThreshold(Duration.ZERO)
			.build();
		assertThat(settings.callTimeout()).isNull();
		assertThat(settings.leakDetectionThreshold()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "orders.example", "orders.example:80", "/orders", "ftp://orders.example", "http:///a",
			"http://", "https://:443", "http://orders.example:0", "http://orders.example:65536",
			"http://orders.example:port", "http://orders example", "unix:/run/orders.sock",
			"http://[::ffff:10.1.2.3]" })
	void aRouteIsSchemeHostAndPort(String uri) {
		assertThat(problems((settings) -> settings.route("orders", uri, 5).warmUp("orders", uri, 5)))
			.extracting(Problem::setting)
			.containsExactly("routes.orders.uri", "warm-up.orders.uri");
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://orders.example", "HTTPS://Orders.Example", "http://orders.example:8080/path?a=b",
			"https://[::1]", "https://[::1]:8443", "http://my_service:8080", "http://user@orders.example",
			" http://10.1.2.3 " })
	void routesAreTakenInEachForm(String uri) {
		assertThat(problems((settings) -> settings.route("orders", uri, 5).warmUp("orders", uri, 5))).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "http://orders.example, http://Orders.Example:80/path",
			"https://orders.example:443, https://orders.example", "http://[::1]:80, http://[::1]",
			"http://user:secret@orders.example, http://orders.example?token=secret" })
	void oneRouteHasOneLimit(String one, String other) {
		List<Problem> problems = problems((settings) -> settings.route("a", one, 5).route("b", other, 5));
		assertThat(problems).singleElement().satisfies((problem) -> {
			assertThat(problem.setting()).isEqualTo("routes.b.uri");
			assertThat(problem.advice()).contains("'routes.a'");
			assertThat(problem.toString()).doesNotContain("secret");
		});
		assertThat(problems((settings) -> settings.warmUp("a", one, 5).warmUp("b", other, 5))).singleElement()
			.satisfies((problem) -> {
				assertThat(problem.setting()).isEqualTo("warm-up.b.uri");
				assertThat(problem.advice()).contains("'warm-up.a'");
			});
	}

	@ParameterizedTest
	@CsvSource({ "http://orders.example, https://orders.example", "http://orders.example, http://orders.example:8080",
			"http://orders.example, http://stock.example" })
	void differentRoutesHaveTheirOwn(String one, String other) {
		assertThat(problems((settings) -> settings.route("a", one, 5).route("b", other, 5))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ftp://user:secret@orders.example/path?key=secret", "user:secret@orders.example:80",
			"http://user:se cret@orders.example", "http://orders.example:x?secret" })
	void rejectedValuesAreShownWithoutSecrets(String uri) {
		assertThat(problems((settings) -> settings.route("orders", uri, 5))).singleElement()
			.satisfies((problem) -> assertThat(problem.toString()).contains("orders.example")
				.doesNotContain("secret")
				.doesNotContain("cret@")
				.doesNotContain("user"));
	}

	@Test
	void entryOfAListIsReportedWithItsNumber() {
		assertThat(problems((settings) -> settings.route("orders", "http://orders.example", null)
			.warmUp("stock", "http://stock.example", null)
			.warmUp("mail", "http://mail.example", 0))).extracting(Problem::setting)
			.containsExactly("routes.orders.max-connections", "warm-up.stock.connections", "warm-up.mail.connections");
	}

	@Test
	void namesAreBracketedIfNecessary() {
		assertThat(problems((settings) -> settings.route("orders.example", null, 5))).extracting(Problem::setting)
			.containsExactly("routes[orders.example].uri");
	}

	private static List<Problem> problems(UnaryOperator<Builder> change) {
		Builder builder = change.apply(HttpPoolSettings.builder());
		InvalidHttpPoolSettingsException refusal = catchThrowableOfType(InvalidHttpPoolSettingsException.class,
				builder::build);
		return (refusal != null) ? refusal.getProblems() : List.of();
	}

}

package io.github.httppool.autoconfigure.properties;

import java.util.List;

import io.github.httppool.InvalidHttpPoolSettingsException;
import io.github.httppool.InvalidHttpPoolSettingsException.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What is said of several pools: each mistake once, where it was written.
 */
@ExtendWith(OutputCaptureExtension.class)
class PropertiesOfPoolsTests {

	@Test
	void mistakesOfAllPoolsAreReportedTogether() {
		assertThat(mistakes("max-total=0", "pools.orders.idle-timeout=-1s", "pools.orders.drain.max-bytes=-1B",
				"pools.stock.max-pending=-7"))
			.containsExactlyInAnyOrder("max-total", "pools.orders.idle-timeout", "pools.orders.drain.max-bytes",
					"pools.stock.max-pending");
	}

	@Test
	void anInheritedMistakeIsReportedOnce() {
		assertThat(mistakes("acquire-timeout=-1s", "pools.orders.max-total=5", "pools.stock.max-total=5"))
			.containsExactly("acquire-timeout");
	}

	@Test
	void theSameMistakeTwiceIsReportedTwice() {
		assertThat(mistakes("acquire-timeout=-1s", "pools.orders.acquire-timeout=-1s"))
			.containsExactlyInAnyOrder("acquire-timeout", "pools.orders.acquire-timeout");
	}

	@Test
	void aMistakeInAnEntryIsReportedWhereTheEntryIs() {
		assertThat(mistakes("pools.orders.routes.a.uri=http://a.example", "pools.orders.warm-up.b.connections=4",
				"routes.c.max-connections=5"))
			.containsExactlyInAnyOrder("pools.orders.routes.a.max-connections", "pools.orders.warm-up.b.uri",
					"routes.c.uri");
	}

	@Test
	void whatIsWrongWithAnInheritedEntryIsReportedOnce() {
		assertThat(mistakes("routes.a.uri=ftp://a.example", "routes.a.max-connections=5",
				"pools.orders.routes.a.max-connections=6"))
			.containsExactly("routes.a.uri");
	}

	@Test
	void theNamesAreThoseThatWereWritten() {
		assertThat(mistakes("pools.orderService.max-total=0")).containsExactly("pools.orderService.max-total");
		assertThat(mistakes("pools[order_service].max-total=0")).containsExactly("pools[order_service].max-total");
		assertThat(mistakes("pools.orders.routes[a.b].max-connections=3"))
			.containsExactly("pools.orders.routes[a.b].uri");
	}

	@Test
	void aWarningNamesBothPropertiesAsTheyWereWritten(CapturedOutput output) {
		start("pools.orders.acquire-timeout=5s", "pools.orders.call-timeout=2s", "call-timeout=8s",
				"pools.stock.response-timeout=20s");
		assertThat(output.getOut())
			.containsOnlyOnce("http-pool.pools.orders.acquire-timeout is 5s and has no effect, because "
					+ "http-pool.pools.orders.call-timeout is shorter (2s)")
			.containsOnlyOnce("http-pool.pools.stock.response-timeout is 20s and has no effect, because "
					+ "http-pool.call-timeout is shorter (8s)");
	}

	@Test
	void nothingIsSaidOfWhatAPoolInherits(CapturedOutput output) {
		start("acquire-timeout=5s", "routes.a.uri=http://a.example", "routes.a.max-connections=30",
				"pools.orders.call-timeout=2s", "pools.orders.max-total=10", "pools.orders.keep-alive=false");
		assertThat(output.getOut()).doesNotContain("effect");
	}

	@Test
	void aMistakeForAllIsAWarningOnce(CapturedOutput output) {
		start("idle-timeout=10m", "pools.orders.max-total=10", "pools.stock.max-total=10");
		assertThat(output.getOut()).containsOnlyOnce("effect").contains("http-pool.idle-timeout is 10m");
	}

	@Test
	void timeoutsOfAFurtherPoolAreStrongerThanThoseOfAllClients(CapturedOutput output) {
		StandardEnvironment environment = environment("pools.orders.connect-timeout=5s");
		TestPropertyValues.of("spring.http.clients.connect-timeout=1s").applyTo(environment);
		PropertyWarnings.log(ConfiguredPools.of(environment), environment);
		assertThat(output.getOut()).doesNotContain("effect");
	}

	private static List<String> mistakes(String... properties) {
		InvalidHttpPoolSettingsException refusal = catchThrowableOfType(InvalidHttpPoolSettingsException.class,
				() -> start(properties));
		assertThat(refusal).isNotNull();
		return refusal.getProblems().stream().map(Problem::setting).toList();
	}

	private static void start(String... properties) {
		StandardEnvironment environment = environment(properties);
		PropertyWarnings.log(ConfiguredPools.of(environment), environment);
	}

	private static StandardEnvironment environment(String... properties) {
		StandardEnvironment environment = new StandardEnvironment();
		for (String property : properties) {
			TestPropertyValues.of("http-pool." + property).applyTo(environment);
		}
		return environment;
	}

}

package io.github.httppool.findings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.httppool.CloseReason;
import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the evaluation of all rules.
 */
@ExtendWith(OutputCaptureExtension.class)
class DiagnosisTests {

	private static final HttpPoolSettings SETTINGS = HttpPoolSettings.builder().build();

	private static final String ROUTE = Seen.ROUTE;

	@Test
	void aFailingRuleDoesNotAffectOtherRules(CapturedOutput output) {
		Finding finding = new Finding(FindingCode.PAUSES, Severity.WARNING, null, "a message", "an advice");
		Window window = new Window("orders", HttpPoolSettings.builder().build(), Duration.ofMinutes(2),
				List.of(sample(0, new SeenRoute(ROUTE)), sample(1, new SeenRoute(ROUTE))));
		for (int i = 0; i < 3; i++) {
			assertThat(Diagnosis.of(window, List.of(new Failing(), (seen, found) -> found.accept(finding))))
				.containsExactly(finding);
		}
		assertThat(output.getOut()).containsOnlyOnce("Pool 'orders' could not be examined by Failing");
	}

	@Test
	void propertiesAreThoseOfThePool() {
		Finding finding = new Finding(FindingCode.PAUSES, Severity.WARNING, "http://http-pool.max-total:80",
				"as http-pool.acquire-timeout is 3s", "Set http-pool.routes.a.max-connections to 7");
		HttpPoolSettings settings = HttpPoolSettings.builder().propertyPrefix("http-pool.pools.orders.").build();
		Window window = new Window("orders-bundle", settings, Duration.ofMinutes(2),
				List.of(sample(0, new SeenRoute(ROUTE)), sample(1, new SeenRoute(ROUTE))));
		assertThat(Diagnosis.of(window, List.of((seen, found) -> found.accept(finding))))
			.containsExactly(new Finding(FindingCode.PAUSES, Severity.WARNING, "http://http-pool.max-total:80",
					"as http-pool.pools.orders.acquire-timeout is 3s",
					"Set http-pool.pools.orders.routes.a.max-connections to 7"));
	}

	@Test
	void countingRestartsForARouteThatWasRemoved() {
		SeenRoute before = new SeenRoute(ROUTE).since(1);
		before.leases(3, 1);
		before.closed(CloseReason.IDLE_TIMEOUT, 3);
		SeenRoute after = new SeenRoute(ROUTE).since(2);
		after.leases(1, 200);
		RouteChange change = window(before, after).total();
		assertThat(change.opened()).isOne();
		assertThat(change.leases()).isEqualTo(201);
		assertThat(change.closed(CloseReason.IDLE_TIMEOUT)).isZero();
	}

	@Test
	void countingContinuesForAKnownRoute() {
		RouteChange change = window(new SeenRoute(ROUTE).since(1).leases(3, 0),
				new SeenRoute(ROUTE).since(1).leases(5, 0))
			.total();
		assertThat(change.opened()).isEqualTo(2);
	}

	private static RouteWindow window(SeenRoute before, SeenRoute after) {
		List<PoolFigures> samples = List.of(sample(0, before), sample(1, after));
		return new RouteWindow(ROUTE, samples,
				samples.stream().map((sample) -> Map.of(ROUTE, sample.routes().get(0))).toList(), List.of());
	}

	private static PoolFigures sample(int number, SeenRoute route) {
		return new PoolFigures(number * Duration.ofSeconds(5).toNanos(), SETTINGS,
				new PoolSnapshot.Limits(200, 50, 50, 1000), new PoolSnapshot.Connections(0, 0, 0), 0, 0,
				List.of(route.at(1, 1)), List.of(), 0, 0, LocalPorts.UNKNOWN, 0);
	}

	private static final class Failing implements Rule {

		@Override
		public void check(PoolWindow window, Consumer<Finding> found) {
			throw new IllegalStateException("for the test");
		}

	}

}

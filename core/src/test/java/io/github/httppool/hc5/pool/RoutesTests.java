package io.github.httppool.hc5.pool;

import java.util.concurrent.atomic.AtomicInteger;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how many routes a pool remembers.
 */
class RoutesTests {

	private final AtomicInteger purged = new AtomicInteger();

	private final Routes routes = new Routes(Route::new, this.purged::incrementAndGet);

	@Test
	void routesThatNobodyUsesAreBoundedByNumberAndTheOldestGoFirst() {
		for (int i = 0; i < 20_000; i++) {
			this.routes.get(route(i));
			assertThat(this.routes.all().size()).isLessThanOrEqualTo(Routes.MOST_UNUSED + 1);
		}
		for (int i = 20_000 - Routes.MOST_UNUSED / 2; i < 20_000; i++) {
			assertThat(this.routes.all()).extracting((route) -> route.httpRoute).contains(route(i));
			i += 50;
		}
		assertThat(this.purged).as("not for each new route").hasValueLessThan(200);
	}

	@Test
	void routesInUseAreKept() {
		Route leased = this.routes.get(route(0));
		leased.tally.lease();
		Route awaited = this.routes.get(route(1));
		awaited.pending.incrementAndGet();
		for (int i = 2; i < 5000; i++) {
			this.routes.get(route(i));
		}
		assertThat(this.routes.get(route(0))).isSameAs(leased);
		assertThat(this.routes.get(route(1))).isSameAs(awaited);
		assertThat(leased.forgotten).isFalse();
	}

	/**
	 * All of them at once, as where a pool is large.
	 */
	@Test
	void manyRoutesInUseAreNotLookedThroughForEachNewOne() {
		for (int i = 0; i < 20_000; i++) {
			this.routes.get(route(i)).tally.lease();
		}
		assertThat(this.routes.all()).hasSize(20_000);
		assertThat(this.purged).hasValueLessThan(100);
	}

	@Test
	void routeThatWasForgottenIsMarked() {
		Route first = this.routes.get(route(0));
		for (int i = 1; i < 5000; i++) {
			this.routes.get(route(i));
		}
		assertThat(first.forgotten).isTrue();
		assertThat(this.routes.get(route(0))).isNotSameAs(first);
	}

	private static HttpRoute route(int number) {
		return new HttpRoute(new HttpHost("http", "host-" + number + ".example", 80));
	}

}

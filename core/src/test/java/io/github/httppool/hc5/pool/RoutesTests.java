package io.github.httppool.hc5.pool;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how many routes a pool remembers.
 */
class RoutesTests {

	private final ConnectionBook<PooledConnection> book = new ConnectionBook<>(10, 10, true);

	private final Routes routes = new Routes(Route::new, (route) -> this.book.retire(route.slots));

	@Test
	void unusedRoutesAreBoundedByNumberAndTheOldestAreRemovedFirst() {
		for (int i = 0; i < 20_000; i++) {
			this.routes.get(route(i));
			assertThat(this.routes.all().size()).isLessThanOrEqualTo(Routes.MAX_UNUSED + 1);
		}
		for (int i = 20_000 - Routes.MAX_UNUSED / 2; i < 20_000; i++) {
			assertThat(this.routes.all()).extracting((route) -> route.httpRoute).contains(route(i));
			i += 50;
		}
		assertThat(this.routes.searches()).as("not for each new route").isLessThan(200);
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
		assertThat(leased.slots.retired).isFalse();
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
		assertThat(this.routes.searches()).isLessThan(100);
	}

	@Test
	void routeThatWasForgottenIsMarked() {
		Route first = this.routes.get(route(0));
		for (int i = 1; i < 5000; i++) {
			this.routes.get(route(i));
		}
		assertThat(first.slots.retired).isTrue();
		assertThat(this.routes.get(route(0))).isNotSameAs(first);
	}

	@Test
	void routeThatWasForgottenIsRenewedOnce() {
		Route first = this.routes.get(route(0));
		assertThat(this.book.retire(first.slots)).isTrue();
		Route second = this.routes.renew(first);
		assertThat(second).isNotSameAs(first);
		assertThat(this.routes.renew(first)).as("by another caller").isSameAs(second);
	}

	private static HttpRoute route(int number) {
		return new HttpRoute(new HttpHost("http", "host-" + number + ".example", 80));
	}

}

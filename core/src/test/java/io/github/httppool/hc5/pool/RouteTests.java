package io.github.httppool.hc5.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for routes, their names, and which of them are forgotten.
 */
class RouteTests {

	private static final long LONG_AGO = System.nanoTime() - TimeUnit.HOURS.toNanos(1);

	private final Routes routes = new Routes(Route::new, (route) -> true);

	@ParameterizedTest
	@CsvSource({ "host.test, 80, http://host.test:80", "host.test, -1, http://host.test", "::1, 80, http://[::1]:80",
			"[::1], 80, http://[::1]:80" })
	void originIsSchemeHostAndPort(String host, int port, String name) {
		assertThat(Route.origin(new HttpHost("http", host, port))).isEqualTo(name);
	}

	@Test
	void nameOfARouteIncludesItsProxy() {
		Route route = new Route(new HttpRoute(new HttpHost("http", "host.test", 80), new HttpHost("proxy.test", 3128)));
		assertThat(route.name).isEqualTo("http://host.test:80 via http://proxy.test:3128");
		assertThat(route).hasToString(route.name);
	}

	@Test
	void unusedRouteIsForgottenIfThereAreMany() {
		Route leased = unused("leased");
		leased.tally.lease();
		Route waitedFor = unused("waited-for");
		waitedFor.pending.incrementAndGet();
		Route recent = unused("recent");
		recent.lastUsed = System.nanoTime();
		List<Route> kept = new ArrayList<>(List.of(leased, waitedFor, recent));
		for (int i = 0; i < 98; i++) {
			unused("unused" + i);
		}
		this.routes.forgetUnused(System.nanoTime());
		assertThat(this.routes.all()).containsExactlyInAnyOrderElementsOf(kept);
	}

	@Test
	void unusedRouteIsKeptIfThereAreFew() {
		for (int i = 0; i < 100; i++) {
			unused("unused" + i);
		}
		this.routes.forgetUnused(System.nanoTime());
		assertThat(this.routes.all()).hasSize(100);
	}

	@Test
	void warningsAboutARouteAreRateLimited() {
		Route route = unused("host");
		assertThat(route.mayWarn(1000, 100)).isTrue();
		assertThat(route.mayWarn(1100, 100)).isFalse();
		assertThat(route.mayWarn(1101, 100)).isTrue();
		assertThat(route.mayWarn(1102, 100)).isFalse();
	}

	private Route unused(String host) {
		Route route = this.routes.get(new HttpRoute(new HttpHost("http", host + ".test", 80)));
		route.lastUsed = LONG_AGO;
		return route;
	}

}

package io.github.httppool.hc5.pool;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.RouteLimit;
import io.github.httppool.testing.CallerThread;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.Sampler;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the limits of single routes.
 */
@Tag("waiting")
@Timeout(60)
class RouteLimitsTests {

	private static final ScriptedUpstream.Script SLOW = (exchange) -> exchange.after(Duration.ofMillis(1)).ok("hello");

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	@Test
	void limitOfARouteHoldsAtEveryInstantAndForThatRouteAlone() throws Exception {
		try (ScriptedUpstream limited = ScriptedUpstream.plain(SLOW);
				ScriptedUpstream other = ScriptedUpstream.plain(SLOW);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxPerRoute(5).route("limited", limited.url(), 2));
				Sampler sampler = new Sampler(pool.pool);
				Crowd crowd = new Crowd(12)) {
			List<ScriptedUpstream> upstreams = List.of(limited, other);
			crowd.all(60, (caller, time) -> pool.get(upstreams.get((caller + time) % 2).uri("/")));
			assertThat(limited.accepted()).isEqualTo(2);
			assertThat(other.accepted()).isBetween(3, 5);
			assertThat(route(pool, limited.url()).max()).isEqualTo(2);
			assertThat(route(pool, other.url()).max()).isEqualTo(5);
			assertThat(pool.snapshot().limits().maxPerRoute()).isEqualTo(5);
		}
	}

	@Test
	void limitOfARouteCanBeHigherThanThatOfOthersAndAsManyIdleConnectionsAreKept() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxPerRoute(2).route("busy", upstream.url(), 6))) {
			close(open(pool, upstream.uri("/"), 6));
			assertThat(route(pool, upstream.url()).connections().idle()).isEqualTo(6);
			close(open(pool, upstream.uri("/"), 6));
			pool.assertConnections(6, Map.of());
		}
	}

	@Test
	void mostIdleConnectionsHoldForSuchARouteWhereTheyAreSet() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxIdlePerRoute(3).route("busy", upstream.url(), 6))) {
			close(open(pool, upstream.uri("/"), 6));
			assertThat(route(pool, upstream.url()).connections().idle()).isEqualTo(3);
			assertThat(pool.closed(CloseReason.MAX_IDLE)).isEqualTo(3);
		}
	}

	@Test
	void limitHoldsDirectlyAndThroughAProxy() throws Exception {
		try (ScriptedUpstream target = ScriptedUpstream.plain(HELLO);
				ScriptedUpstream proxy = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with(
						(settings) -> settings.route("limited", target.url(), 2).acquireTimeout(Duration.ofMillis(50)),
						(client) -> client.setRoutePlanner(new ProxyByPath(proxy.port())))) {
			for (String way : List.of("/direct", "/proxied")) {
				List<CloseableHttpResponse> held = open(pool, target.uri(way), 2);
				assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> pool.get(target.uri(way)))
					.withMessageContaining("Route: 2 leased, 0 idle, 1 pending, limit 2.")
					.withMessageContaining("The route was at its limit: http-pool.routes.limited.max-connections.");
				close(held);
			}
			assertThat(target.accepted()).isEqualTo(2);
			assertThat(proxy.accepted()).isEqualTo(2);
			assertThat(pool.snapshot().routes()).hasSize(2).allMatch((route) -> route.max() == 2);
		}
	}

	@Test
	void resizeLeavesLimitsOfRoutesAndTheirConnections() throws Exception {
		try (ScriptedUpstream limited = ScriptedUpstream.plain(HELLO);
				ScriptedUpstream other = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.maxPerRoute(5).route("limited", limited.url(), 4))) {
			List<CloseableHttpResponse> held = open(pool, limited.uri("/"), 4);
			pool.get(other.uri("/"));
			pool.pool.resize(200, 2);
			close(held);
			assertThat(route(pool, limited.url()).max()).isEqualTo(4);
			assertThat(route(pool, other.url()).max()).isEqualTo(2);
			assertThat(pool.snapshot().connections().idle()).isEqualTo(5);
			close(open(pool, limited.uri("/"), 4));
			pool.assertConnections(5, Map.of());
			pool.pool.resize(200, 100);
			assertThat(route(pool, limited.url()).max()).isEqualTo(4);
		}
	}

	@Test
	void whereThePoolShrinksBelowTheLimitOfARouteSurplusConnectionsAreClosed() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.route("limited", upstream.url(), 4))) {
			List<CloseableHttpResponse> held = open(pool, upstream.uri("/"), 4);
			pool.pool.resize(2, 50);
			close(held);
			assertThat(pool.snapshot().connections().idle()).isEqualTo(2);
			soon().until(() -> upstream.open() == 2);
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	@Test
	void limitsOfRoutesFollowOtherSettings() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.route("limited", upstream.url(), 2)
					.acquireTimeout(Duration.ofSeconds(30)))) {
			List<CloseableHttpResponse> held = open(pool, upstream.uri("/"), 2);
			CompletableFuture<String> waiting = CallerThread.inThread("waiting", () -> pool.get(upstream.uri("/")));
			soon().until(() -> pool.snapshot().connections().pending() == 1);
			change(pool, (settings) -> settings.route("limited", upstream.url(), 4));
			assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
			assertThat(route(pool, upstream.url()).max()).isEqualTo(4);
			close(held);
			assertThat(route(pool, upstream.url()).connections().idle()).isEqualTo(3);
			change(pool, (settings) -> settings.route("limited", upstream.url(), 1));
			assertThat(pool.snapshot().connections().idle()).isLessThanOrEqualTo(1);
			held = open(pool, upstream.uri("/"), 1);
			change(pool, (settings) -> {
			});
			assertThat(route(pool, upstream.url()).max()).isEqualTo(50);
			held.addAll(open(pool, upstream.uri("/"), 5));
			change(pool, (settings) -> settings.route("limited", upstream.url(), 2));
			close(held);
			assertThat(route(pool, upstream.url()).connections().idle()).isEqualTo(2);
			RecordedEvents.assertAccounted(pool.snapshot());
		}
	}

	private static void change(PoolFixture pool, Consumer<HttpPoolSettings.Builder> routes) {
		HttpPoolSettings.Builder settings = HttpPoolSettings.builder().acquireTimeout(Duration.ofSeconds(30));
		routes.accept(settings);
		assertThat(pool.pool.change(settings.build())).isEmpty();
	}

	@Test
	void figuresNameTheLimitOfTheRouteAndItsProperty() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> settings.route("limited", upstream.url(), 4))) {
			pool.get(upstream.uri("/"));
			assertThat(pool.figures().max()).isEqualTo(4);
			assertThat(pool.figures().maxProperty()).isEqualTo("http-pool.routes.limited.max-connections");
		}
	}

	@ParameterizedTest
	@CsvSource({ "http://host.test, http, host.test, 80", "https://host.test, https, host.test, 443",
			"HTTP://Host.Test:80/path?query#fragment, http, HOST.test, 80", "http://[::1]:8080, http, ::1, 8080",
			"http://[::1]:8080, http, [::1], 8080", "' http://host.test ', http, host.test, -1",
			"http://user:password@host.test:80, http, host.test, 80", "http://my_host:81/, http, my_host, 81" })
	void routeIsFoundBySchemeHostAndPort(String uri, String scheme, String host, int port) {
		RouteLimit limit = new RouteLimit("limited", uri, 3);
		RouteLimits limits = new RouteLimits("http-pool.", List.of(limit));
		assertThat(limits.of(new HttpHost(scheme, host, port))).isSameAs(limit);
		assertThat(limits.of(new HttpHost(scheme, "other.test", port))).isNull();
		assertThat(limits.of(new HttpHost(scheme, host, 82))).isNull();
		assertThat(limits.of(new HttpHost(scheme.equals("http") ? "https" : "http", host, port))).isNull();
	}

	@Test
	void addressThatACallerGivesWithTheNameMakesNoDifference() throws Exception {
		RouteLimit limit = new RouteLimit("limited", "http://localhost:80", 3);
		HttpHost withAddress = new HttpHost("http", InetAddress.getByName("127.0.0.1"), "localhost", 80);
		assertThat(new RouteLimits("http-pool.", List.of(limit)).of(withAddress)).isSameAs(limit);
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "host.test", "host.test:80", "/path", "ftp://host.test", "http://",
			"http://host.test:x", "http://user:password@host.test:x", "http://user:password@host test" })
	void addressOfNoRouteIsRefusedWithoutShowingIt(String uri) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new RouteLimits("http-pool.", List.of(new RouteLimit("limited", uri, 3))))
			.withMessageContaining("http-pool.routes.limited.uri")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("password"))
			.withNoCause();
	}

	@Test
	void routeThatWasForgottenHasItsLimitAgain() {
		List<Route> seen = new ArrayList<>();
		Routes routes = new Routes((httpRoute) -> {
			seen.add(new Route(httpRoute));
			return seen.get(seen.size() - 1);
		}, (route) -> true);
		HttpRoute httpRoute = new HttpRoute(new HttpHost("http", "host.test", 80));
		Route first = routes.get(httpRoute);
		assertThat(routes.get(httpRoute)).isSameAs(first);
		assertThat(seen).containsExactly(first);
		for (int i = 0; i < 100; i++) {
			routes.get(new HttpRoute(new HttpHost("http", "host" + i + ".test", 80)));
		}
		routes.forgetUnused(System.nanoTime() + Duration.ofHours(1).toNanos());
		Route again = routes.get(httpRoute);
		assertThat(again).isNotSameAs(first);
		assertThat(seen).endsWith(again);
	}

	@Test
	void settingsKeepTheLimits() {
		HttpPoolSettings settings = HttpPoolSettings.builder().route("a", "http://a.test", 3).build();
		assertThat(settings.routes()).containsExactly(new RouteLimit("a", "http://a.test", 3));
	}

	private static PoolSnapshot.Route route(PoolFixture pool, String name) {
		return pool.snapshot().routes().stream().filter((route) -> route.route().equals(name)).findAny().orElseThrow();
	}

	private static List<CloseableHttpResponse> open(PoolFixture pool, URI uri, int count) throws Exception {
		List<CloseableHttpResponse> open = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			open.add(pool.open(new HttpGet(uri)));
		}
		return open;
	}

	private static void close(List<CloseableHttpResponse> responses) throws Exception {
		for (CloseableHttpResponse response : responses) {
			response.close();
		}
	}

	/**
	 * Some calls go through a proxy.
	 */
	private record ProxyByPath(int port) implements HttpRoutePlanner {

		@Override
		public HttpRoute determineRoute(HttpHost target, HttpRequest request, HttpContext context) {
			return request.getPath().equals("/proxied")
					? new HttpRoute(target, null, new HttpHost("http", "127.0.0.1", this.port), false)
					: new HttpRoute(target);
		}

		@Override
		@Deprecated
		public HttpRoute determineRoute(HttpHost target, HttpContext context) {
			throw new UnsupportedOperationException();
		}

	}

}

package io.github.httppool.actuate;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import javax.management.JMException;
import javax.management.ObjectName;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.github.httppool.testing.ClosedPort;
import io.github.httppool.testing.ScriptedUpstream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The endpoint and the scrape of a running application, over HTTP.
 */
class HttpPoolEndpointTests {

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok(new byte[2048]));

	private final HttpClient browser = HttpClient.newHttpClient();

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void showsAllPoolsFindingsFirst() {
		run(List.of(), (app) -> {
			app.call(5);
			DocumentContext json = JsonPath.parse(app.send("GET", "/actuator/httppool", null).body());
			assertThat(json.<Map<String, Object>>read("$.pools")).containsOnlyKeys("default");
			assertThat(json.<Map<String, Object>>read("$.pools.default").keySet()).containsExactly("findings", "since",
					"limits", "connections", "recent", "totals", "leases", "routes", "routeCount");
			assertThat(json.<List<Object>>read("$.pools.default.findings")).isEmpty();
			assertThat(Instant.parse(json.read("$.pools.default.since"))).isBetween(Instant.now().minusSeconds(60),
					Instant.now());
			assertThat(json.<Map<String, Object>>read("$.pools.default.limits").toString())
				.isEqualTo("{maxTotal=200, maxPerRoute=50, maxIdlePerRoute=50, maxPending=1000}");
			assertThat(json.<Map<String, Object>>read("$.pools.default.connections").toString())
				.isEqualTo("{leased=0, idle=1, pending=0}");
			assertThat(json.<Map<String, Object>>read("$.pools.default.totals").toString())
				.isEqualTo("{calls=5, opened=1, reused=4, reuseRatio=0.8, closed={}, drained={reused=5}, "
						+ "acquireTimeouts=0, acquireRejected=0, replayed=0, leaks=0}");
			assertThat(json.<List<Object>>read("$.pools.default.leases")).isEmpty();
			assertThat(json.<Integer>read("$.pools.default.routeCount")).isOne();
			assertRecent(json, "$.pools.default.recent");
			List<Map<String, Object>> routes = json.read("$.pools.default.routes");
			assertThat(routes).singleElement(InstanceOfAssertFactories.map(String.class, Object.class))
				.containsAllEntriesOf(
						Map.of("route", this.upstream.url(), "max", 50, "leased", 0, "idle", 1, "pending", 0))
				.extracting(Map::keySet, InstanceOfAssertFactories.iterable(String.class))
				.containsExactly("route", "max", "leased", "idle", "pending", "recent", "totals");
			assertRecent(json, "$.pools.default.routes[0].recent");
			assertTotals(json, "$.pools.default.routes[0].totals");
		});
	}

	private static void assertRecent(DocumentContext json, String recent) {
		assertThat(json.<Map<String, Object>>read(recent).keySet()).as("nobody waited: there is no mean")
			.containsExactly("callsPerSecond", "reuseRatio", "openedPerSecond", "closedPerSecond", "maxWaitMillis");
		assertThat(json.<Double>read(recent + ".callsPerSecond")).isBetween(0.1, 5.0);
		assertThat(json.<Double>read(recent + ".reuseRatio")).isEqualTo(0.8);
		assertThat(json.<Double>read(recent + ".openedPerSecond")).isBetween(0.01, 1.0);
		assertThat(json.<Double>read(recent + ".closedPerSecond")).isZero();
		assertThat(json.<Double>read(recent + ".maxWaitMillis")).isZero();
	}

	private static void assertTotals(DocumentContext json, String totals) {
		assertThat(json.<Map<String, Object>>read(totals).keySet()).containsExactly("opened", "reused", "reuseRatio",
				"closed", "drained", "acquireTimeouts", "acquireRejected", "replayed", "leaks", "waited", "held", "dns",
				"tcp", "tls");
		assertThat(json.<Integer>read(totals + ".reused")).isEqualTo(4);
		assertThat(json.<Map<String, Object>>read(totals + ".drained")).isEqualTo(Map.of("reused", 5));
		assertThat(json.<Map<String, Object>>read(totals + ".waited")).isEqualTo(Map.of("count", 0, "failures", 0));
		assertThat(json.<Integer>read(totals + ".held.count")).isEqualTo(5);
		assertThat(json.<Double>read(totals + ".held.meanMillis")).isBetween(0.001, 10_000.0);
		assertThat(json.<Integer>read(totals + ".tcp.count")).isOne();
		assertThat(json.<Map<String, Object>>read(totals + ".tls")).isEqualTo(Map.of("count", 0, "failures", 0));
	}

	@Test
	void poolThatWasNeverUsedShowsNoMeans() {
		run(List.of(), (app) -> {
			HttpResponse<String> response = app.send("GET", "/actuator/httppool/default", null);
			DocumentContext json = JsonPath.parse(response.body());
			assertThat(json.<Map<String, Object>>read("$.recent").toString())
				.isEqualTo("{callsPerSecond=0.0, openedPerSecond=0.0, closedPerSecond=0.0, maxWaitMillis=0.0}");
			assertThat(json.<Map<String, Object>>read("$.totals")).doesNotContainKey("reuseRatio");
			assertThat(response.body()).doesNotContain("null", "NaN");
		});
	}

	@Test
	void orderAndAbsentMeansDoNotDependOnTheMapperOfTheApplication() {
		run(List.of("management.endpoints.jackson.isolated-json-mapper=false",
				"spring.jackson.mapper.sort-properties-alphabetically=true"), (app) -> {
					app.call(1);
					String body = app.send("GET", "/actuator/httppool/default", null).body();
					assertThat(body).startsWith("{\"findings\":").doesNotContain("null");
				});
	}

	@Test
	void showsTheRoutesOfAPool() {
		run(List.of(), (app) -> {
			app.call(2);
			String other = "http://localhost:" + URI.create(this.upstream.url()).getPort();
			app.client.get().uri(other).retrieve().toBodilessEntity();
			DocumentContext json = JsonPath.parse(app.send("GET", "/actuator/httppool/default/routes", null).body());
			assertThat(json.<Map<String, Object>>read("$").keySet()).containsExactly("routeCount", "routes");
			assertThat(json.<Integer>read("$.routeCount")).isEqualTo(2);
			assertThat(json.<List<String>>read("$.routes[*].route")).as("the busiest first")
				.containsExactly(this.upstream.url(), other);
			json = JsonPath.parse(app.send("GET", "/actuator/httppool/default/routes?route=" + other, null).body());
			assertThat(json.<Integer>read("$.routeCount")).isEqualTo(2);
			assertThat(json.<List<Integer>>read("$.routes[*].totals.opened")).containsExactly(1);
			json = JsonPath.parse(app.send("GET", "/actuator/httppool/default/events?route=" + other, null).body());
			assertThat(json.<List<String>>read("$.events[*].type")).containsExactly("opened");
			assertThat(app.send("GET", "/actuator/httppool/default/routes?route=http://other", null).statusCode())
				.isEqualTo(404);
			assertThat(app.send("GET", "/actuator/httppool/orders/routes", null).statusCode()).isEqualTo(404);
		});
	}

	@Test
	void isThereInAReactiveApplication() {
		run(List.of("spring.main.web-application-type=reactive"), (app) -> {
			app.call(2);
			String pool = app.send("GET", "/actuator/httppool/default", null).body();
			assertThat(pool).startsWith("{\"findings\":[],\"since\":");
			assertThat(app.send("GET", "/actuator/httppool/default/routes", null).body()).contains("\"routeCount\":1");
			assertThat(app.send("GET", "/actuator/httppool/default/routes?route=http://other", null).statusCode())
				.isEqualTo(404);
			assertThat(app.send("GET", "/actuator/httppool/default/leases", null).statusCode()).isEqualTo(404);
		});
	}

	@Test
	void showsOnePool() {
		run(List.of(), (app) -> {
			HttpResponse<String> response = app.send("GET", "/actuator/httppool/default", null);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(JsonPath.parse(response.body()).<Integer>read("$.limits.maxTotal")).isEqualTo(200);
			assertThat(app.send("GET", "/actuator/httppool/orders", null).statusCode()).isEqualTo(404);
		});
	}

	@Test
	void showsWhoHoldsConnectionsWithoutQueries() {
		run(List.of(),
				(app) -> app.client.get()
					.uri(this.upstream.url() + "/orders?token=secret")
					.exchange((request, response) -> {
						DocumentContext json = JsonPath.parse(app.send("GET", "/actuator/httppool", null).body());
						List<Map<String, Object>> leases = json.read("$.pools.default.leases");
						assertThat(leases).singleElement(InstanceOfAssertFactories.map(String.class, Object.class))
							.containsOnlyKeys("route", "heldForMillis", "thread", "call")
							.containsEntry("route", this.upstream.url())
							.containsEntry("thread", Thread.currentThread().getName())
							.containsEntry("call", "GET /orders")
							.extractingByKey("heldForMillis", InstanceOfAssertFactories.INTEGER)
							.isBetween(0, 60_000);
						return null;
					}));
	}

	@Test
	void showsWhatIsWrong() throws IOException {
		String nobody = nobody();
		run(List.of("management.health.httppool.enabled=true", "management.endpoint.health.show-details=always"),
				(app) -> {
					app.fail(nobody, 20);
					String expected = "{\"code\":\"FAILING_CONNECTS\",\"severity\":\"critical\",\"route\":\"" + nobody
							+ "\",\"message\":\"";
					DocumentContext json = JsonPath.parse(app.send("GET", "/actuator/httppool/default", null).body());
					List<Map<String, Object>> findings = json.read("$.findings");
					assertThat(findings).singleElement(InstanceOfAssertFactories.map(String.class, Object.class))
						.containsOnlyKeys("code", "severity", "route", "message", "advice")
						.containsEntry("code", "FAILING_CONNECTS")
						.containsEntry("severity", "critical")
						.containsEntry("route", nobody);
					HttpResponse<String> health = app.send("GET", "/actuator/health", null);
					assertThat(health.statusCode()).isEqualTo(503);
					assertThat(JsonPath.parse(health.body()).<String>read("$.components.httpPool.status"))
						.isEqualTo("OUT_OF_SERVICE");
					assertThat(health.body()).contains(expected);
				});
	}

	@Test
	void showsRemarkableEventsNewestFirst() throws IOException {
		String nobody = nobody();
		run(List.of("management.endpoint.httppool.access=unrestricted"), (app) -> {
			app.call(3);
			app.fail(nobody, 1);
			app.send("DELETE", "/actuator/httppool/default", null);
			HttpResponse<String> response = app.send("GET", "/actuator/httppool/default/events", null);
			assertThat(response.statusCode()).isEqualTo(200);
			DocumentContext json = JsonPath.parse(response.body());
			assertThat(json.<List<String>>read("$.events[*].type")).containsExactly("evicted", "closed",
					"connect-failed", "opened");
			assertThat(json.<List<String>>read("$.events[*].route")).containsExactly(this.upstream.url(), nobody,
					this.upstream.url());
			assertThat(json.<String>read("$.events[3].message")).startsWith("http-pool-default-").endsWith("for GET /");
			assertThat(Instant.parse(json.read("$.events[3].time"))).isBetween(Instant.now().minusSeconds(60),
					Instant.now());
			assertThat(app.send("GET", "/actuator/httppool/orders/events", null).statusCode()).isEqualTo(404);
			assertThat(app.send("GET", "/actuator/httppool/default/leases", null).statusCode()).isEqualTo(404);
		});
	}

	@Test
	void isThereOverJmx() {
		run(List.of("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=httppool"), (app) -> {
			app.call(1);
			assertThat(app.invoke("pools").toString()).contains("findings=[]", "leases=[]", this.upstream.url());
			assertThat(app.invoke("pool", "default").toString()).contains("held={");
			assertThat(app.invoke("detail", "default", "events").toString()).contains("type=opened");
			assertThat(app.invoke("detail", "default", "routes", this.upstream.url()).toString()).contains("max=50");
			assertThat(app.invoke("detail", "default", "routes", "http://other")).isNull();
			assertThat(app.invoke("detail", "orders", "events")).isNull();
		});
	}

	@Test
	void isReadOnlyByDefault() {
		run(List.of(), (app) -> {
			assertThat(app.send("POST", "/actuator/httppool/default", "{\"maxTotal\": 10}").statusCode())
				.isEqualTo(405);
			assertThat(app.send("DELETE", "/actuator/httppool/default", null).statusCode()).isEqualTo(405);
			assertThat(app.send("GET", "/actuator/httppool/default", null).statusCode()).isEqualTo(200);
		});
	}

	@Test
	void resizesAPool() {
		run(List.of("management.endpoint.httppool.access=unrestricted"), (app) -> {
			HttpResponse<String> response = app.send("POST", "/actuator/httppool/default",
					"{\"maxTotal\": 10, \"maxPerRoute\": 5}");
			assertThat(response.statusCode()).isEqualTo(200);
			assertLimits(response.body(), 10, 5);
			assertLimits(app.send("POST", "/actuator/httppool/default", "{\"maxPerRoute\": 7}").body(), 10, 7);
			assertLimits(app.send("POST", "/actuator/httppool/default", "{\"maxTotal\": 20}").body(), 20, 7);
			assertLimits(app.send("GET", "/actuator/httppool/default", null).body(), 20, 7);
			assertThat(app.send("POST", "/actuator/httppool/orders", "{\"maxTotal\": 10}").statusCode()).isEqualTo(404);
		});
	}

	@Test
	void furtherPoolsHaveTheirNames() {
		run(List.of("management.endpoint.httppool.access=unrestricted", "http-pool.pools.orders.max-total=7",
				"http-pool.pools.order-service.max-per-route=3"), (app) -> {
					app.call(1);
					DocumentContext json = JsonPath.parse(app.send("GET", "/actuator/httppool", null).body());
					assertThat(json.<Map<String, Object>>read("$.pools")).containsOnlyKeys("default", "orders",
							"order-service");
					assertThat(json.<Integer>read("$.pools.default.totals.calls")).isOne();
					assertThat(json.<Integer>read("$.pools.orders.totals.calls")).isZero();
					assertLimits(app.send("GET", "/actuator/httppool/order-service", null).body(), 200, 3);
					assertLimits(app.send("POST", "/actuator/httppool/orders", "{\"maxPerRoute\": 5}").body(), 7, 5);
					assertLimits(app.send("GET", "/actuator/httppool/default", null).body(), 200, 50);
					app.send("DELETE", "/actuator/httppool/orders", null);
					assertThat(JsonPath.parse(app.send("GET", "/actuator/httppool/default", null).body())
						.<Integer>read("$.connections.idle")).as("of another pool").isOne();
				});
	}

	@Test
	void refusesLimitsThatMakeNoSense() {
		run(List.of("management.endpoint.httppool.access=unrestricted"), (app) -> {
			assertThat(app.send("POST", "/actuator/httppool/default", "{\"maxTotal\": 0}").statusCode()).isEqualTo(400);
			assertThat(app.send("POST", "/actuator/httppool/default", "{\"maxPerRoute\": -5}").statusCode())
				.isEqualTo(400);
			assertThat(app.send("POST", "/actuator/httppool/default", "{\"maxTotal\": \"many\"}").statusCode())
				.isEqualTo(400);
			assertThat(app.send("POST", "/actuator/httppool/default", "{}").statusCode()).isEqualTo(400);
			assertLimits(app.send("GET", "/actuator/httppool/default", null).body(), 200, 50);
		});
	}

	@Test
	void evictsAPool() {
		run(List.of("management.endpoint.httppool.access=unrestricted"), (app) -> {
			app.call(1);
			assertThat(this.upstream.open()).isEqualTo(1);
			assertThat(app.send("DELETE", "/actuator/httppool/default", null).statusCode()).isEqualTo(204);
			Awaitility.await().atMost(Duration.ofSeconds(2)).until(() -> this.upstream.open() == 0);
			DocumentContext json = JsonPath.parse(app.send("GET", "/actuator/httppool/default", null).body());
			assertThat(json.<Map<String, Object>>read("$.totals.closed")).isEqualTo(Map.of("evicted", 1));
			assertThat(app.send("DELETE", "/actuator/httppool/orders", null).statusCode()).isEqualTo(404);
		});
	}

	@Test
	void metersAreInThePrometheusScrape() {
		run(List.of("management.endpoint.httppool.access=unrestricted"), (app) -> {
			app.call(5);
			String route = "route=\"" + this.upstream.url() + "\"";
			assertThat(app.scrape()).contains("# HELP http_pool_connections Connections, leased by a caller or idle")
				.contains("http_pool_connections{pool=\"default\"," + route + ",state=\"idle\"} 1.0")
				.contains("http_pool_connections{pool=\"default\"," + route + ",state=\"leased\"} 0.0")
				.contains("http_pool_connections_max{pool=\"default\"} 200.0")
				.contains("http_pool_pending{pool=\"default\"," + route + "} 0.0")
				.contains("http_pool_acquire_seconds_count{outcome=\"opened\",pool=\"default\"," + route + "} 1")
				.contains("http_pool_acquire_seconds_count{outcome=\"reused\",pool=\"default\"," + route + "} 4")
				.contains("http_pool_drain_total{outcome=\"reused\",pool=\"default\"} 5.0")
				.contains("http_pool_drain_total{outcome=\"too-slow\",pool=\"default\"} 0.0");
			app.send("DELETE", "/actuator/httppool/default", null);
			Awaitility.await()
				.untilAsserted(() -> assertThat(app.scrape())
					.contains("http_pool_connection_age_seconds_count{pool=\"default\",reason=\"evicted\"," + route
							+ "} 1")
					.contains("http_pool_connections{pool=\"default\"," + route + ",state=\"idle\"} 0.0"));
		});
	}

	private static String nobody() throws IOException {
		return "http://127.0.0.1:" + ClosedPort.next();
	}

	private static void assertLimits(String body, int maxTotal, int maxPerRoute) {
		DocumentContext json = JsonPath.parse(body);
		assertThat(json.<Integer>read("$.limits.maxTotal")).isEqualTo(maxTotal);
		assertThat(json.<Integer>read("$.limits.maxPerRoute")).isEqualTo(maxPerRoute);
	}

	private void run(List<String> properties, Consumer<App> test) {
		SpringApplication application = new SpringApplication(Application.class);
		List<String> arguments = new ArrayList<>(properties);
		arguments.add("server.port=0");
		arguments.add("management.endpoints.web.exposure.include=health,httppool,prometheus");
		try (ConfigurableApplicationContext context = application
			.run(arguments.stream().map((property) -> "--" + property).toArray(String[]::new))) {
			test.accept(new App(context));
		}
	}

	private final class App {

		private final RestClient client;

		private final String url;

		App(ConfigurableApplicationContext context) {
			this.client = context.getBean("pooledRestClient", RestClient.class);
			this.url = "http://127.0.0.1:" + ((WebServerApplicationContext) context).getWebServer().getPort();
		}

		void call(int count) {
			for (int i = 0; i < count; i++) {
				this.client.get()
					.uri(HttpPoolEndpointTests.this.upstream.url())
					.exchange((request, response) -> response.getStatusCode());
			}
		}

		void fail(String uri, int count) {
			for (int i = 0; i < count; i++) {
				assertThatExceptionOfType(ResourceAccessException.class)
					.isThrownBy(() -> this.client.get().uri(uri).retrieve().toBodilessEntity());
			}
		}

		Object invoke(String operation, Object... arguments) {
			try {
				String[] signature = new String[arguments.length];
				Arrays.fill(signature, String.class.getName());
				return ManagementFactory.getPlatformMBeanServer()
					.invoke(new ObjectName("org.springframework.boot:type=Endpoint,name=Httppool"), operation,
							arguments, signature);
			}
			catch (JMException ex) {
				throw new AssertionError("The operation failed", ex);
			}
		}

		String scrape() {
			return send("GET", "/actuator/prometheus", null).body();
		}

		HttpResponse<String> send(String method, String path, String body) {
			HttpRequest request = HttpRequest.newBuilder(URI.create(this.url + path))
				.header("Content-Type", "application/json")
				.method(method,
						(body != null) ? HttpRequest.BodyPublishers.ofString(body)
								: HttpRequest.BodyPublishers.noBody())
				.build();
			try {
				return HttpPoolEndpointTests.this.browser.send(request, HttpResponse.BodyHandlers.ofString());
			}
			catch (Exception ex) {
				throw new AssertionError("The application did not answer", ex);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

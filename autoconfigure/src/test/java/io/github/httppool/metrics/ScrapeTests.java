package io.github.httppool.metrics;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Prometheus reads over HTTP from an application to which everything has happened:
 * each name, type, help text and label.
 */
class ScrapeTests {

	private static final Map<String, String> ALWAYS = Map.ofEntries(
			Map.entry("http_pool_connections_max",
					"gauge | pool | Maximum number of connections in the pool, leased and idle"),
			Map.entry("http_pool_route_connections_max",
					"gauge | pool route | Maximum number of connections of the route, leased and idle"),
			Map.entry("http_pool_findings", "gauge | code pool severity | Open findings"),
			Map.entry("http_pool_pending", "gauge | pool route | Callers that wait for a connection"),
			Map.entry("http_pool_acquire_seconds",
					"summary | outcome pool route | Time to acquire a connection, by outcome"),
			Map.entry("http_pool_acquire_seconds_max",
					"gauge | outcome pool route | Time to acquire a connection, by outcome"),
			Map.entry("http_pool_connect_seconds",
					"summary | outcome phase pool route | Time to open a connection, by phase and outcome"),
			Map.entry("http_pool_connect_seconds_max",
					"gauge | outcome phase pool route | Time to open a connection, by phase and outcome"),
			Map.entry("http_pool_usage_seconds",
					"summary | pool route | Time from the lease of a connection to its release"),
			Map.entry("http_pool_usage_seconds_max",
					"gauge | pool route | Time from the lease of a connection to its release"),
			Map.entry("http_pool_drain_total",
					"counter | outcome pool | Response bodies that callers did not read to the end, by outcome"),
			Map.entry("http_pool_leaks_total", "counter | pool | Leases held for too long, or lost by their callers"));

	private static final Map<String, String> MICROMETER = Map.of("http_pool_connections",
			"gauge | pool route state | Connections, leased by a caller or idle", "http_pool_connection_age_seconds",
			"summary | pool reason route | Age of connections when they were closed, by reason",
			"http_pool_connection_age_seconds_max",
			"gauge | pool reason route | Age of connections when they were closed, by reason");

	private static final Map<String, String> OTEL = Map.of("http_client_open_connections",
			"gauge | http_connection_state pool route server_address server_port url_scheme | Connections, active for a caller or idle",
			"http_client_active_requests",
			"gauge | pool route server_address server_port url_scheme | Requests in progress, including those that wait for a connection",
			"http_client_connection_duration_seconds",
			"histogram | pool reason route server_address server_port url_scheme | Age of connections when they were closed, by reason",
			"http_client_connection_duration_seconds_max",
			"gauge | pool reason route server_address server_port url_scheme | Age of connections when they were closed, by reason");

	@Test
	void bearsTheNamesOfThisProject() throws Exception {
		try (MeasuredApplication application = new MeasuredApplication()) {
			application.work();
			Map<String, Scrape.Family> families = scrape(application);
			assertThat(described(families)).isEqualTo(sum(ALWAYS, MICROMETER));
			assertThatEverythingIsThere(application, families, "http_pool_connection_age_seconds");
			Scrape.Family connections = families.get("http_pool_connections");
			assertThat(connections.values("state")).containsExactly("idle", "leased");
			assertThat(connections.values("route")).containsExactlyInAnyOrderElementsOf(application.routes());
		}
	}

	@Test
	void bearsTheNamesOfOpenTelemetry() throws Exception {
		try (MeasuredApplication application = new MeasuredApplication("http-pool.metrics.convention=otel")) {
			application.work();
			Map<String, Scrape.Family> families = scrape(application);
			assertThat(described(families)).isEqualTo(sum(ALWAYS, OTEL));
			assertThatEverythingIsThere(application, families, "http_client_connection_duration_seconds");
			Scrape.Family connections = families.get("http_client_open_connections");
			assertThat(connections.values("http_connection_state")).containsExactly("active", "idle");
			assertThat(connections.values("route")).containsExactlyInAnyOrderElementsOf(application.routes());
			assertThat(connections.values("url_scheme")).containsExactly("http", "https");
			assertThat(connections.values("server_address")).containsExactly("127.0.0.1", "nowhere.invalid");
			assertThat(connections.values("server_port")).contains("80")
				.contains(application.route().substring("http://127.0.0.1:".length()));
			assertThat(families.get("http_client_connection_duration_seconds").values("le")).contains("0.01", "300.0",
					"+Inf");
		}
	}

	private static void assertThatEverythingIsThere(MeasuredApplication application,
			Map<String, Scrape.Family> families, String age) {
		Scrape.Family acquire = families.get("http_pool_acquire_seconds");
		assertThat(acquire.happened("outcome")).containsExactly("failed", "opened", "rejected", "reused", "timeout");
		assertThat(acquire.values("route")).containsExactlyInAnyOrderElementsOf(application.routes());
		Scrape.Family connect = families.get("http_pool_connect_seconds");
		assertThat(connect.samples()
			.stream()
			.filter((sample) -> sample.value() > 0)
			.map((sample) -> sample.labels().get("phase") + " " + sample.labels().get("outcome"))
			.collect(Collectors.toSet())).isEqualTo(
					Set.of("dns success", "dns failure", "tcp success", "tcp failure", "tls success", "tls failure"));
		assertThat(connect.samples()
			.stream()
			.filter((sample) -> "tls".equals(sample.labels().get("phase")))
			.map((sample) -> sample.labels().get("route"))
			.toList()).isNotEmpty().allMatch((route) -> route.startsWith("https:"));
		assertThat(families.get("http_pool_usage_seconds").happened("route")).contains(application.route());
		assertThat(families.get("http_pool_drain_total").happened("outcome")).containsExactly("failed", "reused",
				"too-large", "too-slow");
		assertThat(families.get("http_pool_leaks_total").samples()).singleElement()
			.satisfies((leaks) -> assertThat(leaks.value()).isEqualTo(application.totals().leaks()).isPositive());
		assertThat(families.get(age).happened("reason")).contains("server-close", "drain-bytes", "drain-time",
				"unsolicited-data", "stale", "evicted", "error");
		assertThat(families.values()).allSatisfy((family) -> assertThat(family.values("pool")).hasSize(1));
	}

	private static Map<String, Scrape.Family> scrape(MeasuredApplication application) throws Exception {
		Map<String, Scrape.Family> all = Scrape.parse(application.get("/actuator/prometheus")).families();
		assertThat(all).as("Spring's own").containsKey("http_client_requests_seconds");
		Map<String, Scrape.Family> ours = new TreeMap<>(all);
		ours.keySet().removeIf((name) -> !name.startsWith("http_pool_") && !name.startsWith("http_client_"));
		ours.keySet().removeIf((name) -> name.startsWith("http_client_requests_"));
		return ours;
	}

	private static Map<String, String> described(Map<String, Scrape.Family> families) {
		Map<String, String> described = new TreeMap<>();
		families.forEach((name, family) -> described.put(name,
				family.type() + " | " + String.join(", ", family.labels()) + " | " + family.help()));
		return described;
	}

	private static Map<String, String> sum(Map<String, String> first, Map<String, String> second) {
		Map<String, String> sum = new TreeMap<>(first);
		sum.putAll(second);
		return sum;
	}

}

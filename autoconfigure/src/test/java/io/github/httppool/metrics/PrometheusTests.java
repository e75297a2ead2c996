package io.github.httppool.metrics;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.httppool.testing.Program;
import io.github.httppool.testing.Prometheus;
import io.github.httppool.testing.RequiresProgram;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The alerts and the dashboard on a real Prometheus that scrapes real applications.
 */
@Tag("slow")
class PrometheusTests {

	@Test
	@RequiresProgram(Program.PROMETHEUS)
	void everyQueryFindsWhatItAsksFor() throws Exception {
		try (MeasuredApplication ours = new MeasuredApplication(
				"management.metrics.distribution.percentiles-histogram.http.pool.acquire=true");
				MeasuredApplication otel = new MeasuredApplication("http-pool.metrics.convention=otel");
				Prometheus prometheus = Prometheus.start(Queries.ALERTS, ours.port(), otel.port())) {
			await("both are scraped",
					() -> assertThat(prometheus.query("http_pool_connections_max == 200")).hasSize(2));
			ours.work();
			otel.work();
			// A scrape fails now and then on a busy machine: not all at the same moment.
			Set<String> unanswered = new LinkedHashSet<>(Queries.all());
			await("every query has an answer", () -> {
				ours.goOn();
				otel.goOn();
				for (String query : Set.copyOf(unanswered)) {
					if (prometheus.query(query).stream().anyMatch(PrometheusTests::isNumber)) {
						unanswered.remove(query);
					}
				}
				assertThat(unanswered).as(() -> "last errors of scrapes: " + prometheus.lastErrors()).isEmpty();
			});
			assertThat(Queries.metrics()).contains("http_pool_connections", "http_client_open_connections");
			for (String metric : Queries.metrics()) {
				assertThat(prometheus.query("count(" + metric + ")")).as(metric).isNotEmpty();
			}
			Set<String> instances = Set.of("127.0.0.1:" + ours.port(), "127.0.0.1:" + otel.port());
			Set<String> routes = new HashSet<>(ours.routes());
			routes.addAll(otel.routes());
			assertThat(shown(prometheus, "Connections and their limit", "instance")).isEqualTo(instances);
			assertThat(shown(prometheus, "Connections to an upstream", "route")).isEqualTo(routes);
			assertThat(shown(prometheus, "Connections by route and their limit", "route")).isEqualTo(routes);
			assertThat(shown(prometheus, "Open findings by code", "code")).contains("FAILING_CONNECTS", "SLOW_TLS");
			assertThat(shown(prometheus, "Findings by severity", "severity")).containsExactlyInAnyOrder("critical",
					"warning", "info");
			assertThat(shown(prometheus, "Connections opened to an upstream", "route")).isSubsetOf(routes)
				.contains(ours.route(), otel.route());
			assertThat(shown(prometheus, "Callers waiting for an upstream", "route")).isEqualTo(routes);
			assertThat(shown(prometheus, "Leases by outcome", "outcome")).containsExactlyInAnyOrder("reused", "opened",
					"timeout", "rejected", "failed");
			assertThat(shown(prometheus, "Time to connect, by phase", "phase")).containsExactlyInAnyOrder("dns", "tcp",
					"tls");
			assertThat(shown(prometheus, "Unread bodies", "outcome")).containsExactlyInAnyOrder("reused", "too-large",
					"too-slow", "failed");
			assertThat(shown(prometheus, "Connections closed, by reason", "reason")).contains("server-close",
					"drain-bytes", "drain-time", "stale", "unsolicited-data", "evicted", "error");
			await("alerts of what went wrong", () -> {
				ours.goOn();
				otel.goOn();
				for (String alert : List.of("HttpPoolAcquireTimeouts", "HttpPoolRefusals", "HttpPoolLeaks",
						"HttpPoolConnectsFailing")) {
					assertThat(instances(prometheus, alert)).as(alert).isEqualTo(instances);
				}
			});
			assertThat(prometheus.get("/api/v1/rules").<List<String>>read("$.data.groups[*].rules[*].health"))
				.hasSameSizeAs(Queries.alerts())
				.containsOnly("ok");
		}
	}

	/**
	 * Return which values of a label a panel shows.
	 */
	private static Set<Object> shown(Prometheus prometheus, String panel, String label) throws Exception {
		return prometheus.query(Queries.ofPanel(panel))
			.stream()
			.map((series) -> ((Map<?, ?>) series.get("metric")).get(label))
			.collect(Collectors.toSet());
	}

	private static boolean isNumber(Map<String, Object> series) {
		return !"NaN".equals(((List<?>) series.get("value")).get(1));
	}

	private static Set<String> instances(Prometheus prometheus, String alert) throws Exception {
		List<String> instances = prometheus.get("/api/v1/alerts")
			.read("$.data.alerts[?(@.labels.alertname == '" + alert + "')].labels.instance");
		return Set.copyOf(instances);
	}

	private static void await(String what, ThrowingRunnable assertion) {
		Awaitility.await(what)
			.atMost(Duration.ofMinutes(2))
			.pollInterval(Duration.ofMillis(500))
			.untilAsserted(assertion);
	}

}

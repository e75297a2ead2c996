package io.github.httppool.runbook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.httppool.FindingCode;
import io.github.httppool.findings.LocalPorts;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What happens at night, and what is asked then.
 */
final class Situations {

	private static final String HELD = "round(sum by (route) (rate(http_pool_usage_seconds_sum[5m]%1$s))"
			+ " / sum by (route) (rate(http_pool_usage_seconds_count[5m]%1$s)), 0.001)";

	private static final String CALLS = "round(sum by (route) (rate(http_pool_usage_seconds_count[5m]%s)))";

	private static final String EVENTS = ".events[] | select(.type == \"%s\")";

	private static final ScriptedUpstream.Script CLOSES = (
			exchange) -> exchange.ok("hello".getBytes(), "Connection: close").close();

	private Situations() {
	}

	/**
	 * Return the situations by name.
	 */
	static Map<String, Callable<Map<String, Answer>>> all() {
		Map<String, Callable<Map<String, Answer>>> all = new LinkedHashMap<>();
		all.put("an upstream becomes slow", Situations::slowUpstream);
		all.put("a caller forgets responses", Situations::leak);
		all.put("each call opens a connection", Situations::ports);
		all.put("TLS is slow", Situations::slowTls);
		all.put("callers are refused", Situations::refused);
		all.put("120 callers wait for one upstream with the default settings", Situations::defaults);
		return all;
	}

	private static Map<String, Answer> slowUpstream() throws Exception {
		AtomicReference<Duration> time = new AtomicReference<>(Duration.ofMillis(20));
		try (Night night = new Night((settings) -> settings.maxPerRoute(4), null)) {
			String orders = night.serve("orders",
					ScriptedUpstream.plain((exchange) -> exchange.after(time.get()).ok("hello")));
			String stock = night.serve("stock", ScriptedUpstream.plain((exchange) -> exchange.ok("hello")));
			night.callers(4, Duration.ofMillis(80), () -> night.pool().get(orders + "/orders"));
			night.callers(1, Duration.ofMillis(200), () -> night.pool().get(stock + "/stock"));
			night.awaitQuery("http_pool_pending offset 14m", (routes) -> routes.lines().count() == 2);
			assertThat(night.pool().findings()).as("before the fault").isEmpty();
			night.awaitNoAlert();
			time.set(Duration.ofMillis(250));
			night.callers(8, Duration.ofMillis(80), () -> night.pool().get(orders + "/orders"));
			night.awaitFinding(FindingCode.POOL_TOO_SMALL);
			night.curl("holders", "", ".leases[]", (leases) -> leases.lines().count() == 4);
			night.promql("waiting-routes", "sum by (route) (http_pool_pending) > 0",
					(routes) -> routes.startsWith("{route=\"" + orders + "\"} "));
			night.curl("waiting", "", ".routes[] | {route, max, leased, idle, pending}",
					(routes) -> routes.lines()
						.findFirst()
						.orElse("")
						.matches(".*\"leased\":4,\"idle\":0,\"pending\":[1-9].*"));
			night.curl("waiting-recent", "", ".routes[] | {route, recent}",
					(routes) -> routes.lines().findFirst().orElse("").contains("meanWaitMillis"));
			night.threads("waiting-threads", "httppool.hc5.pool.AcquireRequest",
					(threads) -> threads.lines().count() == 8);
			night.curl("since", "", ".since", (since) -> !since.equals("null"));
			night.curl("began", "/events", EVENTS.formatted("finding"), (events) -> events.contains("POOL_TOO_SMALL"));
			night.promql("upstream", "topk(3, max by (route) (http_pool_pending))",
					(routes) -> routes.lines().count() == 2);
			usOrThem(night, orders);
			night.awaitAlert("HttpPoolRouteExhausted critical");
			String findings = night.curl("findings", "", ".findings[]", (found) -> found.contains("POOL_TOO_SMALL"));
			Matcher size = Pattern.compile("Set http-pool.max-per-route to (\\d+)").matcher(findings);
			assertThat(size.find()).isTrue();
			night.post("resize", "{\"maxPerRoute\": " + size.group(1) + "}", ".limits");
			night.curl("over", "", "{findings, connections}",
					(pool) -> pool.contains("\"findings\":[],") && pool.contains("\"pending\":0"));
			night.awaitNoAlert();
			night.curl("over-events", "/events", EVENTS.formatted("finding"), (events) -> events.lines().count() == 2);
			night.log("over-log", "io.github.httppool.findings", orders, (lines) -> lines.contains("INFO "));
			night.curl("resized", "/events", EVENTS.formatted("resized"), (events) -> !events.isEmpty());
			return night.answers();
		}
	}

	/** Each until the time that it asks for has moved into it. */
	private static void usOrThem(Night night, String orders) {
		night.promql("held-now", HELD.formatted(""), (held) -> value(held, orders) > 0.2);
		night.promql("held-before", HELD.formatted(" offset 10m"), (held) -> value(held, orders) < 0.15);
		String now = night.promql("calls-now", CALLS.formatted(""), (calls) -> value(calls, orders) > 0);
		night.promql("calls-before", CALLS.formatted(" offset 10m"),
				(calls) -> value(calls, orders) > value(now, orders));
	}

	private static double value(String answer, String route) {
		return answer.lines()
			.filter((line) -> line.startsWith("{route=\"" + route + "\"} "))
			.map((line) -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
			.findFirst()
			.orElse(Double.NaN);
	}

	private static Map<String, Answer> leak() throws Exception {
		try (Night night = new Night((settings) -> settings.leakDetectionThreshold(Duration.ofSeconds(2)), null)) {
			String orders = night.serve("orders", ScriptedUpstream.plain((exchange) -> exchange.ok("hello")));
			night.callers(2, Duration.ofMillis(20), () -> night.pool().get(orders + "/orders"));
			CloseableHttpResponse[] forgotten = new CloseableHttpResponse[1];
			Thread export = new Thread(() -> {
				try {
					forgotten[0] = Shop.isExported(night.pool(), orders);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}, "export-1");
			export.start();
			export.join();
			night.awaitFinding(FindingCode.LEAK_SUSPECTED);
			night.curl("leak-holders", "", ".leases[] | select(.thread == \"export-1\")",
					(leases) -> !leases.isEmpty());
			night.log("leak-log", "io.github.httppool.leak", orders, (lines) -> lines.contains("Shop"));
			night.curl("leak-finding", "", ".findings[]",
					(findings) -> findings.contains("held for longer than http-pool.leak-detection-threshold"));
			forgotten[0].close();
			return night.answers();
		}
	}

	private static Map<String, Answer> ports() throws Exception {
		try (Night night = new Night((settings) -> settings.keepAlive(false), () -> new LocalPorts(600, 540))) {
			String orders = night.serve("orders", ScriptedUpstream.plain(CLOSES));
			night.callers(1, Duration.ofMillis(22), () -> night.pool().get(orders + "/orders"));
			night.awaitFinding(FindingCode.PORTS_RUNNING_OUT);
			night.awaitAlert("HttpPoolCriticalFinding critical");
			night.curl("ports-finding", "", ".findings[]", (findings) -> findings.contains("PORTS_RUNNING_OUT")
					&& findings.contains("critical") && findings.lines().count() == 1);
			night.awaitQuery("http_pool_pending offset 6m", (routes) -> !routes.isEmpty());
			night.promql("ports-openings",
					"round(sum by (route) (rate(http_pool_connect_seconds_count{phase=\"tcp\"}[5m])) * 60)",
					(openings) -> value(openings, orders) > 0);
			night.promql("ports-reasons",
					"topk(1, round(sum by (route, reason) (rate(http_pool_connection_age_seconds_count[5m])), 0.1))",
					(reasons) -> reasons.contains("server-close"));
			return night.answers();
		}
	}

	private static Map<String, Answer> slowTls() throws Exception {
		try (Night night = new Night((settings) -> settings.keepAlive(false), null)) {
			String payments = night.serve("payments",
					ScriptedUpstream.tls(CLOSES).resumeSessions().onConnect((connection) -> Pause.ofMillis(600)));
			night.callers(2, Duration.ofMillis(100), () -> night.pool().get(payments + "/payments"));
			night.awaitFinding(FindingCode.SLOW_TLS);
			night.curl("slow-finding", "", ".findings[]",
					(findings) -> findings.contains("SLOW_TLS") && findings.lines().count() == 1);
			night.promql("slow-phases",
					"round(sum by (route, phase) (rate(http_pool_connect_seconds_sum[5m]))"
							+ " / sum by (route, phase) (rate(http_pool_connect_seconds_count[5m])), 0.0001)",
					(phases) -> phases.lines().count() == 3 && !phases.contains("NaN"));
			night.curl("slow-totals", "", ".routes[] | .totals | {dns, tcp, tls}",
					(totals) -> totals.contains("\"tls\":{\"count\":"));
			return night.answers();
		}
	}

	private static Map<String, Answer> refused() throws Exception {
		try (Night night = new Night((settings) -> settings.maxPerRoute(2).maxPending(2), null)) {
			String orders = night.serve("orders",
					ScriptedUpstream.plain((exchange) -> exchange.after(Duration.ofMillis(50)).ok("hello")));
			night.callers(8, Duration.ofMillis(20), () -> night.pool().get(orders + "/orders"));
			night.awaitFinding(FindingCode.CALLERS_REFUSED);
			night.awaitAlert("HttpPoolRefusals critical");
			night.awaitAlert("HttpPoolCriticalFinding critical");
			night.curl("refused-events", "/events", EVENTS.formatted("refused") + " | head -n 1",
					(events) -> events.contains("callers refused; the first: GET /orders"));
			night.curl("refused-finding", "", ".findings[] | select(.code == \"CALLERS_REFUSED\")",
					(findings) -> findings.contains("critical"));
			night.promql("refused-share",
					"round(sum by (route) (rate(http_pool_acquire_seconds_count{outcome=\"rejected\"}[5m]))"
							+ " / sum by (route) (rate(http_pool_acquire_seconds_count[5m])), 0.01)",
					(shares) -> value(shares, orders) > 0.01);
			return night.answers();
		}
	}

	/** Of 200 connections that the pool may have, 50 are in use. */
	private static Map<String, Answer> defaults() throws Exception {
		try (Night night = new Night((settings) -> {
		}, null)) {
			String orders = night.serve("orders",
					ScriptedUpstream.plain((exchange) -> exchange.after(Duration.ofSeconds(1)).ok("hello")));
			night.callers(170, Duration.ofMillis(1), () -> night.pool().get(orders + "/orders"));
			night.awaitQuery("http_pool_pending == 120 and on (pool) (http_pool_connections_max == 200)",
					(pending) -> !pending.isEmpty());
			night.awaitAlert("HttpPoolRouteExhausted critical");
			return night.answers();
		}
	}

}

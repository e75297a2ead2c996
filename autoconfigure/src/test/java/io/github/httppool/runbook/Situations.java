package io.github.httppool.runbook;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.httppool.FindingCode;
import io.github.httppool.findings.LocalPorts;
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
		return all;
	}

	private static Map<String, Answer> slowUpstream() throws Exception {
		AtomicReference<Duration> time = new AtomicReference<>(Duration.ofMillis(20));
		try (Night night = new Night((settings) -> settings.maxPerRoute(4), null)) {
			String orders = night.serve("orders",
					ScriptedUpstream.plain((exchange) -> exchange.after(time.get()).ok("hello")));
			String stock = night.serve("stock", ScriptedUpstream.plain((exchange) -> exchange.ok("hello")));
			night.callers(10, Duration.ofMillis(200), () -> night.pool().get(orders + "/orders"));
			night.callers(1, Duration.ofMillis(200), () -> night.pool().get(stock + "/stock"));
			assertThat(await(night, "count_over_time(http_pool_pending[10m]) >= 7", 2)).isNotEmpty();
			assertThat(night.pool().findings()).isEmpty();
			time.set(Duration.ofMillis(500));
			night.awaitFinding(FindingCode.POOL_TOO_SMALL);
			night.curl("holders", "", ".leases[]", (leases) -> leases.lines().count() == 4);
			night.promql("waiting-routes", "sum by (route) (http_pool_pending) > 0",
					(routes) -> routes.startsWith("{route=\"" + orders + "\"} "));
			night.curl("waiting", "", ".routes[] | {route, max, leased, idle, pending}",
					(routes) -> routes.lines().findFirst().orElse("").matches(".*\"leased\":4,\"idle\":0,\"pending\":[1-9].*"));
			night.curl("waiting-recent", "", ".routes[] | {route, recent}",
					(routes) -> routes.lines().findFirst().orElse("").contains("meanWaitMillis"));
			night.curl("since", "", ".since", (since) -> !since.equals("null"));
			night.curl("began", "/events", EVENTS.formatted("finding"), (events) -> events.contains("POOL_TOO_SMALL"));
			night.promql("upstream", "topk(3, max by (route) (http_pool_pending))",
					(routes) -> routes.lines().count() == 2);
			usOrThem(night, orders);
			String findings = night.curl("findings", "", ".findings[]", (found) -> found.contains("POOL_TOO_SMALL"));
			Matcher size = Pattern.compile("Set http-pool.max-per-route to (\\d+)").matcher(findings);
			assertThat(size.find()).isTrue();
			night.post("resize", "{\"maxPerRoute\": " + size.group(1) + "}", ".limits");
			night.curl("over", "", "{findings, connections}", (pool) -> pool.contains("\"findings\":[],")
					&& pool.contains("\"pending\":0"));
			night.curl("over-events", "/events", EVENTS.formatted("finding"), (events) -> events.lines().count() == 2);
			night.curl("resized", "/events", EVENTS.formatted("resized"), (events) -> !events.isEmpty());
			return night.answers();
		}
	}

	/** Until the time before the fault has moved into the queries. */
	private static void usOrThem(Night night, String orders) {
		night.promql("held-now", HELD.formatted(""), (held) -> seconds(held, orders) > 0.4);
		night.promql("held-before", HELD.formatted(" offset 10m"), (held) -> seconds(held, orders) < 0.2);
		night.promql("calls-now", CALLS.formatted(""), (calls) -> seconds(calls, orders) > 0);
		night.promql("calls-before", CALLS.formatted(" offset 10m"), (calls) -> seconds(calls, orders) > 20);
	}

	private static double seconds(String answer, String route) {
		return answer.lines()
			.filter((line) -> line.startsWith("{route=\"" + route + "\"} "))
			.map((line) -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
			.findFirst()
			.orElse(Double.NaN);
	}

}

package io.github.httppool.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import org.yaml.snakeyaml.Yaml;

/**
 * The queries in the files that users get: the dashboard and the alerts.
 */
final class Queries {

	static final Path DASHBOARD = Path.of("../docs/grafana-dashboard.json");

	static final Path ALERTS = Path.of("../docs/prometheus-alerts.yml");

	private static final Pattern METRIC = Pattern.compile("\\bhttp_(?:pool|client)_\\w+");

	private static final Pattern VALUES = Pattern.compile("label_values\\((.*), (\\w+)\\)");

	private static final Pattern COMPARISON = Pattern.compile("(>=|<=|==|!=|>|<)(?=\\s+[0-9.])");

	private Queries() {
	}

	static DocumentContext dashboard() throws IOException {
		return JsonPath.parse(Files.readString(DASHBOARD));
	}

	/**
	 * Return the queries of the panels, with Grafana's variables filled in.
	 */
	static List<String> ofPanels() throws IOException {
		return dashboard().<List<String>>read("$.panels[*].targets[*].expr").stream().map(Queries::filledIn).toList();
	}

	/**
	 * Return the first query of a panel.
	 */
	static String ofPanel(String title) throws IOException {
		return filledIn(
				dashboard().<List<String>>read("$.panels[?(@.title == '" + title + "')].targets[0].expr").get(0));
	}

	/**
	 * Return what gives the values of the variables.
	 */
	static List<String> ofVariables() throws IOException {
		return dashboard().<List<String>>read("$.templating.list[?(@.type == 'query')].query.query")
			.stream()
			.map((query) -> {
				Matcher values = VALUES.matcher(filledIn(query));
				if (!values.matches()) {
					throw new AssertionError("Not understood: " + query);
				}
				return "count by (" + values.group(2) + ") (" + values.group(1) + ")";
			})
			.toList();
	}

	private static String filledIn(String query) {
		return query.replace("$__rate_interval", "2m").replaceAll("\\$(job|instance|pool|route)", ".*");
	}

	/**
	 * Return the conditions of the alerts, as queries that also answer where they do not
	 * hold.
	 */
	static List<String> ofAlerts() throws IOException {
		return alerts().stream()
			.map((alert) -> COMPARISON.matcher((String) alert.get("expr")).replaceAll("$1 bool"))
			.toList();
	}

	static List<Map<String, Object>> alerts() throws IOException {
		Map<String, List<Map<String, List<Map<String, Object>>>>> file = new Yaml().load(Files.readString(ALERTS));
		return file.get("groups").get(0).get("rules");
	}

	static List<String> all() throws IOException {
		List<String> all = new ArrayList<>(ofPanels());
		all.addAll(ofVariables());
		all.addAll(ofAlerts());
		return all;
	}

	static Set<String> metrics() throws IOException {
		return all().stream().flatMap(Queries::metrics).collect(Collectors.toCollection(TreeSet::new));
	}

	static Stream<String> metrics(String query) {
		return METRIC.matcher(query).results().map(MatchResult::group);
	}

}

package io.github.httppool.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.httppool.testing.Program;
import io.github.httppool.testing.Prometheus;
import io.github.httppool.testing.RequiresProgram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The alerts that users get: when they fire, and what they say.
 */
@Tag("slow")
class AlertTests {

	private static final Path TESTS = Path.of("src/test/resources/prometheus-alerts-test.yml");

	private static final Path RUNBOOK = Path.of("../docs/runbook.md");

	private static final Pattern SUMMED_BY = Pattern.compile("(?:sum|max|avg)(?: by \\(([^)]*)\\))?");

	private static final Pattern VALUE = Pattern.compile("\\{\\{[^}]*\\$value[^}]*}}");

	/** Those that have no route, and what an upstream sees. */
	private static final Map<String, String> LABELS = Map.of("HttpPoolLeaks", "job, instance, pool",
			"HttpPoolCriticalFinding", "job, instance, pool, code", "HttpPoolWarningFinding",
			"job, instance, pool, code", "HttpPoolManyOpenings", "job, route", "HttpPoolPortsAtRisk",
			"job, instance, route", "HttpPoolConnectsFailing", "job, instance, pool, route, phase");

	@TempDir
	Path folder;

	@Test
	@RequiresProgram(Program.PROMTOOL)
	void fireOnTheirFaultsAndOnlyThen() throws Exception {
		Files.copy(Queries.ALERTS, this.folder.resolve("prometheus-alerts.yml"));
		Files.copy(TESTS, this.folder.resolve("tests.yml"));
		assertThat(Prometheus.promtool(this.folder, "check", "rules", "prometheus-alerts.yml"))
			.contains(Queries.alerts().size() + " rules found");
		assertThat(Prometheus.promtool(this.folder, "test", "rules", "tests.yml")).contains("SUCCESS");
	}

	@Test
	@RequiresProgram(Program.PROMTOOL)
	void canKeepAnotherLabelAndLinkToTheRunbookAsTheirFileSays() throws Exception {
		String changed = Files.readString(Queries.ALERTS)
			.replace("by (job,", "by (namespace, job,")
			.replace("docs/runbook.md#", "https://wiki.example/http-pool/runbook#");
		assertThat(changed).doesNotContain("by (job").doesNotContain("docs/");
		Files.writeString(this.folder.resolve("prometheus-alerts.yml"), changed);
		Prometheus.promtool(this.folder, "check", "rules", "prometheus-alerts.yml");
	}

	@Test
	void eachIsTestedInBothWays() throws IOException {
		Set<Object> alerts = Queries.alerts().stream().map((alert) -> alert.get("alert")).collect(Collectors.toSet());
		assertThat(tested(false)).isEqualTo(alerts);
		assertThat(tested(true)).isEqualTo(alerts);
	}

	@Test
	void healthyApplicationsOfTheTestsHaveAllMeters() throws IOException {
		List<Map<String, List<Map<String, Object>>>> tests = tests();
		for (Map<String, List<Map<String, Object>>> test : tests.subList(0, 3)) {
			String series = String.valueOf(test.get("input_series"));
			Set<String> metrics = metrics(series);
			assertThat(metrics).isEqualTo(Queries.alerts()
				.stream()
				.flatMap((alert) -> metrics((String) alert.get("expr")).stream())
				.collect(Collectors.toCollection(TreeSet::new)));
			assertThat(test.get("promql_expr_test")).singleElement().satisfies((query) -> {
				assertThat(query.get("expr")).asString().contains("ALERTS{alertstate=\"firing\"}[6h]");
				assertThat((List<?>) query.get("exp_samples")).isEmpty();
			});
		}
	}

	@Test
	void eachIsForARouteUnlessItsMetersHaveNone() throws IOException {
		assertThat(Queries.alerts()).allSatisfy((alert) -> {
			String expression = (String) alert.get("expr");
			String labels = LABELS.getOrDefault((String) alert.get("alert"), "job, instance, pool, route");
			assertThat(SUMMED_BY.matcher(expression).results().findFirst().orElseThrow().group(1)).isEqualTo(labels);
			for (String label : labels.split(", ")) {
				if (!label.equals("job") && !alert.get("alert").equals("HttpPoolPortsAtRisk")) {
					assertThat(alert.get("annotations")).asString().contains("$labels." + label);
				}
			}
		});
	}

	@Test
	void eachSaysWhatHappensAndWhatToDo() throws IOException {
		String runbook = Files.readString(RUNBOOK);
		assertThat(Queries.alerts()).allSatisfy((alert) -> {
			String name = (String) alert.get("alert");
			assertThat(alert.get("labels")).asString().isIn("{severity=critical}", "{severity=warning}");
			@SuppressWarnings("unchecked")
			Map<String, String> annotations = (Map<String, String>) alert.get("annotations");
			assertThat(annotations).containsOnlyKeys("summary", "description", "runbook_url");
			assertThat(annotations.get("description")).containsAnyOf("http-pool.", "http_pool_", "/actuator/httppool");
			assertThat(annotations.get("runbook_url")).isEqualTo("docs/runbook.md#" + name.toLowerCase(Locale.ROOT));
			assertThat(runbook).contains("\n### " + name + "\n");
		});
	}

	@Test
	void numbersAreForPeople() throws IOException {
		List<String> values = Queries.alerts()
			.stream()
			.flatMap((alert) -> VALUE.matcher(String.valueOf(alert.get("annotations"))).results())
			.map(MatchResult::group)
			.distinct()
			.toList();
		assertThat(values).containsExactlyInAnyOrder("{{ $value | printf \"%.0f\" }}",
				"{{ $value | humanizePercentage }}");
	}

	private static Set<Object> tested(boolean quiet) throws IOException {
		return tests().stream()
			.flatMap((test) -> test.containsKey("alert_rule_test") ? test.get("alert_rule_test").stream()
					: Stream.empty())
			.filter((test) -> ((List<?>) test.get("exp_alerts")).isEmpty() == quiet)
			.map((test) -> test.get("alertname"))
			.collect(Collectors.toSet());
	}

	private static List<Map<String, List<Map<String, Object>>>> tests() throws IOException {
		Map<String, List<Map<String, List<Map<String, Object>>>>> file = new Yaml().load(Files.readString(TESTS));
		return file.get("tests");
	}

	private static Set<String> metrics(String text) {
		return Queries.metrics(text).collect(Collectors.toCollection(TreeSet::new));
	}

}

package io.github.httppool.metrics;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.jayway.jsonpath.DocumentContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Grafana needs to import the dashboard, and users to read it.
 */
class DashboardTests {

	private final DocumentContext dashboard = Queries.dashboard();

	DashboardTests() throws IOException {
	}

	@Test
	void asksForItsDataSourceAndForWhatToShow() {
		assertThat(this.dashboard.<List<String>>read("$.templating.list[*].name")).containsExactly("datasource", "job",
				"instance", "pool", "route");
		assertThat(this.dashboard.<String>read("$.templating.list[0].type")).isEqualTo("datasource");
		assertThat(this.dashboard.<List<String>>read("$..datasource.uid")).hasSizeGreaterThan(40)
			.containsOnly("${datasource}");
		assertThat(this.dashboard.<Integer>read("$.schemaVersion")).isGreaterThanOrEqualTo(36);
		assertThat(this.dashboard.<String>read("$.title")).isEqualTo("HTTP Pool");
	}

	@Test
	void eachPanelSaysWhatItShowsAndInWhichUnit() {
		List<Map<String, Object>> panels = this.dashboard.read("$.panels[?(@.type != 'row')]");
		assertThat(panels).hasSizeGreaterThan(15).allSatisfy((panel) -> {
			assertThat(panel.get("title")).asString().isNotBlank();
			assertThat(panel.get("description")).asString().endsWith(".");
		});
		assertThat(this.dashboard.<List<String>>read("$.panels[*].fieldConfig.defaults.unit")).hasSameSizeAs(panels)
			.isSubsetOf("short", "ops", "s", "percentunit");
		assertThat(this.dashboard.<List<String>>read("$.panels[*].targets[*].expr"))
			.allMatch((query) -> query.contains("job=~\"$job\""));
		assertThat(this.dashboard.<List<String>>read("$.panels[*].targets[*].legendFormat")).noneMatch(String::isBlank);
	}

	@Test
	void beginsWithSingleNumbersAndFindings() {
		List<Map<String, Object>> first = this.dashboard.read("$.panels[?(@.gridPos.y < 6)]");
		assertThat(first).extracting((panel) -> panel.get("type"))
			.containsExactly("row", "stat", "stat", "stat", "stat", "stat", "stat", "stat", "stat", "table",
					"timeseries");
		assertThat(this.dashboard.<List<String>>read("$.panels[?(@.type == 'stat')].title")).containsExactly(
				"Connections in use", "Share of the limit in use", "Callers waiting", "Mean wait",
				"Wait, 99th percentile", "Reuse", "Calls without a connection", "Open findings");
		assertThat(this.dashboard.<List<List<Object>>>read("$.panels[?(@.type == 'stat')].targets"))
			.allMatch((targets) -> targets.size() == 1);
	}

	@Test
	void routeGraphHasTheLimitAsALine() {
		assertThat(this.dashboard
			.<List<String>>read("$.panels[?(@.title == 'Connections by route and their limit')].targets[*].expr"))
			.anyMatch((query) -> query.contains("by (pool, route) (http_pool_route_connections_max{"));
	}

	@Test
	void panelsStandBesideEachOther() {
		List<Map<String, Object>> panels = this.dashboard.read("$.panels[*]");
		Set<Object> ids = new HashSet<>();
		Set<String> places = new HashSet<>();
		for (Map<String, Object> panel : panels) {
			assertThat(ids.add(panel.get("id"))).isTrue();
			@SuppressWarnings("unchecked")
			Map<String, Integer> place = (Map<String, Integer>) panel.get("gridPos");
			assertThat(place.get("x") + place.get("w")).isLessThanOrEqualTo(24);
			for (int x = 0; x < place.get("w"); x++) {
				for (int y = 0; y < place.get("h"); y++) {
					assertThat(places.add((place.get("x") + x) + " " + (place.get("y") + y)))
						.as("%s is in the place of another", panel.get("title"))
						.isTrue();
				}
			}
		}
	}

}

package io.github.httppool.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The documentation as a whole: its links, its index and its sizes.
 */
class LinkTests {

	private static final int README_LIMIT = 14 * 1024;

	private static final int CHANGELOG_LIMIT = 8 * 1024;

	private static final Pattern PAGE = Pattern.compile("docs/[\\w.-]+\\.md(?:#[\\w-]+)?|README[\\w.]*");

	private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,]\\d+)*");

	private final List<Page> pages = Page.all();

	private final Map<Path, Set<String>> anchors = new HashMap<>();

	@Test
	void everyLinkLeadsToAFileAndAnAnchor() {
		List<String> broken = new ArrayList<>();
		for (Page page : this.pages) {
			page.links()
				.stream()
				.filter((link) -> !link.matches("[a-z]+:.*"))
				.filter((link) -> !resolves(page, link))
				.forEach((link) -> broken.add(page + ": " + link));
		}
		assertThat(broken).isEmpty();
	}

	private boolean resolves(Page page, String link) {
		String[] parts = link.split("#", 2);
		Path target = parts[0].isEmpty() ? Page.ROOT.resolve(page.path())
				: Page.ROOT.resolve(page.path()).resolveSibling(parts[0]).normalize();
		if (!target.startsWith(Page.ROOT) || !Files.exists(target)) {
			return false;
		}
		return parts.length == 1 || this.anchors
			.computeIfAbsent(target, (file) -> Page.of(Page.ROOT.relativize(file).toString()).anchors())
			.contains(parts[1]);
	}

	@Test
	void theRunbookUrlsOfTheAlertsLeadToASection() throws IOException {
		List<String> urls = Files.readAllLines(Page.ROOT.resolve("docs/prometheus-alerts.yml"))
			.stream()
			.map(String::strip)
			.filter((line) -> line.startsWith("runbook_url: "))
			.map((line) -> line.substring("runbook_url: ".length()).replace("\"", "").replace("'", ""))
			.toList();
		assertThat(urls).hasSizeGreaterThan(5)
			.allSatisfy((url) -> assertThat(resolves(Page.of("README.md"), url)).as(url).isTrue());
	}

	@Test
	void theDashboardNamesPagesThatExist() throws IOException {
		List<String> descriptions = JsonPath.read(Files.readString(Page.ROOT.resolve("docs/grafana-dashboard.json")),
				"$..description");
		assertThat(descriptions).isNotEmpty()
			.allSatisfy((description) -> assertThat(PAGE.matcher(description).results())
				.allSatisfy((page) -> assertThat(resolves(Page.of("README.md"), page.group())).isTrue()));
	}

	@Test
	void theIndexNamesEveryPageAndFile() throws IOException {
		Set<String> missing = new TreeSet<>();
		try (Stream<Path> files = Files.list(Page.ROOT.resolve("docs"))) {
			files.filter(Files::isRegularFile)
				.map((file) -> file.getFileName().toString())
				.filter((name) -> !name.equals("README.md") && !name.endsWith(".svg"))
				.forEach(missing::add);
		}
		missing.removeAll(Page.of("docs/README.md").links());
		assertThat(missing).isEmpty();
	}

	@Test
	void theNumbersOfTheReadmeAreThoseThatWereMeasured() {
		String measured = Page.of("docs/performance.md").text() + Page.of("docs/hostile-cases.md").text();
		List<String> claims = Page.of("README.md")
			.text()
			.lines()
			.filter((line) -> line.startsWith("- **"))
			.limit(3)
			.toList();
		assertThat(claims).hasSize(3)
			.allSatisfy((claim) -> assertThat(NUMBER.matcher(claim).results().map(MatchResult::group)).isNotEmpty()
				.allSatisfy((number) -> assertThat(measured).contains(number)));
	}

	@Test
	void theReadmeAndTheChangelogAreShort() {
		assertThat(size("README.md")).isLessThanOrEqualTo(README_LIMIT);
		assertThat(size("CHANGELOG.md")).isLessThanOrEqualTo(CHANGELOG_LIMIT);
	}

	private static int size(String page) {
		return Page.of(page).text().getBytes(StandardCharsets.UTF_8).length;
	}

}

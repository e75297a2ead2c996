package io.github.httppool.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The pages of the project that show results: tables between two markers, a chart, and
 * the goals.
 *
 * @param project the folder of the project
 */
public record Documentation(Path project) {

	private static final String BEGIN = "<!-- benchmarks: begin -->";

	private static final String END = "<!-- benchmarks: end -->";

	private static final List<String> PAGES = List.of("README.md", "docs/performance.md");

	private static final String CHART = "docs/benchmarks.svg";

	private static final String GOALS = "docs/benchmarks.md";

	/**
	 * Check that a page has markers.
	 * @throws IOException if none has
	 */
	public void requireTables() throws IOException {
		if (markedPages().isEmpty()) {
			throw new IOException("No page of " + PAGES + " has the markers " + BEGIN + " and " + END
					+ ": run this in the folder of the project");
		}
	}

	/**
	 * Write results.
	 * @param tables the text between the markers, above the chart
	 * @param chart the chart
	 * @param goals the goals
	 * @param base the name of the client with which clients are compared
	 * @param machine where and when it was measured
	 * @throws IOException if a page cannot be read or written
	 */
	public void write(String tables, String chart, List<Goal> goals, String base, String machine) throws IOException {
		Path picture = this.project.resolve(CHART);
		Files.createDirectories(picture.getParent());
		Files.writeString(picture, chart);
		for (Path page : markedPages()) {
			String text = Files.readString(page);
			String link = page.toAbsolutePath().getParent().relativize(picture.toAbsolutePath()).toString();
			Files.writeString(page, text.substring(0, text.indexOf(BEGIN) + BEGIN.length()) + "\n\n" + tables
					+ "\n![Calls per second](" + link + ")\n\n" + text.substring(text.indexOf(END)));
		}
		Files.writeString(this.project.resolve(GOALS),
				"# Performance goals\n\nWritten by the command `clients --write-docs` of the module `benchmarks`."
						+ " Ratios are to \"" + base + "\" unless another client is named: medians, with quartiles in"
						+ " brackets.\n\n" + Goal.table(goals) + "\nMeasured: " + machine + ".\n");
	}

	private List<Path> markedPages() throws IOException {
		List<Path> marked = new ArrayList<>();
		for (String name : PAGES) {
			Path page = this.project.resolve(name);
			if (Files.isRegularFile(page)) {
				String text = Files.readString(page);
				if (text.contains(BEGIN) && text.indexOf(END) > text.indexOf(BEGIN)) {
					marked.add(page);
				}
			}
		}
		return marked;
	}

}

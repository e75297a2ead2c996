package io.github.httppool.runbook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The runbook in the documentation. People write it; the places between
 * {@code <!-- answer: key -->} and {@code <!-- end -->} are written by a run.
 */
final class RunbookPage {

	/** Seen from the module, in which its tests run. */
	static final Path FILE = Path.of("..", "docs", "runbook.md");

	private static final Pattern PLACE = Pattern.compile("(<!-- answer: ([\\w-]+) -->\\n)(.*?)(<!-- end -->)",
			Pattern.DOTALL);

	private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

	private static final Pattern LINK = Pattern.compile("]\\(#([^)]*)\\)");

	private RunbookPage() {
	}

	/**
	 * Write the answers into their places, unless those that are there differ in numbers
	 * only.
	 * @return whether all of them were there
	 */
	static boolean isCurrent(Map<String, Answer> answers) throws IOException {
		String page = Files.readString(FILE);
		Set<String> places = new LinkedHashSet<>();
		String written = PLACE.matcher(page).replaceAll((place) -> {
			places.add(place.group(2));
			Answer answer = answers.get(place.group(2));
			boolean same = answer == null || answer.isLike(place.group(3));
			return Matcher.quoteReplacement(same ? place.group() : place.group(1) + answer.text() + place.group(4));
		});
		assertThat(places).as("places in the page").containsExactlyInAnyOrderElementsOf(answers.keySet());
		if (written.equals(page)) {
			return true;
		}
		Files.writeString(FILE, written);
		return false;
	}

	/**
	 * Return the titles of the questions.
	 */
	static List<String> questions() throws IOException {
		return headings().stream().filter((heading) -> heading.matches("\\d+\\. .*")).toList();
	}

	/**
	 * Return the links within the page that lead nowhere.
	 */
	static Set<String> deadLinks() throws IOException {
		Set<String> links = LINK.matcher(Files.readString(FILE))
			.results()
			.map((link) -> link.group(1))
			.collect(Collectors.toCollection(LinkedHashSet::new));
		headings().forEach((heading) -> links.remove(anchor(heading)));
		return links;
	}

	private static List<String> headings() throws IOException {
		return HEADING.matcher(Files.readString(FILE)).results().map((heading) -> heading.group(1)).toList();
	}

	/** As GitHub makes them. */
	private static String anchor(String heading) {
		return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
	}

}

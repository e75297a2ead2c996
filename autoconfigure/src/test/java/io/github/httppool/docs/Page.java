package io.github.httppool.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation: the Markdown files of the root folder, of the modules, of
 * {@code docs} and of {@code .github}.
 *
 * @param path the path from the root folder
 * @param text the content
 */
record Page(Path path, String text) {

	static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private static final Pattern BLOCK = Pattern.compile("(?ms)^( *)(```+)([^\n`]*)\n(.*?)^ *\\2 *$");

	private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*?) *#*$");

	private static final Pattern ANCHOR = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");

	private static final Pattern LINK = Pattern.compile("\\[(?:[^\\[\\]]|\\[[^\\]]*])*]\\(([^)\\s]+)[^)]*\\)");

	private static final Pattern HTML_LINK = Pattern.compile("(?:src|srcset|href)=\"([^\"]+)\"");

	private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

	/**
	 * Return all pages.
	 */
	static List<Page> all() {
		try (Stream<Path> root = Files.walk(ROOT, 2);
				Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
				Stream<Path> host = Files.walk(ROOT.resolve(".github"))) {
			List<Page> pages = Stream.of(root, docs, host)
				.flatMap((files) -> files)
				.distinct()
				.filter((file) -> file.toString().endsWith(".md"))
				.sorted()
				.map(Page::read)
				.toList();
			return new ArrayList<>(pages);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return a page.
	 * @param path the path from the root folder
	 */
	static Page of(String path) {
		return read(ROOT.resolve(path));
	}

	private static Page read(Path file) {
		try {
			return new Page(ROOT.relativize(file), Files.readString(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the fenced blocks of a language.
	 */
	List<Snippet> snippets(String language) {
		return BLOCK.matcher(this.text)
			.results()
			.filter((block) -> block.group(3).strip().equals(language))
			.map((block) -> new Snippet(this.path, lineOf(block), block.group(4).stripIndent()))
			.toList();
	}

	/**
	 * Return the targets of all links and pictures.
	 */
	List<String> links() {
		String text = CODE.matcher(prose()).replaceAll("");
		return Stream.of(LINK, HTML_LINK)
			.flatMap((pattern) -> pattern.matcher(text).results())
			.map((link) -> link.group(1))
			.toList();
	}

	/**
	 * Return what is marked as code within the text.
	 */
	List<String> code() {
		return CODE.matcher(prose()).results().map((code) -> code.group(1)).toList();
	}

	/**
	 * Return the anchors of the headings, by GitHub's rule, and those set by hand.
	 */
	Set<String> anchors() {
		Set<String> anchors = new LinkedHashSet<>();
		Map<String, Integer> times = new HashMap<>();
		HEADING.matcher(prose()).results().forEach((heading) -> {
			String slug = slug(heading.group(1));
			int before = times.merge(slug, 1, Integer::sum) - 1;
			anchors.add((before == 0) ? slug : slug + "-" + before);
		});
		ANCHOR.matcher(prose()).results().forEach((anchor) -> anchors.add(anchor.group(1)));
		return anchors;
	}

	private static String slug(String heading) {
		return heading.replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
			.toLowerCase(Locale.ROOT)
			.replaceAll("[^\\p{L}\\p{N}\\p{M}_ -]", "")
			.replace(' ', '-');
	}

	/**
	 * Return the text without its blocks.
	 */
	String prose() {
		return BLOCK.matcher(this.text).replaceAll("");
	}

	private int lineOf(MatchResult block) {
		return (int) this.text.substring(0, block.start()).lines().count() + 2;
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

	/**
	 * A fenced block.
	 *
	 * @param page the path of its page
	 * @param line the number of its first line
	 * @param text the content
	 */
	record Snippet(Path page, int line, String text) {

		@Override
		public String toString() {
			return this.page + ":" + this.line;
		}

	}

}

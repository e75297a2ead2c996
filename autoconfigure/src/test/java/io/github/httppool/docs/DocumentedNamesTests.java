package io.github.httppool.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the pages for contributors name classes that exist.
 */
class DocumentedNamesTests {

	private static final Path PROJECT = Path.of("..");

	private static final Pattern CODE = Pattern.compile("`([A-Z][A-Za-z0-9]+)(?:[.(#][A-Za-z0-9_.()#…]*)?`");

	/** Words in code font that are not classes of this project. */
	private static final Set<String> OTHERS = Set.of("Authorization", "CI", "Connection", "Cookie", "Duration", "Error",
			"ExecRuntime", "Helper", "Host", "HttpClient", "HttpClientContext", "Impl", "ConnectExec",
			"DetachedSocketFactory", "LongAdder", "MainClientExec", "Manager", "OutOfMemoryError", "Pool",
			"PoolConcurrencyPolicy", "ReentrantLock", "RestClient", "RestTemplate", "RestTemplateBuilder",
			"StrictConnPool", "SocketChannel", "System", "Throwable", "Timeout", "Util", "Whether");

	@ParameterizedTest
	@ValueSource(strings = { "docs/architecture.md", "docs/concurrency.md", "docs/invariants.md", "CONTRIBUTING.md" })
	void classesExist(String page) throws IOException {
		Set<String> known = sources();
		Set<String> missing = new TreeSet<>();
		for (Matcher code = CODE.matcher(Files.readString(PROJECT.resolve(page))); code.find();) {
			String name = code.group(1);
			if (isClassName(name) && !known.contains(name) && !OTHERS.contains(name)) {
				missing.add(name);
			}
		}
		assertThat(missing).as(page + " names classes that do not exist").isEmpty();
	}

	/** Names in capitals are states and other constants. */
	private static boolean isClassName(String name) {
		return !name.equals(name.toUpperCase(Locale.ROOT));
	}

	private static Set<String> sources() throws IOException {
		Set<String> names = new TreeSet<>();
		try (Stream<Path> modules = Files.list(PROJECT)) {
			for (Path module : modules.map((folder) -> folder.resolve("src")).filter(Files::isDirectory).toList()) {
				try (Stream<Path> files = Files.walk(module)) {
					files.map((file) -> file.getFileName().toString())
						.filter((name) -> name.endsWith(".java"))
						.map((name) -> name.substring(0, name.length() - ".java".length()))
						.forEach(names::add);
				}
			}
		}
		return names;
	}

}

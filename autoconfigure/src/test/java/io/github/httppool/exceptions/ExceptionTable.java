package io.github.httppool.exceptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The table of all situations, as it lies in the documentation.
 */
final class ExceptionTable {

	/** Seen from the module, in which its tests run. */
	static final Path FILE = Path.of("..", "docs", "exceptions.md");

	private static final String INTRODUCTION = """
			# Exceptions

			Retry strategies and error handlers decide by the class of an exception. Each failure therefore has the class that it has with plain Spring Boot on HttpClient 5, or a subclass. [Error messages](error-messages.md) says what the messages contain and what to do.

			`ExceptionTableTests` writes this page. It plays each situation on real sockets, in an application with the pool and in one without it. It compares what Spring's clients throw, what they wrap, and each cause down to the root. The build fails if this page differs from the run.

			- **over**: how the server is reached. Without TLS and proxy, each situation is played with `RestClient`, `RestTemplate` and HttpClient itself; otherwise with HttpClient, and with TLS also with `RestClient`.
			- **HttpClient**: what Spring wraps in a `ResourceAccessException`, or in another `RestClientException` while a body is read. If there are several classes, the transport or the moment decides.
			- **HTTP Pool**: empty if it is the same class or a subclass. If a reason follows, the difference is deliberate: HttpClient has no such limit, waits without a limit, or accepts a broken message.

			An interrupt ends a call at once in every thread, and leaves the thread interrupted; HttpClient notices it in virtual threads only.
			""";

	private ExceptionTable() {
	}

	/**
	 * Write the table unless it lies there as it should.
	 * @return whether it did
	 */
	static boolean isCurrent(Map<String, List<Situation>> groups) throws IOException {
		String text = text(groups);
		if (Files.exists(FILE) && Files.readString(FILE).equals(text)) {
			return true;
		}
		Files.createDirectories(FILE.getParent());
		Files.writeString(FILE, text);
		return false;
	}

	private static String text(Map<String, List<Situation>> groups) {
		StringBuilder text = new StringBuilder(INTRODUCTION);
		groups.forEach((group, situations) -> {
			text.append("\n## ").append(group).append("\n\n");
			text.append("| situation | over | HttpClient | HTTP Pool |\n| --- | --- | --- | --- |\n");
			situations.forEach((situation) -> text.append("| ")
				.append(String.join(" | ", situation.name, over(situation), plain(situation), ours(situation)).strip())
				.append(" |\n"));
		});
		return text.toString();
	}

	private static String over(Situation situation) {
		return (situation.ways.size() == Way.values().length) ? "all"
				: situation.ways.stream().map(Way::toString).collect(Collectors.joining(", "));
	}

	private static String plain(Situation situation) {
		return situation.plain.isEmpty() ? "no failure"
				: situation.plain.stream().map(ExceptionTable::name).collect(Collectors.joining(" or "));
	}

	private static String ours(Situation situation) {
		String ours = (situation.ours != null) ? name(situation.ours) : "";
		if (situation.remark == null) {
			return ours;
		}
		return (ours.isEmpty() ? "no failure" : ours) + ": " + situation.remark;
	}

	private static String name(Class<?> type) {
		return "`" + type.getSimpleName() + "`";
	}

}

package io.github.httppool.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.httppool.testing.Transport;

/**
 * The table of all cases, as it lies in the documentation.
 */
final class CaseTable {

	/** Seen from the module, in which its tests run. */
	static final Path FILE = Path.of("..", "docs", "hostile-cases.md");

	private static final String INTRODUCTION = """
			# Hostile cases

			This page lists what servers, proxies and callers can do wrong, and the outcome of each case. A run of `HostileServerTests` writes it. The test plays each case over each of its transports through an application's own `RestClient`. It asserts what the table says, that no connection stays leased, and that the next two calls over the same pool get their own responses. The build fails if this page differs from the run.

			- **over**: plain sockets, TLS 1.2, TLS 1.3, or all of them.
			- **caller gets**: the status and body, or an exception with a part of its message. The exceptions are causes of Spring's `RestClientException`s. Unless the case says otherwise, the caller reads the whole body.
			- **within**: what the test allows on a busy machine.
			- **connection afterwards**: *kept*, if the next call uses it; or the [reason](observability.md#close-reasons) for which it was closed.
			""";

	private CaseTable() {
	}

	/**
	 * Write the table unless it lies there as it should.
	 * @return whether it did
	 */
	static boolean isCurrent(Map<String, List<HostileCase>> groups) throws IOException {
		String text = text(groups);
		if (Files.exists(FILE) && Files.readString(FILE).equals(text)) {
			return true;
		}
		Files.createDirectories(FILE.getParent());
		Files.writeString(FILE, text);
		return false;
	}

	private static String text(Map<String, List<HostileCase>> groups) {
		StringBuilder text = new StringBuilder(INTRODUCTION);
		int count = groups.values().stream().mapToInt(List::size).sum();
		text.append("\nThere are ").append(count).append(" cases.\n");
		groups.forEach((group, cases) -> {
			text.append("\n## ").append(group).append("\n\n");
			text.append("| case | what happens | over | caller gets | within | connection afterwards |\n");
			text.append("| --- | --- | --- | --- | --- | --- |\n");
			cases.stream()
				.sorted(Comparator.comparing(HostileCase::name, String.CASE_INSENSITIVE_ORDER))
				.forEach((hostile) -> {
					String row = String.join(" | ", hostile.name(), hostile.story(), over(hostile.transports()),
							hostile.outcome().toString(), hostile.within().toSeconds() + " s",
							hostile.fate().toString());
					text.append("| ").append(row).append(" |\n");
				});
		});
		return text.toString();
	}

	private static String name(Transport transport) {
		return switch (transport) {
			case PLAIN -> "plain";
			case TLS_1_2 -> "TLS 1.2";
			case TLS_1_3 -> "TLS 1.3";
		};
	}

	private static String over(Set<Transport> transports) {
		if (transports.equals(EnumSet.allOf(Transport.class))) {
			return "all";
		}
		return String.join(", ", transports.stream().map(CaseTable::name).toList());
	}

}

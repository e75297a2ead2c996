package io.github.httppool.runbook;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * As much of {@code jq -c} as the runbook needs: paths, {@code []}, the choice of some
 * fields, and {@code select} by the text of a field.
 */
final class Jq {

	private static final JsonMapper MAPPER = new JsonMapper();

	private static final Pattern SELECT = Pattern.compile("select\\(\\.(\\w+) == \"([^\"]*)\"\\)");

	private static final Pattern FIELDS = Pattern.compile("\\{([\\w, ]+)}");

	private static final Pattern PATH = Pattern.compile("((?:\\.\\w+)+)(\\[])?");

	private Jq() {
	}

	/**
	 * Apply a filter.
	 * @return a line for each result
	 */
	static String filter(String json, String filter) {
		List<JsonNode> nodes = List.of(MAPPER.readTree(json));
		for (String step : filter.split(" \\| ")) {
			nodes = nodes.stream().flatMap((node) -> apply(node, step)).toList();
		}
		return nodes.stream().map(JsonNode::toString).collect(Collectors.joining("\n"));
	}

	private static Stream<JsonNode> apply(JsonNode node, String step) {
		Matcher select = SELECT.matcher(step);
		if (select.matches()) {
			return Stream.of(node)
				.filter((candidate) -> candidate.path(select.group(1)).asString("").equals(select.group(2)));
		}
		Matcher fields = FIELDS.matcher(step);
		if (fields.matches()) {
			ObjectNode chosen = MAPPER.createObjectNode();
			for (String field : fields.group(1).split(", ")) {
				chosen.set(field, node.get(field));
			}
			return Stream.of(chosen);
		}
		Matcher path = PATH.matcher(step);
		if (!path.matches()) {
			throw new IllegalArgumentException("Not understood: " + step);
		}
		JsonNode found = node.at(path.group(1).replace('.', '/'));
		return (path.group(2) != null) ? found.valueStream() : Stream.of(found);
	}

}

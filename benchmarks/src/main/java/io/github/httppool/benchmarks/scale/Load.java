package io.github.httppool.benchmarks.scale;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.httppool.benchmarks.upstream.Answer;

/**
 * What is asked of a client. The callers share the rate evenly, and take turns.
 *
 * @param callers how many threads call
 * @param connections how many connections the client may have
 * @param callsPerSecond how many calls all callers make in a second
 * @param warmUpSeconds how long they call before it counts
 * @param seconds how long they call
 * @param answer what the server answers
 */
record Load(int callers, int connections, int callsPerSecond, int warmUpSeconds, int seconds, Answer answer) {

	private static final String OPTION = "--";

	/**
	 * Take the case of the field reports, except for what the options say.
	 * @param options such as {@code --seconds=5}
	 * @return the load
	 */
	static Load parse(List<String> options) {
		Map<String, String> values = new TreeMap<>(Map.of("callers", "400", "connections", "100", "rate", "4000",
				"warm-up", "5", "seconds", "30", "answer", Answer.SLOW1.name()));
		for (String option : options) {
			int equals = option.indexOf('=');
			if (!option.startsWith(OPTION) || equals < 0 || values.replace(option.substring(OPTION.length(), equals),
					option.substring(equals + 1)) == null) {
				throw new IllegalArgumentException(
						"There is no '" + option + "': there are " + values + ", each as --name=value");
			}
		}
		return new Load(Integer.parseInt(values.get("callers")), Integer.parseInt(values.get("connections")),
				Integer.parseInt(values.get("rate")), Integer.parseInt(values.get("warm-up")),
				Integer.parseInt(values.get("seconds")), Answer.valueOf(values.get("answer")));
	}

	/**
	 * Return the components in their order, for a process of its own.
	 * @return the components
	 */
	List<String> arguments() {
		return List.of(String.valueOf(this.callers), String.valueOf(this.connections),
				String.valueOf(this.callsPerSecond), String.valueOf(this.warmUpSeconds), String.valueOf(this.seconds),
				this.answer.name());
	}

	static Load ofArguments(List<String> arguments) {
		int[] numbers = arguments.stream().limit(5).mapToInt(Integer::parseInt).toArray();
		return new Load(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], Answer.valueOf(arguments.get(5)));
	}

}

package io.github.httppool.sample;

import java.util.List;
import java.util.Map;

/**
 * Which calls to make.
 *
 * @param count how many
 * @param concurrency how many at once
 * @param body what to do with the body of each response
 * @param bytes length of that body
 * @param delay milliseconds that the upstream waits before it answers
 * @param missing whether every tenth call asks for what is not there, and gets a 404
 */
record CallPlan(int count, int concurrency, BodyUse body, int bytes, int delay, boolean missing) {

	private static final NumberParameter COUNT = new NumberParameter("count", 2000, 1, 50_000);

	private static final NumberParameter CONCURRENCY = new NumberParameter("concurrency", 100, 1, 1000);

	private static final List<String> PARAMETERS = List.of("count", "concurrency", "body", "bytes", "delay", "missing");

	static CallPlan from(Map<String, String> parameters) {
		parameters.forEach((name, value) -> {
			if (!PARAMETERS.contains(name)) {
				throw InvalidParameterException.name(name, value, "one of " + String.join(", ", PARAMETERS));
			}
		});
		return new CallPlan(COUNT.in(parameters), CONCURRENCY.in(parameters), BodyUse.in(parameters),
				UpstreamAnswer.BYTES.in(parameters), UpstreamAnswer.DELAY.in(parameters), missingIn(parameters));
	}

	private static boolean missingIn(Map<String, String> parameters) {
		String value = parameters.getOrDefault("missing", "false");
		return switch (value) {
			case "true" -> true;
			case "false" -> false;
			default -> throw InvalidParameterException.value("missing", value, "missing=true or missing=false");
		};
	}

	/**
	 * Return the path that a call asks for.
	 * @param number number of the call, from 0
	 * @return the path
	 */
	String path(int number) {
		return (this.missing && number % 10 == 9) ? "missing" : "answer";
	}

}

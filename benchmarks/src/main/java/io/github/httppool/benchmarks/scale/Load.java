package io.github.httppool.benchmarks.scale;

import java.util.List;
import java.util.Set;

import io.github.httppool.benchmarks.Arguments;
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

	static final Set<String> OPTIONS = Set.of("callers", "connections", "rate", "warm-up", "seconds", "answer");

	/**
	 * Create the load of options. By default 400 callers make 4,000 calls per second over
	 * 100 connections.
	 * @param arguments the options
	 * @return the load
	 */
	static Load of(Arguments arguments) {
		boolean brief = arguments.effort().brief();
		return new Load(arguments.number("callers", brief ? 20 : 400),
				arguments.number("connections", brief ? 10 : 100), arguments.number("rate", brief ? 200 : 4000),
				arguments.number("warm-up", brief ? 1 : 5), arguments.number("seconds", brief ? 1 : 30),
				arguments.constant("answer", Answer.SLOW1));
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

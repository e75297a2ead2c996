package io.github.httppool.benchmarks;

import java.util.Set;

import io.github.httppool.benchmarks.report.Result;

/**
 * A command of the benchmarks.
 *
 * @param description what it measures
 * @param options names of its options in addition to those of all commands
 * @param action measures
 */
record Command(String description, Set<String> options, Action action) {

	/**
	 * Measures something.
	 */
	@FunctionalInterface
	interface Action {

		Result run(Arguments arguments) throws Exception;

	}

}

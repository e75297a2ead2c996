package io.github.httppool.findings;

import java.util.function.Consumer;

import io.github.httppool.Finding;

/**
 * A rule that detects one kind of problem.
 */
interface Rule {

	/**
	 * Check for the problem. Without enough data, the rule reports nothing.
	 * @param window the recorded window
	 * @param found receives each finding
	 */
	void check(PoolWindow window, Consumer<Finding> found);

}

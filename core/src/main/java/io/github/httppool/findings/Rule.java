package io.github.httppool.findings;

import java.util.function.Consumer;

import io.github.httppool.Finding;

/**
 * Finds out one thing that can be wrong.
 */
interface Rule {

	/**
	 * Look for it. Says nothing without enough data.
	 * @param window what the pool saw
	 * @param found takes each finding
	 */
	void check(PoolWindow window, Consumer<Finding> found);

}

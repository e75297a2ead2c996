package io.github.httppool.benchmarks.report;

import java.util.List;

/**
 * The result of a command.
 *
 * @param text what was measured, in Markdown
 * @param goals the goals, and whether they are reached
 */
public record Result(String text, List<Goal> goals) {

	/**
	 * Create a result without goals.
	 * @param text what was measured, in Markdown
	 */
	public Result(String text) {
		this(text, List.of());
	}

	@Override
	public String toString() {
		return this.goals.isEmpty() ? this.text : this.text.stripTrailing() + "\n\n" + Goal.table(this.goals);
	}

}

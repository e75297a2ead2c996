package io.github.httppool.benchmarks.report;

import java.util.List;
import java.util.Locale;

/**
 * A goal for a measurement.
 *
 * @param name what is measured
 * @param measured the measurement, with its unit
 * @param wanted the goal
 * @param reached whether it is reached
 */
public record Goal(String name, String measured, String wanted, boolean reached) {

	/**
	 * Create a lower bound for a ratio.
	 * @param name what is measured
	 * @param measured the ratio
	 * @param least the bound of its median
	 * @return the goal
	 */
	public static Goal atLeast(String name, Statistics measured, double least) {
		return new Goal(name, measured.toString(3), String.format(Locale.ROOT, "at least %.2f", least),
				measured.median() >= least);
	}

	/**
	 * Create an upper bound for a ratio.
	 * @param name what is measured
	 * @param measured the ratio
	 * @param most the bound of its median
	 * @return the goal
	 */
	public static Goal atMost(String name, Statistics measured, double most) {
		return new Goal(name, measured.toString(3), String.format(Locale.ROOT, "at most %.2f", most),
				measured.median() <= most);
	}

	/**
	 * Create an upper bound for a number with a unit.
	 * @param name what is measured
	 * @param measured the number
	 * @param most the bound
	 * @param unit the unit
	 * @return the goal
	 */
	public static Goal atMost(String name, double measured, double most, String unit) {
		return new Goal(name, String.format(Locale.ROOT, "%.2f %s", measured, unit),
				String.format(Locale.ROOT, "at most %.0f %s", most, unit), measured <= most);
	}

	/**
	 * Format goals as a Markdown table.
	 * @param goals the goals
	 * @return the table
	 */
	public static String table(List<Goal> goals) {
		StringBuilder text = new StringBuilder("| | measured | goal | reached |\n| --- | --- | --- | --- |\n");
		for (Goal goal : goals) {
			text.append("| ")
				.append(String.join(" | ", goal.name, goal.measured, goal.wanted, goal.reached ? "yes" : "**no**"))
				.append(" |\n");
		}
		return text.toString();
	}

}

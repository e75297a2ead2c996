package io.github.httppool.benchmarks.report;

import java.util.Locale;

/**
 * A number that was asked for, and what became of it.
 *
 * @param name what it is
 * @param measured what was measured, with its unit
 * @param wanted what was wanted
 * @param reached whether it is
 */
public record Goal(String name, String measured, String wanted, boolean reached) {

	/**
	 * A ratio that must not be lower.
	 * @param name what it is
	 * @param measured the ratio
	 * @param least the bound
	 * @return the goal
	 */
	public static Goal atLeast(String name, Statistics measured, double least) {
		return new Goal(name, measured.toString(3), String.format(Locale.ROOT, "at least %.2f", least),
				measured.median() >= least);
	}

	/**
	 * A ratio that must not be higher.
	 * @param name what it is
	 * @param measured the ratio
	 * @param most the bound
	 * @return the goal
	 */
	public static Goal atMost(String name, Statistics measured, double most) {
		return new Goal(name, measured.toString(3), String.format(Locale.ROOT, "at most %.2f", most),
				measured.median() <= most);
	}

	/**
	 * A number with a unit that must not be higher.
	 * @param name what it is
	 * @param measured the number
	 * @param most the bound
	 * @param unit the unit
	 * @return the goal
	 */
	public static Goal atMost(String name, double measured, double most, String unit) {
		return new Goal(name, String.format(Locale.ROOT, "%.2f %s", measured, unit),
				String.format(Locale.ROOT, "at most %.0f %s", most, unit), measured <= most);
	}

	@Override
	public String toString() {
		return this.name + " | " + this.measured + " | " + this.wanted + " | " + (this.reached ? "yes" : "no");
	}

}

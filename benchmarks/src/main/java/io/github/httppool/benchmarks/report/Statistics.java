package io.github.httppool.benchmarks.report;

import java.util.Arrays;
import java.util.Locale;

/**
 * What many measurements say together.
 *
 * @param median their middle
 * @param lower their lower quartile
 * @param upper their upper quartile
 */
public record Statistics(double median, double lower, double upper) {

	/**
	 * Sum up.
	 * @param numbers at least one measurement
	 * @return their middle and quartiles
	 */
	public static Statistics of(double... numbers) {
		double[] sorted = numbers.clone();
		Arrays.sort(sorted);
		return new Statistics(quantile(sorted, 0.5), quantile(sorted, 0.25), quantile(sorted, 0.75));
	}

	/**
	 * Return below which number a share of others is.
	 * @param sorted the numbers in order
	 * @param share the share, 0 to 1
	 * @return that number, between two neighbours where it is between them
	 */
	public static double quantile(double[] sorted, double share) {
		double at = share * (sorted.length - 1);
		int below = (int) at;
		double above = sorted[Math.min(below + 1, sorted.length - 1)];
		return sorted[below] + (at - below) * (above - sorted[below]);
	}

	/**
	 * Return the statistics of numbers and of others, each divided by its counterpart.
	 * @param numbers the numbers
	 * @param base what they are divided by, of the same rounds
	 * @return the statistics of the ratios
	 */
	public static Statistics ofRatios(double[] numbers, double[] base) {
		double[] ratios = new double[numbers.length];
		for (int i = 0; i < ratios.length; i++) {
			ratios[i] = numbers[i] / base[i];
		}
		return of(ratios);
	}

	/**
	 * Write the numbers down.
	 * @param decimals how many digits after the point
	 * @return the median, and the quartiles in brackets
	 */
	public String toString(int decimals) {
		String format = "%,." + decimals + "f";
		return String.format(Locale.ROOT, format + " (" + format + " to " + format + ")", this.median, this.lower,
				this.upper);
	}

}

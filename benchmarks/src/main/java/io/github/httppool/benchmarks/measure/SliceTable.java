package io.github.httppool.benchmarks.measure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import io.github.httppool.benchmarks.report.Statistics;

/**
 * Slices of several variants as a Markdown table. The first variant is the base of the
 * ratios.
 */
public final class SliceTable {

	private SliceTable() {
	}

	/**
	 * Format slices.
	 * @param <K> the type of the variants
	 * @param title the title of the table
	 * @param slices the slices of each variant
	 * @param names the name of each variant
	 * @return the table
	 */
	public static <K> String of(String title, Map<K, List<Slice>> slices, Function<K, String> names) {
		List<Slice> base = slices.values().iterator().next();
		StringBuilder text = new StringBuilder("### " + title
				+ "\n\n| | calls/s | ratio | CPU per call, µs | ratio | bytes per call | ratio | failed |\n"
				+ "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
		slices.forEach((variant, own) -> {
			text.append("| ").append(names.apply(variant));
			cells(text, "%,.0f", Slice.of(own, Slice::callsPerSecond), Slice.ratio(own, base, Slice::callsPerSecond));
			cells(text, "%.1f", Slice.of(own, Slice::cpuMicros), Slice.ratio(own, base, Slice::cpuMicros));
			cells(text, "%,.0f", Slice.of(own, Slice::bytes), Slice.ratio(own, base, Slice::bytes));
			text.append(" | ").append(Slice.failures(own)).append(" |\n");
		});
		return text.append('\n').toString();
	}

	private static void cells(StringBuilder text, String format, Statistics numbers, Statistics ratios) {
		text.append(" | ")
			.append(String.format(Locale.ROOT, format, numbers.median()))
			.append(" | ")
			.append(ratios.toString(3));
	}

}

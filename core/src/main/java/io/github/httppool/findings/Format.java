package io.github.httppool.findings;

import java.time.Duration;
import java.util.Locale;

/**
 * Formats numbers for findings.
 */
final class Format {

	private static final long SECOND = 1_000_000_000;

	private Format() {
	}

	/**
	 * Format a measured time.
	 */
	static String time(long nanos) {
		if (nanos < SECOND) {
			return Math.round(nanos / 1e6) + "ms";
		}
		return (nanos < 100 * SECOND) ? decimal(nanos / 1e9) + "s" : Math.round(nanos / 1e9) + "s";
	}

	/**
	 * Format a time as a property value.
	 */
	static String value(Duration time) {
		if (time.toMillis() % 1000 != 0) {
			return time.toMillis() + "ms";
		}
		long seconds = time.toSeconds();
		return (seconds % 60 != 0 || seconds == 0) ? seconds + "s" : seconds / 60 + "m";
	}

	/**
	 * Format a size as a property value.
	 */
	static String bytes(long bytes) {
		if (bytes % 1024 != 0 || bytes == 0) {
			return bytes + "B";
		}
		return (bytes % (1024 * 1024) != 0) ? bytes / 1024 + "KB" : bytes / (1024 * 1024) + "MB";
	}

	static String number(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

	static String share(long part, long whole) {
		double percent = (whole != 0) ? 100.0 * part / whole : 0;
		return ((percent < 10 && percent > 0) ? decimal(percent) : Math.round(percent)) + " %";
	}

	/**
	 * Format a share as a number from 0 to 1.
	 */
	static String ratio(long part, long whole) {
		return String.format(Locale.ROOT, "%.2f", (double) part / whole);
	}

	/**
	 * Format a rate per second.
	 */
	static String rate(long count, long nanos) {
		return decimal(count * 1e9 / Math.max(1, nanos));
	}

	static String decimal(double number) {
		String text = String.format(Locale.ROOT, (number < 100) ? "%.1f" : "%,.0f", number);
		return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
	}

}

package io.github.httppool.actuate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Rounds numbers for display, to significant digits.
 */
final class Numbers {

	private Numbers() {
	}

	/**
	 * Never rounds up to 1, which would mean that no connection was opened.
	 */
	static double ratio(double ratio) {
		return (ratio < 1) ? Math.min(Math.round(ratio * 1000), 999) / 1000.0 : ratio;
	}

	/**
	 * Never rounds down to 0, which would mean no activity.
	 */
	static double rate(double perSecond) {
		return (perSecond > 0) ? Math.max(Math.round(perSecond * 100), 1) / 100.0 : 0;
	}

	/**
	 * Rounds to microseconds.
	 */
	static double millis(Duration duration) {
		return duration.toNanos() / 1000 / 1000.0;
	}

	static <K> Map<String, Long> byCode(Map<K, Long> counts, Function<K, String> code) {
		Map<String, Long> byCode = new LinkedHashMap<>();
		counts.forEach((key, count) -> byCode.put(code.apply(key), count));
		return byCode;
	}

}

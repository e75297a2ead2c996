package io.github.httppool.hc5.net;

import java.time.Duration;
import java.util.Locale;

/**
 * Formats durations for messages: {@code 250ms}, {@code 3s}, {@code 1.5s}.
 */
public final class DurationFormat {

	private DurationFormat() {
	}

	public static String format(Duration duration) {
		long millis = duration.toMillis();
		if (millis < 1000) {
			return millis + "ms";
		}
		return (millis % 1000 == 0) ? millis / 1000 + "s" : String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
	}

}

package io.github.httppool.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.httppool.PoolActivity;
import org.jspecify.annotations.Nullable;

/**
 * JSON of the activity of the last two minutes.
 *
 * @param callsPerSecond leases granted per second
 * @param reuseRatio share of reused connections, from 0 to 1, or {@code null} if nothing
 * was leased
 * @param openedPerSecond connections opened per second
 * @param closedPerSecond connections closed per second
 * @param meanWaitMillis mean wait of the callers that had to wait for a connection, or
 * {@code null} if no caller had to wait
 * @param maxWaitMillis the longest of these waits, 0 if no caller had to wait
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "callsPerSecond", "reuseRatio", "openedPerSecond", "closedPerSecond", "meanWaitMillis",
		"maxWaitMillis" })
public record RecentDescriptor(double callsPerSecond, @Nullable Double reuseRatio, double openedPerSecond,
		double closedPerSecond, @Nullable Double meanWaitMillis, double maxWaitMillis) {

	static RecentDescriptor of(PoolActivity activity) {
		Double reuseRatio = activity.reuseRatio().isPresent() ? Numbers.ratio(activity.reuseRatio().getAsDouble())
				: null;
		return new RecentDescriptor(Numbers.rate(activity.callsPerSecond()), reuseRatio,
				Numbers.rate(activity.openedPerSecond()), Numbers.rate(activity.closedPerSecond()),
				activity.meanWait().map(Numbers::millis).orElse(null), Numbers.millis(activity.longestWait()));
	}

}

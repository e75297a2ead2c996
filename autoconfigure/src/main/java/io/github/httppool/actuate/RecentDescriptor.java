package io.github.httppool.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.httppool.PoolActivity;
import org.jspecify.annotations.Nullable;

/**
 * Description of what happened in the last two minutes.
 *
 * @param callsPerSecond leases granted in a second
 * @param reuseRatio share of reused connections, from 0 to 1, or {@code null} if nothing
 * was leased
 * @param openedPerSecond connections opened in a second
 * @param closedPerSecond connections closed in a second
 * @param meanWaitMillis how long those callers waited on average that had to wait for a
 * connection, or {@code null} if nobody had to
 * @param maxWaitMillis the longest of their waits
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

package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

import io.github.httppool.CallPhase;
import io.github.httppool.PoolSnapshot.Connections;
import io.github.httppool.findings.MessageLines;
import io.github.httppool.findings.PropertyNames;
import io.github.httppool.hc5.net.DurationFormat;
import io.github.httppool.hc5.net.ProcessPauses;
import org.jspecify.annotations.Nullable;

/**
 * Common parts of explanations. An explanation says what happened, on which pool and
 * route, with which numbers, and which property to check.
 */
public final class Explanation {

	private Explanation() {
	}

	/**
	 * Formats an explanation in lines: first what happened, then the details.
	 * @param words the text, with the names of the shared pool's properties
	 * @param numbers the values for the placeholders
	 */
	public static String of(PoolView pool, String words, @Nullable Object... numbers) {
		return MessageLines.of(PropertyNames.own(words.formatted(numbers), pool.settings().propertyPrefix()));
	}

	public static String callTimedOut(PoolView pool, String route, String call, Duration limit, CallPhase phase,
			Map<CallPhase, Duration> phases, long stoodStill) {
		StringJoiner times = new StringJoiner(", ");
		phases.forEach((each, time) -> times.add(each.description() + " " + DurationFormat.format(time)));
		return of(pool,
				"%s took longer than %s, the limit for the whole call%s (pool '%s'). The limit is http-pool.call-timeout, or the call timeout of this call. It was %s. Times: %s%s",
				call, DurationFormat.format(limit), route.isEmpty() ? "" : ", on the way to " + route, pool.name(),
				(phase == CallPhase.TLS_HANDSHAKE) ? "in the TLS handshake" : phase.description(), times,
				stoodStill(stoodStill));
	}

	/**
	 * Returns a sentence about pauses of the process during a timeout that has just
	 * expired.
	 * @param limit the timeout, or {@code null} if it is not known
	 * @return the sentence, or an empty string if there was no relevant pause
	 */
	static String stoodStill(PoolView pool, @Nullable Duration limit) {
		return (limit != null) ? stoodStill(ProcessPauses
			.ifRelevant(pool.housekeeper().pauses().during(limit.toNanos(), System.nanoTime()), limit.toNanos())) : "";
	}

	private static String stoodStill(long nanos) {
		return (nanos != 0)
				? ". This process itself stood still for %s of that time: check for garbage collection, CPU throttling, and stopped processes or machines"
					.formatted(DurationFormat.format(Duration.ofNanos(nanos)))
				: "";
	}

	public static String call(LeaseView lease) {
		return Objects.requireNonNullElse(lease.call(), "an unknown call");
	}

	static String counts(PoolView pool, RouteStats route) {
		Connections ofRoute = route.tally.read(route.pending.get());
		Connections ofPool = pool.tally().read(pool.pending());
		return "Route: %s leased, %s idle, %s pending, limit %s. Pool: %s leased, %s idle, %s pending, limit %s. "
			.formatted(ofRoute.leased(), ofRoute.idle(), ofRoute.pending(), pool.limits().maxPerRoute(route),
					ofPool.leased(), ofPool.idle(), ofPool.pending(), pool.limits().maxTotal());
	}

	public static String size(long bytes) {
		if (bytes % 1024 != 0) {
			return bytes + " bytes";
		}
		long kilobytes = bytes / 1024;
		return (kilobytes % 1024 == 0) ? kilobytes / 1024 + "MB" : kilobytes + "KB";
	}

}

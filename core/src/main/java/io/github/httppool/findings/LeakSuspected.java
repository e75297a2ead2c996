package io.github.httppool.findings;

import java.time.Duration;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Consumer;

import io.github.httppool.CloseReason;
import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.HeldLease;
import io.github.httppool.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Reports responses that their callers seem to have forgotten: they are neither read nor
 * closed, or their leases were reported as leaks.
 */
final class LeakSuspected implements RouteRule {

	/**
	 * Minimum percentage of a limit at which leaked leases explain why callers wait.
	 */
	private static final int SHARE = 25;

	/**
	 * Maximum number of leases in a sample.
	 */
	private static final int SEEN = 20;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		long leaks = route.total().leaks();
		int forgotten = route.forgotten().size();
		if (leaks == 0 && forgotten == 0) {
			return;
		}
		StringBuilder message = new StringBuilder();
		if (forgotten != 0) {
			message.append(
					"%s of %s leased connections %s a response that no thread has read from or closed for %s; held longest: %s. "
						.formatted((forgotten >= SEEN) ? "At least " + forgotten : forgotten,
								route.now().connections().leased(), (forgotten == 1) ? "has" : "have",
								Format.time(window.forgottenAfter()), heldBy(route.forgotten().get(0).lease())));
		}
		long lost = Math.min(route.total().closed(CloseReason.LEAK), leaks);
		if (leaks != 0) {
			message.append("%s in the last minutes; the last one: %s. ".formatted(reported(window, lost, leaks - lost),
					heldBy(route.now().lastLeak())));
		}
		boolean fills = fills(route, route.now().max());
		found
			.accept(new Finding(FindingCode.LEAK_SUSPECTED, fills ? Severity.CRITICAL : Severity.WARNING, route.route(),
					message.toString().strip().replaceAll("\\.$", ""), advice(window, forgotten == 0 && lost == 0)));
	}

	private static String heldBy(@Nullable HeldLease lease) {
		if (lease == null) {
			return "unknown";
		}
		return "%s by thread '%s', %s".formatted(Objects.requireNonNullElse(lease.call(), "an unknown call"),
				lease.thread(), Format.time(lease.heldFor().toNanos()));
	}

	/**
	 * Describe the reports. Only a lost response proves a leak: a long lease may belong
	 * to a slow call.
	 */
	private static String reported(PoolWindow window, long lost, long late) {
		StringJoiner reported = new StringJoiner(", and ");
		if (lost != 0) {
			reported.add("%s lease%s lost without being closed".formatted(Format.number(lost), wereOrWas(lost)));
		}
		if (late != 0) {
			reported.add("%s lease%s held for longer than http-pool.leak-detection-threshold%s"
				.formatted(Format.number(late), wereOrWas(late), threshold(window)));
		}
		return reported.toString();
	}

	private static String wereOrWas(long number) {
		return (number == 1) ? " was" : "s were";
	}

	private static String threshold(PoolWindow window) {
		Duration threshold = window.settings().leakDetectionThreshold();
		return (threshold != null) ? " (%s)".formatted(Format.value(threshold)) : "";
	}

	private static String advice(PoolWindow window, boolean mayBeSlow) {
		String trace = (window.settings().leakDetectionThreshold() != null)
				? "the logger io.github.httppool.leak has the stack trace"
				: "http-pool.leak-detection-threshold, set above the slowest normal call, logs the stack trace";
		String close = "lose the response, best with try-with-resources, or use retrieve() or exchange(...) with a handler, which close it; ";
		return mayBeSlow
				? "If the call may take that long, set a longer http-pool.leak-detection-threshold. Otherwise c" + close
						+ trace
				: "C" + close + trace;
	}

	/**
	 * Return whether leaked leases explain why the limit of their route is reached.
	 */
	static boolean fills(RouteWindow route, int limit) {
		return fills(route.leaked(), route.forgotten().size(), limit);
	}

	/**
	 * Return whether leaked leases explain why the limit of the pool is reached.
	 */
	static boolean fills(PoolWindow window) {
		return fills(window.routes().stream().mapToLong(RouteWindow::leaked).sum(),
				window.routes().stream().mapToInt((route) -> route.forgotten().size()).sum(),
				window.now().limits().maxTotal());
	}

	private static boolean fills(long leaked, int forgotten, int limit) {
		return forgotten >= SEEN || (leaked > 0 && 100 * leaked >= (long) SHARE * limit);
	}

}

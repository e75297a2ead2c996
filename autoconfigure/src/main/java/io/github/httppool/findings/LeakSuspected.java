package io.github.httppool.findings;

import java.util.Objects;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.Finding.Severity;
import io.github.httppool.FindingCode;
import io.github.httppool.HeldLease;
import org.jspecify.annotations.Nullable;

/**
 * Callers seem to have forgotten their responses: nobody reads them, nobody closes them,
 * or leases were reported as leaks.
 */
final class LeakSuspected implements RouteRule {

	/** In percent of a limit: so many leaked leases explain why others wait. */
	private static final int SHARE = 25;

	/** The window shows no more of them than this. */
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
						.formatted((forgotten >= SEEN) ? "At least " + forgotten : forgotten, route.now().leased(),
								(forgotten == 1) ? "has" : "have", Text.time(window.patience()),
								whose(route.forgotten().get(0).lease())));
		}
		if (leaks != 0) {
			message.append("%s lease%s reported as %s in the last minutes; the last one: %s. ".formatted(
					Text.number(leaks), (leaks == 1) ? " was" : "s were", (leaks == 1) ? "a leak" : "leaks",
					whose(route.now().lastLeak())));
		}
		boolean fills = fills(route, route.now().max());
		found.accept(new Finding(FindingCode.LEAK_SUSPECTED, fills ? Severity.CRITICAL : Severity.WARNING,
				route.route(), message.toString().strip().replaceAll("\\.$", ""), advice(window)));
	}

	private static String whose(@Nullable HeldLease lease) {
		if (lease == null) {
			return "unknown";
		}
		return "%s by thread '%s', %s".formatted(Objects.requireNonNullElse(lease.call(), "an unknown call"),
				lease.thread(), Text.time(lease.heldFor().toNanos()));
	}

	private static String advice(PoolWindow window) {
		String trace = (window.settings().leakDetectionThreshold() != null)
				? "the logger io.github.httppool.leak has the stack trace"
				: "http-pool.leak-detection-threshold, set above the slowest normal call, logs the stack trace";
		return "Close the response, best with try-with-resources, or use retrieve() or exchange(...) with a handler, which close it; "
				+ trace;
	}

	/**
	 * Say whether leaked leases explain why the limit of their route is reached.
	 */
	static boolean fills(RouteWindow route, int limit) {
		return fills(route.leaked(), route.forgotten().size(), limit);
	}

	/**
	 * Say whether leaked leases explain why the limit of the pool is reached.
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

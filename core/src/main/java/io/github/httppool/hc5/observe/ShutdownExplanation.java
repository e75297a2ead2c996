package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

import io.github.httppool.PoolShutdownException;
import io.github.httppool.findings.MessageLines;
import io.github.httppool.hc5.net.DurationFormat;

/**
 * Explains to callers that the pool was shut down.
 */
public final class ShutdownExplanation {

	/**
	 * Maximum number of leases that are listed.
	 */
	private static final int MAX_LEASES = 10;

	private static final String HOW_TO_WAIT = "To let background work finish its calls, set "
			+ "spring.task.execution.shutdown.await-termination or spring.task.scheduling.shutdown.await-termination, "
			+ "or end the work and wait for it in a @PreDestroy method";

	private ShutdownExplanation() {
	}

	public static IOException shutDown(PoolView pool, RouteStats route) {
		String message = MessageLines.of(("Pool '%s' leases no connection to %s: it is shut down, because the "
				+ "application context is closed and has destroyed its beans. %s")
			.formatted(pool.name(), route.name, HOW_TO_WAIT));
		return new PoolShutdownException(pool.name(), route.name, message, null);
	}

	public static IOException callAborted(PoolView pool, RouteStats route, Throwable cause) {
		String message = MessageLines.of(("Pool '%s' ended a call to %s: it was shut down, because the application "
				+ "context is closed and has destroyed its beans. %s")
			.formatted(pool.name(), route.name, HOW_TO_WAIT));
		return new PoolShutdownException(pool.name(), route.name, message, cause);
	}

	/**
	 * Describes the leases that the shutdown of a pool cuts off.
	 * @param waited how long the pool waited for them
	 */
	public static String stillLeased(PoolView pool, List<? extends LeaseView> leases, Duration waited) {
		String which = leases.stream()
			.limit(MAX_LEASES)
			.map(ShutdownExplanation::describe)
			.collect(Collectors.joining("\n"));
		String others = (leases.size() > MAX_LEASES) ? "\nand " + (leases.size() - MAX_LEASES) + " more" : "";
		return MessageLines
			.of(("Pool '%s' closes %s still leased %s after the application context destroyed its beans:\n%s%s\n"
					+ "Close each response. %s")
				.formatted(pool.name(),
						(leases.size() == 1) ? "a connection that is" : leases.size() + " connections that are",
						DurationFormat.format(waited), which, others, HOW_TO_WAIT));
	}

	private static String describe(LeaseView lease) {
		Duration held = lease.heldFor();
		return "%s to %s, held for %s (since %s) by thread '%s'%s".formatted(Explanation.call(lease),
				lease.routeStats().name, DurationFormat.format(held),
				Instant.now().minus(held).truncatedTo(ChronoUnit.MILLIS), lease.thread(),
				lease.isUnattended() ? ", whose open response no thread reads" : "");
	}

}

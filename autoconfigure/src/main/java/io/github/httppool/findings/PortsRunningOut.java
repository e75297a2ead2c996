package io.github.httppool.findings;

import java.util.List;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.Finding.Severity;
import io.github.httppool.FindingCode;

/**
 * Connections are opened so fast that the local ports for them run out: each is blocked
 * for a minute after its end where this side closed first ({@code TIME_WAIT}, RFC 9293
 * section 3.4.2 and Linux' 60 s).
 */
final class PortsRunningOut implements RouteRule {

	private static final long TIME_WAIT = 60_000_000_000L;

	/** In percent of the range. */
	private static final int SHARE = 50;

	/** In percent of the range: calls are about to fail. */
	private static final int OUT = 80;

	/** A shorter look can have seen the start of the application alone. */
	private static final int STEPS = 5;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		LocalPorts ports = window.now().ports();
		List<RouteChange> steps = lastMinute(route.steps());
		long nanos = steps.stream().mapToLong(RouteChange::nanos).sum();
		if (ports.range() <= 0 || steps.size() < STEPS || nanos == 0) {
			return;
		}
		long opened = steps.stream().mapToLong(RouteChange::opened).sum();
		long waiting = (long) ((double) opened / nanos * TIME_WAIT);
		if (ports.timeWait() >= 0) {
			// Where the server closes first, or connections are reset, none is blocked.
			waiting = Math.min(waiting, ports.timeWait());
		}
		long used = waiting + route.total().after().leased() + route.total().after().idle();
		if (100 * used < (long) SHARE * ports.range()) {
			return;
		}
		String message = "%s connections a second are opened, each of which blocks a local port for a minute after its end: %s of %s ports for one address are in use%s. %s %% of the leases reuse a connection"
			.formatted(Text.rate(opened, nanos), Text.number(used), Text.number(ports.range()), (ports.timeWait() >= 0)
					? " (sockets of the machine in TIME_WAIT: %s)".formatted(Text.number(ports.timeWait())) : "",
					Math.round(100.0 * (route.total().leases() - route.total().opened())
							/ Math.max(1, route.total().leases())));
		String advice = (window.settings().keepAlive()
				? "Reuse connections: the other findings of this route, and its close reasons, say why they end"
				: "Reuse connections: set http-pool.keep-alive to true")
				+ ". Until then widen net.ipv4.ip_local_port_range, and set net.ipv4.tcp_tw_reuse=1";
		found.accept(new Finding(FindingCode.PORTS_RUNNING_OUT,
				(100 * used >= (long) OUT * ports.range()) ? Severity.CRITICAL : Severity.WARNING, route.route(),
				message, advice));
	}

	private static List<RouteChange> lastMinute(List<RouteChange> steps) {
		long nanos = 0;
		int first = steps.size();
		while (first > 0 && nanos < TIME_WAIT) {
			first--;
			nanos += steps.get(first).nanos();
		}
		return steps.subList(first, steps.size());
	}

}

package io.github.httppool.findings;

import java.util.List;
import java.util.function.Consumer;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.Severity;

/**
 * Reports that connections are opened so fast that local ports run out. If this side
 * closes a connection first, its port is blocked for another minute ({@code TIME_WAIT},
 * RFC 9293 section 3.4.2; 60 s on Linux).
 */
final class PortsRunningOut implements RouteRule {

	private static final long TIME_WAIT = 60_000_000_000L;

	/**
	 * Minimum percentage of the port range at which a warning is reported.
	 */
	private static final int SHARE = 50;

	/**
	 * Minimum percentage of the port range at which calls are about to fail.
	 */
	private static final int OUT = 80;

	/**
	 * Minimum number of steps; fewer may cover only the start of the application.
	 */
	private static final int STEPS = 5;

	@Override
	public void check(PoolWindow window, RouteWindow route, Consumer<Finding> found) {
		if (!isUsed(window, route, SHARE)) {
			return;
		}
		LocalPorts ports = window.now().ports();
		Steps steps = steps(route);
		long used = used(window, route);
		String message = "%s connections a second are opened, each of which blocks a local port for a minute after its end: %s of %s ports for one address are in use%s. %s %% of the leases reuse a connection"
			.formatted(Format.rate(steps.opened(), steps.nanos()), Format.number(used), Format.number(ports.range()),
					(ports.timeWait() >= 0)
							? " (sockets of the machine in TIME_WAIT: %s)".formatted(Format.number(ports.timeWait()))
							: "",
					Math.round(100.0 * (steps.leases() - steps.opened()) / Math.max(1, steps.leases())));
		String advice = (window.settings().keepAlive()
				? "Reuse connections: the other findings of this route, and its close reasons, say why they end"
				: "Reuse connections: set http-pool.keep-alive to true")
				+ ". Until then widen net.ipv4.ip_local_port_range, and set net.ipv4.tcp_tw_reuse=1";
		found.accept(new Finding(FindingCode.PORTS_RUNNING_OUT,
				isUsed(window, route, OUT) ? Severity.CRITICAL : Severity.WARNING, route.route(), message, advice));
	}

	/**
	 * Return whether connects fail because no port is available.
	 */
	static boolean isWhy(PoolWindow window, RouteWindow route) {
		return "BindException".equals(route.connectFailure()) && isUsed(window, route, OUT);
	}

	/**
	 * Return whether continuous openings use the given share of the ports.
	 */
	private static boolean isUsed(PoolWindow window, RouteWindow route, int share) {
		int range = window.now().ports().range();
		if (range <= 0 || route.total().opened() + route.now().connections().leased()
				+ route.now().connections().idle() < range / 1000) {
			// Too few openings, however short the period.
			return false;
		}
		Steps steps = steps(route);
		return steps.list().size() >= STEPS && steps.isRepeated((step) -> step.opened() > 0)
				&& 100 * used(window, route) >= (long) share * range;
	}

	private static long used(PoolWindow window, RouteWindow route) {
		Steps steps = steps(route);
		long waiting = (long) ((double) steps.opened() / Math.max(1, steps.nanos()) * TIME_WAIT);
		int timeWait = window.now().ports().timeWait();
		// If the server closes first, or connections are reset, no port is blocked.
		return ((timeWait >= 0) ? Math.min(waiting, timeWait) : waiting) + route.now().connections().leased()
				+ route.now().connections().idle();
	}

	private static Steps steps(RouteWindow route) {
		return lastMinute(route.since(HttpPoolSettings::keepAlive).list());
	}

	private static Steps lastMinute(List<RouteChange> steps) {
		long nanos = 0;
		int first = steps.size();
		while (first > 0 && nanos < TIME_WAIT) {
			first--;
			nanos += steps.get(first).nanos();
		}
		return new Steps(steps.subList(first, steps.size()));
	}

}

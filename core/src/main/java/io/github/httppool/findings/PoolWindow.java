package io.github.httppool.findings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.httppool.HttpPoolSettings;

/**
 * The recorded window of a pool, prepared for the rules. The first sample is the
 * baseline; its values about earlier times are ignored.
 */
final class PoolWindow {

	private final Window window;

	private final List<RouteWindow> routes;

	PoolWindow(Window window) {
		this.window = window;
		List<Map<String, RouteFigures>> byName = window.samples()
			.stream()
			.map((sample) -> sample.routes()
				.stream()
				.collect(Collectors.toMap(RouteFigures::route, Function.identity(), (one, other) -> one)))
			.toList();
		List<RouteWindow> routes = new ArrayList<>();
		for (RouteFigures route : now().routes()) {
			routes.add(new RouteWindow(route.route(), window.samples(), byName, forgotten(route.route())));
		}
		this.routes = List.copyOf(routes);
	}

	HttpPoolSettings settings() {
		return now().settings();
	}

	/**
	 * Return the newest sample.
	 */
	PoolFigures now() {
		return last(this.window.samples());
	}

	/**
	 * Return the first sample, the baseline.
	 */
	PoolFigures first() {
		return this.window.samples().get(0);
	}

	/**
	 * Return the samples after the baseline.
	 */
	List<PoolFigures> steps() {
		return this.window.samples().subList(1, this.window.samples().size());
	}

	List<RouteWindow> routes() {
		return this.routes;
	}

	/**
	 * Return whether the pool was at its limit at any time.
	 */
	boolean reachedLimit() {
		return steps().stream().anyMatch((sample) -> sample.peakTotal() >= sample.limits().maxTotal());
	}

	/**
	 * Return the period of the samples, without pauses of the process.
	 * @return the time in nanoseconds
	 */
	long nanos() {
		return now().nanoTime() - first().nanoTime() - steps().stream().mapToLong(PoolFigures::lost).sum();
	}

	/**
	 * Return whether the samples cover the whole window.
	 */
	boolean isFull() {
		return nanos() >= 0.9 * this.window.span().toNanos();
	}

	/**
	 * Return the longest time that a call may have lost to a pause.
	 * @return the time in nanoseconds
	 */
	long longestPause() {
		return steps().stream().mapToLong(PoolFigures::longestPause).max().orElse(0);
	}

	/**
	 * Return how long a response must be unattended to count as forgotten.
	 * @return the time in nanoseconds
	 */
	long forgottenAfter() {
		return this.window.span().toNanos() / 2;
	}

	private List<LeaseFigures> forgotten(String route) {
		return now().leases()
			.stream()
			.filter((lease) -> lease.lease().route().equals(route) && isForgotten(lease))
			.toList();
	}

	/**
	 * Return whether a response has arrived but has not been read for some time. A
	 * response of a slow server does not count, because its caller is blocked in a read.
	 */
	private boolean isForgotten(LeaseFigures lease) {
		List<PoolFigures> samples = this.window.samples();
		// During a pause of the process, the caller could not read either.
		long lost = 0;
		for (int i = samples.size() - 1; i >= 0; i--) {
			PoolFigures sample = samples.get(i);
			long ago = now().nanoTime() - sample.nanoTime();
			if (ago > lease.lease().heldFor().toNanos() || !isUntouched(lease, sample, true)) {
				return false;
			}
			if (ago - lost >= forgottenAfter()) {
				return true;
			}
			lost += sample.lost();
		}
		return false;
	}

	/**
	 * Return the minimum time for which a caller has waited for a byte from the server.
	 * @return the time in nanoseconds
	 */
	long silentFor(LeaseFigures lease) {
		List<PoolFigures> samples = this.window.samples();
		long silent = 0;
		long lost = 0;
		for (int i = samples.size() - 1; i >= 0; i--) {
			PoolFigures sample = samples.get(i);
			long ago = now().nanoTime() - sample.nanoTime();
			if (ago > lease.lease().heldFor().toNanos() || !isUntouched(lease, sample, false)) {
				return silent;
			}
			silent = ago - lost;
			lost += sample.lost();
		}
		return silent;
	}

	private static boolean isUntouched(LeaseFigures lease, PoolFigures before, boolean unattended) {
		return before.leases()
			.stream()
			.anyMatch((then) -> then.connection().equals(lease.connection()) && then.unattended() == unattended
					&& then.bytes() == lease.bytes());
	}

	private static <T> T last(List<T> list) {
		return list.get(list.size() - 1);
	}

}

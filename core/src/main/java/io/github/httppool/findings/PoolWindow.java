package io.github.httppool.findings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.httppool.HttpPoolSettings;

/**
 * What a pool saw in the last minutes, as the rules look at it. The first sample is where
 * counting begins; what it says of the time before it is left aside.
 */
final class PoolWindow {

	/**
	 * What happens in fewer samples is an incident, such as a restart of the server, and
	 * no state of affairs.
	 */
	static final int REPEATED = 3;

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
	 * Return the sample at which counting begins.
	 */
	PoolFigures first() {
		return this.window.samples().get(0);
	}

	/**
	 * Return the samples without the one at which counting begins.
	 */
	List<PoolFigures> steps() {
		return this.window.samples().subList(1, this.window.samples().size());
	}

	List<RouteWindow> routes() {
		return this.routes;
	}

	/**
	 * Return whether the pool had as many connections as it may have at any time.
	 */
	boolean reachedLimit() {
		return steps().stream().anyMatch((sample) -> sample.peakTotal() >= sample.limits().maxTotal());
	}

	/**
	 * Return over what time the samples go, without that in which the process stood
	 * still.
	 * @return the time in nanoseconds
	 */
	long nanos() {
		return now().nanoTime() - first().nanoTime() - steps().stream().mapToLong(PoolFigures::lost).sum();
	}

	/**
	 * Return whether the samples go over the whole time that they can go over.
	 */
	boolean isFull() {
		return nanos() >= 0.9 * this.window.span().toNanos();
	}

	/**
	 * Return the longest time that a call can have lost by a pause.
	 * @return the time in nanoseconds
	 */
	long longestPause() {
		return steps().stream().mapToLong(PoolFigures::longestPause).max().orElse(0);
	}

	/**
	 * Return for how long a response must have been left alone to seem forgotten.
	 * @return the time in nanoseconds
	 */
	long patience() {
		return this.window.span().toNanos() / 2;
	}

	private List<LeaseFigures> forgotten(String route) {
		return now().leases()
			.stream()
			.filter((lease) -> lease.lease().route().equals(route) && isForgotten(lease))
			.toList();
	}

	/**
	 * Return whether a response has come, and nobody has read it for some time. One whose
	 * server is slow is not forgotten: there its caller is in the midst of a read.
	 */
	private boolean isForgotten(LeaseFigures lease) {
		List<PoolFigures> samples = this.window.samples();
		// The caller could not read either while the process stood still.
		long lost = 0;
		for (int i = samples.size() - 1; i >= 0; i--) {
			PoolFigures sample = samples.get(i);
			long ago = now().nanoTime() - sample.nanoTime();
			if (ago > lease.lease().heldFor().toNanos() || !isUntouched(lease, sample, true)) {
				return false;
			}
			if (ago - lost >= patience()) {
				return true;
			}
			lost += sample.lost();
		}
		return false;
	}

	/**
	 * Return for how long, at least, a caller has waited for a byte of the server.
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

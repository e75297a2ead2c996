package io.github.httppool.findings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

import io.github.httppool.Finding;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PoolSnapshot;

/**
 * Builds the window of a pool for a rule: two minutes with a sample every five seconds.
 * Unspecified values are typical ones.
 */
final class Seen {

	static final String ROUTE = "http://orders.example:80";

	static final String OTHER = "http://stock.example:80";

	static final Duration INTERVAL = Duration.ofSeconds(5);

	static final Duration SPAN = Duration.ofMinutes(2);

	private final HttpPoolSettings.Builder settings = HttpPoolSettings.builder();

	private final List<SeenRoute> routes = new ArrayList<>();

	private int steps = (int) SPAN.dividedBy(INTERVAL);

	private int maxTotal = 200;

	private HttpPoolSettings settingsBefore;

	private List<Integer> evictions = List.of();

	private int changedAt;

	private int maxTotalBefore;

	private int peakTotal;

	private int peakLeased;

	private LocalPorts ports = LocalPorts.UNKNOWN;

	private IntFunction<Duration> pause = (step) -> Duration.ZERO;

	private IntFunction<Duration> jump = (step) -> Duration.ZERO;

	private IntFunction<List<LeaseFigures>> leases = (step) -> List.of();

	Seen with(Consumer<HttpPoolSettings.Builder> settings) {
		settings.accept(this.settings);
		return this;
	}

	/**
	 * Set the limit of the pool before a step.
	 */
	Seen changed(int step, int maxTotalBefore) {
		this.changedAt = step;
		this.maxTotalBefore = maxTotalBefore;
		return this;
	}

	/**
	 * Set the settings that were in force before a step.
	 */
	Seen refreshed(int step, Consumer<HttpPoolSettings.Builder> before) {
		HttpPoolSettings.Builder settings = HttpPoolSettings.builder();
		before.accept(settings);
		this.settingsBefore = settings.build();
		return changed(step, this.maxTotal);
	}

	/**
	 * Set the steps in which all connections were evicted, by an operator or a reload.
	 */
	Seen evicted(Integer... steps) {
		this.evictions = List.of(steps);
		return this;
	}

	Seen steps(int steps) {
		this.steps = steps;
		return this;
	}

	Seen route(String route, Consumer<SeenRoute> numbers) {
		SeenRoute seen = new SeenRoute(route);
		numbers.accept(seen);
		this.routes.add(seen);
		return this;
	}

	Seen route(Consumer<SeenRoute> numbers) {
		return route(ROUTE, numbers);
	}

	/**
	 * Add further activity on the first route.
	 */
	Seen beside(Consumer<SeenRoute> numbers) {
		if (this.routes.isEmpty()) {
			return route(numbers);
		}
		this.routes.get(0).and(numbers);
		return this;
	}

	/**
	 * Give the first route a limit of its own.
	 */
	Seen limitedBy(String maxProperty) {
		this.routes.get(0).limitedBy(maxProperty);
		return this;
	}

	/**
	 * Set the peaks and the limit of connections.
	 */
	Seen total(int peakLeased, int peakTotal, int max) {
		this.peakLeased = peakLeased;
		this.peakTotal = peakTotal;
		this.maxTotal = max;
		return this;
	}

	Seen ports(int range, int timeWait) {
		this.ports = new LocalPorts(range, timeWait);
		return this;
	}

	Seen pauses(IntFunction<Duration> pause) {
		this.pause = pause;
		return this;
	}

	Seen clockJumps(IntFunction<Duration> jump) {
		this.jump = jump;
		return this;
	}

	/**
	 * Set the leases at the end of each step, where 0 is the start.
	 */
	Seen leases(IntFunction<List<LeaseFigures>> leases) {
		this.leases = leases;
		return this;
	}

	List<Finding> findings() {
		return Diagnosis.of(window());
	}

	private Window window() {
		HttpPoolSettings settings = this.settings.build();
		List<PoolFigures> samples = new ArrayList<>();
		for (int step = 0; step <= this.steps; step++) {
			samples.add(sample(settings, step));
		}
		return new Window("default", settings, SPAN, samples);
	}

	private PoolFigures sample(HttpPoolSettings settings, int step) {
		// nanoTime may be below 0.
		long time = step * INTERVAL.toNanos() - Duration.ofMinutes(1).toNanos();
		List<RouteFigures> routes = this.routes.stream().map((route) -> route.at(step, this.steps)).toList();
		int leased = Math.max(this.peakLeased, routes.stream().mapToInt(RouteFigures::peakLeased).max().orElse(0));
		int idle = routes.stream().mapToInt((route) -> route.connections().idle()).sum();
		boolean before = step < this.changedAt;
		return new PoolFigures(time, (before && this.settingsBefore != null) ? this.settingsBefore : settings,
				new PoolSnapshot.Limits(before ? this.maxTotalBefore : this.maxTotal, settings.maxPerRoute(),
						settings.maxIdlePerRoute(), settings.maxPending()),
				new PoolSnapshot.Connections(Math.min(1, leased), idle, 0), Math.max(this.peakTotal, leased), leased,
				routes, this.leases.apply(step), this.pause.apply(step).toNanos(), this.jump.apply(step).toNanos(),
				this.ports, (int) this.evictions.stream().filter((eviction) -> eviction <= step).count());
	}

}

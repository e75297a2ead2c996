package io.github.httppool.metrics;

import java.util.concurrent.atomic.AtomicReferenceArray;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CloseReason;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Timers of one route in one registry. The timers of calls are registered with the route
 * for all outcomes, so that the first occurrence is visible as an increase. Timers of
 * opening and closing are registered on first use, for the success and the failure of a
 * phase together.
 */
final class RouteTimers {

	private static final ConnectPhase[] PHASES = ConnectPhase.values();

	private final String pool;

	private final ConnectionMeters connectionMeters;

	private final String route;

	private final RegistryMeters registry;

	private final Timer[] acquire;

	private final Timer usage;

	private final AtomicReferenceArray<@Nullable Timer> connect = new AtomicReferenceArray<>(2 * PHASES.length);

	private final AtomicReferenceArray<@Nullable Timer> age = new AtomicReferenceArray<>(CloseReason.values().length);

	RouteTimers(String pool, ConnectionMeters connectionMeters, String route, RegistryMeters registry) {
		this.pool = pool;
		this.connectionMeters = connectionMeters;
		this.route = route;
		this.registry = registry;
		AcquireOutcome[] outcomes = AcquireOutcome.values();
		this.acquire = new Timer[outcomes.length];
		for (AcquireOutcome outcome : outcomes) {
			this.acquire[outcome.ordinal()] = registry
				.timer(timer("http.pool.acquire", "Time to acquire a connection, by outcome").tag("outcome",
						outcome.code()));
		}
		this.usage = registry.timer(timer("http.pool.usage", "Time from the lease of a connection to its release"));
	}

	Timer acquire(AcquireOutcome outcome) {
		return this.acquire[outcome.ordinal()];
	}

	Timer usage() {
		return this.usage;
	}

	Timer connect(ConnectPhase phase, boolean success) {
		int index = 2 * phase.ordinal() + (success ? 0 : 1);
		Timer timer = this.connect.get(index);
		return (timer != null) ? timer : addConnect(phase, index);
	}

	private Timer addConnect(ConnectPhase phase, int index) {
		Timer success = connectTimer(phase, "success");
		Timer failure = connectTimer(phase, "failure");
		this.connect.set(2 * phase.ordinal(), success);
		this.connect.set(2 * phase.ordinal() + 1, failure);
		return (index % 2 == 0) ? success : failure;
	}

	private Timer connectTimer(ConnectPhase phase, String outcome) {
		return this.registry.timer(
				timer("http.pool.connect", "Time to open a connection, by phase and outcome").tag("phase", phase.code())
					.tag("outcome", outcome));
	}

	Timer age(CloseReason reason) {
		Timer timer = this.age.get(reason.ordinal());
		if (timer == null) {
			timer = this.registry.timer(this.connectionMeters.age(this.pool, this.route, reason));
			this.age.set(reason.ordinal(), timer);
		}
		return timer;
	}

	private Timer.Builder timer(String name, String description) {
		return Timer.builder(name).description(description).tag("pool", this.pool).tag("route", this.route);
	}

}

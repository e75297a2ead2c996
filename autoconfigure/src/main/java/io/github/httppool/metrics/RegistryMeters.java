package io.github.httppool.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * The meters of one pool in one registry. Removes them when the pool is closed.
 */
final class RegistryMeters {

	private final MeterRegistry registry;

	private final Set<Meter> meters = ConcurrentHashMap.newKeySet();

	private volatile boolean removed;

	RegistryMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	boolean isFor(MeterRegistry registry) {
		return this.registry == registry;
	}

	void gauge(Gauge.Builder<?> gauge) {
		own(gauge.register(this.registry));
	}

	Counter counter(Counter.Builder counter) {
		return own(counter.register(this.registry));
	}

	Timer timer(Timer.Builder timer) {
		return own(timer.register(this.registry));
	}

	private <M extends Meter> M own(M meter) {
		this.meters.add(meter);
		if (this.removed) {
			// The event arrived after the meters had been removed.
			this.registry.remove(meter);
		}
		return meter;
	}

	void remove() {
		this.removed = true;
		this.meters.forEach(this.registry::remove);
		this.meters.clear();
	}

}

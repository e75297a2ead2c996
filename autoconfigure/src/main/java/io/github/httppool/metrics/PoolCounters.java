package io.github.httppool.metrics;

import io.github.httppool.DrainOutcome;
import io.micrometer.core.instrument.Counter;

/**
 * Counters of one pool in one registry. Registered in advance, so that the first increase
 * is visible.
 */
final class PoolCounters {

	private final Counter[] drains;

	private final Counter leaks;

	PoolCounters(String pool, RegistryMeters registry) {
		DrainOutcome[] outcomes = DrainOutcome.values();
		this.drains = new Counter[outcomes.length];
		for (DrainOutcome outcome : outcomes) {
			this.drains[outcome.ordinal()] = registry.counter(Counter.builder("http.pool.drain")
				.description("Response bodies that callers did not read to the end, by outcome")
				.tag("pool", pool)
				.tag("outcome", outcome.code()));
		}
		this.leaks = registry.counter(Counter.builder("http.pool.leaks")
			.description("Leases held for too long, or lost by their callers")
			.tag("pool", pool));
	}

	void drained(DrainOutcome outcome) {
		this.drains[outcome.ordinal()].increment();
	}

	void leaked() {
		this.leaks.increment();
	}

}

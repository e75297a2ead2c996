package io.github.httppool.benchmarks.meters;

import java.util.List;

import io.github.httppool.HttpPoolListener;
import io.github.httppool.metrics.HttpPoolMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * Which meters a pool has.
 */
public enum Meters {

	/** No listener at all. */
	NONE,

	/** All meters, in Micrometer's own registry. */
	SIMPLE,

	/** All meters, in a registry that Prometheus scrapes. */
	PROMETHEUS;

	List<HttpPoolListener> listeners() {
		return switch (this) {
			case NONE -> List.of();
			case SIMPLE -> List.of(metrics(new SimpleMeterRegistry()));
			case PROMETHEUS -> List.of(metrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
		};
	}

	private static HttpPoolListener metrics(MeterRegistry registry) {
		HttpPoolMetrics metrics = new HttpPoolMetrics();
		metrics.bindTo(registry);
		return metrics;
	}

}

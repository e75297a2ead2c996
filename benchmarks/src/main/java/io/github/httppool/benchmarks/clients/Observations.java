package io.github.httppool.benchmarks.clients;

import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * The registries of an application with Actuator and Prometheus. All observed clients of
 * a JVM share them.
 */
final class Observations {

	static final PrometheusMeterRegistry METERS = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	static final ObservationRegistry REGISTRY = create();

	private Observations() {
	}

	private static ObservationRegistry create() {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(METERS));
		return registry;
	}

	static ObservationRegistry registryFor(ClientSpec spec) {
		return spec.observed() ? REGISTRY : ObservationRegistry.NOOP;
	}

}

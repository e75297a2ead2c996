package io.github.httppool.autoconfigure;

import io.github.httppool.autoconfigure.properties.HttpPoolProperties;
import io.github.httppool.metrics.HttpPoolMetrics;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;

/**
 * Auto-configuration for the meters of the pools.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = HttpPoolAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "http-pool.enabled", matchIfMissing = true)
@EnableConfigurationProperties(HttpPoolProperties.class)
public final class HttpPoolMetricsAutoConfiguration {

	@Bean(BeanNames.METRICS)
	@ConditionalOnMissingBean
	@Fallback
	HttpPoolMetrics httpPoolMetrics(HttpPoolProperties properties) {
		return new HttpPoolMetrics(properties.getMetrics().getConvention());
	}

}

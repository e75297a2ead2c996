package io.github.httppool.autoconfigure;

import io.github.httppool.HttpPools;
import io.github.httppool.actuate.HttpPoolHealthContributor;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for the {@link HttpPoolHealthContributor}. It is off by default,
 * because a busy upstream is no reason to take an application out of service.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = HttpPoolAutoConfiguration.class,
		beforeName = "org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration")
@ConditionalOnClass(HealthContributor.class)
@ConditionalOnBean(HttpPools.class)
@ConditionalOnBooleanProperty("management.health.httppool.enabled")
public final class HttpPoolHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "httpPoolHealthIndicator", "httpPoolHealthContributor" })
	HttpPoolHealthContributor httpPoolHealthContributor(HttpPools pools) {
		return new HttpPoolHealthContributor(pools);
	}

}

package io.github.httppool.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration for pools that apply properties refreshed by Spring Cloud.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = HttpPoolAutoConfiguration.class)
@ConditionalOnClass(EnvironmentChangeEvent.class)
@ConditionalOnBean(value = SharedPools.class, search = SearchStrategy.CURRENT)
public final class HttpPoolRefreshAutoConfiguration {

	@Bean(name = BeanNames.PREFIX + "refresh", autowireCandidate = false)
	PoolRefresh httpPoolRefresh(SharedPools pools, Environment environment) {
		return new PoolRefresh(pools, environment);
	}

}

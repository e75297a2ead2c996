package io.github.httppool.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration for a child context, which uses the pools of its parent as it uses
 * the parent's client builders.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = HttpPoolAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "http-pool.enabled", matchIfMissing = true)
@ConditionalOnBean(SharedPools.class)
@ConditionalOnMissingBean(value = SharedPools.class, search = SearchStrategy.CURRENT)
public final class HttpPoolChildContextAutoConfiguration {

	@Bean(BeanNames.PREFIX + "childContextCheck")
	static ChildContextCheck httpPoolChildContextCheck(Environment environment) {
		return new ChildContextCheck(environment);
	}

}

package io.github.httppool.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for the connections that pools open at startup. Test slices do not
 * import it, and a mock server switches it off, because such tests must not reach real
 * servers.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = HttpPoolAutoConfiguration.class,
		afterName = "org.springframework.boot.restclient.test.autoconfigure.MockRestServiceServerAutoConfiguration")
@ConditionalOnBean(value = PooledRequestFactories.class, search = SearchStrategy.CURRENT)
@ConditionalOnMissingBean(type = { "org.springframework.boot.restclient.test.MockServerRestClientCustomizer",
		"org.springframework.boot.restclient.test.MockServerRestTemplateCustomizer" })
public final class HttpPoolWarmUpAutoConfiguration {

	@Bean(BeanNames.PREFIX + "warmUps")
	PoolWarmUps httpPoolWarmUps(SharedPools pools, PooledRequestFactories factories) {
		return new PoolWarmUps(pools, factories);
	}

}

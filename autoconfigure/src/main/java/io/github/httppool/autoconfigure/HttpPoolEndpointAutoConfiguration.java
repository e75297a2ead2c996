package io.github.httppool.autoconfigure;

import io.github.httppool.HttpPools;
import io.github.httppool.actuate.HttpPoolEndpoint;
import io.github.httppool.actuate.HttpPoolEndpointWebExtension;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration for the {@link HttpPoolEndpoint} and its page.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = HttpPoolAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(HttpPools.class)
@ConditionalOnAvailableEndpoint(HttpPoolEndpoint.class)
public final class HttpPoolEndpointAutoConfiguration {

	@Bean(BeanNames.PREFIX + "endpoint")
	@ConditionalOnMissingBean
	HttpPoolEndpoint httpPoolEndpoint(HttpPools pools) {
		return new HttpPoolEndpoint(pools);
	}

	@Bean(BeanNames.PREFIX + "endpointWebExtension")
	@ConditionalOnMissingBean
	@Conditional(OnSpringWebCondition.class)
	@ConditionalOnAvailableEndpoint(endpoint = HttpPoolEndpoint.class, exposure = EndpointExposure.WEB)
	HttpPoolEndpointWebExtension httpPoolEndpointWebExtension(HttpPoolEndpoint endpoint, HttpPools pools,
			Environment environment) {
		return new HttpPoolEndpointWebExtension(endpoint, pools, environment.getProperty("spring.application.name"));
	}

}

package io.github.httppool.autoconfigure;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.ResolvableType;
import org.springframework.web.client.RestTemplate;

/**
 * Auto-configuration for the shared {@link RestTemplate}. A separate class, because
 * Spring Boot and Spring Framework plan to remove the types that it needs.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = HttpPoolAutoConfiguration.class)
@ConditionalOnClass(RestTemplate.class)
@ConditionalOnBean(value = PooledRequestFactories.class, search = SearchStrategy.CURRENT)
public final class HttpPoolRestTemplateAutoConfiguration {

	private static final String TEMPLATES = BeanNames.PREFIX + "restTemplates";

	@Bean(TEMPLATES)
	@Lazy
	PooledRestTemplates pooledRestTemplates(PooledRequestFactories factories, ListableBeanFactory beans) {
		return new PooledRestTemplates(factories, beans);
	}

	@Bean(BeanNames.PREFIX + "restTemplateFallback")
	static FallbackBean pooledRestTemplateFallback() {
		return new FallbackBean("pooledRestTemplate", ResolvableType.forClass(RestTemplate.class), TEMPLATES,
				"restTemplate");
	}

}

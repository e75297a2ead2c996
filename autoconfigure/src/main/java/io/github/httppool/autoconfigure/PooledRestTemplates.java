package io.github.httppool.autoconfigure;

import java.util.List;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.restclient.RestTemplateRequestCustomizer;
import org.springframework.boot.restclient.autoconfigure.RestTemplateBuilderConfigurer;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestTemplate;

/**
 * Creates the shared {@link RestTemplate}. The application takes precedence: its
 * customizers run after the pool's factory has been set, and a factory set by its own
 * builder stays.
 */
final class PooledRestTemplates {

	static final String BUILDER = "org.springframework.boot.restclient.RestTemplateBuilder";

	private final PooledRequestFactories factories;

	private final ListableBeanFactory beans;

	PooledRestTemplates(PooledRequestFactories factories, ListableBeanFactory beans) {
		this.factories = factories;
		this.beans = beans;
	}

	RestTemplate restTemplate() {
		HttpClientSettings settings = this.beans.getBeanProvider(HttpClientSettings.class)
			.getIfAvailable(HttpClientSettings::defaults);
		return ClassUtils.isPresent(BUILDER, null) ? WithBuilder.template(this.beans, this.factories, settings)
				: new RestTemplate(this.factories.create(settings, "'pooledRestTemplate'"));
	}

	/**
	 * A separate class, because Spring Boot's module is optional.
	 */
	private static final class WithBuilder {

		static RestTemplate template(ListableBeanFactory beans, PooledRequestFactories factories,
				HttpClientSettings settings) {
			RestTemplateBuilder existing = beans.getBeanProvider(RestTemplateBuilder.class).getIfUnique();
			RestTemplateBuilder builder = (existing != null) ? existing : customized(beans, settings);
			boolean decided = existing != null && !isOfSpringBoot(beans) && BuilderFactory.isTemplateDecided(existing);
			// Spring Boot's own builder already has the factory that a property selects.
			return (decided ? builder : builder.requestFactoryBuilder(factories.requestFactoryBuilder())).build();
		}

		private static boolean isOfSpringBoot(ListableBeanFactory beans) {
			return isOfSpringBoot(beans, RestTemplateBuilder.class)
					&& isOfSpringBoot(beans, RestTemplateBuilderConfigurer.class);
		}

		private static boolean isOfSpringBoot(ListableBeanFactory beans, Class<?> type) {
			return Candidates.of(beans, type).stream().allMatch((name) -> Candidates.isOfSpringBoot(beans, name));
		}

		private static RestTemplateBuilder customized(ListableBeanFactory beans, HttpClientSettings settings) {
			RestTemplateBuilderConfigurer configurer = beans.getBeanProvider(RestTemplateBuilderConfigurer.class)
				.getIfUnique();
			if (configurer != null) {
				return configurer.configure(new RestTemplateBuilder());
			}
			return new RestTemplateBuilder().clientSettings(settings)
				.customizers(beans.getBeanProvider(RestTemplateCustomizer.class).orderedStream().toList())
				.requestCustomizers(requestCustomizers(beans));
		}

		private static List<RestTemplateRequestCustomizer<?>> requestCustomizers(ListableBeanFactory beans) {
			return beans
				.<RestTemplateRequestCustomizer<?>>getBeanProvider(
						ResolvableType.forClass(RestTemplateRequestCustomizer.class))
				.orderedStream()
				.toList();
		}

	}

}

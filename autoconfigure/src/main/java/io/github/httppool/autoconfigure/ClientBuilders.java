package io.github.httppool.autoconfigure;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClient;

/**
 * Creates builders for clients that use a pool. The application takes precedence: its
 * customizers run after the pool's factory has been set, and a factory set by its own
 * builder or configurer stays. Builders that require a qualifier are ignored: a
 * {@code @LoadBalanced} builder treats every host as the name of a service.
 */
final class ClientBuilders {

	private final ConfigurableListableBeanFactory beans;

	ClientBuilders(ConfigurableListableBeanFactory beans) {
		this.beans = beans;
	}

	/**
	 * Return a new builder.
	 * @param decided whether to keep the factory of an application's builder
	 * @param pooled creates the request factory that uses the pool, if needed
	 */
	RestClient.Builder newBuilder(Predicate<RestClient.Builder> decided, Supplier<ClientHttpRequestFactory> pooled) {
		RestClient.Builder existing = own();
		if (existing == null) {
			return isSpringBootPresent() ? postProcess(Customized.builder(this.beans, decided, pooled))
					: RestClient.builder().requestFactory(pooled.get());
		}
		RestClient.Builder builder = existing.clone();
		return decided.test(builder) ? builder : builder.requestFactory(pooled.get());
	}

	private RestClient.@Nullable Builder own() {
		List<String> names = Candidates.of(this.beans, RestClient.Builder.class);
		if (names.stream().allMatch((name) -> Candidates.isOfSpringBoot(this.beans, name))) {
			// Creating a builder runs the customizers, which must run only once.
			return null;
		}
		boolean qualified = names.size() == 1 && this.beans.findAnnotationOnBean(names.get(0), Qualifier.class) != null;
		return qualified ? null : this.beans.getBeanProvider(RestClient.Builder.class).getIfUnique();
	}

	/**
	 * Post-process a builder like the Spring Boot builder that it replaces.
	 */
	private RestClient.Builder postProcess(RestClient.Builder builder) {
		List<String> names = Candidates.of(this.beans, RestClient.Builder.class);
		boolean standsForOne = names.size() == 1 && this.beans.containsLocalBean(names.get(0))
				&& Candidates.isOfSpringBoot(this.beans, names.get(0));
		return standsForOne ? (RestClient.Builder) this.beans.initializeBean(builder, names.get(0)) : builder;
	}

	private static boolean isSpringBootPresent() {
		return ClassUtils.isPresent("org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer",
				null);
	}

	/**
	 * A separate class, because Spring Boot's module is optional.
	 */
	private static final class Customized {

		static RestClient.Builder builder(ListableBeanFactory beans, Predicate<RestClient.Builder> decided,
				Supplier<ClientHttpRequestFactory> pooled) {
			RestClientBuilderConfigurer configurer = ownConfigurer(beans);
			if (configurer != null) {
				RestClient.Builder builder = configurer.configure(RestClient.builder());
				return decided.test(builder) ? builder : builder.requestFactory(pooled.get());
			}
			RestClient.Builder builder = RestClient.builder().requestFactory(pooled.get());
			beans.getBeanProvider(RestClientCustomizer.class)
				.orderedStream()
				.forEach((customizer) -> customizer.customize(builder));
			return builder;
		}

		private static @Nullable RestClientBuilderConfigurer ownConfigurer(ListableBeanFactory beans) {
			List<String> names = Candidates.of(beans, RestClientBuilderConfigurer.class);
			return names.stream().allMatch((name) -> Candidates.isOfSpringBoot(beans, name)) ? null
					: beans.getBeanProvider(RestClientBuilderConfigurer.class).getIfUnique();
		}

	}

}

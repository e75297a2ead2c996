package io.github.httppool.autoconfigure;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClient;

/**
 * Builders for clients that stand for nobody in particular: the application's own one,
 * unless that is for those only who ask for it by a qualifier. One that is
 * {@code @LoadBalanced} takes every host for the name of a service.
 */
final class ClientBuilders {

	private final ListableBeanFactory beans;

	ClientBuilders(ListableBeanFactory beans) {
		this.beans = beans;
	}

	/**
	 * Return a new builder.
	 */
	RestClient.Builder newBuilder() {
		String[] names = this.beans.getBeanNamesForType(RestClient.Builder.class);
		boolean qualified = names.length == 1 && this.beans.findAnnotationOnBean(names[0], Qualifier.class) != null;
		RestClient.Builder own = qualified ? null : this.beans.getBeanProvider(RestClient.Builder.class).getIfUnique();
		return (own != null) ? own.clone() : customized();
	}

	private RestClient.Builder customized() {
		return ClassUtils.isPresent("org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer",
				null) ? Customized.builder(this.beans) : RestClient.builder();
	}

	/**
	 * Apart, because Spring Boot's module may not be there.
	 */
	private static final class Customized {

		static RestClient.Builder builder(ListableBeanFactory beans) {
			RestClientBuilderConfigurer configurer = beans.getBeanProvider(RestClientBuilderConfigurer.class)
				.getIfUnique();
			return (configurer != null) ? configurer.configure(RestClient.builder()) : RestClient.builder();
		}

	}

}

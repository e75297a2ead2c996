package io.github.httppool.autoconfigure;

import io.github.httppool.autoconfigure.properties.PoolNames;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * Registers the beans of each further pool after all other beans, unless the application
 * has a bean of the same name. These beans require a qualifier. An injection point
 * without a qualifier gets the shared client or the application's own client.
 */
final class FallbackNamedClients implements BeanDefinitionRegistryPostProcessor, BeanRegistrationAotProcessor {

	private static final ResolvableType FACTORY_BUILDER = ResolvableType
		.forClassWithGenerics(ClientHttpRequestFactoryBuilder.class, HttpComponentsClientHttpRequestFactory.class);

	private final Environment environment;

	FallbackNamedClients(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		// Other post-processors still register beans.
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
		if (beans instanceof BeanDefinitionRegistry registry) {
			for (String pool : PoolNames.of(Binder.get(this.environment)).valid().keySet()) {
				register(registry, pool, "RestClient", ResolvableType.forClass(RestClient.class), "restClient");
				register(registry, pool, "ClientHttpRequestFactoryBuilder", FACTORY_BUILDER, "requestFactoryBuilder");
			}
		}
	}

	private static void register(BeanDefinitionRegistry registry, String pool, String suffix, ResolvableType type,
			String factoryMethod) {
		String name = pool + suffix;
		if (registry.containsBeanDefinition(name)) {
			return;
		}
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(type);
		definition.setFactoryBeanName(BeanNames.CLIENTS);
		definition.setFactoryMethodName(factoryMethod);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, pool);
		definition.setLazyInit(true);
		definition.setFallback(true);
		definition.setDefaultCandidate(false);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, pool));
		definition.setDescription("Pool '" + pool + "' of http-pool.pools");
		registry.registerBeanDefinition(name, definition);
	}

	/**
	 * Ahead-of-time processing writes the definitions, so nothing is left to register at
	 * runtime.
	 */
	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
		return null;
	}

}

package io.github.httppool.autoconfigure;

import java.util.List;

import io.github.httppool.InvalidHttpPoolSettingsException;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * Registers the beans of each further pool. They are found by their qualifier only: the
 * shared client, or the application's own, stays the one that is meant without one. No
 * definition has an instance supplier, which ahead-of-time processing could not write.
 */
final class NamedClientsRegistrar implements ImportBeanDefinitionRegistrar {

	private static final ResolvableType FACTORY_BUILDER = ResolvableType
		.forClassWithGenerics(ClientHttpRequestFactoryBuilder.class, HttpComponentsClientHttpRequestFactory.class);

	private final Environment environment;

	NamedClientsRegistrar(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
		for (String pool : PoolNames.of(Binder.get(this.environment)).valid().keySet()) {
			register(registry, pool, "RestClient", ResolvableType.forClass(RestClient.class), "restClient");
			register(registry, pool, "ClientHttpRequestFactoryBuilder", FACTORY_BUILDER, "requestFactoryBuilder");
		}
	}

	private static void register(BeanDefinitionRegistry registry, String pool, String suffix, ResolvableType type,
			String factoryMethod) {
		String name = pool + suffix;
		if (registry.containsBeanDefinition(name)) {
			throw new InvalidHttpPoolSettingsException(List.of(PoolNames.problem(pool,
					"write another name, or rename the bean '" + name + "' of the application: the pool brings one")));
		}
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(type);
		definition.setFactoryBeanName("namedPoolClients");
		definition.setFactoryMethodName(factoryMethod);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, pool);
		definition.setDefaultCandidate(false);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, pool));
		definition.setDescription("Pool '" + pool + "' of http-pool.pools");
		registry.registerBeanDefinition(name, definition);
	}

}

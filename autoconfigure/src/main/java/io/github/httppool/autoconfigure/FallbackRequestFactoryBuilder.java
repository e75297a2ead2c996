package io.github.httppool.autoconfigure;

import java.util.List;

import io.github.httppool.autoconfigure.properties.SelectedFactory;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * Registers the builder whose clients use the shared pool. It replaces Spring Boot's
 * default under the same name, and no other builder.
 */
final class FallbackRequestFactoryBuilder extends FallbackBean {

	static final String NAME = "pooledClientHttpRequestFactoryBuilder";

	private final Environment environment;

	FallbackRequestFactoryBuilder(Environment environment) {
		super(NAME, ResolvableType.forClassWithGenerics(ClientHttpRequestFactoryBuilder.class,
				HttpComponentsClientHttpRequestFactory.class), BeanNames.FACTORIES, "requestFactoryBuilder");
		this.environment = environment;
	}

	@Override
	ConditionOutcome outcomeWithoutOthers(ConditionMessage.Builder message) {
		return SelectedFactory.outcome(this.environment, message);
	}

	@Override
	List<String> others(ConfigurableListableBeanFactory beans) {
		List<String> all = Candidates.of(beans, ClientHttpRequestFactoryBuilder.class);
		return all.stream().filter((name) -> !isDefault(beans, name)).toList();
	}

	private static boolean isDefault(ConfigurableListableBeanFactory beans, String name) {
		return beans.containsBeanDefinition(name) && Candidates.isOfSpringBoot(beans, name);
	}

	@Override
	void register(BeanDefinitionRegistry registry, ConfigurableListableBeanFactory beans) {
		List<String> defaults = Candidates.of(beans, ClientHttpRequestFactoryBuilder.class);
		if (defaults.isEmpty()) {
			super.register(registry, beans);
		}
		for (String name : defaults) {
			// Spring Boot forbids a second definition of the same name.
			registry.removeBeanDefinition(name);
			registry.registerBeanDefinition(name, definition());
			registry.registerAlias(name, NAME);
		}
	}

}

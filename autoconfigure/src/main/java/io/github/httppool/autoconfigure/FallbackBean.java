package io.github.httppool.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/**
 * Registers a shared bean after all other beans, unless Spring could inject another bean
 * instead. A condition on a bean method would see only earlier auto-configurations, and
 * later ones would back off from this bean. No definition has an instance supplier,
 * because ahead-of-time processing cannot write one.
 */
class FallbackBean implements BeanDefinitionRegistryPostProcessor, BeanRegistrationAotProcessor {

	private final String name;

	private final ResolvableType type;

	private final String factoryBean;

	private final String factoryMethod;

	/**
	 * Create a fallback.
	 * @param name the name of the bean
	 * @param type its type
	 * @param factoryBean the name of the factory bean
	 * @param factoryMethod the factory method
	 */
	FallbackBean(String name, ResolvableType type, String factoryBean, String factoryMethod) {
		this.name = name;
		this.type = type;
		this.factoryBean = factoryBean;
		this.factoryMethod = factoryMethod;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		// Other post-processors still register beans.
	}

	@Override
	public final void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
		ConditionOutcome outcome = outcome(beans);
		ConditionEvaluationReport report = ConditionEvaluationReport.find(beans);
		if (report != null) {
			report.recordConditionEvaluation("HTTP Pool: " + this.name, new OnNoOtherBean(), outcome);
		}
		if (outcome.isMatch() && beans instanceof BeanDefinitionRegistry registry) {
			register(registry, beans);
		}
	}

	private ConditionOutcome outcome(ConfigurableListableBeanFactory beans) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("No other bean");
		if (beans.containsBean(this.name)) {
			return ConditionOutcome.noMatch(message.foundExactly("bean '" + this.name + "'"));
		}
		List<String> others = others(beans);
		return others.isEmpty() ? outcomeWithoutOthers(message)
				: ConditionOutcome.noMatch(message.found("bean", "beans").items(ConditionMessage.Style.QUOTE, others));
	}

	ConditionOutcome outcomeWithoutOthers(ConditionMessage.Builder message) {
		return ConditionOutcome.match(message.didNotFind("any bean").atAll());
	}

	/**
	 * Return the beans that Spring could inject instead of this one, for any of its
	 * types.
	 */
	List<String> others(ConfigurableListableBeanFactory beans) {
		Set<String> others = new LinkedHashSet<>();
		for (Class<?> each : types(this.type.toClass())) {
			others.addAll(Candidates.of(beans, each));
		}
		return new ArrayList<>(others);
	}

	private static Set<Class<?>> types(Class<?> type) {
		Set<Class<?>> types = new LinkedHashSet<>(ClassUtils.getAllInterfacesForClassAsSet(type));
		for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
			types.add(each);
		}
		return types;
	}

	void register(BeanDefinitionRegistry registry, ConfigurableListableBeanFactory beans) {
		registry.registerBeanDefinition(this.name, definition());
	}

	final RootBeanDefinition definition() {
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(this.type);
		definition.setFactoryBeanName(this.factoryBean);
		definition.setFactoryMethodName(this.factoryMethod);
		definition.setLazyInit(true);
		definition.setFallback(true);
		definition.setResourceDescription("the HTTP Pool starter");
		return definition;
	}

	/**
	 * Ahead-of-time processing writes the definition, so nothing is left to decide at
	 * runtime.
	 */
	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
		return null;
	}

	/**
	 * Represents the decision in the condition evaluation report.
	 */
	private static final class OnNoOtherBean implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return true;
		}

	}

}

package io.github.httppool.autoconfigure;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Finds the beans that Spring can inject without a qualifier. Does not create them.
 */
final class Candidates {

	private static final String SPRING_BOOT = "org.springframework.boot.";

	private Candidates() {
	}

	/**
	 * Return the names of the candidates of a type, including those of parent contexts.
	 */
	static List<String> of(ListableBeanFactory beans, Class<?> type) {
		return Arrays.stream(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type, true, false))
			.filter((name) -> isInjectedWithoutQualifier(definition(beans, name)))
			.toList();
	}

	private static boolean isInjectedWithoutQualifier(@Nullable BeanDefinition definition) {
		return definition == null || (definition.isAutowireCandidate()
				&& (!(definition instanceof AbstractBeanDefinition bean) || bean.isDefaultCandidate()));
	}

	/**
	 * Return whether a bean is the default of one of Spring Boot's auto-configurations.
	 */
	static boolean isOfSpringBoot(ListableBeanFactory beans, String name) {
		BeanDefinition definition = definition(beans, name);
		String declaredIn = null;
		if (definition instanceof AnnotatedBeanDefinition annotated && annotated.getFactoryMethodMetadata() != null) {
			declaredIn = annotated.getFactoryMethodMetadata().getDeclaringClassName();
		}
		else if (definition instanceof RootBeanDefinition root && root.getResolvedFactoryMethod() != null) {
			// This is the case after ahead-of-time processing.
			declaredIn = root.getResolvedFactoryMethod().getDeclaringClass().getName();
		}
		return declaredIn != null && isAutoConfigurationOfSpringBoot(declaredIn);
	}

	/**
	 * Spring Boot's own tests have configurations in these packages, too.
	 */
	private static boolean isAutoConfigurationOfSpringBoot(String className) {
		int nested = className.indexOf('$');
		String outermost = (nested < 0) ? className : className.substring(0, nested);
		return outermost.startsWith(SPRING_BOOT) && outermost.endsWith("AutoConfiguration");
	}

	/**
	 * Return the definition of a bean, or {@code null} if it has none.
	 */
	static @Nullable BeanDefinition definition(BeanFactory beans, String name) {
		for (BeanFactory each = beans; each != null;) {
			if (each instanceof ConfigurableListableBeanFactory local && local.containsBeanDefinition(name)) {
				return local.getBeanDefinition(name);
			}
			each = (each instanceof HierarchicalBeanFactory child) ? child.getParentBeanFactory() : null;
		}
		return null;
	}

}

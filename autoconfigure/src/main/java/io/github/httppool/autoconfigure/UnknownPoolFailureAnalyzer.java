package io.github.httppool.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.github.httppool.autoconfigure.properties.NearestName;
import io.github.httppool.autoconfigure.properties.PoolNames;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClient;

/**
 * Explains a startup that failed because a qualifier names no pool.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownPoolFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private final Environment environment;

	UnknownPoolFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		Class<?> type = (cause.getResolvableType() != null) ? cause.getResolvableType().resolve() : null;
		InjectionPoint point = injectionPoint(rootFailure);
		Qualifier qualifier = (point != null) ? point.getAnnotation(Qualifier.class) : null;
		if (type == null || qualifier == null || !isClient(type)
				|| !this.environment.getProperty("http-pool.enabled", Boolean.class, true)) {
			return null;
		}
		List<String> pools = new ArrayList<>(List.of("default"));
		pools.addAll(PoolNames.of(Binder.get(this.environment)).valid().keySet());
		String wanted = qualifier.value();
		return new FailureAnalysis(
				"%s requires a %s with the qualifier '%s', but neither such a bean nor a pool of this name exists. "
					.formatted(point, ClassUtils.getShortName(type), wanted) + "The pools of this application are "
						+ pools + ".",
				advice(type, wanted, pools), cause);
	}

	/**
	 * Return the bean names of the clients of these pools.
	 */
	private static List<String> names(Class<?> type, List<String> pools) {
		List<String> names = new ArrayList<>(pools);
		if (!isTemplate(type)) {
			pools.forEach((pool) -> names.add(pool + ClassUtils.getShortName(type)));
		}
		return names;
	}

	private static boolean isClient(Class<?> type) {
		return type == RestClient.class || isTemplate(type)
				|| ClientHttpRequestFactoryBuilder.class.isAssignableFrom(type);
	}

	/** By name, because Spring Framework plans to remove it. */
	private static boolean isTemplate(Class<?> type) {
		return type.getName().equals("org.springframework.web.client.RestTemplate");
	}

	private static @Nullable InjectionPoint injectionPoint(Throwable failure) {
		InjectionPoint point = null;
		for (Throwable each = failure; each != null; each = each.getCause()) {
			if (each instanceof UnsatisfiedDependencyException unsatisfied && unsatisfied.getInjectionPoint() != null) {
				point = unsatisfied.getInjectionPoint();
			}
		}
		return point;
	}

	private static String advice(Class<?> type, String wanted, List<String> pools) {
		if (wanted.equals("default")) {
			return "Inject the client of the shared pool without a qualifier.";
		}
		if (isTemplate(type) && pools.contains(wanted)) {
			return ("Further pools have no RestTemplate bean. Build one with the RestTemplateBuilder and the "
					+ "ClientHttpRequestFactoryBuilder with the qualifier '%s'.")
				.formatted(wanted);
		}
		String nearest = NearestName.of(wanted, names(type, pools.subList(1, pools.size())));
		return ((nearest != null) ? "Use the qualifier '" + nearest + "', or define" : "Define")
				+ " the pool with properties below 'http-pool.pools." + wanted + "'.";
	}

}

package io.github.httppool.autoconfigure;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.httppool.autoconfigure.properties.SelectedFactory;
import io.github.httppool.findings.MessageLines;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.http.client.support.HttpAccessor;
import org.springframework.web.client.RestClient;

/**
 * Logs each client of the application that does not use a pool once. Examines beans after
 * Spring has created them, and never creates beans. Logs nothing if the factory is
 * unknown or a property selects another factory for all clients.
 */
final class UnpooledBeans
		implements MergedBeanDefinitionPostProcessor, ApplicationListener<ContextRefreshedEvent>, Ordered {

	private static final Logger log = LoggerFactory.getLogger(UnpooledBeans.class);

	private final Environment environment;

	private final BeanFactory beans;

	/** The beans without the proxies of other post-processors. */
	private final Map<String, Object> clients = new ConcurrentHashMap<>();

	private final Set<String> seen = ConcurrentHashMap.newKeySet();

	private volatile boolean refreshed;

	UnpooledBeans(Environment environment, BeanFactory beans) {
		this.environment = environment;
		this.beans = beans;
	}

	/**
	 * Implemented only so that this post-processor runs last, because others may set the
	 * factory of a template.
	 */
	@Override
	public void postProcessMergedBeanDefinition(RootBeanDefinition definition, Class<?> type, String name) {
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String name) {
		if (isClient(bean)) {
			this.clients.put(name, bean);
		}
		return bean;
	}

	/** The only callback that receives the objects of factory beans. */
	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		if (isClient(bean)) {
			this.clients.putIfAbsent(name, bean);
			if (this.refreshed) {
				check();
			}
		}
		return bean;
	}

	private static boolean isClient(Object bean) {
		return bean instanceof RestClient || bean instanceof HttpAccessor
				|| bean instanceof ClientHttpRequestFactoryBuilder;
	}

	/** Runs late, because other beans may still set the factory of a template. */
	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		this.refreshed = true;
		check();
	}

	private void check() {
		try {
			this.clients.forEach(this::check);
			this.clients.clear();
		}
		catch (RuntimeException ex) {
			log.debug("Beans cannot be examined", ex);
		}
	}

	private void check(String name, Object bean) {
		String factory = UnpooledFactory.of(bean);
		if (factory != null && this.seen.add(name) && SelectedFactory.isPooled(this.environment)) {
			String type = type(bean);
			log.warn(MessageLines.of("%s '%s' does not use a pool, because it has %s. %s".formatted(type, name, factory,
					advice(name, bean))));
		}
	}

	private static String type(Object bean) {
		return (bean instanceof RestClient) ? "RestClient"
				: (bean instanceof HttpAccessor) ? "RestTemplate" : "ClientHttpRequestFactoryBuilder";
	}

	private String advice(String name, Object bean) {
		BeanDefinition definition = Candidates.definition(this.beans, name);
		if (definition != null && String.valueOf(definition.getFactoryBeanName()).startsWith(BeanNames.PREFIX)) {
			return "A customizer or a builder of the application has set it";
		}
		boolean client = bean instanceof RestClient;
		if (!client && !(bean instanceof HttpAccessor)) {
			return "Clients built with it ignore the limits and timeouts of http-pool.*. Remove the bean to use the "
					+ "shared pool";
		}
		if (!this.beans.containsBean(FallbackRequestFactoryBuilder.NAME)) {
			return "The ClientHttpRequestFactoryBuilder bean of the application, or of another starter, keeps the "
					+ "clients of Spring's builders off the pool";
		}
		return "Build it with the " + (client ? "RestClient.Builder" : "RestTemplateBuilder")
				+ " that Spring injects, and with no other factory"
				+ ((client && this.beans.containsBean("pooledRestClient")) ? ", or inject 'pooledRestClient'" : "");
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}

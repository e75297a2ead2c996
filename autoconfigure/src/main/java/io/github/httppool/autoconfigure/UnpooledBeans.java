package io.github.httppool.autoconfigure;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.http.client.support.HttpAccessor;
import org.springframework.web.client.RestClient;

/**
 * Logs each client of the application that does not use a pool, once. Examines beans
 * after Spring has created them, and creates none. Logs nothing if the factory is unknown
 * or a property selects another factory for all clients.
 */
final class UnpooledBeans implements BeanPostProcessor, ApplicationListener<ContextRefreshedEvent>, Ordered {

	private static final Logger log = LoggerFactory.getLogger(UnpooledBeans.class);

	private final Environment environment;

	/** The beans without the proxies of other post-processors. */
	private final Map<String, Object> clients = new ConcurrentHashMap<>();

	private final Set<String> seen = ConcurrentHashMap.newKeySet();

	private volatile boolean refreshed;

	UnpooledBeans(Environment environment) {
		this.environment = environment;
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

	/** Not earlier, because other beans may still set the factory of a template. */
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
			log.warn("{} '{}' does not use a pool, because it has {}. {}", type, name, factory, advice(bean));
		}
	}

	private static String type(Object bean) {
		return (bean instanceof RestClient) ? "RestClient"
				: (bean instanceof HttpAccessor) ? "RestTemplate" : "ClientHttpRequestFactoryBuilder";
	}

	private static String advice(Object bean) {
		if (bean instanceof RestClient) {
			return "Build it with the RestClient.Builder that Spring injects, or inject 'pooledRestClient'";
		}
		return (bean instanceof HttpAccessor) ? "Build it with the RestTemplateBuilder that Spring injects"
				: "Clients built with it ignore the limits and timeouts of http-pool.*. Remove the "
						+ "bean to use the shared pool";
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

}

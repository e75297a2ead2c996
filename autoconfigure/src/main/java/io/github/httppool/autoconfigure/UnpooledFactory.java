package io.github.httppool.autoconfigure;

import java.lang.reflect.Field;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.http.client.AbstractClientHttpRequestFactoryWrapper;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.support.HttpAccessor;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.client.RestClient;

/**
 * Detects request factories that certainly use no pool. Reads only fields, because a mock
 * or a spy would record a method call. A factory of an unknown class may delegate to the
 * pool.
 */
final class UnpooledFactory {

	/** Class and fields of Spring's clients and of HttpClient's. */
	static final String REST_CLIENT = "org.springframework.web.client.DefaultRestClient";

	static final String OF_REST_CLIENT = "clientRequestFactory";

	static final String OF_REST_TEMPLATE = "requestFactory";

	static final String OF_WRAPPER = "requestFactory";

	static final String OF_HTTP_CLIENT = "connManager";

	/**
	 * Spring Boot's builders, each for one kind of client. Other builders are unknown.
	 */
	private static final Pattern OF_SPRING_BOOT = Pattern.compile("org\\.springframework\\.boot\\.http\\.client\\."
			+ "(HttpComponents|Jdk|Jetty|Reactor|Simple)ClientHttpRequestFactoryBuilder");

	private static final String OURS = "io.github.httppool.";

	private UnpooledFactory() {
	}

	/**
	 * Return a description of the client's factory if it uses no pool, otherwise
	 * {@code null}.
	 */
	static @Nullable String of(Object client) {
		if (client instanceof RestClient) {
			return client.getClass().getName().equals(REST_CLIENT)
					? ofFactory(read(client.getClass(), client, OF_REST_CLIENT)) : null;
		}
		if (client instanceof HttpAccessor) {
			return ofFactory(read(HttpAccessor.class, client, OF_REST_TEMPLATE));
		}
		return (client instanceof ClientHttpRequestFactoryBuilder
				&& OF_SPRING_BOOT.matcher(client.getClass().getName()).matches()) ? name(client) : null;
	}

	private static @Nullable String ofFactory(@Nullable Object factory) {
		Object inner = factory;
		while (inner instanceof AbstractClientHttpRequestFactoryWrapper) {
			inner = read(AbstractClientHttpRequestFactoryWrapper.class, inner, OF_WRAPPER);
		}
		if (inner == null || !inner.getClass().getName().startsWith("org.springframework.http.client.")) {
			return null;
		}
		return (inner instanceof HttpComponentsClientHttpRequestFactory components)
				? ofHttpClient(components.getHttpClient()) : name(inner);
	}

	private static @Nullable String ofHttpClient(Object client) {
		Object manager = read(client.getClass(), client, OF_HTTP_CLIENT);
		return (manager != null && !manager.getClass().getName().startsWith(OURS))
				? "an HttpClient with a " + manager.getClass().getSimpleName() + " of its own" : null;
	}

	private static String name(Object object) {
		return "a " + object.getClass().getSimpleName();
	}

	private static @Nullable Object read(Class<?> type, Object target, String name) {
		Field field = ReflectionUtils.findField(type, name);
		if (field == null) {
			return null;
		}
		ReflectionUtils.makeAccessible(field);
		return ReflectionUtils.getField(field, target);
	}

}

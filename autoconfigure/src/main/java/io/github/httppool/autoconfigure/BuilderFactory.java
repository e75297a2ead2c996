package io.github.httppool.autoconfigure;

import java.lang.reflect.Field;

import io.github.httppool.client.PooledRequestFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;
import org.springframework.web.client.RestClient;

/**
 * Detects whether the application has set the request factory of a builder, which has no
 * getter for it.
 */
final class BuilderFactory {

	/** Class and field of Spring's builders. */
	static final String REST_CLIENT_BUILDER = "org.springframework.web.client.DefaultRestClientBuilder";

	static final String OF_REST_CLIENT = "requestFactory";

	static final String OF_REST_TEMPLATE = "requestFactoryBuilder";

	private BuilderFactory() {
	}

	/**
	 * Return whether the application has set a factory other than that of the shared
	 * pool. Returns {@code true} for a builder whose factory cannot be read, because
	 * replacing the factory of a mock server would send calls to real servers.
	 */
	static boolean isDecided(RestClient.Builder builder) {
		Field field = field(builder.getClass(), OF_REST_CLIENT);
		if (field == null) {
			return true;
		}
		Object factory = ReflectionUtils.getField(field, builder);
		return factory != null && !(factory instanceof PooledRequestFactory pooled && pooled.isOfSharedPool());
	}

	/**
	 * Return whether a builder has any factory, including one of the shared pool. The
	 * application may have created that factory with its own settings.
	 */
	static boolean isSet(RestClient.Builder builder) {
		Field field = field(builder.getClass(), OF_REST_CLIENT);
		return field == null || ReflectionUtils.getField(field, builder) != null;
	}

	/**
	 * Return whether the application has set another factory in a
	 * {@code RestTemplateBuilder}.
	 */
	static boolean isTemplateDecided(Object restTemplateBuilder) {
		Field field = field(restTemplateBuilder.getClass(), OF_REST_TEMPLATE);
		if (field == null) {
			return true;
		}
		Object factory = ReflectionUtils.getField(field, restTemplateBuilder);
		return factory != null && !(factory instanceof PooledClientHttpRequestFactoryBuilder);
	}

	private static @Nullable Field field(Class<?> type, String name) {
		Field field = ReflectionUtils.findField(type, name);
		if (field != null) {
			ReflectionUtils.makeAccessible(field);
		}
		return field;
	}

}

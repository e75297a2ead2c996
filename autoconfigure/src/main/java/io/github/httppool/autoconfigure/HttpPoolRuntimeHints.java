package io.github.httppool.autoconfigure;

import java.util.List;

import io.github.httppool.autoconfigure.properties.RouteProperties;
import io.github.httppool.autoconfigure.properties.WarmUpProperties;
import io.github.httppool.client.PooledRequestFactory;
import io.github.httppool.hc5.HttpClientPool;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeHint;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpComponentsHttpClientBuilder;
import org.springframework.http.client.AbstractClientHttpRequestFactoryWrapper;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.support.HttpAccessor;

/**
 * Runtime hints for native images. Spring Boot registers the other property classes and
 * the descriptors of the endpoint.
 */
final class HttpPoolRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.reflection()
			.registerType(HttpComponentsClientHttpRequestFactoryBuilder.class,
					(type) -> type.withField(BootConnections.BUILDER));
		hints.reflection().registerType(HttpComponentsHttpClientBuilder.class, HttpPoolRuntimeHints::fields);
		hints.reflection()
			.registerType(HttpComponentsClientHttpRequestFactory.class,
					(type) -> PooledRequestFactory.FIELDS.forEach(type::withField));
		hints.reflection()
			.registerType(HttpClientBuilder.class, (type) -> HttpClientPool.BUILDER_FIELDS.forEach(type::withField));
		hints.reflection()
			.registerType(PoolingHttpClientConnectionManagerBuilder.class,
					(type) -> HttpClientPool.CONNECTION_FIELDS.forEach(type::withField));
		hints.reflection()
			.registerTypeIfPresent(classLoader, BuilderFactory.REST_CLIENT_BUILDER,
					(type) -> type.withField(BuilderFactory.OF_REST_CLIENT));
		hints.reflection()
			.registerTypeIfPresent(classLoader, PooledRestTemplates.BUILDER,
					(type) -> type.withField(BuilderFactory.OF_REST_TEMPLATE));
		hints.reflection()
			.registerTypeIfPresent(classLoader, UnpooledFactory.REST_CLIENT,
					(type) -> type.withField(UnpooledFactory.OF_REST_CLIENT));
		hints.reflection().registerType(HttpAccessor.class, (type) -> type.withField(UnpooledFactory.OF_REST_TEMPLATE));
		hints.reflection()
			.registerType(AbstractClientHttpRequestFactoryWrapper.class,
					(type) -> type.withField(UnpooledFactory.OF_WRAPPER));
		// SettingsSinceBoot41 detects Spring Boot 4.1 by this class. Without the hint, an
		// application's filter would be ignored.
		hints.reflection().registerTypeIfPresent(classLoader, SettingsSinceBoot41.ADDRESS_FILTER, (type) -> {
		});
		hints.reflection()
			.registerTypeIfPresent(classLoader, SettingsSinceBoot41.FILTERED_HOST,
					MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
		// Spring Boot does not look for property classes among the values of a map.
		BindableRuntimeHintsRegistrar.forTypes(RouteProperties.class, WarmUpProperties.class).registerHints(hints);
		hints.resources().registerPattern("org/apache/hc/client5/version.properties");
		hints.resources().registerPattern("org/apache/hc/core5/version.properties");
		hints.resources().registerPattern("io/github/httppool/actuate/page/*");
	}

	private static void fields(TypeHint.Builder type) {
		List.of(BootConnections.TLS, BootConnections.SOCKETS, BootConnections.DNS, BootConnections.MANAGER,
				BootConnections.CONFIG)
			.forEach(type::withField);
	}

}

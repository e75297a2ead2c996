package io.github.httppool.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.autoconfigure.HttpClientProperties;
import org.springframework.boot.http.client.autoconfigure.HttpClientSettingsPropertyMapper;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.Ordered;
import org.springframework.util.StringUtils;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;
import org.springframework.web.service.registry.HttpServiceGroup;

/**
 * Makes each HTTP service group use the further pool of the same name. Properties below
 * {@code spring.http.serviceclient.<group>} take precedence.
 */
final class NamedServiceGroups implements RestClientHttpServiceGroupConfigurer {

	/**
	 * Directly after Spring Boot's configurer, which sets a factory of the shared pool,
	 * and before customizers.
	 */
	private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 11;

	private final PooledRequestFactories factories;

	private final @Nullable HttpServiceClientProperties properties;

	private final @Nullable SslBundles sslBundles;

	/** If {@code false}, the application has selected another default factory. */
	private final boolean pooledByDefault;

	NamedServiceGroups(PooledRequestFactories factories, @Nullable HttpServiceClientProperties properties,
			@Nullable SslBundles sslBundles, boolean pooledByDefault) {
		this.factories = factories;
		this.properties = properties;
		this.sslBundles = sslBundles;
		this.pooledByDefault = pooledByDefault;
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public void configureGroups(Groups<RestClient.Builder> groups) {
		groups.filter((group) -> this.factories.hasFurther(group.name())).forEachClient(this::configureClient);
	}

	private void configureClient(HttpServiceGroup group, RestClient.Builder builder) {
		PoolVariants variants = this.factories.variants(group.name());
		HttpClientProperties groupProperties = (this.properties != null) ? this.properties.get(group.name()) : null;
		if (!this.pooledByDefault || !BuilderFactory.isDecided(builder)) {
			builder.requestFactory(this.factories.create(variants,
					new HttpClientSettingsPropertyMapper(this.sslBundles, variants.clientSettings())
						.map(groupProperties),
					"HTTP service group '" + group.name() + "'"));
		}
		String baseUrl = variants.configured.baseUrl();
		if (StringUtils.hasText(baseUrl)
				&& (groupProperties == null || !StringUtils.hasText(groupProperties.getBaseUrl()))) {
			builder.baseUrl(baseUrl);
		}
	}

}

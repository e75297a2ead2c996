package io.github.httppool.sample.lab;

import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;
import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import io.github.httppool.autoconfigure.HttpPoolRestClientAutoConfiguration;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * A small Spring Boot application of its own, which gives an experiment its clients as it
 * gives them to any bean: with HTTP Pool, or with {@code http-pool.enabled=false}, which
 * leaves Spring Boot's default.
 */
final class ClientApplication implements AutoCloseable {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Queue<HttpComponentsClientHttpRequestFactory> unpooled = new ConcurrentLinkedQueue<>();

	private final RestClient client;

	private ClientApplication(boolean pooled, Map<String, String> properties) {
		Map<String, Object> source = new HashMap<>(properties);
		source.put("http-pool.enabled", pooled);
		// Nothing else: the configuration of the sample must not change the experiment.
		MutablePropertySources sources = this.context.getEnvironment().getPropertySources();
		sources.stream().map(PropertySource::getName).toList().forEach(sources::remove);
		sources.addFirst(new MapPropertySource("lab", source));
		this.context.register(Configuration.class);
		if (!pooled) {
			this.context.registerBean(CloseAtTheEnd.class, () -> new CloseAtTheEnd(this.unpooled));
		}
		this.context.refresh();
		this.client = newBuilder().build();
	}

	/**
	 * Start an application with Spring Boot's default client.
	 */
	static ClientApplication withSpringBootDefault() {
		return new ClientApplication(false, Map.of());
	}

	/**
	 * Start an application with HTTP Pool.
	 * @param properties properties of the pool
	 */
	static ClientApplication withHttpPool(Map<String, String> properties) {
		return new ClientApplication(true, properties);
	}

	/**
	 * Return a client that all callers share.
	 */
	RestClient client() {
		return this.client;
	}

	/**
	 * Return a new builder, as each injection point gets one.
	 */
	RestClient.Builder newBuilder() {
		return this.context.getBean(RestClient.Builder.class);
	}

	/**
	 * Return a new request factory, as code gets it that builds its clients itself.
	 */
	ClientHttpRequestFactory newRequestFactory() {
		return this.context.getBean(ClientHttpRequestFactoryBuilder.class)
			.build(this.context.getBean(HttpClientSettings.class));
	}

	/**
	 * Return the pool.
	 * @return the pool, or {@code null} without HTTP Pool
	 */
	@Nullable HttpPool pool() {
		HttpPools pools = this.context.getBeanProvider(HttpPools.class).getIfAvailable();
		return (pools != null) ? pools.get(HttpPool.DEFAULT_NAME) : null;
	}

	/**
	 * Close the application, and the connection pools that Spring Boot leaves open.
	 */
	@Override
	public void close() {
		this.context.close();
		this.unpooled.forEach(ClientApplication::destroy);
	}

	private static void destroy(HttpComponentsClientHttpRequestFactory factory) {
		try {
			factory.destroy();
		}
		catch (Exception ex) {
			// its connections are reset already
		}
	}

	@ImportAutoConfiguration({ SslAutoConfiguration.class, HttpClientAutoConfiguration.class,
			ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
			HttpPoolAutoConfiguration.class, HttpPoolRestClientAutoConfiguration.class })
	private static final class Configuration {

	}

	/**
	 * Remembers each request factory of Spring Boot's default, and changes nothing.
	 *
	 * @param factories where to remember them
	 */
	private record CloseAtTheEnd(Queue<HttpComponentsClientHttpRequestFactory> factories)
			implements
				ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> {

		@Override
		public HttpComponentsClientHttpRequestFactoryBuilder customize(
				HttpComponentsClientHttpRequestFactoryBuilder builder) {
			return builder.withCustomizer(this.factories::add);
		}

	}

}

package io.github.httppool.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanCreationNotAllowedException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;

/**
 * The application's beans that a pool uses. Spring creates them when the first pool
 * opens. Thread-safe without a lock, because Spring may hold its own lock while it
 * creates them.
 */
final class PoolCollaborators {

	private final HttpClientSettings settings;

	private final ObjectProvider<HttpPoolListener> listeners;

	private final ObjectProvider<HttpPoolCustomizer> customizers;

	private final ObjectProvider<ClientHttpRequestFactoryBuilderCustomizer<?>> builderCustomizers;

	private volatile @Nullable Resolved resolved;

	private volatile @Nullable List<ClientHttpRequestFactoryBuilderCustomizer<?>> resolvedBuilderCustomizers;

	PoolCollaborators(HttpClientSettings settings, ObjectProvider<HttpPoolListener> listeners,
			ObjectProvider<HttpPoolCustomizer> customizers,
			ObjectProvider<ClientHttpRequestFactoryBuilderCustomizer<?>> builderCustomizers) {
		this.settings = settings;
		this.listeners = listeners;
		this.customizers = customizers;
		this.builderCustomizers = builderCustomizers;
	}

	/**
	 * Return the settings of all clients.
	 */
	HttpClientSettings settings() {
		return this.settings;
	}

	/**
	 * Return the customizers of Spring Boot's factory builders.
	 */
	List<ClientHttpRequestFactoryBuilderCustomizer<?>> builderCustomizers() {
		List<ClientHttpRequestFactoryBuilderCustomizer<?>> resolved = this.resolvedBuilderCustomizers;
		if (resolved == null) {
			resolved = all(this.builderCustomizers.orderedStream());
			this.resolvedBuilderCustomizers = resolved;
		}
		return resolved;
	}

	/**
	 * Return the beans that the connections of a pool use.
	 */
	Resolved resolve() {
		Resolved resolved = this.resolved;
		if (resolved == null) {
			BootConnections boot = new BootConnections(builderCustomizers());
			List<HttpPoolCustomizer> all = new ArrayList<>(List.of(boot));
			all.addAll(all(this.customizers.orderedStream()));
			resolved = new Resolved(all(this.listeners.orderedStream()), List.copyOf(all), boot);
			this.resolved = resolved;
		}
		return resolved;
	}

	private static <T> List<T> all(Stream<T> beans) {
		try {
			return beans.toList();
		}
		catch (BeanCreationNotAllowedException ex) {
			// The first call occurs while the context is closing.
			return List.of();
		}
	}

	/**
	 * The beans that the connections of a pool use.
	 *
	 * @param listeners the listeners for events
	 * @param customizers the customizers of HttpClient's builders, Spring Boot's first
	 * @param bootConnections Spring Boot's customizers again, as connection settings
	 */
	record Resolved(List<HttpPoolListener> listeners, List<HttpPoolCustomizer> customizers,
			BootConnections bootConnections) {
	}

}

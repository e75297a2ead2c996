package io.github.httppool.client;

import java.util.List;
import java.util.function.Consumer;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import io.github.httppool.hc5.HttpClientPool;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * A way in which a caller gets a client that it has customized: Spring Boot's without the
 * pool, and all that the pool has.
 */
enum CallerWay {

	/** Spring Boot without the pool, with which the others are compared. */
	SPRING_BOOT {

		@Override
		void use(Consumer<HttpClientBuilder> customizer, Use use) throws Exception {
			HttpComponentsClientHttpRequestFactory factory = ClientHttpRequestFactoryBuilder.httpComponents()
				.withHttpClientCustomizer(customizer)
				.build();
			use.accept(factory);
			factory.destroy();
		}

	},

	NEW_HTTP_CLIENT {

		@Override
		void use(Consumer<HttpClientBuilder> customizer, Use use) throws Exception {
			HttpClientPool pool = pool(List.of());
			use.accept(new HttpComponentsClientHttpRequestFactory(pool.newHttpClient(customizer)));
			pool.shutDown();
		}

	},

	POOL_CUSTOMIZER {

		@Override
		void use(Consumer<HttpClientBuilder> customizer, Use use) throws Exception {
			HttpClientPool pool = pool(List.of(new HttpPoolCustomizer() {

				@Override
				public void customizeClient(String name, HttpClientBuilder client) {
					customizer.accept(client);
				}

			}));
			use.accept(new HttpComponentsClientHttpRequestFactory(pool.newHttpClient((client) -> {
			})));
			pool.shutDown();
		}

	},

	REQUEST_FACTORY_CUSTOMIZER {

		@Override
		void use(Consumer<HttpClientBuilder> customizer, Use use) throws Exception {
			ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> bean = (
					builder) -> builder.withHttpClientCustomizer(customizer);
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class,
						ImperativeHttpClientAutoConfiguration.class, HttpPoolAutoConfiguration.class))
				.withBean("customizer", ClientHttpRequestFactoryBuilderCustomizer.class, () -> bean)
				.run((context) -> use.accept(
						(HttpComponentsClientHttpRequestFactory) context.getBean(ClientHttpRequestFactoryBuilder.class)
							.build()));
		}

	};

	private static HttpClientPool pool(List<HttpPoolCustomizer> customizers) {
		return new HttpClientPool("default", HttpPoolSettings.builder().build(), List.of(), customizers, null, null);
	}

	/**
	 * Use a client that was customized.
	 */
	abstract void use(Consumer<HttpClientBuilder> customizer, Use use) throws Exception;

	interface Use {

		void accept(HttpComponentsClientHttpRequestFactory factory) throws Exception;

	}

}

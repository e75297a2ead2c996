package io.github.httppool.autoconfigure;

import io.github.httppool.client.PooledRequestFactory;
import io.github.httppool.hc5.HttpClientPool;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpComponentsHttpClientBuilder;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is read by reflection can be read in a native image.
 */
class HttpPoolRuntimeHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	HttpPoolRuntimeHintsTests() {
		new HttpPoolRuntimeHints().registerHints(this.hints, getClass().getClassLoader());
	}

	@Test
	void theFieldsOfSpringBootsBuildersExistAndCanBeRead() {
		assertReadable(HttpComponentsClientHttpRequestFactoryBuilder.class, BootConnections.BUILDER);
		assertReadable(HttpComponentsHttpClientBuilder.class, BootConnections.TLS);
		assertReadable(HttpComponentsHttpClientBuilder.class, BootConnections.SOCKETS);
		assertReadable(HttpComponentsHttpClientBuilder.class, BootConnections.MANAGER);
		assertReadable(HttpComponentsHttpClientBuilder.class, BootConnections.CONFIG);
		if (SettingsSinceBoot41.PRESENT) {
			assertReadable(HttpComponentsHttpClientBuilder.class, BootConnections.DNS);
		}
	}

	@Test
	void theFieldsOfSpringsFactoryExistAndCanBeRead() {
		PooledRequestFactory.FIELDS
			.forEach((field) -> assertReadable(HttpComponentsClientHttpRequestFactory.class, field));
	}

	@Test
	void theFieldsOfHttpClientsBuilderExistAndCanBeRead() {
		HttpClientPool.BUILDER_FIELDS.forEach((field) -> assertReadable(HttpClientBuilder.class, field));
		HttpClientPool.CONNECTION_FIELDS
			.forEach((field) -> assertReadable(PoolingHttpClientConnectionManagerBuilder.class, field));
	}

	private void assertReadable(Class<?> type, String field) {
		assertThat(ReflectionUtils.findField(type, field)).as(field).isNotNull();
		assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(type, field)).accepts(this.hints);
	}

	@Test
	void theTypeThatTellsTheVersionOfSpringBootCanBeFound() throws ClassNotFoundException {
		if (SettingsSinceBoot41.PRESENT) {
			assertThat(RuntimeHintsPredicates.reflection().onType(Class.forName(SettingsSinceBoot41.ADDRESS_FILTER)))
				.accepts(this.hints);
		}
	}

	@Test
	void theVersionsOfHttpClientCanBeRead() {
		for (String part : new String[] { "client5", "core5" }) {
			String resource = "org/apache/hc/" + part + "/version.properties";
			assertThat(getClass().getClassLoader().getResource(resource)).isNotNull();
			assertThat(RuntimeHintsPredicates.resource().forResource(resource)).accepts(this.hints);
		}
	}

	@Test
	void theFilesOfThePageCanBeRead() {
		for (String file : new String[] { "index.html", "page.css", "icon.svg", "main.js" }) {
			String resource = "io/github/httppool/actuate/page/" + file;
			assertThat(getClass().getClassLoader().getResource(resource)).isNotNull();
			assertThat(RuntimeHintsPredicates.resource().forResource(resource)).accepts(this.hints);
		}
	}

}

package io.github.httppool.autoconfigure;

import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.example.ApplicationOfThisPackage;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The starter and Spring Boot agree on when HttpClient is there, and on whose builder is
 * Spring Boot's own.
 */
class FactoryDetectionTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ImperativeHttpClientAutoConfiguration.class, HttpPoolAutoConfiguration.class));

	@Test
	void theFactoryThatSpringBootChoosesWithoutHttpClientIsLeftAlone() {
		ApplicationContextRunner without = this.runner.withClassLoader(new FilteredClassLoader(HttpClients.class));
		Class<?>[] plain = new Class<?>[1];
		without.withPropertyValues("http-pool.enabled=false")
			.run((context) -> plain[0] = context.getBean(ClientHttpRequestFactoryBuilder.class).getClass());
		without.run((context) -> assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class))
			.isExactlyInstanceOf(plain[0])
			.isNotInstanceOf(PooledClientHttpRequestFactoryBuilder.class));
	}

	@Test
	void aBuilderOfAnApplicationInAPackageNamedLikeSpringBootsIsKept() {
		this.runner.withUserConfiguration(ApplicationOfThisPackage.class)
			.run((context) -> assertThat(context).getBean(ClientHttpRequestFactoryBuilder.class)
				.isInstanceOf(JdkClientHttpRequestFactoryBuilder.class));
	}

	@Test
	void theBuilderOfSpringBootItselfIsReplaced() {
		this.runner.run((context) -> assertThat(context).getBean(ClientHttpRequestFactoryBuilder.class)
			.isInstanceOf(PooledClientHttpRequestFactoryBuilder.class));
	}

}

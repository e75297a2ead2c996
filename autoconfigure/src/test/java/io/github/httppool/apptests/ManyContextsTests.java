package io.github.httppool.apptests;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.httppool.HttpPools;
import io.github.httppool.testing.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Several contexts in one JVM, as in the tests of an application, and contexts with lazy
 * beans.
 */
@Tag("waiting")
class ManyContextsTests {

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	@AfterEach
	void close() {
		this.contexts.forEach(ConfigurableApplicationContext::close);
		this.upstream.close();
	}

	@Test
	void eachContextHasPoolsAndMetersOfItsOwn() {
		for (int i = 0; i < 6; i++) {
			this.contexts.add(start("http-pool.max-total=" + (50 + i)));
		}
		for (ConfigurableApplicationContext context : this.contexts) {
			call(context);
		}
		for (int i = 0; i < 6; i++) {
			HttpPools pools = this.contexts.get(i).getBean(HttpPools.class);
			assertThat(pools.get("default").snapshot().totals().calls()).isEqualTo(1);
			assertThat(this.contexts.get(i)
				.getBean(MeterRegistry.class)
				.get("http.pool.connections.max")
				.tag("pool", "default")
				.gauge()
				.value()).isEqualTo(50 + i);
		}
		assertThat(this.upstream.accepted()).isEqualTo(6);
		ConfigurableApplicationContext first = this.contexts.remove(0);
		first.close();
		Awaitility.await().until(() -> this.upstream.open() == 5);
		this.contexts.forEach(this::call);
		assertThat(this.upstream.accepted()).isEqualTo(6);
	}

	@Test
	void closedContextsLeaveNoThread() {
		// Those of contexts that the cache of other tests holds.
		Set<Thread> others = Thread.getAllStackTraces().keySet();
		for (int i = 0; i < 6; i++) {
			this.contexts.add(start());
			call(this.contexts.get(i));
		}
		this.contexts.forEach(ConfigurableApplicationContext::close);
		Awaitility.await().until(() -> this.upstream.open() == 0);
		Awaitility.await()
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
				.filteredOn((thread) -> !others.contains(thread))
				.extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("http-pool")));
	}

	@Test
	void lazyContextsMakeNoClientAndRunNoCustomizerBeforeACall() {
		ConfigurableApplicationContext context = start("spring.main.lazy-initialization=true",
				"http-pool.pools.payments.max-total=3");
		this.contexts.add(context);
		assertThat(List.of("pooledRestClient", "pooledRestTemplate", "paymentsRestClient", "greetings"))
			.noneMatch(context.getBeanFactory()::containsSingleton);
		call(context);
		assertThat(context.getBeanFactory().containsSingleton("paymentsRestClient")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void invalidSettingsFailTheStartAlsoWhereBeansAreLazy(boolean lazy) {
		assertThatThrownBy(() -> start("spring.main.lazy-initialization=" + lazy, "http-pool.max-total=0")).rootCause()
			.hasMessageContaining("max-total");
	}

	private ConfigurableApplicationContext start(String... properties) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(properties)
			.run();
	}

	private void call(ConfigurableApplicationContext context) {
		assertThat(
				context.getBean(Greetings.class).client().get().uri(this.upstream.url()).retrieve().body(String.class))
			.isEqualTo("hello");
	}

	record Greetings(RestClient client) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Greetings greetings(RestClient client) {
			return new Greetings(client);
		}

	}

}

package io.github.httppool.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.httppool.HttpPools;
import io.github.httppool.PoolShutdownException;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What closing the context does to callers.
 */
class ShutdownTests {

	private final CountDownLatch answer = new CountDownLatch(1);

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		if (exchange.path().equals("/held")) {
			this.answer.await(60, TimeUnit.SECONDS);
		}
		exchange.ok("answered");
	});

	private final ExecutorService callers = Executors.newCachedThreadPool();

	@AfterEach
	void close() {
		this.answer.countDown();
		this.callers.shutdownNow();
		this.upstream.close();
	}

	@Test
	void aContextWithoutCallsClosesAtOnceAndLeavesNothingBehind() {
		ConfigurableApplicationContext context = start();
		RestClient client = context.getBean("pooledRestClient", RestClient.class);
		assertThat(get(client, "/")).isEqualTo("answered");
		assertThat(threads()).isNotEmpty();
		long started = System.nanoTime();
		context.close();
		assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(2));
		assertThat(threads()).isEmpty();
		Awaitility.await().until(() -> this.upstream.open() == 0);
		assertThatThrownBy(() -> get(client, "/")).hasCauseInstanceOf(PoolShutdownException.class)
			.hasMessageContaining("'default'")
			.hasMessageContaining("shut down");
	}

	@Test
	void callsUnderWayFinishAndCallersThatWaitAreTold() throws Exception {
		ConfigurableApplicationContext context = start("--http-pool.max-per-route=1",
				"--http-pool.acquire-timeout=30s");
		RestClient client = context.getBean("pooledRestClient", RestClient.class);
		Future<String> underWay = this.callers.submit(() -> get(client, "/held"));
		HttpPools pools = context.getBean(HttpPools.class);
		Awaitility.await().until(() -> connections(pools).leased() == 1);
		Future<String> waiting = this.callers.submit(() -> get(client, "/"));
		Awaitility.await().until(() -> connections(pools).pending() == 1);
		Future<?> closing = this.callers.submit(context::close);
		assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
			.hasRootCauseInstanceOf(PoolShutdownException.class);
		assertThat(closing.isDone()).isFalse();
		this.answer.countDown();
		assertThat(underWay.get(10, TimeUnit.SECONDS)).isEqualTo("answered");
		closing.get(2, TimeUnit.SECONDS);
		assertThat(threads()).isEmpty();
	}

	@Test
	void aCallThatTakesLongerThanAShutdownPhaseIsEnded() throws Exception {
		ConfigurableApplicationContext context = start("--spring.lifecycle.timeout-per-shutdown-phase=300ms");
		RestClient client = context.getBean("pooledRestClient", RestClient.class);
		Future<String> underWay = this.callers.submit(() -> get(client, "/held"));
		HttpPools pools = context.getBean(HttpPools.class);
		Awaitility.await().until(() -> connections(pools).leased() == 1);
		long started = System.nanoTime();
		context.close();
		assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(Duration.ofMillis(290),
				Duration.ofSeconds(5));
		assertThatThrownBy(() -> underWay.get(5, TimeUnit.SECONDS)).hasStackTraceContaining("PoolShutdownException")
			.hasMessageContaining("spring.lifecycle.timeout-per-shutdown-phase");
		assertThat(threads()).isEmpty();
	}

	@Test
	void aBeanMaySayGoodbyeWhenItIsDestroyed() {
		ConfigurableApplicationContext context = start();
		Goodbye goodbye = context.getBean(Goodbye.class);
		context.close();
		assertThat(goodbye.answer).isEqualTo("answered");
		Awaitility.await().until(() -> this.upstream.open() == 0);
	}

	@Test
	void aStoppedContextCanBeStartedAgain() {
		try (ConfigurableApplicationContext context = start()) {
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			get(client, "/");
			context.stop();
			Awaitility.await().until(() -> this.upstream.open() == 0);
			context.start();
			get(client, "/");
			get(client, "/");
			assertThat(connections(context.getBean(HttpPools.class)).idle()).isEqualTo(1);
			assertThat(this.upstream.accepted()).isEqualTo(2);
		}
	}

	private ConfigurableApplicationContext start(String... arguments) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(Map.of("upstream", this.upstream.url()));
		return application.run(arguments);
	}

	private String get(RestClient client, String path) {
		return client.get().uri(this.upstream.uri(path)).retrieve().body(String.class);
	}

	private static PoolSnapshot.Connections connections(HttpPools pools) {
		return pools.get("default").snapshot().connections();
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("http-pool-"))
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Goodbye goodbye(RestClient client, @Value("${upstream}") String upstream) {
			return new Goodbye(client, upstream);
		}

	}

	static final class Goodbye implements DisposableBean {

		private final RestClient client;

		private final String upstream;

		private String answer;

		Goodbye(RestClient client, String upstream) {
			this.client = client;
			this.upstream = upstream;
		}

		@Override
		public void destroy() {
			this.answer = this.client.get().uri(this.upstream + "/goodbye").retrieve().body(String.class);
		}

	}

}

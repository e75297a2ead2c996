package io.github.httppool.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.httppool.HttpPools;
import io.github.httppool.PoolShutdownException;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContextException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What closing the context does to callers.
 */
@Tag("waiting")
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class ShutdownTests {

	private final CountDownLatch answer = new CountDownLatch(1);

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		if (exchange.path().equals("/held")) {
			this.answer.await(60, TimeUnit.SECONDS);
		}
		if (exchange.path().equals("/stalls")) {
			exchange.head(200, "Content-Length: 1000").sendRaw("a").stall();
		}
		else {
			exchange.ok("answered");
		}
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
	void aCallThatNothingWaitsForMayFinishWithinTheGraceAndNewOnesAreTold() throws Exception {
		ConfigurableApplicationContext context = start("--http-pool.max-per-route=1",
				"--http-pool.acquire-timeout=30s");
		RestClient client = context.getBean("pooledRestClient", RestClient.class);
		Future<String> underWay = this.callers.submit(() -> get(client, "/held"));
		HttpPools pools = context.getBean(HttpPools.class);
		Awaitility.await().until(() -> connections(pools).leased() == 1);
		Future<String> waiting = this.callers.submit(() -> get(client, "/"));
		Awaitility.await().until(() -> connections(pools).pending() == 1);
		context.getBean(Goodbye.class).silent = true;
		Future<?> closing = this.callers.submit(context::close);
		assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
			.hasRootCauseInstanceOf(PoolShutdownException.class)
			.hasStackTraceContaining("spring.task.execution.shutdown.await-termination");
		this.answer.countDown();
		assertThat(underWay.get(10, TimeUnit.SECONDS)).isEqualTo("answered");
		closing.get(10, TimeUnit.SECONDS);
		assertThat(threads()).isEmpty();
	}

	@Test
	void aCallThatNothingWaitsForIsEndedAfterTheGraceWhateverALifecyclePhaseMayTake(CapturedOutput output)
			throws Exception {
		ConfigurableApplicationContext context = start();
		RestClient client = context.getBean("pooledRestClient", RestClient.class);
		Future<String> underWay = this.callers.submit(() -> get(client, "/held"));
		HttpPools pools = context.getBean(HttpPools.class);
		Awaitility.await().until(() -> connections(pools).leased() == 1);
		assertThat(closed(context)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(12));
		assertThatThrownBy(() -> underWay.get(5, TimeUnit.SECONDS)).hasStackTraceContaining("PoolShutdownException")
			.hasMessageContaining("spring.task.execution.shutdown.await-termination");
		assertThat(output).containsOnlyOnce("Pool 'default' closes a connection that is still leased")
			.contains("GET /held to " + this.upstream.url());
		this.answer.countDown();
		assertNothingIsLeft();
	}

	@Test
	void aForgottenResponseDelaysTheEndByLessThanTheGrace(CapturedOutput output) {
		ConfigurableApplicationContext context = start();
		RestClient client = context.getBean("pooledRestClient", RestClient.class);
		ClientHttpResponse forgotten = client.get()
			.uri(this.upstream.uri("/stalls"))
			.exchange((request, response) -> response, false);
		assertThat(closed(context)).isLessThan(Duration.ofSeconds(10));
		assertThat(output).containsOnlyOnce("GET /stalls to").contains("whose open response no thread reads");
		assertNothingIsLeft();
		assertThatThrownBy(() -> forgotten.getBody().readAllBytes()).isInstanceOf(PoolShutdownException.class);
	}

	@Test
	void aStreamThatABeanClosesDelaysNothing(CapturedOutput output) {
		ConfigurableApplicationContext context = start();
		Goodbye goodbye = context.getBean(Goodbye.class);
		RestClient client = context.getBean("pooledRestClient", RestClient.class);
		goodbye.stream = client.get()
			.uri(this.upstream.uri("/stalls"))
			.exchange((request, response) -> response, false);
		Future<Integer> reader = this.callers.submit(() -> goodbye.stream.getBody().readAllBytes().length);
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.values()
				.stream()
				.anyMatch((frames) -> Stream.of(frames)
					.anyMatch((frame) -> frame.getMethodName().equals("readAllBytes"))));
		context.close();
		assertThatThrownBy(() -> reader.get(10, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
		assertThat(output).doesNotContain("still leased");
		assertThat(goodbye.answer).isEqualTo("answered");
		assertNothingIsLeft();
	}

	@Test
	void aPauseWaitsForNothingAndDisturbsNothing() throws Exception {
		try (ConfigurableApplicationContext context = start()) {
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			get(client, "/");
			Future<String> underWay = this.callers.submit(() -> get(client, "/held"));
			Awaitility.await().until(() -> connections(context.getBean(HttpPools.class)).leased() == 1);
			long begun = System.nanoTime();
			context.pause();
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
			assertThat(get(client, "/")).isEqualTo("answered");
			context.restart();
			assertThat(get(client, "/")).isEqualTo("answered");
			this.answer.countDown();
			assertThat(underWay.get(10, TimeUnit.SECONDS)).isEqualTo("answered");
			context.pause();
		}
		assertNothingIsLeft();
	}

	@Test
	void aContextThatDoesNotStartLeavesNothingBehind() {
		assertThatThrownBy(
				() -> new SpringApplicationBuilder(Application.class, Failing.class).web(WebApplicationType.NONE)
					.properties("upstream=" + this.upstream.url())
					.run())
			.hasStackTraceContaining("This is what fails");
		assertThat(this.upstream.requests()).hasSizeGreaterThanOrEqualTo(2);
		assertNothingIsLeft();
	}

	@Test
	void aServletContainerWhosePortIsTakenLeavesNothingBehind(CapturedOutput output) {
		assertThatThrownBy(
				() -> new SpringApplicationBuilder(Application.class, Calling.class).web(WebApplicationType.SERVLET)
					.properties("upstream=" + this.upstream.url(), "server.port=" + this.upstream.port(),
							"server.address=127.0.0.1")
					.run())
			.isInstanceOf(ApplicationContextException.class);
		assertThat(this.upstream.requests()).isNotEmpty();
		assertThat(output).contains("Pool 'default' is shut down: ");
		assertNothingIsLeft();
	}

	@Test
	void childrenMakeCallsToTheirEndAndTheirEndIsNotThatOfTheParent() {
		ConfigurableApplicationContext parent = start();
		ConfigurableApplicationContext first = child(parent);
		ConfigurableApplicationContext second = child(parent);
		Goodbye ofFirst = first.getBean("childGoodbye", Goodbye.class);
		Goodbye ofSecond = second.getBean("childGoodbye", Goodbye.class);
		first.close();
		assertThat(ofFirst.answer).isEqualTo("answered");
		assertThat(get(parent.getBean("pooledRestClient", RestClient.class), "/")).isEqualTo("answered");
		parent.close();
		assertThat(ofSecond.answer).isEqualTo("answered");
		assertNothingIsLeft();
	}

	@Test
	void poolsEndOnceHoweverManyThreadsCloseTheContext() throws Exception {
		ConfigurableApplicationContext context = start();
		Goodbye goodbye = context.getBean(Goodbye.class);
		List<Future<?>> closing = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			closing.add(this.callers.submit(context::close));
		}
		for (Future<?> close : closing) {
			close.get(20, TimeUnit.SECONDS);
		}
		Awaitility.await().until(() -> !context.isActive());
		assertThat(goodbye.answer).isEqualTo("answered");
		assertNothingIsLeft();
	}

	@Test
	void aPoolThatABeanNeedsFirstWhenItIsDestroyedEndsToo() {
		ConfigurableApplicationContext context = start();
		Goodbye goodbye = context.getBean(Goodbye.class);
		goodbye.factories = context.getBean(ClientHttpRequestFactoryBuilder.class);
		context.close();
		assertThat(goodbye.answer).isEqualTo("answered");
		assertThat(context.getBeanFactory().containsSingleton(BeanNames.PREFIX + "sharedPools")).isFalse();
		assertThatThrownBy(() -> get(goodbye.ownClient(), "/")).hasCauseInstanceOf(PoolShutdownException.class);
		assertNothingIsLeft();
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

	private static ConfigurableApplicationContext child(ConfigurableApplicationContext parent) {
		return new SpringApplicationBuilder(Child.class).parent(parent).web(WebApplicationType.NONE).run();
	}

	private static Duration closed(ConfigurableApplicationContext context) {
		long begun = System.nanoTime();
		context.close();
		return Duration.ofNanos(System.nanoTime() - begun);
	}

	private void assertNothingIsLeft() {
		assertThat(threads()).isEmpty();
		Awaitility.await().until(() -> this.upstream.open() == 0);
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

	@Configuration(proxyBeanMethods = false)
	static class Child {

		@Bean
		Goodbye childGoodbye(RestClient client, @Value("${upstream}") String upstream) {
			return new Goodbye(client, upstream);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Failing {

		@Bean
		SmartInitializingSingleton failing(RestClient client, @Value("${upstream}") String upstream) {
			return () -> {
				client.get().uri(upstream + "/first").retrieve().body(String.class);
				throw new IllegalStateException("This is what fails");
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Calling {

		@Bean
		SmartInitializingSingleton calling(RestClient client, @Value("${upstream}") String upstream) {
			return () -> client.get().uri(upstream + "/first").retrieve().body(String.class);
		}

	}

	static final class Goodbye implements DisposableBean {

		private final RestClient client;

		private final String upstream;

		private volatile String answer;

		private volatile boolean silent;

		private ClientHttpResponse stream;

		private ClientHttpRequestFactoryBuilder<?> factories;

		Goodbye(RestClient client, String upstream) {
			this.client = client;
			this.upstream = upstream;
		}

		/**
		 * Make a client with a pool of its own.
		 */
		private RestClient ownClient() {
			return RestClient.builder()
				.requestFactory(this.factories.build(HttpClientSettings.ofSslBundle(SslBundle.systemDefault())))
				.build();
		}

		@Override
		public void destroy() {
			if (this.silent) {
				return;
			}
			if (this.stream != null) {
				this.stream.close();
			}
			RestClient client = (this.factories != null) ? ownClient() : this.client;
			this.answer = client.get().uri(this.upstream + "/goodbye").retrieve().body(String.class);
		}

	}

}

package io.github.httppool.apptests;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.httppool.testing.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTestContextBootstrapper;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.cache.ContextCache.PauseMode;
import org.springframework.test.context.cache.DefaultCacheAwareContextLoaderDelegate;
import org.springframework.test.context.cache.DefaultContextCache;
import org.springframework.test.context.support.DefaultBootstrapContext;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Test classes one after the other, each with a context that the cache pauses, resumes
 * and closes: what Spring's TestContext framework does, with a cache of this test.
 */
@Tag("waiting")
class ContextSwitchTests {

	/** The context of plain Spring Boot waits for nothing; ours would wait for 30 s. */
	private static final Duration NO_WAIT = Duration.ofSeconds(10);

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		if ("/held".equals(exchange.path())) {
			exchange.head(200, "Content-Length: 1000").sendRaw("begun").stall();
		}
		else {
			exchange.ok("hello");
		}
	});

	private final Map<Class<?>, TestContextManager> managers = new LinkedHashMap<>();

	private DefaultCacheAwareContextLoaderDelegate contexts;

	@AfterEach
	void close() {
		end();
		this.upstream.close();
	}

	@ParameterizedTest
	@EnumSource(PauseMode.class)
	void aSwitchWaitsForNoResponseThatATestHasLeftOpen(PauseMode mode) throws Exception {
		for (Class<?> first : new Class<?>[] { Pooled.class, Plain.class }) {
			cache(mode);
			ClientHttpResponse held = hold(run(first));
			long begin = System.nanoTime();
			run(Other.class);
			ApplicationContext resumed = run(first);
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(first.getSimpleName()).isLessThan(NO_WAIT);
			assertThat(get(resumed)).isEqualTo("hello");
			// What was open before the pause is open after it.
			// Not closed: that of plain Spring Boot would read to an end that never
			// comes.
			assertThat(new String(held.getBody().readNBytes(5))).isEqualTo("begun");
			end();
		}
	}

	@ParameterizedTest
	@EnumSource(PauseMode.class)
	void aResumedContextReusesItsConnections(PauseMode mode) throws Exception {
		for (Class<?> first : new Class<?>[] { Pooled.class, Plain.class }) {
			cache(mode);
			int before = this.upstream.accepted();
			RestClient client = run(first).getBean(RestClient.Builder.class).build();
			assertThat(get(client)).isEqualTo("hello");
			run(Other.class);
			run(first);
			assertThat(get(client)).isEqualTo("hello");
			assertThat(this.upstream.accepted() - before).as(first.getSimpleName()).isEqualTo(1);
			end();
		}
	}

	@Test
	void aPausedContextMakesCallsInTheBackground() throws Exception {
		for (Class<?> first : new Class<?>[] { Pooled.class, Plain.class }) {
			cache(PauseMode.ALWAYS);
			ApplicationContext paused = run(first);
			RestClient client = paused.getBean(RestClient.Builder.class).build();
			run(Other.class);
			assertThat(((ConfigurableApplicationContext) paused).isRunning()).isFalse();
			assertThat(get(client)).as(first.getSimpleName()).isEqualTo("hello");
			end();
		}
	}

	@Test
	void aContextThatATestHasMadeDirtyClosesItsConnectionsAndTheNextOneWorks() throws Exception {
		cache(PauseMode.ON_CONTEXT_SWITCH);
		ApplicationContext dirty = run(Pooled.class);
		assertThat(get(dirty)).isEqualTo("hello");
		hold(dirty);
		long begin = System.nanoTime();
		this.managers.get(Pooled.class).getTestContext().markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(NO_WAIT);
		Awaitility.await().until(() -> this.upstream.open() == 0);
		ApplicationContext next = run(Pooled.class);
		assertThat(next).isNotSameAs(dirty);
		assertThat(get(next)).isEqualTo("hello");
	}

	@Test
	void aContextThatTheCacheEvictsClosesItsConnections() throws Exception {
		this.contexts = new DefaultCacheAwareContextLoaderDelegate(new DefaultContextCache(1));
		assertThat(get(run(Pooled.class))).isEqualTo("hello");
		run(Other.class);
		Awaitility.await().until(() -> this.upstream.open() == 0);
	}

	private void cache(PauseMode mode) {
		this.contexts = new DefaultCacheAwareContextLoaderDelegate(new DefaultContextCache(32, mode));
	}

	/**
	 * Let a test class run to its end.
	 */
	private ApplicationContext run(Class<?> type) throws Exception {
		SpringBootTestContextBootstrapper bootstrapper = new SpringBootTestContextBootstrapper();
		bootstrapper.setBootstrapContext(new DefaultBootstrapContext(type, this.contexts));
		TestContextManager manager = new TestContextManager(bootstrapper);
		manager.beforeTestClass();
		Object instance = type.getDeclaredConstructor().newInstance();
		manager.prepareTestInstance(instance);
		ApplicationContext context = manager.getTestContext().getApplicationContext();
		manager.afterTestClass();
		this.managers.put(type, manager);
		return context;
	}

	private void end() {
		this.managers.values()
			.forEach((manager) -> manager.getTestContext().markApplicationContextDirty(HierarchyMode.EXHAUSTIVE));
		this.managers.clear();
	}

	private ClientHttpResponse hold(ApplicationContext context) {
		return context.getBean(RestClient.Builder.class)
			.build()
			.get()
			.uri(this.upstream.uri("/held"))
			.exchange((request, response) -> response, false);
	}

	private String get(ApplicationContext context) {
		return get(context.getBean(RestClient.Builder.class).build());
	}

	private String get(RestClient client) {
		return client.get().uri(this.upstream.uri("/hello")).retrieve().body(String.class);
	}

	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE)
	static class Pooled {

	}

	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE,
			properties = "http-pool.enabled=false")
	static class Plain {

	}

	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE, properties = "other=true")
	static class Other {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

package io.github.httppool.autoconfigure;

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.httppool.autoconfigure.PatientApplications.EarlyBean;
import io.github.httppool.autoconfigure.PatientApplications.Farewells;
import io.github.httppool.autoconfigure.PatientApplications.Lifecycles;
import io.github.httppool.autoconfigure.PatientApplications.OwnExecutor;
import io.github.httppool.autoconfigure.PatientApplications.RefreshScoped;
import io.github.httppool.autoconfigure.PatientApplications.Scheduler;
import io.github.httppool.autoconfigure.PatientApplications.SimpleExecutor;
import io.github.httppool.autoconfigure.PatientApplications.TaskExecutor;
import io.github.httppool.autoconfigure.PatientApplications.Web;
import io.github.httppool.testing.boot.SpringCloudIfAsked;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Work that an application lets finish can make calls to its end, as with Spring Boot's
 * own client, and the context closes as quickly as it does with that.
 */
@Tag("waiting")
@Timeout(180)
class ShutdownPatienceTests {

	/** Test machines are slow; the wait that this limit excludes took 30 seconds. */
	private static final Duration NO_LONGER = Duration.ofSeconds(5);

	/** Concurrent callers have to wait for the one connection. */
	private static final List<String> POOLED = List.of("http-pool.max-per-route=1", "http-pool.acquire-timeout=20s");

	private static final List<String> PLAIN = List.of("http-pool.enabled=false");

	static Stream<Application> applications() {
		List<Application> applications = new ArrayList<>(List.of(
				new Application("task executor", TaskExecutor.class, 20,
						"spring.task.execution.shutdown.await-termination=true",
						"spring.task.execution.shutdown.await-termination-period=30s",
						"spring.task.execution.pool.core-size=2"),
				new Application("scheduler", Scheduler.class, 5,
						"spring.task.scheduling.shutdown.await-termination=true",
						"spring.task.scheduling.shutdown.await-termination-period=30s"),
				new Application("simple executor", SimpleExecutor.class, 20),
				new Application("executor of a bean", OwnExecutor.class, 20),
				new Application("destroyed beans and a listener", Farewells.class, 8),
				new Application("bean before all others", EarlyBean.class, 2),
				new Application("refresh scope", RefreshScoped.class, 2, SpringCloudIfAsked.PROPERTY + "=true"),
				new Application("lifecycles of all phases", Lifecycles.class, 9),
				new Application("stream that a bean ends", PatientApplications.Stream.class, 2,
						"http-pool.max-per-route=2"),
				new Application("beans that are all lazy", Farewells.class, 2,
						"spring.main.lazy-initialization=true")));
		if (Runtime.version().feature() >= 21) {
			applications.add(new Application("virtual threads", TaskExecutor.class, 20,
					"spring.threads.virtual.enabled=true", "spring.task.execution.shutdown.await-termination=true",
					"spring.task.execution.shutdown.await-termination-period=30s"));
		}
		return applications.stream();
	}

	@ParameterizedTest
	@MethodSource("applications")
	void workThatTheApplicationWaitsForMakesAllItsCalls(Application application) {
		Outcome plain = application.run(PLAIN);
		Outcome pooled = application.run(POOLED);
		assertThat(plain.entries()).hasSize(application.entries())
			.allMatch((entry) -> entry.endsWith(": hello") || entry.equals("stream ended"));
		assertThat(pooled.entries()).isEqualTo(plain.entries());
		assertThat(pooled.took()).isLessThan(plain.took().plus(NO_LONGER));
	}

	@Test
	void requestsSessionsAndTheServletContextMakeCallsToTheirEnd() throws Exception {
		Outcome plain = runWeb(PLAIN);
		Outcome pooled = runWeb(POOLED);
		assertThat(plain.entries()).hasSize(7).allMatch((entry) -> entry.endsWith(": hello"));
		assertThat(pooled.entries()).isEqualTo(plain.entries());
		assertThat(pooled.took()).isLessThan(plain.took().plus(NO_LONGER));
	}

	private static Outcome runWeb(List<String> properties) throws Exception {
		try (ShutdownJournal journal = new ShutdownJournal()) {
			ConfigurableApplicationContext context = start(Web.class, journal, WebApplicationType.SERVLET,
					with(properties, "server.port=0", "server.shutdown=graceful"));
			String url = "http://localhost:" + context.getEnvironment().getProperty("local.server.port");
			HttpClient browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
			assertThat(browser.send(request(url + "/session"), HttpResponse.BodyHandlers.ofString()).body())
				.isEqualTo("basket");
			CompletableFuture<HttpResponse<String>> held = browser.sendAsync(request(url + "/held"),
					HttpResponse.BodyHandlers.ofString());
			Awaitility.await()
				.until(() -> Thread.getAllStackTraces()
					.values()
					.stream()
					.anyMatch((frames) -> Stream.of(frames)
						.anyMatch((frame) -> frame.getMethodName().equals("awaitClosing"))));
			Outcome outcome = close(context, journal);
			assertThat(held.get(20, TimeUnit.SECONDS).body()).isEqualTo("held");
			return outcome;
		}
	}

	private static HttpRequest request(String url) {
		return HttpRequest.newBuilder(URI.create(url)).build();
	}

	static ConfigurableApplicationContext start(Class<?> application, ShutdownJournal journal, WebApplicationType type,
			List<String> properties) {
		return new SpringApplicationBuilder(application).web(type)
			.initializers((context) -> context.getBeanFactory().registerSingleton("journal", journal))
			.properties("spring.main.banner-mode=off")
			.properties(properties.toArray(String[]::new))
			.run();
	}

	private static List<String> with(List<String> properties, String... further) {
		List<String> all = new ArrayList<>(properties);
		all.addAll(List.of(further));
		return all;
	}

	/**
	 * Close a context, and see that nothing of a pool is left.
	 */
	static Outcome close(ConfigurableApplicationContext context, ShutdownJournal journal) {
		boolean pooled = context.getBeanFactory().containsBean("httpPools");
		long begun = System.nanoTime();
		journal.closes();
		context.close();
		Duration took = Duration.ofNanos(System.nanoTime() - begun);
		if (pooled) {
			assertThat(threads()).isEmpty();
			Awaitility.await().until(() -> journal.upstream.open() == 0);
		}
		return new Outcome(journal.entries(), took);
	}

	static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("http-pool-"))
			.toList();
	}

	record Outcome(List<String> entries, Duration took) {
	}

	record Application(String name, Class<?> configuration, int entries, List<String> properties) {

		Application(String name, Class<?> configuration, int entries, String... properties) {
			this(name, configuration, entries, List.of(properties));
		}

		Outcome run(List<String> side) {
			try (ShutdownJournal journal = new ShutdownJournal()) {
				return close(start(this.configuration, journal, WebApplicationType.NONE,
						with(side, this.properties.toArray(String[]::new))), journal);
			}
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}

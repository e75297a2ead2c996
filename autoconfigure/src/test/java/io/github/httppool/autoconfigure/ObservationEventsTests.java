package io.github.httppool.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.autoconfigure.TracedApplication.Client;
import io.github.httppool.autoconfigure.TracedApplication.Handler;
import io.github.httppool.autoconfigure.TracedApplication.Spans;
import io.github.httppool.testing.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what a trace shows of the pool, with Spring Boot's observations and a tracing
 * bridge.
 */
@Tag("slow")
@Timeout(120)
class ObservationEventsTests {

	/** One for each task: the common pool may have a single thread. */
	private static final Executor THREADS = (task) -> new Thread(task).start();

	private final CountDownLatch hold = new CountDownLatch(1);

	private final AtomicBoolean closesNext = new AtomicBoolean();

	private final ScriptedUpstream upstream = ScriptedUpstream.plain(this::answer);

	@AfterEach
	void close() {
		this.hold.countDown();
		this.upstream.close();
	}

	private void answer(ScriptedUpstream.Exchange exchange) throws Exception {
		if (this.closesNext.getAndSet(false)) {
			exchange.close();
			return;
		}
		switch (exchange.path()) {
			case "/held" -> {
				this.hold.await(60, TimeUnit.SECONDS);
				exchange.ok("held");
			}
			case "/large" -> exchange.ok(new byte[200_000]);
			case "/slow" -> exchange.head(200, "Content-Length: 2").sendRaw("a").stall();
			case "/redirect" -> exchange.status(302, "", "Location: /elsewhere");
			default -> exchange.ok("hello");
		}
	}

	private String url(String path) {
		return this.upstream.url() + path;
	}

	// What is remarkable

	@ParameterizedTest
	@EnumSource
	void anOpenedConnectionIsAnEventAndAReusedOneIsNone(Client client) {
		TracedApplication.with().run((context) -> {
			Spans spans = context.getBean(Spans.class);
			Function<String, ResponseEntity<String>> call = client.of(context);
			call.apply(url("/"));
			assertThat(spans.takeEvents()).singleElement()
				.asString()
				.matches("opened a connection to " + url("") + " in [\\d.]+m?s: DNS [\\d.]+m?s, TCP [\\d.]+m?s");
			for (int i = 0; i < 3; i++) {
				call.apply(url("/"));
				assertThat(spans.takeEvents()).isEmpty();
			}
			call.apply(url("/redirect"));
			assertThat(spans.takeEvents()).isEmpty();
			assertThat(context.getBean(Handler.class).eventNames).containsExactly("http.pool.connect");
		});
	}

	@Test
	void theTimeOfATlsHandshakeIsShown() {
		try (ScriptedUpstream secure = ScriptedUpstream.tls((exchange) -> exchange.ok("hello"))) {
			TracedApplication.with().run((context) -> {
				Client.REST_CLIENT.of(context).apply(secure.url());
				assertThat(context.getBean(Spans.class).takeEvents()).singleElement()
					.asString()
					.matches("opened a connection to " + secure.url()
							+ " in [\\d.]+m?s: DNS [\\d.]+m?s, TCP [\\d.]+m?s, TLS [\\d.]+m?s");
			});
		}
	}

	@Test
	void aTunnelIsOpenedOnceItHasTls() {
		ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			if (exchange.method().equals("CONNECT")) {
				exchange.sendRaw("HTTP/1.1 200 OK\r\n\r\n").connection().startTls();
			}
			else {
				exchange.ok("hello");
			}
		});
		try (proxy) {
			TracedApplication.with("http-pool.proxy.url=" + proxy.url()).run((context) -> {
				Client.REST_CLIENT.of(context).apply("https://localhost:" + proxy.port());
				assertThat(context.getBean(Spans.class).takeEvents()).singleElement()
					.asString()
					.contains("opened a connection to https://localhost:" + proxy.port(), "TCP ", ", TLS ");
			});
		}
	}

	@ParameterizedTest
	@EnumSource
	void aWaitIsAnEvent(Client client) {
		TracedApplication.with("http-pool.max-per-route=1").run((context) -> {
			Function<String, ResponseEntity<String>> call = client.of(context);
			CompletableFuture<?> held = CompletableFuture.runAsync(() -> call.apply(url("/held")), THREADS);
			await().until(() -> this.upstream.requests().size() == 1);
			CompletableFuture<?> waiting = CompletableFuture.runAsync(() -> call.apply(url("/waiting")), THREADS);
			await().until(() -> pool(context).connections().pending() == 1);
			this.hold.countDown();
			held.join();
			waiting.join();
			assertThat(context.getBean(Spans.class).takeCalls())
				.filteredOn((span) -> Spans.events(span)
					.stream()
					.anyMatch((event) -> event.matches("waited [\\d.]+m?s for a connection to " + url(""))))
				.hasSize(1);
		});
	}

	@ParameterizedTest
	@EnumSource
	void aWaitInVainIsAnEventOfTheCallThatFails(Client client) {
		TracedApplication.with("http-pool.max-per-route=1", "http-pool.acquire-timeout=50ms").run((context) -> {
			Function<String, ResponseEntity<String>> call = client.of(context);
			CompletableFuture<?> held = CompletableFuture.runAsync(() -> call.apply(url("/held")), THREADS);
			await().until(() -> this.upstream.requests().size() == 1);
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> call.apply(url("/")));
			assertThat(context.getBean(Spans.class).takeEvents())
				.anyMatch((event) -> event.matches("waited [\\d.]+m?s for a connection to .* in vain"));
			this.hold.countDown();
			held.join();
		});
	}

	@ParameterizedTest
	@EnumSource
	void aRepeatedCallIsAnEvent(Client client) {
		TracedApplication.with().run((context) -> {
			Spans spans = context.getBean(Spans.class);
			Function<String, ResponseEntity<String>> call = client.of(context);
			call.apply(url("/"));
			spans.takeCalls();
			this.closesNext.set(true);
			call.apply(url("/"));
			List<String> events = spans.takeEvents();
			assertThat(events).hasSize(2);
			assertThat(events.get(0))
				.isEqualTo("repeated the request, because " + url("") + " had closed the reused connection");
			assertThat(events.get(1)).startsWith("opened a connection to ");
		});
	}

	// A drain that is cut off

	@Test
	void aDrainThatIsCutOffIsAnEventWhileTheObservationRuns() {
		TracedApplication.with().run((context) -> {
			RestTemplate template = context.getBean(RestTemplateBuilder.class).build();
			RestClient client = context.getBean(RestClient.Builder.class).build();
			String tooLarge = "closed the connection to " + url("")
					+ ", because more than 64KB of its body were unread (http-pool.drain.max-bytes)";
			String tooSlow = "closed the connection to " + url("")
					+ ", because the rest of its body did not come within 50ms (http-pool.drain.max-time)";
			Spans spans = context.getBean(Spans.class);
			template.execute(url("/large"), HttpMethod.GET, null, (response) -> null);
			assertThat(spans.takeEvents()).hasSize(2).last().isEqualTo(tooLarge);
			template.execute(url("/slow"), HttpMethod.GET, null, (response) -> null);
			assertThat(spans.takeEvents()).hasSize(2).last().isEqualTo(tooSlow);
			client.get().uri(url("/large")).retrieve().toBodilessEntity();
			assertThat(spans.takeEvents()).hasSize(2).last().isEqualTo(tooLarge);
			client.get().uri(url("/slow")).exchange((request, response) -> {
				response.close();
				return true;
			});
			assertThat(spans.takeEvents()).hasSize(2).last().isEqualTo(tooSlow);
			assertThat(context.getBean(Handler.class).late).isEmpty();
		});
	}

	@Test
	void aDrainAfterTheObservationIsAnEventOfTheOneAroundIt() {
		TracedApplication.with().run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).build();
			Spans spans = context.getBean(Spans.class);
			TracedApplication.observed(context,
					() -> client.get().uri(url("/large")).exchange((request, response) -> response.getStatusCode()));
			assertThat(spans.takeEvents()).as("of the work").singleElement().asString().contains("drain.max-bytes");
			TracedApplication.observed(context, () -> {
				InputStream stream = client.get().uri(url("/large")).retrieve().body(InputStream.class);
				close(stream);
			});
			assertThat(spans.takeEvents()).as("of the work").singleElement().asString().contains("drain.max-bytes");
			client.get().uri(url("/large")).exchange((request, response) -> response.getStatusCode());
			assertThat(spans.takeEvents()).as("nothing is left to take it")
				.singleElement()
				.asString()
				.startsWith("opened");
			Handler handler = context.getBean(Handler.class);
			assertThat(handler.late).isEmpty();
			assertThat(handler.eventNames).filteredOn("http.pool.drain.cutoff"::equals).hasSize(2);
		});
	}

	@Test
	void aDrainInAnotherThreadGoesToNoOtherObservation() {
		TracedApplication.with().run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).build();
			TracedApplication.observed(context, () -> {
				InputStream stream = client.get().uri(url("/large")).retrieve().body(InputStream.class);
				CompletableFuture.runAsync(() -> TracedApplication.observed(context, () -> close(stream)), THREADS)
					.join();
			});
			assertThat(context.getBean(Handler.class).eventNames).containsExactly("http.pool.connect");
		});
	}

	@Test
	void aDrainWithinBoundsIsNoEvent() {
		TracedApplication.with().run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).build();
			for (int i = 0; i < 3; i++) {
				TracedApplication.observed(context, () -> client.get().uri(url("/")).retrieve().toBodilessEntity());
			}
			assertThat(context.getBean(Handler.class).eventNames).containsExactly("http.pool.connect");
		});
	}

	// Whose observation

	@Test
	void aCallWithoutAnObservationAddsNothingToTheOneAroundIt() {
		TracedApplication.with().run((context) -> {
			RestClient unobserved = RestClient.builder()
				.requestFactory(context.getBean(ClientHttpRequestFactoryBuilder.class).build())
				.build();
			TracedApplication.observed(context, () -> {
				unobserved.get().uri(url("/large")).retrieve().toBodilessEntity();
				callDirectly(context);
			});
			assertThat(this.upstream.accepted()).isEqualTo(2);
			assertThat(context.getBean(Handler.class).eventNames).isEmpty();
		});
	}

	private void callDirectly(ApplicationContext context) {
		try (CloseableHttpClient client = context.getBean(HttpPools.class).get("default").newHttpClient((builder) -> {
		})) {
			client.execute(new HttpGet(URI.create(url("/"))), (response) -> EntityUtils.toString(response.getEntity()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void aCallWhoseObservationIsDisabledAddsNothing() {
		TracedApplication.with("management.observations.enable.http.client=false").run((context) -> {
			TracedApplication.observed(context, () -> Client.REST_CLIENT.of(context).apply(url("/")));
			assertThat(context.getBean(Handler.class).eventNames).isEmpty();
			assertThat(context.getBean(Spans.class).takeEvents()).isEmpty();
		});
	}

	@Test
	void anInterceptorsOwnObservationDoesNotTakeTheEventsOfTheCall() {
		TracedApplication.with().run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class)
				.requestInterceptor((request, body, execution) -> Observation
					.createNotStarted("interceptor", context.getBean(ObservationRegistry.class))
					.observeChecked(() -> execution.execute(request, body)))
				.build();
			client.get().uri(url("/")).retrieve().body(String.class);
			assertThat(context.getBean(Spans.class).takeCalls()).singleElement()
				.satisfies((call) -> assertThat(Spans.events(call)).hasSize(1));
		});
	}

	@Test
	void aRegistryThatIsNoBeanGetsTheEventsOfItsClient() {
		TracedApplication.with().run((context) -> {
			Handler own = new Handler();
			ObservationRegistry registry = ObservationRegistry.create();
			registry.observationConfig().observationHandler(own);
			context.getBean(RestClient.Builder.class)
				.observationRegistry(registry)
				.build()
				.get()
				.uri(url("/"))
				.retrieve()
				.body(String.class);
			assertThat(own.eventNames).containsExactly("http.pool.connect");
			assertThat(context.getBean(Handler.class).eventNames).isEmpty();
		});
	}

	@Test
	void eachContextGetsTheEventsOfItsOwnCalls() {
		TracedApplication.with().run((one) -> TracedApplication.with().run((other) -> {
			Client.REST_CLIENT.of(one).apply(url("/"));
			assertThat(one.getBean(Handler.class).eventNames).hasSize(1);
			assertThat(other.getBean(Handler.class).eventNames).isEmpty();
			Client.REST_CLIENT.of(other).apply(url("/"));
			assertThat(one.getBean(Handler.class).eventNames).hasSize(1);
			assertThat(other.getBean(Handler.class).eventNames).hasSize(1);
		}));
	}

	@Test
	void aRegistryThatDoesNothingIsLeftAlone() {
		TracedApplication.with().withUserConfiguration(NoObservations.class).run((context) -> {
			assertThat(Client.REST_CLIENT.of(context).apply(url("/")).getBody()).isEqualTo("hello");
			context.getBean(RestClient.Builder.class).build().get().uri(url("/large")).retrieve().toBodilessEntity();
			assertThat(context.getBean(Handler.class).eventNames).isEmpty();
		});
	}

	// Foreign code

	@ParameterizedTest
	@EnumSource(names = { "REST_CLIENT", "REST_TEMPLATE" })
	@ExtendWith(OutputCaptureExtension.class)
	void aHandlerThatThrowsDoesNotAffectCalls(Client client, CapturedOutput output) {
		TracedApplication.with("http-pool.keep-alive=false").run((context) -> {
			Function<String, ResponseEntity<String>> call = client.of(context);
			for (Throwable thrown : List.of(new IllegalStateException("foreign"), new AssertionError("foreign"),
					new StackOverflowError())) {
				context.getBean(Handler.class).thrown = thrown;
				assertThat(call.apply(url("/")).getBody()).isEqualTo("hello");
			}
			context.getBean(Handler.class).thrown = new IllegalStateException("foreign");
			context.getBean(RestTemplateBuilder.class)
				.build()
				.execute(url("/large"), HttpMethod.GET, null, (response) -> null);
			assertThat(context.getBean(Handler.class).eventNames).hasSizeGreaterThanOrEqualTo(4);
			assertThat(pool(context).connections().leased()).isZero();
			assertThat(output.getAll().split("An observation did not take an event", -1)).hasSize(2);
		});
	}

	@Test
	void noThreadOfThePoolRunsAHandler() {
		TracedApplication
			.with("http-pool.idle-timeout=200ms", "http-pool.leak-detection-threshold=100ms",
					"http-pool.warm-up.a.uri=" + this.upstream.url(), "http-pool.warm-up.a.connections=2",
					"http-pool.call-timeout=500ms")
			.run((context) -> {
				Function<String, ResponseEntity<String>> call = Client.REST_CLIENT.of(context);
				TracedApplication.observed(context, () -> {
					call.apply(url("/"));
					assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> call.apply(url("/held")));
					await().until(() -> pool(context).connections().idle() == 0);
				});
				assertThat(context.getBean(Handler.class).threads).allMatch(Thread.currentThread()::equals);
			});
	}

	@Test
	void anObservationDoesNotKeepALostResponseAlive() {
		TracedApplication.with().run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).build();
			client.get().uri(url("/large")).exchange((request, response) -> response.getStatusCode(), false);
			context.getBean(Handler.class).stopped.clear();
			await().until(() -> {
				System.gc();
				return pool(context).totals().leaks() == 1;
			});
		});
	}

	// Meters

	@Test
	void eventsAreCountedByTheirNames() {
		TracedApplication.with().run((context) -> {
			RestTemplate template = context.getBean(RestTemplateBuilder.class).build();
			template.execute(url("/large"), HttpMethod.GET, null, (response) -> null);
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(meters.get("http.client.requests.http.pool.connect").counter().count()).isEqualTo(1);
			assertThat(meters.get("http.client.requests.http.pool.drain.cutoff").counter().count()).isEqualTo(1);
		});
	}

	private static void close(InputStream stream) {
		try {
			stream.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static PoolSnapshot pool(ApplicationContext context) {
		return context.getBean(HttpPools.class).get("default").snapshot();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(10));
	}

	@Configuration(proxyBeanMethods = false)
	static class NoObservations {

		@Bean
		ObservationRegistry observationRegistry() {
			return ObservationRegistry.NOOP;
		}

	}

}

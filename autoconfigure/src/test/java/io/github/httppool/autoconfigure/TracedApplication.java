package io.github.httppool.autoconfigure;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import io.github.httppool.testing.TestCertificates;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/**
 * An application with Spring Boot's observations and a tracing bridge, whose spans can be
 * read.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class TracedApplication {

	static ApplicationContextRunner with(String... properties) {
		TestCertificates certificates = TestCertificates.localhost();
		return new ApplicationContextRunner().withUserConfiguration(TracedApplication.class)
			.withPropertyValues("management.tracing.sampling.probability=1",
					"spring.ssl.bundle.jks.all.truststore.location=" + certificates.trustStore(),
					"spring.ssl.bundle.jks.all.truststore.password=" + TestCertificates.PASSWORD,
					"spring.http.clients.ssl.bundle=all")
			.withPropertyValues(properties);
	}

	@Bean
	Spans spans() {
		return new Spans();
	}

	@Bean
	Handler handler() {
		return new Handler();
	}

	/**
	 * Run something in an observation of its own, as a server's request does.
	 */
	static void observed(ApplicationContext context, Runnable work) {
		Observation.createNotStarted("work", context.getBean(ObservationRegistry.class)).observe(work);
	}

	/**
	 * Ways of an application to call.
	 */
	enum Client {

		REST_CLIENT((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).build();
			return (url) -> client.get().uri(url).retrieve().toEntity(String.class);
		}),

		REST_TEMPLATE((context) -> {
			RestTemplate template = context.getBean(RestTemplateBuilder.class).build();
			return (url) -> template.getForEntity(url, String.class);
		}),

		HTTP_INTERFACE((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).build();
			Service service = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
				.build()
				.createClient(Service.class);
			return (url) -> service.get(URI.create(url));
		}),

		SHARED_REST_CLIENT((context) -> {
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			return (url) -> client.get().uri(url).retrieve().toEntity(String.class);
		});

		private final Function<ApplicationContext, Function<String, ResponseEntity<String>>> way;

		Client(Function<ApplicationContext, Function<String, ResponseEntity<String>>> way) {
			this.way = way;
		}

		/**
		 * Return what calls a URL and reads the answer.
		 */
		Function<String, ResponseEntity<String>> of(ApplicationContext context) {
			return this.way.apply(context);
		}

	}

	interface Service {

		@GetExchange
		ResponseEntity<String> get(URI url);

	}

	/**
	 * The spans that have ended.
	 */
	static final class Spans implements SpanProcessor {

		private final List<SpanData> ended = new CopyOnWriteArrayList<>();

		@Override
		public void onStart(Context parent, ReadWriteSpan span) {
		}

		@Override
		public boolean isStartRequired() {
			return false;
		}

		@Override
		public void onEnd(ReadableSpan span) {
			this.ended.add(span.toSpanData());
		}

		@Override
		public boolean isEndRequired() {
			return true;
		}

		/**
		 * Return the spans of calls, in the order of their ends, and forget all spans.
		 */
		List<SpanData> takeCalls() {
			List<SpanData> calls = this.ended.stream().filter((span) -> span.getName().startsWith("http ")).toList();
			this.ended.clear();
			return calls;
		}

		/**
		 * Return the events of the span that ended last, and forget all spans.
		 */
		List<String> takeEvents() {
			SpanData last = this.ended.get(this.ended.size() - 1);
			this.ended.clear();
			return events(last);
		}

		static List<String> events(SpanData span) {
			return span.getEvents().stream().map(EventData::getName).toList();
		}

	}

	/**
	 * Sees what observations go through, and can fail.
	 */
	static final class Handler implements ObservationHandler<Observation.Context> {

		final List<String> eventNames = new CopyOnWriteArrayList<>();

		final List<Thread> threads = new CopyOnWriteArrayList<>();

		final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();

		final List<String> late = new CopyOnWriteArrayList<>();

		volatile Throwable thrown;

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

		@Override
		public void onEvent(Observation.Event event, Observation.Context context) {
			this.eventNames.add(event.getName());
			this.threads.add(Thread.currentThread());
			if (this.stopped.contains(context)) {
				this.late.add(event.getContextualName());
			}
			if (this.thrown instanceof Error error) {
				throw error;
			}
			if (this.thrown instanceof RuntimeException exception) {
				throw exception;
			}
		}

		@Override
		public void onStop(Observation.Context context) {
			this.stopped.add(context);
		}

	}

}

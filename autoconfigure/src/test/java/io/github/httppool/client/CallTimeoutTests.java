package io.github.httppool.client;

import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.CallTimeout;
import io.github.httppool.CallTimeoutException;
import io.github.httppool.HttpPools;
import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import io.github.httppool.autoconfigure.HttpPoolRestClientAutoConfiguration;
import io.github.httppool.autoconfigure.HttpPoolRestTemplateAutoConfiguration;
import io.github.httppool.testing.ScriptedUpstream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the call timeout through Spring's clients: of the pool, of one builder, and
 * of one call.
 */
@Tag("waiting")
@Timeout(60)
class CallTimeoutTests {

	private static final Duration SHORT = Duration.ofMillis(300);

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		switch (exchange.path()) {
			case "/late" -> exchange.after(Duration.ofMillis(700)).ok("late");
			case "/drip" -> exchange.dripData(Duration.ofMillis(20));
			default -> exchange.ok("hello " + exchange.request().bodyText());
		}
	});

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(HttpClientAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class,
				RestClientAutoConfiguration.class, RestTemplateAutoConfiguration.class, HttpPoolAutoConfiguration.class,
				HttpPoolRestClientAutoConfiguration.class, HttpPoolRestTemplateAutoConfiguration.class));

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void callTimeoutOfThePoolAppliesToAllCalls() {
		this.runner.withPropertyValues("http-pool.call-timeout=300ms").run((context) -> {
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			RestTemplate template = context.getBean("pooledRestTemplate", RestTemplate.class);
			assertTimesOut(() -> client.get().uri(this.upstream.uri("/late")).retrieve().body(String.class));
			assertTimesOut(() -> client.get().uri(this.upstream.uri("/drip")).retrieve().body(String.class));
			assertTimesOut(() -> template.getForObject(this.upstream.uri("/late"), String.class));
			assertThat(client.get().uri(this.upstream.uri("/")).retrieve().body(String.class)).isEqualTo("hello ");
			assertNothingHeld(context.getBean(HttpPools.class));
		});
	}

	@Test
	void callTimeoutCanBeAnAttributeOfTheRequest() {
		this.runner.run((context) -> {
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			assertTimesOut(() -> client.get()
				.uri(this.upstream.uri("/late"))
				.attribute(CallTimeout.ATTRIBUTE, SHORT)
				.retrieve()
				.body(String.class));
			assertTimesOut(() -> client.post()
				.uri(this.upstream.uri("/drip"))
				.attribute(CallTimeout.ATTRIBUTE, SHORT)
				.body("body")
				.retrieve()
				.body(String.class));
			assertThat(client.get().uri(this.upstream.uri("/late")).retrieve().body(String.class)).isEqualTo("late");
			assertNothingHeld(context.getBean(HttpPools.class));
		});
	}

	@Test
	void callTimeoutIsWrappedAsOtherTimeouts() {
		this.runner.withPropertyValues("http-pool.call-timeout=300ms").run((context) -> {
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			RestTemplate template = context.getBean("pooledRestTemplate", RestTemplate.class);
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> client.get().uri(this.upstream.uri("/late")).retrieve().body(String.class))
				.withCauseInstanceOf(CallTimeoutException.class);
			assertThatExceptionOfType(RestClientException.class)
				.isThrownBy(() -> client.get().uri(this.upstream.uri("/drip")).retrieve().body(String.class))
				.isNotInstanceOf(ResourceAccessException.class)
				.withCauseInstanceOf(CallTimeoutException.class);
			assertThatExceptionOfType(RestClientException.class)
				.isThrownBy(() -> template.getForObject(this.upstream.uri("/drip"), String.class))
				.isNotInstanceOf(ResourceAccessException.class)
				.withCauseInstanceOf(CallTimeoutException.class);
		});
	}

	@Test
	void callCanDisableTheTimeoutOfThePool() {
		this.runner.withPropertyValues("http-pool.call-timeout=300ms").run((context) -> {
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			assertThat(client.get()
				.uri(this.upstream.uri("/late"))
				.attribute(CallTimeout.ATTRIBUTE, Duration.ZERO)
				.retrieve()
				.body(String.class)).isEqualTo("late");
		});
	}

	@Test
	void callTimeoutOfABuilderAppliesOnlyToItsCalls() {
		this.runner.run((context) -> {
			RestClient.Builder builder = context.getBean(RestClient.Builder.class);
			RestClient quick = builder.clone()
				.defaultRequest((request) -> request.attribute(CallTimeout.ATTRIBUTE, SHORT))
				.build();
			assertTimesOut(() -> quick.get().uri(this.upstream.uri("/late")).retrieve().body(String.class));
			assertThat(builder.build().get().uri(this.upstream.uri("/late")).retrieve().body(String.class))
				.isEqualTo("late");
			RestTemplate quickTemplate = context.getBean(RestTemplateBuilder.class)
				.requestCustomizers((request) -> request.getAttributes().put(CallTimeout.ATTRIBUTE, SHORT))
				.build();
			assertTimesOut(() -> quickTemplate.getForObject(this.upstream.uri("/late"), String.class));
		});
	}

	@Test
	void callTimeoutCanBeAnArgumentOfAnHttpService() {
		this.runner.run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).baseUrl(this.upstream.url()).build();
			LateService service = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
				.build()
				.createClient(LateService.class);
			assertTimesOut(() -> service.late(SHORT));
			assertThat(service.late(Duration.ofSeconds(20))).isEqualTo("late");
		});
	}

	@Test
	void callTimeoutIncludesABodyThatIsReadLater() {
		this.runner.run((context) -> {
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			InputStream body = client.get()
				.uri(this.upstream.uri("/drip"))
				.attribute(CallTimeout.ATTRIBUTE, SHORT)
				.exchange((request, response) -> response.getBody(), false);
			assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(body::readAllBytes);
			body.close();
			assertNothingHeld(context.getBean(HttpPools.class));
		});
	}

	@Test
	void callTimeoutWorksBesideAnInterceptor() {
		this.runner.run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class)
				.requestInterceptor((request, body, execution) -> execution.execute(request, body))
				.build();
			assertTimesOut(() -> client.get()
				.uri(this.upstream.uri("/late"))
				.attribute(CallTimeout.ATTRIBUTE, SHORT)
				.retrieve()
				.body(String.class));
		});
	}

	@Test
	void invalidTimeoutIsRejectedWithARemedy() {
		this.runner.run((context) -> {
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			assertThatIllegalArgumentException()
				.isThrownBy(() -> client.get()
					.uri(this.upstream.uri("/"))
					.attribute(CallTimeout.ATTRIBUTE, 300)
					.retrieve()
					.body(String.class))
				.withMessageContaining(CallTimeout.ATTRIBUTE)
				.withMessageContaining("300")
				.withMessageContaining("java.time.Duration");
			assertNothingHeld(context.getBean(HttpPools.class));
		});
	}

	/**
	 * Spring streams bodies only into requests that say they can.
	 */
	@Test
	void requestsStillStreamTheirBodies() {
		this.runner.run((context) -> {
			AtomicReference<ClientHttpRequest> seen = new AtomicReference<>();
			RestClient client = context.getBean(RestClient.Builder.class).requestInitializer(seen::set).build();
			assertThat(client.post().uri(this.upstream.uri("/")).body("you").retrieve().body(String.class))
				.isEqualTo("hello you");
			assertThat(seen.get()).isInstanceOf(StreamingHttpOutputMessage.class);
		});
	}

	private static void assertTimesOut(ThrowingCallable call) {
		long started = System.nanoTime();
		// While the body is read, Spring has another exception than before.
		assertThatExceptionOfType(RestClientException.class).isThrownBy(call)
			.havingCause()
			.isInstanceOf(CallTimeoutException.class)
			.withCauseInstanceOf(SocketTimeoutException.class);
		assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(3));
	}

	private static void assertNothingHeld(HttpPools pools) {
		assertThat(pools.get("default").snapshot().connections().leased()).isZero();
	}

	interface LateService {

		@GetExchange("/late")
		String late(@RequestAttribute(CallTimeout.ATTRIBUTE) Duration callTimeout);

	}

}

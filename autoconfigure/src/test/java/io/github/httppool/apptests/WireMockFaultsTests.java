package io.github.httppool.apptests;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The faults of WireMock have the same exception classes as with plain Spring Boot on
 * HttpClient 5.
 */
@Tag("slow")
class WireMockFaultsTests {

	private static final WireMockServer upstream = new WireMockServer(options().dynamicPort());

	@BeforeAll
	static void start() {
		upstream.start();
	}

	@AfterAll
	static void stop() {
		upstream.stop();
	}

	@BeforeEach
	void reset() {
		upstream.resetAll();
		upstream.stubFor(any(urlEqualTo("/ok")).willReturn(ok("hello")));
	}

	@ParameterizedTest
	@EnumSource
	void aFaultOfTheFirstCallIsTheSameException(Fault fault) {
		upstream.stubFor(any(urlEqualTo("/fault")).willReturn(aResponse().withFault(fault)));
		assertSame(List.of("/fault"));
	}

	@ParameterizedTest
	@EnumSource
	void aFaultOnAConnectionInUseIsTheSameException(Fault fault) {
		upstream.stubFor(any(urlEqualTo("/fault")).willReturn(aResponse().withFault(fault)));
		assertSame(List.of("/ok", "/fault", "/ok", "/fault"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 204, 404, 503 })
	void statusCodesAreTheSameExceptions(int status) {
		upstream.stubFor(any(urlEqualTo("/status")).willReturn(aResponse().withStatus(status)));
		assertSame(List.of("/status", "/ok"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "POST" })
	void aReadTimeoutIsTheSameException(String method) {
		upstream.stubFor(any(urlEqualTo("/slow")).willReturn(aResponse().withFixedDelay(3000)));
		assertThat(outcomes(List.of("/slow"), HttpMethod.valueOf(method), "spring.http.clients.read-timeout=300ms"))
			.isEqualTo(outcomes(List.of("/slow"), HttpMethod.valueOf(method), "spring.http.clients.read-timeout=300ms",
					"http-pool.enabled=false"));
	}

	@ParameterizedTest
	@EnumSource
	void aScenarioThatRecoversAnswersTheSame(Fault fault) {
		Map<Side, Object> outcomes = new EnumMap<>(Side.class);
		for (Side side : Side.values()) {
			upstream.resetScenarios();
			upstream.stubFor(any(urlEqualTo("/recovers")).inScenario("recovers")
				.whenScenarioStateIs(Scenario.STARTED)
				.willReturn(aResponse().withFault(fault))
				.willSetStateTo("well"));
			upstream.stubFor(any(urlEqualTo("/recovers")).inScenario("recovers")
				.whenScenarioStateIs("well")
				.willReturn(ok("recovered")));
			outcomes.put(side, outcomes(List.of("/recovers", "/recovers"), HttpMethod.POST, side.property));
		}
		assertThat(outcomes.get(Side.POOLED)).isEqualTo(outcomes.get(Side.PLAIN));
	}

	private static void assertSame(List<String> paths) {
		for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.POST)) {
			assertThat(outcomes(paths, method, Side.POOLED.property)).as(method + " " + paths)
				.isEqualTo(outcomes(paths, method, Side.PLAIN.property));
		}
	}

	/**
	 * Return what the calls of a client and of a template end with.
	 */
	private static List<String> outcomes(List<String> paths, HttpMethod method, String... properties) {
		List<String> outcomes = new ArrayList<>();
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues(properties)
			.run((context) -> {
				paths.forEach((path) -> outcomes.add(byClient(context, method, path)));
				paths.forEach((path) -> outcomes.add(byTemplate(context, method, path)));
			});
		assertThat(outcomes).hasSize(2 * paths.size());
		return outcomes;
	}

	private static String byClient(AssertableApplicationContext context, HttpMethod method, String path) {
		RestClient client = context.getBean(RestClient.Builder.class).build();
		return outcome(() -> client.method(method).uri(upstream.url(path)).retrieve().body(String.class));
	}

	private static String byTemplate(AssertableApplicationContext context, HttpMethod method, String path) {
		RestTemplate template = context.getBean(RestTemplateBuilder.class).build();
		return outcome(() -> template.exchange(upstream.url(path), method, null, String.class).getBody());
	}

	private static String outcome(Call call) {
		try {
			return "body " + call.run();
		}
		catch (Exception ex) {
			// Ours carry the original one as their cause.
			Set<Class<?>> classes = new LinkedHashSet<>();
			for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
				classes.add(standardClass(cause.getClass()));
			}
			return classes.toString();
		}
	}

	/** Ours are subclasses of those that plain Spring Boot throws. */
	private static Class<?> standardClass(Class<?> type) {
		Class<?> standard = type;
		while (standard.getName().startsWith("io.github.httppool")) {
			standard = standard.getSuperclass();
		}
		return standard;
	}

	private enum Side {

		POOLED("http-pool.enabled=true"), PLAIN("http-pool.enabled=false");

		private final String property;

		Side(String property) {
			this.property = property;
		}

	}

	private interface Call {

		Object run();

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

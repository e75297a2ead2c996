package io.github.httppool.autoconfigure;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import io.github.httppool.HttpPools;
import io.github.httppool.actuate.HttpPoolHealthContributor;
import io.github.httppool.actuate.HttpPoolHealthIndicator;
import io.github.httppool.actuate.PoolDescriptor;
import io.github.httppool.testing.ClosedPort;
import io.github.httppool.testing.ScriptedUpstream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The health of the pools: off, on, and without the module that it is for.
 */
class HttpPoolHealthTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class,
				ImperativeHttpClientAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class,
				RestClientAutoConfiguration.class, HttpPoolAutoConfiguration.class,
				HttpPoolRestClientAutoConfiguration.class, HttpPoolHealthContributorAutoConfiguration.class));

	private final ApplicationContextRunner enabled = this.runner
		.withPropertyValues("management.health.httppool.enabled=true");

	@Test
	void isOffByDefault() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(HealthContributor.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.health.httppool.enabled=false", "management.health.defaults.enabled=true" })
	void staysOffUnlessItIsAskedForByName(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).doesNotHaveBean(HealthContributor.class));
	}

	@Test
	void nothingBreaksWithoutTheHealthModule() {
		this.enabled.withClassLoader(new FilteredClassLoader("org.springframework.boot.health")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).hasSingleBean(HttpPools.class);
			assertThat(context).doesNotHaveBean("httpPoolHealthContributor");
		});
	}

	@Test
	void needsNoEndpoint() {
		this.enabled.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(health(context).getStatus()).isEqualTo(Status.UP));
	}

	@Test
	void thereIsNoneWithoutAPool() {
		this.enabled.withPropertyValues("http-pool.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthContributor.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "httpPoolHealthIndicator", "httpPoolHealthContributor" })
	void oneOfTheUsersTakesItsPlace(String name) {
		HealthIndicator own = () -> Health.up().build();
		this.enabled.withBean(name, HealthIndicator.class, () -> own)
			.run((context) -> assertThat(context).getBean(HealthContributor.class).isSameAs(own));
	}

	@Test
	void eachPoolHasAContributorOfItsOwn() {
		this.enabled.withPropertyValues("http-pool.pools.billing.max-total=5", "http-pool.pools.search.max-total=6")
			.run((context) -> {
				HttpPoolHealthContributor pools = context.getBean(HttpPoolHealthContributor.class);
				assertThat(pools.stream()).extracting(HealthContributors.Entry::name)
					.containsExactly("default", "billing", "search");
				assertThat(health(pools, "billing").getDetails()).containsEntry("maxTotal", 5);
				assertThat(health(pools, "search").getDetails()).containsEntry("maxTotal", 6);
				assertThat(pools.getContributor("bill")).isNull();
			});
	}

	@Test
	void theEndpointShowsEachPoolAndTheWorstStatus() throws IOException {
		String nobody = "http://127.0.0.1:" + unusedPort();
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class,
					RestClientAutoConfiguration.class, HttpPoolAutoConfiguration.class,
					HttpPoolRestClientAutoConfiguration.class, HttpPoolHealthContributorAutoConfiguration.class,
					HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
					EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
					HealthEndpointAutoConfiguration.class))
			.withPropertyValues("management.health.httppool.enabled=true", "http-pool.pools.billing.max-total=5",
					"management.endpoints.web.exposure.include=health",
					"management.endpoint.health.show-details=always")
			.run((context) -> {
				failCalls(context.getBean("billingRestClient", RestClient.class), nobody);
				HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
				assertThat(endpoint.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
				assertThat(endpoint.healthForPath("httpPool").getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
				assertThat(endpoint.healthForPath("httpPool", "billing").getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
				assertThat(endpoint.healthForPath("httpPool", "default").getStatus()).isEqualTo(Status.UP);
				assertThat(endpoint.healthForPath("httpPool", "unknown")).isNull();
			});
	}

	@Test
	void saysHowFullThePoolIsAndCallsNobody() {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"))) {
			this.enabled
				.withPropertyValues("http-pool.max-total=7", "http-pool.max-per-route=7", "http-pool.max-pending=3")
				.run((context) -> context.getBean("pooledRestClient", RestClient.class)
					.get()
					.uri(upstream.url())
					.exchange((request, response) -> {
						Health health = health(context);
						assertThat(health.getStatus()).isEqualTo(Status.UP);
						assertThat(health.getDetails()).isEqualTo(Map.of("leased", 1, "maxTotal", 7, "pending", 0,
								"maxPending", 3, "findings", List.of()));
						assertThat(upstream.requests()).hasSize(1);
						return null;
					}));
		}
	}

	@Test
	void criticalFindingIsOutOfService() throws IOException {
		String nobody = "http://127.0.0.1:" + unusedPort();
		this.enabled.run((context) -> {
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			failCalls(client, nobody);
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
			assertThat(health.getDetails()).extractingByKey("findings")
				.asInstanceOf(InstanceOfAssertFactories.list(PoolDescriptor.Problem.class))
				.singleElement()
				.satisfies((finding) -> {
					assertThat(finding.code()).isEqualTo("FAILING_CONNECTS");
					assertThat(finding.severity()).isEqualTo("critical");
					assertThat(finding.route()).isEqualTo(nobody);
				});
		});
	}

	private static void failCalls(RestClient client, String nobody) {
		for (int i = 0; i < 20; i++) {
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> client.get().uri(nobody).retrieve().toBodilessEntity());
		}
	}

	private static Health health(ApplicationContext context) {
		return health(context.getBean(HttpPoolHealthContributor.class), "default");
	}

	private static Health health(HttpPoolHealthContributor pools, String pool) {
		assertThat(pools.getContributor(pool)).isInstanceOf(HttpPoolHealthIndicator.class);
		return ((HttpPoolHealthIndicator) pools.getContributor(pool)).health();
	}

	private static int unusedPort() throws IOException {
		return ClosedPort.next();
	}

}

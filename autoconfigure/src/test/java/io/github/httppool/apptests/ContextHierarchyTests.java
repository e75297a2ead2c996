package io.github.httppool.apptests;

import io.github.httppool.HttpPools;
import io.github.httppool.actuate.HttpPoolEndpoint;
import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Parent and child contexts: clients of a child use the pools of its parent, which the
 * child shows.
 */
@Tag("waiting")
@ExtendWith(OutputCaptureExtension.class)
class ContextHierarchyTests {

	private static final String EXPOSED = "management.endpoints.web.exposure.include=httppool";

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void theEndpointOfAChildShowsThePoolThatItsClientsUse() {
		try (ConfigurableApplicationContext child = pooledParent().child(Application.class)
			.properties(EXPOSED)
			.web(WebApplicationType.NONE)
			.run()) {
			get(child.getBean(RestClient.Builder.class).build());
			assertCalls(child, 1);
			get(child.getBean(RestClient.class));
			assertCalls(child, 2);
			get(child.getBean(RestTemplate.class));
			assertCalls(child, 3);
			get(child.getBean(RestTemplateBuilder.class).build());
			assertCalls(child, 4);
			assertThat(child.getBean(HttpPools.class)).isSameAs(child.getParent().getBean(HttpPools.class));
			assertThat(this.upstream.accepted()).isEqualTo(1);
			((ConfigurableApplicationContext) child.getParent()).close();
		}
	}

	@Test
	void aChildThatClosesLeavesThePoolsToItsParent() {
		ConfigurableApplicationContext child = pooledParent().child(Application.class)
			.web(WebApplicationType.NONE)
			.run();
		try (ConfigurableApplicationContext parent = (ConfigurableApplicationContext) child.getParent()) {
			get(child.getBean(RestClient.class));
			child.close();
			get(parent.getBean(RestClient.class));
			assertThat(this.upstream.accepted()).isEqualTo(1);
		}
	}

	@Test
	void aChildHasPoolsOfItsOwnWhereItsParentHasNone() {
		ConfigurableApplicationContext parent = new SpringApplicationBuilder(Empty.class).web(WebApplicationType.NONE)
			.run();
		try (parent;
				ConfigurableApplicationContext one = child(parent);
				ConfigurableApplicationContext two = child(parent)) {
			get(one.getBean(RestClient.class));
			assertCalls(one, 1);
			assertCalls(two, 0);
			one.close();
			get(two.getBean(RestClient.class));
			assertCalls(two, 1);
		}
	}

	@Test
	void settingsOfAChildThatHaveNoEffectAreAWarning(CapturedOutput output) {
		try (ConfigurableApplicationContext parent = pooledParent().run();
				ConfigurableApplicationContext child = child(parent, "http-pool.max-total=7",
						"http-pool.pools.payments.max-total=3")) {
			assertThat(child.getBean(HttpPools.class).get("default").settings().maxTotal()).isEqualTo(200);
			assertThat(output).contains("'http-pool' is configured differently in a child context and in its parent")
				.contains("'http-pool.pools.payments' is configured differently in a child context and in its parent");
		}
	}

	@Test
	void aChildWithTheSameSettingsIsNoWarning(CapturedOutput output) {
		try (ConfigurableApplicationContext child = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties("http-pool.max-total=7", "http-pool.pools.payments.max-total=3")
			.child(Application.class)
			.web(WebApplicationType.NONE)
			.run()) {
			assertThat(child.getBean("paymentsRestClient", RestClient.class)).isNotNull();
			assertThat(output).doesNotContain("in a child context");
			((ConfigurableApplicationContext) child.getParent()).close();
		}
	}

	@Test
	void theManagementContextOfAnotherPortShowsThePoolOfTheApplication() {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.SERVLET)
			.properties(EXPOSED, "server.port=0", "management.server.port=0")
			.run()) {
			get(context.getBean(RestClient.class));
			String port = context.getEnvironment().getProperty("local.management.port");
			assertThat(port).isNotEqualTo(context.getEnvironment().getProperty("local.server.port"));
			assertThat(RestClient.create("http://localhost:" + port)
				.get()
				.uri("/actuator/httppool/default")
				.retrieve()
				.body(String.class)).contains("\"calls\":1", this.upstream.url());
		}
	}

	private static SpringApplicationBuilder pooledParent() {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE);
	}

	private static ConfigurableApplicationContext child(ConfigurableApplicationContext parent, String... properties) {
		return new SpringApplicationBuilder(Application.class).parent(parent)
			.properties(EXPOSED)
			.properties(properties)
			.web(WebApplicationType.NONE)
			.run();
	}

	private void get(RestClient client) {
		assertThat(client.get().uri(this.upstream.url()).retrieve().body(String.class)).isEqualTo("hello");
	}

	private void get(RestTemplate template) {
		assertThat(template.getForObject(this.upstream.url(), String.class)).isEqualTo("hello");
	}

	private static void assertCalls(ConfigurableApplicationContext context, long calls) {
		assertThat(context.getBean(HttpPoolEndpoint.class).pool("default").totals().calls()).isEqualTo(calls);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

}

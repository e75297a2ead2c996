package io.github.httppool.autoconfigure;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.TestCertificates;
import io.github.httppool.testing.TinyProxy;
import org.apache.hc.core5.http.HttpHost;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that are open before the application takes calls.
 */
@Tag("waiting")
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class WarmUpTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	@Test
	void theFirstCallsOpenNoConnection() throws Exception {
		CountDownLatch all = new CountDownLatch(20);
		ExecutorService callers = Executors.newFixedThreadPool(20);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			all.countDown();
			all.await(30, TimeUnit.SECONDS);
			exchange.ok("hello");
		});
				ConfigurableApplicationContext context = start(WebApplicationType.SERVLET, Application.class,
						"--http-pool.warm-up.api.uri=" + upstream.url() + "/ignored?too",
						"--http-pool.warm-up.api.connections=20")) {
			assertThat(context.getBean(Application.class).atWebServerStart)
				.isEqualTo(new PoolSnapshot.Connections(0, 20, 0));
			RestClient client = context.getBean(RestClient.class);
			List<Future<String>> calls = callers.invokeAll(Collections.nCopies(20, () -> get(client, upstream.url())));
			for (Future<String> call : calls) {
				assertThat(call.get(60, TimeUnit.SECONDS)).isEqualTo("hello");
			}
			assertThat(snapshot(context).totals().opened()).isEqualTo(20);
			assertThat(upstream.accepted()).isEqualTo(20);
		}
		finally {
			callers.shutdownNow();
		}
	}

	@Test
	void whatCannotBeOpenedIsOneWarningAndNoFailedStart(CapturedOutput output) {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO)) {
			String gone = upstream.url();
			upstream.close();
			try (ConfigurableApplicationContext context = start(WebApplicationType.NONE, Application.class,
					"--http-pool.warm-up.api.uri=" + gone, "--http-pool.warm-up.api.connections=5")) {
				assertThat(output).containsOnlyOnce("WARN")
					.contains("Pool 'default' opened 0 of 5 connections to " + gone
							+ " at start (http-pool.warm-up.api): No connection with ");
				assertThat(context.isRunning()).isTrue();
			}
		}
		assertThat(threads()).isEmpty();
	}

	@Test
	void aContextThatIsStartedAgainIsWarmAgain() {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				ConfigurableApplicationContext context = start(WebApplicationType.NONE, Application.class,
						"--http-pool.warm-up.api.uri=" + upstream.url(), "--http-pool.warm-up.api.connections=3")) {
			context.stop();
			assertThat(snapshot(context).connections().idle()).isZero();
			context.start();
			assertThat(snapshot(context).connections().idle()).isEqualTo(3);
			get(context.getBean(RestClient.class), upstream.url());
			assertThat(snapshot(context).totals().opened()).isEqualTo(6);
		}
		assertThat(threads()).isEmpty();
	}

	@Test
	void aFurtherPoolHasConnectionsOfItsOwnAndNotThoseOfTheSharedOne() {
		try (ScriptedUpstream shared = ScriptedUpstream.plain(HELLO);
				ScriptedUpstream orders = ScriptedUpstream.plain(HELLO);
				ConfigurableApplicationContext context = start(WebApplicationType.NONE, Application.class,
						"--http-pool.warm-up.api.uri=" + shared.url(), "--http-pool.warm-up.api.connections=1",
						"--http-pool.pools.orders.warm-up.api.uri=" + orders.url(),
						"--http-pool.pools.orders.warm-up.api.connections=2", "--http-pool.pools.other.max-total=5")) {
			HttpPools pools = context.getBean(HttpPools.class);
			assertThat(snapshot(context).connections().idle()).isEqualTo(1);
			assertThat(pools.get("orders").snapshot().connections().idle()).isEqualTo(2);
			assertThat(pools.get("other").snapshot().totals().opened()).isZero();
			get(context.getBean("ordersRestClient", RestClient.class), orders.url());
			assertThat(pools.get("orders").snapshot().totals().opened()).isEqualTo(2);
		}
	}

	@Test
	void connectionsGoTheWayOfTheClients() {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain(HELLO);
				ConfigurableApplicationContext context = start(WebApplicationType.NONE, Proxied.class,
						"--proxy.port=" + proxy.port(), "--http-pool.warm-up.api.uri=http://api.example",
						"--http-pool.warm-up.api.connections=2")) {
			Awaitility.await().until(() -> proxy.accepted() == 2);
			assertThat(proxy.requests()).isEmpty();
			assertThat(get(context.getBean(RestClient.class), "http://api.example")).isEqualTo("hello");
			assertThat(snapshot(context).totals().opened()).isEqualTo(2);
		}
	}

	@Test
	@RequiresProgram(Program.TINYPROXY)
	void tunnelsOfAProxyWithCredentialsAreOpen() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.tls(HELLO);
				TinyProxy proxy = TinyProxy.start("BasicAuth user s3cret");
				ConfigurableApplicationContext context = start(WebApplicationType.NONE, Application.class,
						"--spring.ssl.bundle.jks.trusting.truststore.location="
								+ TestCertificates.localhost().trustStore().toUri(),
						"--spring.ssl.bundle.jks.trusting.truststore.password=" + TestCertificates.PASSWORD,
						"--http-pool.pools.orders.ssl-bundle=trusting",
						"--http-pool.pools.orders.proxy.url=" + proxy.url(),
						"--http-pool.pools.orders.proxy.username=user",
						"--http-pool.pools.orders.proxy.password=s3cret",
						"--http-pool.pools.orders.warm-up.api.uri=" + upstream.url(),
						"--http-pool.pools.orders.warm-up.api.connections=3")) {
			HttpPool orders = context.getBean(HttpPools.class).get("orders");
			assertThat(orders.snapshot().connections()).isEqualTo(new PoolSnapshot.Connections(0, 3, 0));
			assertThat(get(context.getBean("ordersRestClient", RestClient.class), upstream.url())).isEqualTo("hello");
			assertThat(orders.snapshot().totals().opened()).isEqualTo(3);
			assertThat(upstream.accepted()).isEqualTo(3);
		}
	}

	@Test
	@RequiresProgram(Program.TINYPROXY)
	void credentialsThatAProxyDoesNotAcceptAreOneWarningAndNoFailedStart(CapturedOutput output) throws Exception {
		try (TinyProxy proxy = TinyProxy.start("BasicAuth user s3cret");
				ConfigurableApplicationContext context = start(WebApplicationType.NONE, Application.class,
						"--http-pool.proxy.url=" + proxy.url(), "--http-pool.proxy.username=user",
						"--http-pool.proxy.password=wr0ng", "--http-pool.warm-up.api.uri=https://api.example",
						"--http-pool.warm-up.api.connections=20")) {
			// beside it the pool may report the finding FAILING_CONNECTS, if it looks in
			// time
			assertThat(output.toString().lines().filter((line) -> line.contains("WARN")))
				.filteredOn((line) -> !line.contains("FAILING_CONNECTS"))
				.hasSize(1);
			assertThat(output.toString().replace("\n  ", " "))
				.contains("Pool 'default' opened 0 of 20 connections to https://api.example:443 at start "
						+ "(http-pool.warm-up.api): The proxy " + proxy.url() + " answered CONNECT")
				.contains("does not accept the credentials")
				.doesNotContain("wr0ng");
			assertThat(context.isRunning()).isTrue();
			assertThat(snapshot(context).connections()).isEqualTo(new PoolSnapshot.Connections(0, 0, 0));
		}
		assertThat(threads()).isEmpty();
	}

	private static ConfigurableApplicationContext start(WebApplicationType type, Class<?> application,
			String... arguments) {
		SpringApplication spring = new SpringApplication(application);
		spring.setWebApplicationType(type);
		spring.setDefaultProperties(Map.of("server.port", "0"));
		return spring.run(arguments);
	}

	private static String get(RestClient client, String url) {
		return client.get().uri(url + "/").retrieve().body(String.class);
	}

	private static PoolSnapshot snapshot(ConfigurableApplicationContext context) {
		return context.getBean(HttpPools.class).get("default").snapshot();
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

		private final HttpPools pools;

		private PoolSnapshot.Connections atWebServerStart;

		Application(HttpPools pools) {
			this.pools = pools;
		}

		@EventListener
		void webServerStarted(WebServerInitializedEvent event) {
			this.atWebServerStart = this.pools.get("default").snapshot().connections();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Proxied {

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> proxy(
				@Value("${proxy.port}") int port) {
			return (builder) -> builder
				.withHttpClientCustomizer((client) -> client.setProxy(new HttpHost("http", "127.0.0.1", port)));
		}

	}

}

package io.github.httppool.autoconfigure;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.ReusePolicy;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.boot.SpringCloudIfAsked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.environment.EnvironmentManager;
import org.springframework.cloud.context.refresh.ContextRefresher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the pools follow an application's properties when Spring Cloud refreshes
 * them.
 */
@Tag("waiting")
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class PoolRefreshTests {

	private final CountDownLatch hold = new CountDownLatch(1);

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		if (exchange.path().equals("/silent")) {
			exchange.stall();
		}
		if (exchange.path().equals("/held")) {
			this.hold.await(30, TimeUnit.SECONDS);
		}
		exchange.ok("hello");
	});

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.hold.countDown();
		this.upstream.close();
	}

	@Test
	void sizesAndTimeoutsFollowWithoutLosingAConnection(CapturedOutput output) {
		run("http-pool.max-total=10", (app) -> {
			app.get("/");
			app.refresh("http-pool.max-total=20", "http-pool.max-per-route=7", "http-pool.response-timeout=150ms",
					"http-pool.drain.max-bytes=1KB");
			assertThat(app.pool("default").snapshot().limits()).isEqualTo(new PoolSnapshot.Limits(20, 7, 7, 1000));
			assertThat(app.pool("default").settings().drainMaxBytes()).isEqualTo(1024);
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> app.get("/silent"))
				.withCauseInstanceOf(SocketTimeoutException.class)
				.withMessageContaining("150ms");
			assertThat(this.upstream.accepted()).isEqualTo(1);
			assertThat(output)
				.contains("The pools apply changed properties: http-pool.max-total, "
						+ "http-pool.max-per-route, http-pool.max-idle-per-route, http-pool.response-timeout, "
						+ "http-pool.drain.max-bytes")
				.doesNotContain("no effect before");
		});
	}

	@Test
	void aPropertyThatIsGoneHasItsDefaultAgain() {
		run("http-pool.max-total=10", (app) -> {
			app.refresh("other=1");
			assertThat(app.pool("default").snapshot().limits().maxTotal()).isEqualTo(200);
		});
	}

	@Test
	void furtherPoolsFollowTheirOwnPropertiesAndThoseThatTheyInherit(CapturedOutput output) {
		run("http-pool.pools.orders.max-total=10", (app) -> {
			app.refresh("http-pool.pools.orders.max-total=20", "http-pool.acquire-timeout=1s");
			HttpPoolSettings orders = app.pool("orders").settings();
			assertThat(orders.maxTotal()).isEqualTo(20);
			assertThat(orders.acquireTimeout()).isEqualTo(Duration.ofSeconds(1));
			assertThat(app.pool("orders").snapshot().limits().maxTotal()).isEqualTo(20);
			assertThat(app.pool("default").settings().acquireTimeout()).isEqualTo(Duration.ofSeconds(1));
			assertThat(app.pool("default").settings().maxTotal()).isEqualTo(200);
			assertThat(output).contains("The pools apply changed properties: http-pool.acquire-timeout, "
					+ "http-pool.pools.orders.max-total" + System.lineSeparator());
		});
	}

	@Test
	void poolsOfClientsWithPeersOfTheirOwnFollowAlsoThoseThatComeLater() {
		run("http-pool.max-total=10", (app) -> {
			app.newClient();
			app.refresh("http-pool.max-total=20");
			assertThat(app.pool("default-2").settings().maxTotal()).isEqualTo(20);
			app.newClient();
			assertThat(app.pool("default-3").snapshot().limits().maxTotal()).isEqualTo(20);
		});
	}

	@Test
	void anInvalidValueChangesNoPool(CapturedOutput output) {
		run("http-pool.pools.orders.max-total=10", (app) -> {
			app.refresh("http-pool.max-per-route=7", "http-pool.pools.orders.max-total=0",
					"http-pool.pools.orders.acquire-timeout=-1s");
			assertThat(app.pool("default").settings().maxPerRoute()).isEqualTo(50);
			assertThat(app.pool("orders").settings().maxTotal()).isEqualTo(10);
			assertThat(output).contains("ERROR")
				.contains("cannot be applied, and all pools keep their settings",
						"http-pool.pools.orders.max-total is 0", "http-pool.pools.orders.acquire-timeout is")
				.doesNotContain("The pools apply");
			app.get("/");
			app.refresh("http-pool.max-per-route=7", "http-pool.pools.orders.max-total=20");
			assertThat(app.pool("default").settings().maxPerRoute()).isEqualTo(7);
			assertThat(app.pool("orders").settings().maxTotal()).isEqualTo(20);
		});
	}

	/**
	 * Spring Cloud gives up at it, when the pools have said why already.
	 */
	@Test
	void aValueThatCannotBeConvertedChangesNothing(CapturedOutput output) {
		run("http-pool.max-total=10", (app) -> {
			assertThatException()
				.isThrownBy(() -> app.refresh("http-pool.max-total=many", "http-pool.max-per-route=7"));
			assertThat(app.pool("default").settings().maxTotal()).isEqualTo(10);
			assertThat(app.pool("default").settings().maxPerRoute()).isEqualTo(50);
			assertThat(output).contains("cannot be applied, and all pools keep their settings", "'http-pool.max-total'",
					"many");
			app.get("/");
		});
	}

	@Test
	void whatCannotFollowIsNamedInOneWarningForEachChange(CapturedOutput output) {
		run("http-pool.pools.gone.max-total=5", (app) -> {
			String[] changed = { "http-pool.reuse-policy=fifo", "http-pool.max-total=20", "http-pool.compression=false",
					"http-pool.metrics.convention=otel", "http-pool.pools.orders.max-total=9" };
			app.refresh(changed);
			assertThat(output.getOut().split("Changed properties have no effect before")).hasSize(2);
			assertThat(output.getOut().replace("\n  ", " "))
				.contains("built with them: http-pool.metrics.convention, http-pool.reuse-policy, "
						+ "http-pool.compression, http-pool.pools.orders, http-pool.pools.gone"
						+ System.lineSeparator());
			assertThat(app.pool("default").settings().reusePolicy()).isEqualTo(ReusePolicy.LIFO);
			assertThat(app.pool("default").settings().maxTotal()).isEqualTo(20);
			assertThat(app.pools().find("orders")).isEmpty();
			assertThat(app.pools().find("gone")).isPresent();
			app.refresh(changed);
			assertThat(output.getOut().split("Changed properties have no effect before")).hasSize(2);
		});
	}

	@Test
	void addressAndBundleOfAFurtherPoolCannotFollow(CapturedOutput output) {
		run("http-pool.pools.orders.base-url=http://localhost:1", (app) -> {
			app.refresh("http-pool.pools.orders.base-url=http://localhost:2", "http-pool.pools.orders.ssl-bundle=other",
					"http-pool.pools.orders.proxy.url=http://localhost:3", "http-pool.pools.orders.proxy.username=user",
					"http-pool.pools.orders.proxy.password=secret");
			assertThat(output.getOut().replace("\n  ", " "))
				.contains("built with them: http-pool.pools.orders.proxy, "
						+ "http-pool.pools.orders.base-url, http-pool.pools.orders.ssl-bundle" + System.lineSeparator())
				.doesNotContain("secret");
		});
	}

	@Test
	void aNewValueWithoutEffectIsAWarningOnce(CapturedOutput output) {
		run("http-pool.max-total=10", (app) -> {
			app.refresh("http-pool.max-total=10", "http-pool.max-per-route=300");
			app.refresh("http-pool.max-total=10", "http-pool.max-per-route=300", "http-pool.max-pending=7");
			assertThat(output.getOut()
				.lines()
				.filter((line) -> line.contains("WARN") && line.contains("http-pool.max-per-route is 300"))).hasSize(1);
		});
	}

	@Test
	void aValueFromAnotherPropertyIsApplied() {
		run("http-pool.max-total=${connections.most}\nconnections.most=10", (app) -> {
			app.context.getBean(EnvironmentManager.class).setProperty("connections.most", "30");
			assertThat(app.pool("default").settings().maxTotal()).isEqualTo(30);
		});
	}

	@Test
	void aRefreshOfSomethingElseLeavesAResizeAlone() {
		run("http-pool.max-total=10", (app) -> {
			app.pool("default").resize(15, 15);
			app.refresh("http-pool.max-total=10", "other=1");
			assertThat(app.pool("default").snapshot().limits().maxTotal()).isEqualTo(15);
			app.refresh("http-pool.max-total=10", "http-pool.connect-timeout=1s");
			assertThat(app.pool("default").snapshot().limits().maxTotal()).isEqualTo(15);
		});
	}

	@Test
	void aCallUnderWayIsNotDisturbed() throws Exception {
		run("http-pool.max-total=10", (app) -> {
			Thread caller = new Thread(() -> app.get("/held"), "caller");
			caller.start();
			soon().until(() -> !this.upstream.requests().isEmpty());
			app.refresh("http-pool.max-total=1", "http-pool.response-timeout=10ms", "http-pool.call-timeout=20ms",
					"http-pool.idle-timeout=30s");
			this.hold.countDown();
			try {
				caller.join(10_000);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			assertThat(app.pool("default").snapshot().totals().closed()).isEqualTo(Map.of());
			assertThat(app.pool("default").snapshot().connections().idle()).isOne();
		});
	}

	@Test
	void withoutSpringCloudThereIsNothingToFollow() {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withClassLoader(new FilteredClassLoader(EnvironmentChangeEvent.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(HttpPools.class)
				.doesNotHaveBean("httpPoolRefresh"));
	}

	private void run(String properties, Consumer<App> test) {
		App app = new App();
		app.write(properties);
		app.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--spring.config.location=" + this.directory.toUri(), "--" + SpringCloudIfAsked.PROPERTY + "=true",
					"--spring.main.banner-mode=off");
		try (ConfigurableApplicationContext context = app.context) {
			test.accept(app);
		}
	}

	private final class App {

		private ConfigurableApplicationContext context;

		void write(String... properties) {
			try {
				Files.writeString(PoolRefreshTests.this.directory.resolve("application.properties"),
						String.join("\n", properties));
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

		void refresh(String... properties) {
			write(properties);
			this.context.getBean(ContextRefresher.class).refresh();
		}

		HttpPools pools() {
			return this.context.getBean(HttpPools.class);
		}

		HttpPool pool(String name) {
			return pools().get(name);
		}

		void get(String path) {
			RestClient client = this.context.getBean("pooledRestClient", RestClient.class);
			assertThat(client.get().uri(PoolRefreshTests.this.upstream.url() + path).retrieve().body(String.class))
				.isEqualTo("hello");
		}

		void newClient() {
			this.context.getBean(ClientHttpRequestFactoryBuilder.class)
				.build(HttpClientSettings.defaults().withSslBundle(SslBundle.of(SslStoreBundle.NONE)));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

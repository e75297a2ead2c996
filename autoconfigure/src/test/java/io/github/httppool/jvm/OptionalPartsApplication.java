package io.github.httppool.jvm;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.awaitility.Awaitility;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

/**
 * Opens, waits, repeats, cuts a drain off and closes, and says which optional parts there
 * are.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class OptionalPartsApplication {

	/** One for each task: the common pool may have a single thread. */
	private static final Executor THREADS = (task) -> new Thread(task).start();

	public static void main(String[] args) throws Exception {
		CountDownLatch hold = new CountDownLatch(1);
		ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			switch (exchange.path()) {
				case "/held" -> {
					hold.await(60, TimeUnit.SECONDS);
					exchange.ok("held");
				}
				case "/stale" -> {
					if (exchange.connection().number() == 0) {
						exchange.close();
					}
					exchange.ok("repeated");
				}
				case "/large" -> exchange.ok(new byte[200_000]);
				default -> exchange.ok("hello");
			}
		});
		try (upstream;
				ConfigurableApplicationContext context = new SpringApplicationBuilder(OptionalPartsApplication.class)
					.web(WebApplicationType.NONE)
					.run("--http-pool.max-per-route=1");
				CloseableHttpClient client = context.getBean(HttpPools.class)
					.get("default")
					.newHttpClient((builder) -> {
					})) {
			HttpPool pool = context.getBean(HttpPools.class).get("default");
			CompletableFuture<String> held = CompletableFuture.supplyAsync(() -> get(client, upstream.uri("/held")),
					THREADS);
			await(() -> upstream.requests().size() == 1);
			CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> get(client, upstream.uri("/")),
					THREADS);
			await(() -> pool.snapshot().connections().pending() == 1);
			hold.countDown();
			System.out.println(held.join() + " " + waiting.join() + " " + get(client, upstream.uri("/stale")));
			client.execute(new HttpGet(upstream.uri("/large")), (response) -> null);
			System.out.println("closed " + pool.snapshot().totals().closed());
		}
		System.out.println("jdk.jfr " + ModuleLayer.boot().findModule("jdk.jfr").isPresent());
		System.out.println("micrometer " + ClassUtils.isPresent("io.micrometer.observation.Observation", null));
	}

	private static String get(CloseableHttpClient client, URI uri) {
		try {
			return client.execute(new HttpGet(uri), (response) -> EntityUtils.toString(response.getEntity()));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void await(BooleanSupplier condition) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(condition::getAsBoolean);
	}

}

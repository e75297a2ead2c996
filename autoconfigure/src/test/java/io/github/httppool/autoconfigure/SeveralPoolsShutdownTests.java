package io.github.httppool.autoconfigure;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.httppool.HttpPools;
import io.github.httppool.PoolShutdownException;
import io.github.httppool.testing.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What closing the context does to the callers of several pools.
 */
class SeveralPoolsShutdownTests {

	private final CountDownLatch answer = new CountDownLatch(1);

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		this.answer.await(60, TimeUnit.SECONDS);
		exchange.ok("answered");
	});

	private final ExecutorService callers = Executors.newCachedThreadPool();

	@AfterEach
	void close() {
		this.answer.countDown();
		this.callers.shutdownNow();
		this.upstream.close();
	}

	@Test
	void callersThatWaitInAnyPoolAreToldWhileCallsUnderWayFinishWithinOneGrace() throws Exception {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		ConfigurableApplicationContext context = application.run("--http-pool.max-per-route=1",
				"--http-pool.acquire-timeout=60s");
		RestClient first = context.getBean("pooledRestClient", RestClient.class);
		RestClient second = RestClient.builder()
			.requestFactory(context.getBean(ClientHttpRequestFactoryBuilder.class)
				.build(HttpClientSettings.ofSslBundle(SslBundle.systemDefault())))
			.build();
		HttpPools pools = context.getBean(HttpPools.class);
		List<Future<String>> underWay = List.of(call(first), call(second));
		Awaitility.await()
			.until(() -> pools.all().stream().allMatch((pool) -> pool.snapshot().connections().leased() == 1));
		assertThat(pools.all()).hasSize(2);
		List<Future<String>> waiting = List.of(call(first), call(second));
		Awaitility.await()
			.until(() -> pools.all().stream().allMatch((pool) -> pool.snapshot().connections().pending() == 1));
		Future<?> closing = this.callers.submit(context::close);
		for (Future<String> caller : waiting) {
			assertThatThrownBy(() -> caller.get(5, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
				.hasRootCauseInstanceOf(PoolShutdownException.class);
		}
		this.answer.countDown();
		for (Future<String> call : underWay) {
			assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo("answered");
		}
		closing.get(10, TimeUnit.SECONDS);
	}

	private Future<String> call(RestClient client) {
		return this.callers.submit(() -> client.get().uri(this.upstream.uri("/")).retrieve().body(String.class));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

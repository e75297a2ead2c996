package io.github.httppool.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pool that has nothing left takes nothing from the callers of another, even those of
 * the same upstream.
 */
@Tag("waiting")
class NamedPoolIsolationTests {

	private static final int CALLS = 300;

	private static final int WAITING = 40;

	private final CountDownLatch answer = new CountDownLatch(1);

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		if (exchange.path().equals("/held")) {
			this.answer.await(120, TimeUnit.SECONDS);
		}
		exchange.ok("fine");
	});

	private final ExecutorService callers = Executors.newCachedThreadPool();

	@AfterEach
	void close() {
		this.answer.countDown();
		this.callers.shutdownNow();
		this.upstream.close();
	}

	@Test
	void theLatencyOfOnePoolStaysAsItIsWhileAnotherIsSaturated() {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues("http-pool.acquire-timeout=100s", "http-pool.response-timeout=100s",
					"http-pool.max-total=4", "http-pool.pools.orders.base-url=" + this.upstream.url(),
					"http-pool.pools.billing.base-url=" + this.upstream.url())
			.run((context) -> {
				RestClient orders = context.getBean("ordersRestClient", RestClient.class);
				RestClient billing = context.getBean("billingRestClient", RestClient.class);
				HttpPools pools = context.getBean(HttpPools.class);
				median(billing);
				long alone = median(billing);
				List<Future<?>> held = new ArrayList<>();
				for (int caller = 0; caller < 4 + WAITING; caller++) {
					held.add(this.callers.submit(() -> orders.get().uri("/held").retrieve().toBodilessEntity()));
				}
				PoolSnapshot.Connections saturated = new PoolSnapshot.Connections(4, 0, WAITING);
				Awaitility.await()
					.untilAsserted(() -> assertThat(pools.get("orders").snapshot().connections()).isEqualTo(saturated));
				long beside = median(billing);
				assertThat(pools.get("orders").snapshot().connections()).as("still").isEqualTo(saturated);
				assertThat(TimeUnit.NANOSECONDS.toMicros(beside)).as("median, alone %d ns", alone)
					.isLessThan(TimeUnit.NANOSECONDS.toMicros(3 * alone) + 20_000);
				PoolSnapshot ofBilling = pools.get("billing").snapshot();
				assertThat(ofBilling.totals().opened()).isOne();
				assertThat(ofBilling.routes()).singleElement()
					.satisfies((route) -> assertThat(route.waited().count()).isZero());
				this.answer.countDown();
				for (Future<?> call : held) {
					call.get(30, TimeUnit.SECONDS);
				}
			});
	}

	private static long median(RestClient client) {
		long[] times = new long[CALLS];
		for (int call = 0; call < CALLS; call++) {
			long started = System.nanoTime();
			client.get().uri("/").retrieve().toBodilessEntity();
			times[call] = System.nanoTime() - started;
		}
		Arrays.sort(times);
		return times[CALLS / 2];
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

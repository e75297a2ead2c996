package io.github.httppool.autoconfigure;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pool follows the addresses of a host.
 */
@Tag("waiting")
@Timeout(60)
class DnsChangeTests {

	private static final String OLD = "127.0.0.1";

	private static final String NEW = "127.0.0.2";

	/** When an upstream was asked for the last time. */
	private final Map<String, Long> lastAsked = new ConcurrentHashMap<>();

	private final CountDownLatch held = new CountDownLatch(1);

	private final ExecutorService callers = Executors.newCachedThreadPool();

	private final ScriptedUpstream former = ScriptedUpstream.plainAt(OLD, 0, (exchange) -> answer(OLD, exchange));

	private final ScriptedUpstream latter = ScriptedUpstream.plainAt(NEW, this.former.port(),
			(exchange) -> answer(NEW, exchange));

	private final String url = "http://moving.example:" + this.former.port();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("http-pool.time-to-live=1s", "http-pool.idle-timeout=1s");

	private void answer(String address, ScriptedUpstream.Exchange exchange) throws Exception {
		this.lastAsked.put(address, System.nanoTime());
		if (exchange.path().equals("/held")) {
			this.held.await(30, TimeUnit.SECONDS);
		}
		exchange.ok(address);
	}

	@AfterEach
	void close() {
		this.held.countDown();
		this.callers.shutdownNow();
		this.former.close();
		this.latter.close();
	}

	@Test
	void anAddressThatDisappearsIsLeftWithinTheTimeToLive() {
		this.runner.run((context) -> {
			Dns dns = context.getBean(Dns.class);
			AtomicBoolean done = new AtomicBoolean();
			List<Future<Integer>> busy = new ArrayList<>();
			for (int caller = 0; caller < 4; caller++) {
				busy.add(this.callers.submit(() -> callUntil(done, context)));
			}
			Awaitility.await().until(() -> this.former.accepted() >= 4);
			dns.addresses = List.of(NEW);
			long changed = System.nanoTime();
			Awaitility.await()
				.atMost(Duration.ofSeconds(10))
				.until(() -> this.former.open() == 0 && this.latter.accepted() >= 4);
			done.set(true);
			for (Future<Integer> each : busy) {
				assertThat(each.get(10, TimeUnit.SECONDS)).as("calls, none of which failed").isPositive();
			}
			assertThat(Duration.ofNanos(this.lastAsked.get(OLD) - changed)).isLessThan(Duration.ofMillis(1500));
			PoolSnapshot pool = context.getBean(HttpPools.class).get("default").snapshot();
			assertThat(pool.totals().closed()).containsOnlyKeys(CloseReason.TIME_TO_LIVE);
			assertThat(call(context, "/")).isEqualTo(NEW);
		});
	}

	private int callUntil(AtomicBoolean done, ApplicationContext context) {
		int calls = 0;
		while (!done.get()) {
			assertThat(call(context, "/")).isIn(OLD, NEW);
			calls++;
		}
		return calls;
	}

	@Test
	void aConnectionThatIsLeasedForLongerEndsWhenItIsReleased() {
		this.runner.run((context) -> {
			Future<String> leased = this.callers.submit(() -> call(context, "/held"));
			Awaitility.await().until(() -> this.former.requests().size() == 1);
			context.getBean(Dns.class).addresses = List.of(NEW);
			assertThat(call(context, "/")).as("of a new connection").isEqualTo(NEW);
			// As long as the connection may live.
			Awaitility.await()
				.pollDelay(Duration.ofMillis(1100))
				.atMost(Duration.ofSeconds(10))
				.until(() -> call(context, "/").equals(NEW));
			this.held.countDown();
			assertThat(leased.get(10, TimeUnit.SECONDS)).isEqualTo(OLD);
			Awaitility.await().until(() -> this.former.open() == 0);
			assertThat(call(context, "/")).isEqualTo(NEW);
			assertThat(this.former.requests()).hasSize(1);
		});
	}

	@Test
	void anUpstreamThatIsGoneWithItsAddressIsLeftAtOnce() {
		this.runner.run((context) -> {
			assertThat(call(context, "/")).isEqualTo(OLD);
			context.getBean(Dns.class).addresses = List.of(NEW);
			this.former.close();
			for (int call = 0; call < 10; call++) {
				assertThat(call(context, "/")).isEqualTo(NEW);
			}
		});
	}

	@Test
	void aLiveAddressIsFoundAfterTheFallbackDelayIfTheFirstIsDead() throws Exception {
		this.former.close();
		try (DeadAddress dead = new DeadAddress(OLD, this.latter.port())) {
			this.runner.withPropertyValues("http-pool.connect-timeout=4s", "http-pool.time-to-live=5m")
				.run((context) -> {
					context.getBean(Dns.class).addresses = List.of(OLD, NEW);
					long started = System.nanoTime();
					assertThat(call(context, "/")).isEqualTo(NEW);
					assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(Duration.ofMillis(200),
							Duration.ofSeconds(4));
					assertThat(call(context, "/")).as("over the same connection").isEqualTo(NEW);
					assertThat(this.latter.accepted()).isEqualTo(1);
				});
		}
	}

	private String call(ApplicationContext context, String path) {
		return context.getBean("pooledRestClient", RestClient.class)
			.get()
			.uri(this.url + path)
			.retrieve()
			.body(String.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Dns dns() {
			return new Dns();
		}

		@Bean
		HttpPoolCustomizer dnsCustomizer(Dns dns) {
			return new HttpPoolCustomizer() {

				@Override
				public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
					connections.setDnsResolver(dns);
				}

			};
		}

	}

	static final class Dns extends SystemDefaultDnsResolver {

		private volatile List<String> addresses = List.of(OLD);

		@Override
		public InetAddress[] resolve(String host) throws UnknownHostException {
			List<InetAddress> found = new ArrayList<>();
			for (String address : this.addresses) {
				found.add(InetAddress.getByName(address));
			}
			return found.toArray(InetAddress[]::new);
		}

	}

}

package io.github.httppool.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CloseReason;
import io.github.httppool.Finding;
import io.github.httppool.HeldLease;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PoolEvent;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.PooledConnectionInfo;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HttpPoolMetricsTests {

	private final HttpPoolMetrics metrics = new HttpPoolMetrics();

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void routesBeyondAHundredShareTheMetersOfOther() {
		this.metrics.bindTo(this.registry);
		this.metrics.poolCreated(new FixedPool());
		for (int i = 0; i < 150; i++) {
			Call call = new Call("http://host-" + i);
			this.metrics.acquireStarted(call);
			this.metrics.acquireEnded(call, AcquireOutcome.OPENED, 1_000_000, -1);
		}
		List<String> routes = this.registry.find("http.pool.acquire")
			.timers()
			.stream()
			.map((timer) -> timer.getId().getTag("route"))
			.toList();
		assertThat(routes).hasSize(101).contains("http://host-99", "other").doesNotContain("http://host-100");
		assertThat(timer(this.registry, "http.pool.acquire", "route", "other").count()).isEqualTo(50);
		assertThat(
				this.registry.get("http.pool.connections").tag("route", "other").tag("state", "leased").gauge().value())
			.as("the sum of those that have no meters")
			.isEqualTo(50);
	}

	@Test
	void aRegistryThatComesLaterGetsTheMetersOfThePoolsThatAreThere() {
		this.metrics.poolCreated(new FixedPool());
		Call call = new Call("http://host-0");
		this.metrics.acquireStarted(call);
		this.metrics.bindTo(this.registry);
		this.metrics.acquireEnded(call, AcquireOutcome.REUSED, 2_000_000, 5);
		assertThat(timer(this.registry, "http.pool.acquire", "outcome", "reused").count()).isEqualTo(1);
		assertThat(this.registry.get("http.pool.connections.max").gauge().value()).isEqualTo(200);
	}

	@Test
	void leaksAreCountedAndShownBeforeThereIsOne() {
		this.metrics.bindTo(this.registry);
		this.metrics.poolCreated(new FixedPool());
		assertThat(this.registry.get("http.pool.leaks").tag("pool", "fixed").counter().count()).isZero();
		this.metrics.leakDetected(new Call("http://host-0"), null);
		this.metrics.leakDetected(new Call("http://host-1"), new Exception("where it was taken"));
		assertThat(this.registry.get("http.pool.leaks").counter().count()).isEqualTo(2);
	}

	@Test
	void severalRegistriesGetEachMeasurementOnce() {
		SimpleMeterRegistry second = new SimpleMeterRegistry();
		this.metrics.bindTo(this.registry);
		this.metrics.poolCreated(new FixedPool());
		this.metrics.bindTo(second);
		this.metrics.bindTo(second);
		this.metrics.connectionClosed(new Closed(), CloseReason.IDLE_TIMEOUT);
		for (MeterRegistry each : List.of(this.registry, second)) {
			Timer age = timer(each, "http.pool.connection.age", "reason", "idle-timeout");
			assertThat(age.count()).isEqualTo(1);
			assertThat(age.totalTime(TimeUnit.SECONDS)).isEqualTo(42);
		}
	}

	private static Timer timer(MeterRegistry registry, String name, String tag, String value) {
		return registry.get(name).tag(tag, value).tag("pool", "fixed").timer();
	}

	/**
	 * Has 150 routes, with a leased connection each.
	 */
	private static final class FixedPool implements HttpPool {

		@Override
		public String name() {
			return "fixed";
		}

		@Override
		public HttpPoolSettings settings() {
			return HttpPoolSettings.builder().build();
		}

		@Override
		public PoolSnapshot snapshot() {
			List<PoolSnapshot.Route> routes = IntStream.range(0, 150)
				.mapToObj((i) -> new PoolSnapshot.Route("http://host-" + i, 1, 0, 0, 50, 1, 0, Map.of(), Map.of(), 0, 0,
						0, 0, PoolSnapshot.Times.NONE, PoolSnapshot.Times.NONE, PoolSnapshot.Times.NONE,
						PoolSnapshot.Times.NONE, PoolSnapshot.Times.NONE))
				.toList();
			return new PoolSnapshot("fixed", new PoolSnapshot.Limits(200, 50, 50, 1000),
					new PoolSnapshot.Connections(150, 0, 0),
					new PoolSnapshot.Totals(150, 150, 0, Map.of(), Map.of(), 0, 0, 0, 0), routes);
		}

		@Override
		public List<HeldLease> leases() {
			return List.of();
		}

		@Override
		public List<Finding> findings() {
			return List.of();
		}

		@Override
		public List<PoolEvent> events() {
			return List.of();
		}

		@Override
		public void resize(int maxTotal, int maxPerRoute) {
		}

		@Override
		public void evict() {
		}

	}

	private record Call(String route) implements LeaseInfo {

		@Override
		public String pool() {
			return "fixed";
		}

		@Override
		public long callId() {
			return 0;
		}

		@Override
		public @Nullable PooledConnectionInfo connection() {
			return null;
		}

		@Override
		public String call() {
			return "GET /";
		}

		@Override
		public String thread() {
			return "main";
		}

		@Override
		public Duration heldFor() {
			return Duration.ZERO;
		}

	}

	private static final class Closed implements PooledConnectionInfo {

		@Override
		public String id() {
			return "1";
		}

		@Override
		public String pool() {
			return "fixed";
		}

		@Override
		public String route() {
			return "http://host-0";
		}

		@Override
		public Duration age() {
			return Duration.ofSeconds(42);
		}

		@Override
		public long exchanges() {
			return 1;
		}

		@Override
		public long bytesReceived() {
			return 0;
		}

		@Override
		public long bytesSent() {
			return 0;
		}

	}

}

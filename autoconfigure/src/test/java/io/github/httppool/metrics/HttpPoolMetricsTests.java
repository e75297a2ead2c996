package io.github.httppool.metrics;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import io.github.httppool.AcquireOutcome;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.HeldLease;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PoolEvent;
import io.github.httppool.PoolLoad;
import io.github.httppool.PoolSample;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.Severity;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class HttpPoolMetricsTests {

	private static final String ROUTE = "http://host-0";

	private static final Call CALL = new Call(ROUTE);

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
			.distinct()
			.toList();
		assertThat(routes).hasSize(101).contains("http://host-99", "other").doesNotContain("http://host-100");
		assertThat(this.registry.get("http.pool.acquire").tags("route", "other", "outcome", "opened").timer().count())
			.isEqualTo(50);
		assertThat(
				this.registry.get("http.pool.connections").tag("route", "other").tag("state", "leased").gauge().value())
			.as("the sum of those that have no meters")
			.isEqualTo(50);
	}

	@Test
	void theLimitOfEachRouteIsShown() {
		bindTo(this.registry);
		for (int i = 0; i < 150; i++) {
			this.metrics.acquireStarted(new Call("http://host-" + i));
		}
		assertThat(this.registry.get("http.pool.route.connections.max").tag("route", ROUTE).gauge().value())
			.isEqualTo(50);
		assertThat(this.registry.get("http.pool.route.connections.max").tag("route", "other").gauge().value())
			.as("of 50 routes together")
			.isEqualTo(2500);
	}

	@Test
	void openFindingsAreCountedByCodeAndSeverity() {
		bindTo(this.registry);
		assertThat(findings(FindingCode.POOL_TOO_SMALL, Severity.CRITICAL)).isEqualTo(2);
		assertThat(findings(FindingCode.POOL_TOO_SMALL, Severity.WARNING)).isZero();
		assertThat(findings(FindingCode.PAUSES, Severity.WARNING)).isOne();
		assertThat(this.registry.get("http.pool.findings").gauges()).as("there before there is one")
			.hasSize(Stream.of(FindingCode.values()).mapToInt((code) -> code.severities().size()).sum());
	}

	private double findings(FindingCode code, Severity severity) {
		return this.registry.get("http.pool.findings")
			.tags("pool", "fixed", "code", code.name(), "severity", severity.code())
			.gauge()
			.value();
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

	@ParameterizedTest
	@EnumSource
	void eachOutcomeOfAWaitIsMeasured(AcquireOutcome outcome) {
		bindTo(this.registry);
		this.metrics.acquireStarted(CALL);
		assertThat(timer(this.registry, "http.pool.acquire", "outcome", outcome.code()).count())
			.as("there before the first one, which would not be seen as an increase")
			.isZero();
		this.metrics.acquireEnded(CALL, outcome, 3_000_000, -1);
		assertThat(this.registry.get("http.pool.acquire").timers()).hasSize(AcquireOutcome.values().length)
			.allSatisfy((timer) -> {
				boolean expected = outcome.code().equals(timer.getId().getTag("outcome"));
				assertThat(timer.count()).isEqualTo(expected ? 1 : 0);
				assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(expected ? 3 : 0);
			});
	}

	@ParameterizedTest
	@EnumSource
	void eachReasonOfAnEndIsMeasured(CloseReason reason) {
		bindTo(this.registry);
		this.metrics.connectionClosed(new Closed(), reason);
		this.metrics.connectionClosed(new Closed(), reason);
		Timer age = this.registry.get("http.pool.connection.age").timer();
		assertThat(age.getId().getTags())
			.containsExactlyInAnyOrderElementsOf(Tags.of("pool", "fixed", "route", ROUTE, "reason", reason.code()));
		assertThat(age.count()).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource
	void eachOutcomeOfADrainIsCountedAndShownBefore(DrainOutcome outcome) {
		bindTo(this.registry);
		assertThat(this.registry.get("http.pool.drain").counters()).hasSize(DrainOutcome.values().length);
		this.metrics.drained(CALL, outcome, 10, 1_000_000);
		assertThat(this.registry.get("http.pool.drain").tag("outcome", outcome.code()).counter().count()).isOne();
	}

	@Test
	void eachPhaseOfAConnectIsMeasured() {
		bindTo(this.registry);
		IOException failure = new IOException("refused");
		InetSocketAddress address = new InetSocketAddress(80);
		this.metrics.dnsEnded(CALL, "host-0", 1_000_000, null);
		this.metrics.dnsEnded(CALL, "host-0", 2_000_000, failure);
		this.metrics.connectEnded(CALL, address, 3_000_000, null);
		assertThat(this.registry.find("http.pool.connect").tag("phase", "tls").timers()).as("a route without TLS")
			.isEmpty();
		this.metrics.connectEnded(CALL, address, 4_000_000, failure);
		this.metrics.tlsEnded(CALL, null, 5_000_000, failure);
		Map<String, Double> milliseconds = this.registry.get("http.pool.connect")
			.timers()
			.stream()
			.collect(Collectors.toMap((timer) -> timer.getId().getTag("phase") + " " + timer.getId().getTag("outcome"),
					(timer) -> timer.totalTime(TimeUnit.MILLISECONDS)));
		assertThat(milliseconds).isEqualTo(Map.of("dns success", 1.0, "dns failure", 2.0, "tcp success", 3.0,
				"tcp failure", 4.0, "tls success", 0.0, "tls failure", 5.0));
	}

	@Test
	void theTimeFromLeaseToReleaseIsMeasured() {
		bindTo(this.registry);
		this.metrics.released(CALL, null);
		this.metrics.released(CALL, CloseReason.ERROR);
		Timer usage = this.registry.get("http.pool.usage").tags("pool", "fixed", "route", ROUTE).timer();
		assertThat(usage.count()).isEqualTo(2);
		assertThat(usage.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(14);
	}

	@Test
	void metersBearTheNamesAndTagsOfOpenTelemetryWhereItHasSome() {
		HttpPoolMetrics otel = new HttpPoolMetrics(MetricsConvention.OTEL);
		otel.bindTo(this.registry);
		otel.poolCreated(new FixedPool());
		Map<String, Tags> servers = Map.of("http://host-0:8080",
				Tags.of("server.address", "host-0", "server.port", "8080", "url.scheme", "http"), "https://host-1",
				Tags.of("server.address", "host-1", "server.port", "443", "url.scheme", "https"),
				"https://[2001:db8::1]:8443 via http://proxy:3128",
				Tags.of("server.address", "2001:db8::1", "server.port", "8443", "url.scheme", "https"), "http://[::1]",
				Tags.of("server.address", "::1", "server.port", "80", "url.scheme", "http"));
		servers.forEach((route, server) -> {
			otel.acquireStarted(new Call(route));
			Tags tags = server.and("pool", "fixed", "route", route);
			assertThat(this.registry.get("http.client.active_requests").tags("route", route).gauge().getId().getTags())
				.containsExactlyInAnyOrderElementsOf(tags);
			assertThat(this.registry.get("http.client.open_connections").tags("route", route).gauges())
				.extracting((gauge) -> Tags.of(gauge.getId().getTags()))
				.containsExactlyInAnyOrder(tags.and("http.connection.state", "active"),
						tags.and("http.connection.state", "idle"));
		});
		otel.connectionClosed(new Closed(), CloseReason.IDLE_TIMEOUT);
		Timer duration = this.registry.get("http.client.connection.duration").timer();
		assertThat(duration.getId().getTags()).containsExactlyInAnyOrderElementsOf(Tags.of("server.address", "host-0",
				"server.port", "80", "url.scheme", "http", "pool", "fixed", "route", ROUTE, "reason", "idle-timeout"));
		assertThat(duration.totalTime(TimeUnit.SECONDS)).isEqualTo(42);
		assertThat(duration.takeSnapshot().histogramCounts()).extracting(CountAtBucket::bucket)
			.hasSize(14)
			.contains(1e7, 3e11);
		assertThat(this.registry.getMeters()).extracting((meter) -> meter.getId().getName())
			.doesNotContain("http.pool.connections", "http.pool.connection.age")
			.contains("http.pool.acquire", "http.pool.pending", "http.pool.connections.max", "http.pool.drain");
	}

	@Test
	void routesBeyondAHundredShareOneServerOfOpenTelemetry() {
		HttpPoolMetrics otel = new HttpPoolMetrics(MetricsConvention.OTEL);
		otel.bindTo(this.registry);
		otel.poolCreated(new FixedPool());
		IntStream.range(0, 150).forEach((i) -> otel.acquireStarted(new Call("http://host-" + i)));
		assertThat(this.registry.get("http.client.active_requests").gauges()).hasSize(101);
		Gauge other = this.registry.get("http.client.active_requests")
			.tags("route", "other", "server.address", "other", "server.port", "0", "url.scheme", "other")
			.gauge();
		assertThat(other.value()).isEqualTo(50);
	}

	@ParameterizedTest
	@EnumSource
	void aRegistryThatOutlivesThePoolsIsLeftClean(MetricsConvention convention) {
		HttpPoolMetrics metrics = new HttpPoolMetrics(convention);
		Counter others = this.registry.counter("orders");
		metrics.bindTo(this.registry);
		metrics.poolCreated(new FixedPool());
		metrics.acquireEnded(CALL, AcquireOutcome.OPENED, 1, -1);
		metrics.connectionClosed(new Closed(), CloseReason.SHUTDOWN);
		assertThat(this.registry.getMeters()).hasSizeGreaterThan(10);
		metrics.close();
		assertThat(this.registry.getMeters()).containsExactly(others);
		metrics.connectionClosed(new Closed(), CloseReason.EVICTED);
		metrics.poolCreated(new FixedPool());
		metrics.acquireEnded(CALL, AcquireOutcome.OPENED, 1, -1);
		assertThat(this.registry.getMeters()).as("what comes late").containsExactly(others);
	}

	@Test
	void aTimerThatIsAddedAtTheEndDoesNotStay() {
		RegistryMeters meters = new RegistryMeters(this.registry);
		meters.remove();
		meters.timer(Timer.builder("late"));
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void whatEachCallTouchesAllocatesNextToNothing() {
		bindTo(this.registry);
		bindTo(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long thread = Thread.currentThread().getId();
		call(20_000);
		long before = threads.getThreadAllocatedBytes(thread);
		call(20_000);
		assertThat((threads.getThreadAllocatedBytes(thread) - before) / 20_000).isLessThan(100);
	}

	private void call(int times) {
		for (int i = 0; i < times; i++) {
			this.metrics.acquireStarted(CALL);
			this.metrics.acquireEnded(CALL, AcquireOutcome.REUSED, 1000, 5);
			this.metrics.drained(CALL, DrainOutcome.REUSED, 10, 1000);
			this.metrics.released(CALL, null);
		}
	}

	private void bindTo(MeterRegistry registry) {
		this.metrics.bindTo(registry);
		this.metrics.poolCreated(new FixedPool());
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
		public CloseableHttpClient newHttpClient(Consumer<HttpClientBuilder> customizer) {
			throw new UnsupportedOperationException();
		}

		@Override
		public PoolSnapshot snapshot() {
			throw new UnsupportedOperationException();
		}

		@Override
		public PoolSnapshot snapshot(int mostRoutes) {
			throw new UnsupportedOperationException();
		}

		@Override
		public PoolLoad load() {
			return new PoolLoad(200, findings(), IntStream.range(0, 150)
				.mapToObj((i) -> new PoolLoad.Route("http://host-" + i, new PoolSnapshot.Connections(1, 0, 0), 50))
				.toList());
		}

		@Override
		public List<PoolSample> history() {
			return List.of();
		}

		@Override
		public List<HeldLease> leases() {
			return List.of();
		}

		@Override
		public List<Finding> findings() {
			return List.of(new Finding(FindingCode.POOL_TOO_SMALL, Severity.CRITICAL, ROUTE, "", ""),
					new Finding(FindingCode.POOL_TOO_SMALL, Severity.CRITICAL, "http://host-1", "", ""),
					new Finding(FindingCode.PAUSES, Severity.WARNING, null, "", ""));
		}

		@Override
		public List<PoolEvent> events() {
			return List.of();
		}

		@Override
		public void resize(int maxTotal, int maxPerRoute) {
		}

		@Override
		public List<String> change(HttpPoolSettings settings) {
			return List.of();
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
			return Duration.ofMillis(7);
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

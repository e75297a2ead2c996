package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.httppool.AcquireRejectedException;
import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PoolEvent;
import io.github.httppool.testing.ClosedPort;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for the pool's events in a recording of JDK Flight Recorder.
 */
@Tag("waiting")
@Timeout(120)
class JfrEventsTests {

	/** One for each task: the common pool may have a single thread. */
	private static final Executor THREADS = (task) -> new Thread(task).start();

	private static final String NAMES = "io.github.httppool.";

	private final CountDownLatch hold = new CountDownLatch(1);

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		switch (exchange.path()) {
			case "/held" -> {
				this.hold.await(60, TimeUnit.SECONDS);
				exchange.ok("held");
			}
			case "/last" -> exchange.status(200, "hello", "Connection: close");
			default -> exchange.ok("hello");
		}
	});

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.hold.countDown();
		this.upstream.close();
	}

	@Test
	void aConnectionIsRecordedWhenItOpensAndWhenItCloses() throws Exception {
		List<RecordedEvent> events = record(() -> {
			try (PoolFixture pool = PoolFixture.withDefaults()) {
				pool.get(this.upstream.uri("/first?secret=1"));
				pool.get(this.upstream.uri("/last"));
			}
		});
		assertThat(named(events, "Acquire")).isEmpty();
		RecordedEvent connect = single(events, "Connect");
		assertThat(connect.getString("pool")).isEqualTo("default");
		assertThat(connect.getString("route")).isEqualTo(this.upstream.url());
		assertThat(connect.getString("call")).isEqualTo("GET /first");
		assertThat(connect.getString("connection")).startsWith("http-pool-default-");
		assertThat(connect.getString("outcome")).isEqualTo("success");
		assertThat(connect.getString("failure")).isNull();
		assertThat(connect.getDuration()).isGreaterThanOrEqualTo(connect.getDuration("tcp"));
		assertThat(connect.getDuration("tcp")).isPositive();
		assertThat(connect.getDuration("dns")).isPositive();
		assertThat(connect.getDuration("tls")).isZero();
		assertThat(connect.getThread().getJavaName()).isEqualTo(Thread.currentThread().getName());
		assertThat(connect.getStackTrace()).isNull();
		RecordedEvent close = single(events, "Close");
		assertThat(close.getString("pool")).isEqualTo("default");
		assertThat(close.getString("route")).isEqualTo(this.upstream.url());
		assertThat(close.getString("connection")).isEqualTo(connect.getString("connection"));
		assertThat(close.getString("reason")).isEqualTo("server-close");
		assertThat(close.getDuration("age")).isPositive();
		assertThat(close.getLong("exchanges")).isEqualTo(2);
		assertThat(close.getLong("bytesReceived")).isPositive();
		assertThat(close.getLong("bytesSent")).isPositive();
	}

	@Test
	void aPlainReusedConnectionIsNotRecorded() throws Exception {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			pool.get(this.upstream.uri("/"));
			assertThat(record(() -> {
				for (int i = 0; i < 10; i++) {
					pool.get(this.upstream.uri("/"));
				}
			})).isEmpty();
		}
	}

	@Test
	void aHandshakeAndAFailureAreRecorded() throws Exception {
		List<RecordedEvent> events = record(() -> {
			try (ScriptedUpstream secure = ScriptedUpstream.tls((exchange) -> exchange.ok("hello"));
					PoolFixture pool = PoolFixture.withDefaults()) {
				pool.get(secure.uri("/"));
				assertThatIOException().isThrownBy(() -> pool.get(URI.create("http://127.0.0.1:" + ClosedPort.next())));
			}
		});
		assertThat(named(events, "Connect")).satisfiesExactly((secure) -> {
			assertThat(secure.getDuration("tls")).isPositive();
			assertThat(secure.getString("outcome")).isEqualTo("success");
		}, (failed) -> {
			assertThat(failed.getString("outcome")).isEqualTo("failure");
			assertThat(failed.getString("failure")).contains("HostConnectException");
			assertThat(failed.getDuration("tcp")).isZero();
		});
	}

	@Test
	void aWaitIsRecordedWithItsOutcome() throws Exception {
		List<RecordedEvent> events = record(() -> {
			try (PoolFixture pool = with((settings) -> settings.acquireTimeout(Duration.ofMillis(50)))) {
				CompletableFuture<?> held = hold(pool);
				assertThatExceptionOfType(AcquireTimeoutException.class)
					.isThrownBy(() -> pool.get(this.upstream.uri("/late")));
				this.hold.countDown();
				held.join();
			}
		});
		RecordedEvent acquire = single(events, "Acquire");
		assertThat(acquire.getString("pool")).isEqualTo("default");
		assertThat(acquire.getString("route")).isEqualTo(this.upstream.url());
		assertThat(acquire.getString("call")).isEqualTo("GET /late");
		assertThat(acquire.getString("outcome")).isEqualTo("timeout");
		assertThat(acquire.getString("connection")).isNull();
		assertThat(acquire.getDuration()).isGreaterThan(Duration.ofMillis(10));
	}

	@Test
	void aWaitThatIsServedIsRecordedWithItsConnection() throws Exception {
		List<RecordedEvent> events = record(() -> {
			try (PoolFixture pool = with((settings) -> {
			})) {
				CompletableFuture<?> held = hold(pool);
				CompletableFuture<?> waiting = CompletableFuture.runAsync(() -> get(pool, "/waiting"), THREADS);
				soon().until(() -> pool.snapshot().connections().pending() == 1);
				this.hold.countDown();
				held.join();
				waiting.join();
			}
		});
		RecordedEvent acquire = single(events, "Acquire");
		assertThat(acquire.getString("outcome")).isEqualTo("reused");
		assertThat(acquire.getString("connection")).isEqualTo(single(events, "Connect").getString("connection"));
	}

	@Test
	void aRefusalIsRecorded() throws Exception {
		List<RecordedEvent> events = record(() -> {
			try (PoolFixture pool = with((settings) -> settings.maxPending(0))) {
				CompletableFuture<?> held = hold(pool);
				assertThatExceptionOfType(AcquireRejectedException.class)
					.isThrownBy(() -> pool.get(this.upstream.uri("/one-too-many")));
				this.hold.countDown();
				held.join();
			}
		});
		assertThat(single(events, "Acquire").getString("outcome")).isEqualTo("rejected");
	}

	@Test
	void aConnectionThatTheHousekeeperClosesIsRecorded() throws Exception {
		List<RecordedEvent> events = record(() -> {
			try (PoolFixture pool = PoolFixture.with((settings) -> settings.idleTimeout(Duration.ofMillis(100)))) {
				pool.get(this.upstream.uri("/"));
				soon().until(() -> pool.snapshot().connections().idle() == 0);
				soon().until(() -> !pool.snapshot().totals().closed().isEmpty());
			}
		});
		assertThat(single(events, "Close").getString("reason")).isEqualTo("idle-timeout");
	}

	@Test
	void aFindingIsRecorded() throws Exception {
		List<RecordedEvent> events = record(() -> {
			try (PoolFixture pool = PoolFixture.ofOrders((settings) -> {
			})) {
				soon().until(() -> {
					for (int i = 0; i < 20; i++) {
						pool.get(this.upstream.uri("/last"));
					}
					return !pool.pool.findings().isEmpty();
				});
				soon().until(
						() -> pool.pool.events().stream().anyMatch((event) -> event.type() == PoolEvent.Type.FINDING));
			}
		});
		assertThat(named(events, "Finding")).isNotEmpty().allSatisfy((finding) -> {
			assertThat(finding.getString("pool")).isEqualTo("orders");
			assertThat(finding.getString("code")).isNotBlank();
			assertThat(finding.getString("severity")).isIn("info", "warning", "critical");
			assertThat(finding.getString("message")).isNotBlank();
			assertThat(finding.getString("advice")).isNotBlank();
		});
	}

	@Test
	void eachEventAndEachOfItsFieldsHasALabel() throws Exception {
		List<RecordedEvent> events = record(() -> {
			try (PoolFixture pool = with((settings) -> settings.maxPending(0))) {
				CompletableFuture<?> held = hold(pool);
				assertThatIOException().isThrownBy(() -> pool.get(this.upstream.uri("/")));
				this.hold.countDown();
				held.join();
			}
		});
		List<EventType> types = events.stream().map(RecordedEvent::getEventType).distinct().toList();
		assertThat(types).extracting(EventType::getName)
			.containsExactlyInAnyOrder(NAMES + "Acquire", NAMES + "Connect", NAMES + "Close");
		assertThat(types).allSatisfy((type) -> {
			assertThat(type.getLabel()).isNotBlank();
			assertThat(type.getDescription()).isNotBlank();
			assertThat(type.getCategoryNames()).containsExactly("HTTP Pool");
			assertThat(type.getFields()).extracting(ValueDescriptor::getLabel).doesNotContainNull();
		});
	}

	private PoolFixture with(Consumer<HttpPoolSettings.Builder> settings) {
		return PoolFixture.with((builder) -> {
			builder.maxPerRoute(1);
			settings.accept(builder);
		});
	}

	private CompletableFuture<?> hold(PoolFixture pool) {
		CompletableFuture<?> held = CompletableFuture.runAsync(() -> get(pool, "/held"), THREADS);
		soon().until(() -> this.upstream.requests().size() == 1);
		return held;
	}

	private void get(PoolFixture pool, String path) {
		try {
			pool.get(this.upstream.uri(path));
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private List<RecordedEvent> record(Work work) throws Exception {
		Path file = this.directory.resolve("recording.jfr");
		try (Recording recording = new Recording()) {
			recording.start();
			work.run();
			recording.stop();
			recording.dump(file);
		}
		List<RecordedEvent> events = RecordingFile.readAllEvents(file);
		Files.delete(file);
		return events.stream()
			.filter((event) -> event.getEventType().getName().startsWith(NAMES))
			.sorted(Comparator.comparing(RecordedEvent::getStartTime))
			.toList();
	}

	private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
		return events.stream().filter((event) -> event.getEventType().getName().equals(NAMES + name)).toList();
	}

	private static RecordedEvent single(List<RecordedEvent> events, String name) {
		List<RecordedEvent> named = named(events, name);
		assertThat(named).hasSize(1);
		return named.get(0);
	}

	@FunctionalInterface
	private interface Work {

		void run() throws Exception;

	}

}

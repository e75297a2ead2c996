package io.github.httppool.hc5.pool;

import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.github.httppool.HeldLease;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.LeaseInfo;
import io.github.httppool.hc5.exec.CallExec;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.LeakLog;
import io.github.httppool.testing.LostResponse;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Scripts;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for leases that are held for longer than the leak detection threshold.
 */
@Tag("waiting")
@Timeout(60)
class LeakTaskTests {

	private static final Duration THRESHOLD = Duration.ofMillis(100);

	private final LeakLog log = new LeakLog();

	@AfterEach
	void close() {
		this.log.close();
	}

	@Test
	void leaseIsReportedOnceAndAgainWhenItIsReleased() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.BODIES);
				PoolFixture pool = PoolFixture.with((settings) -> settings.leakDetectionThreshold(THRESHOLD))) {
			try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/length?secret=1")))) {
				soon().until(() -> !this.log.at(Level.WARN).isEmpty());
				await().during(THRESHOLD.multipliedBy(5)).until(() -> this.log.at(Level.WARN).size() == 1);
				assertThat(this.log.at(Level.INFO)).isEmpty();
			}
			ILoggingEvent warning = this.log.at(Level.WARN).get(0);
			assertThat(warning.getLoggerName()).isEqualTo("io.github.httppool.leak");
			assertThat(warning.getFormattedMessage())
				.contains("GET /length has held its connection to " + upstream.url() + " for ", "longer than 100ms",
						"pool 'default'", "http-pool.leak-detection-threshold",
						"thread '" + Thread.currentThread().getName() + "'",
						"Route: 1 leased, 0 idle, 0 pending, limit 50.",
						"Pool: 1 leased, 0 idle, 0 pending, limit 200.", "try-with-resources")
				.doesNotContain("secret");
			assertThat(warning.getThrowableProxy().getStackTraceElementProxyArray())
				.extracting((frame) -> frame.getStackTraceElement().getClassName())
				.doesNotContain(CallExec.class.getName())
				.contains(LeakTaskTests.class.getName());
			assertThat(this.log.at(Level.INFO, 1)).singleElement()
				.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("GET /length has ended",
						upstream.url(), "pool 'default'"));
			assertThat(pool.snapshot().totals().leaks()).isEqualTo(1);
			assertThat(pool.snapshot().connections().idle()).as("it came back after all").isEqualTo(1);
		}
	}

	@Test
	void nameOfTheThreadCannotLookLikeALineOfTheLog() throws Exception {
		Thread thread = Thread.currentThread();
		String name = thread.getName();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.BODIES);
				PoolFixture pool = PoolFixture.with((settings) -> settings.leakDetectionThreshold(THRESHOLD))) {
			thread.setName("worker\nERROR all is lost");
			try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/length")))) {
				soon().until(() -> !this.log.at(Level.WARN).isEmpty());
				assertThat(pool.pool.leases()).singleElement()
					.extracting(HeldLease::thread)
					.isEqualTo("worker ERROR all is lost");
			}
			assertThat(this.log.at(Level.WARN).get(0).getFormattedMessage().lines())
				.noneMatch((line) -> line.startsWith("ERROR"));
		}
		finally {
			thread.setName(name);
		}
	}

	@Test
	void leaseThatIsAlsoLostIsCountedOnce() throws Exception {
		List<Throwable> callers = new CopyOnWriteArrayList<>();
		HttpPoolListener listener = new HttpPoolListener() {

			@Override
			public void leakDetected(LeaseInfo lease, Throwable caller) {
				callers.add(caller);
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.BODIES);
				PoolFixture pool = PoolFixture.with((settings) -> settings.leakDetectionThreshold(THRESHOLD),
						listener)) {
			LostResponse.lose(pool, upstream.uri("/length"));
			soon().until(() -> pool.snapshot().totals().leaks() == 1);
			LostResponse.awaitNoneLeased(pool);
			assertThat(pool.snapshot().totals().leaks()).isEqualTo(1);
			assertThat(callers).singleElement().isInstanceOf(CallerTrace.class);
			assertThat(this.log.at(Level.WARN, 2)).extracting(ILoggingEvent::getFormattedMessage)
				.satisfiesExactly((first) -> assertThat(first).contains("has held its connection"),
						(second) -> assertThat(second).contains("was lost without being closed"));
		}
	}

	@Test
	void leaseThatWaitsForAResponseIsReported() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.with((settings) -> settings.leakDetectionThreshold(THRESHOLD)
					.responseTimeout(THRESHOLD.multipliedBy(5)))) {
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> pool.get(upstream.uri("/stall")));
			assertThat(this.log.at(Level.WARN)).singleElement()
				.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("GET /stall"));
			assertThat(this.log.at(Level.INFO, 1)).hasSize(1);
		}
	}

	@Test
	void eachHopOfARedirectIsALeaseOfItsOwn() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.BODIES);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.leakDetectionThreshold(Duration.ofSeconds(1)));
				CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/redirect")))) {
			soon().until(() -> !this.log.at(Level.WARN).isEmpty());
			assertThat(response.getCode()).isEqualTo(200);
			assertThat(this.log.at(Level.WARN)).singleElement()
				.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("GET /length"));
			assertThat(pool.snapshot().totals().calls()).isEqualTo(2);
		}
	}

	@Test
	void noLeaseIsWatchedWithoutAThreshold() throws Exception {
		assertThat(watchesOf((settings) -> {
		})).isZero();
		assertThat(watchesOf((settings) -> settings.leakDetectionThreshold(Duration.ofMinutes(1)))).isEqualTo(1);
	}

	private static int watchesOf(Consumer<HttpPoolSettings.Builder> settings) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.BODIES);
				PoolFixture pool = PoolFixture.with(settings)) {
			int watches;
			try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/length")))) {
				watches = pool.pool.scheduledTimeouts();
			}
			assertThat(pool.pool.scheduledTimeouts()).isZero();
			return watches;
		}
	}

	@Test
	void leaseThatEndsInTimeIsNotReported() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.BODIES);
				PoolFixture pool = PoolFixture
					.with((settings) -> settings.leakDetectionThreshold(Duration.ofSeconds(2)));
				Crowd crowd = new Crowd(4)) {
			crowd.all(200, (caller, time) -> pool.get(upstream.uri("/length")));
			// Watches that were not ended would fire before this one.
			try (CloseableHttpResponse response = pool.open(new HttpGet(upstream.uri("/chunks")));
					InputStream body = response.getEntity().getContent()) {
				assertThat(body.read()).isPositive();
				soon().until(() -> !this.log.at(Level.WARN).isEmpty());
			}
			assertThat(this.log.at(Level.WARN)).singleElement()
				.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("GET /chunks"));
			assertThat(pool.snapshot().totals().leaks()).isEqualTo(1);
		}
	}

}

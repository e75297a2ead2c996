package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.PoolEvent;
import io.github.httppool.Severity;
import io.github.httppool.testing.LoggedLines;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests how a pool that is too small reports that callers wait, that they wait in vain,
 * and that it is over: in the log, in the events and in the values of the meters.
 */
@Tag("waiting")
@Timeout(120)
class FindingEscalationTests {

	private static final Sampling FAST = Sampling.every(Duration.ofMillis(100), Duration.ofSeconds(3));

	private volatile boolean stopped;

	@Test
	void escalationAndEndOfAFindingAreReportedAtOnce() throws Exception {
		try (LoggedLines log = LoggedLines.of("io.github.httppool.findings");
				ScriptedUpstream upstream = ScriptedUpstream
					.plain((exchange) -> exchange.after(Duration.ofMillis(200)).ok("hello"));
				PoolFixture pool = PoolFixture.sampled(FAST,
						(settings) -> settings.maxPerRoute(2).acquireTimeout(Duration.ofSeconds(30)))) {
			List<Thread> callers = new CopyOnWriteArrayList<>();
			IntStream.range(0, 8).forEach((i) -> callers.add(caller(pool, upstream)));
			callers.forEach(Thread::start);
			try {
				soon().until(() -> isFound(pool, Severity.WARNING));
				soon().untilAsserted(() -> assertThat(log.all()).anyMatch((line) -> line.startsWith(
						"WARN POOL_TOO_SMALL (pool 'default', route " + upstream.url() + "): All 2 connections")));
				pool.change((settings) -> settings.acquireTimeout(Duration.ofMillis(100)));
				soon().until(() -> isFound(pool, Severity.CRITICAL));
				soon().untilAsserted(() -> assertThat(log.all())
					.anyMatch((line) -> line.startsWith("ERROR POOL_TOO_SMALL is critical now (pool 'default', route "
							+ upstream.url() + "): All 2 ")));
				pool.pool.resize(200, 8);
				soon().until(() -> pool.pool.findings().isEmpty());
				soon().untilAsserted(() -> assertThat(log.all()).last()
					.asString()
					.startsWith(
							"INFO POOL_TOO_SMALL is over (pool 'default', route " + upstream.url() + "): it lasted "));
				assertThat(log.all()).flatMap((line) -> line.lines().toList()).allMatch((line) -> line.length() <= 300);
				assertThat(findingsIn(pool.pool.events()))
					.anyMatch((event) -> event.startsWith("POOL_TOO_SMALL (warning)"))
					.anyMatch((event) -> event.startsWith("POOL_TOO_SMALL is critical now: "))
					.first()
					.asString()
					.startsWith("POOL_TOO_SMALL is over: it lasted ");
			}
			finally {
				this.stopped = true;
				for (Thread caller : callers) {
					caller.join();
				}
			}
		}
	}

	private static boolean isFound(PoolFixture pool, Severity severity) {
		List<Finding> findings = pool.pool.findings();
		return findings.stream()
			.anyMatch((finding) -> finding.code() == FindingCode.POOL_TOO_SMALL && finding.severity() == severity);
	}

	private static List<String> findingsIn(List<PoolEvent> events) {
		return events.stream()
			.filter((event) -> event.type() == PoolEvent.Type.FINDING)
			.map(PoolEvent::message)
			.toList();
	}

	private Thread caller(PoolFixture pool, ScriptedUpstream upstream) {
		return new Thread(() -> {
			while (!this.stopped) {
				try {
					pool.get(upstream.uri("/"));
				}
				catch (Exception ex) {
					// Waited in vain, as is wanted here.
				}
			}
		}, "caller-of-escalation");
	}

}

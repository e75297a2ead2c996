package io.github.httppool.hc5.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.CloseReason;
import io.github.httppool.testing.FakeTime;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.RequiresProgram;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Scripts;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.github.httppool.testing.CallerThread.inThread;
import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests that jumps of the wall clock have no effect. They run in another JVM, whose wall
 * clock is Debian's libfaketime. {@link System#nanoTime()} continues as on a machine
 * whose clock is set.
 */
@Tag("slow")
@Timeout(120)
@RequiresProgram(Program.FAKETIME)
class ClockJumpTests {

	@Test
	void wallClockMayJumpAtAnyTime(@TempDir Path directory) throws Exception {
		Path offset = Files.writeString(directory.resolve("offset"), "+0\n");
		Path output = directory.resolve("output");
		ProcessBuilder child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-cp", System.getProperty("java.class.path"), Scenario.class.getName(), offset.toString())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		FakeTime.follow(child, offset);
		Process process = child.start();
		try {
			assertThat(process.waitFor(100, TimeUnit.SECONDS)).as("end of the child: %s", text(output)).isTrue();
			assertThat(process.exitValue()).as(text(output)).isZero();
			assertThat(text(output)).contains(Scenario.PASSED);
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static String text(Path output) throws IOException {
		return Files.readString(output, StandardCharsets.UTF_8);
	}

	/**
	 * What happens in the other JVM.
	 */
	static final class Scenario {

		static final String PASSED = "No call noticed";

		private static final List<String> JUMPS = List.of("+1d", "-1d", "+0", "-1d", "+1d", "+0");

		private final Path offset;

		private long jumped;

		private Scenario(Path offset) {
			this.offset = offset;
		}

		public static void main(String[] args) throws Exception {
			try {
				Scenario scenario = new Scenario(Path.of(args[0]));
				scenario.callsAreServed();
				scenario.waitingCallersWaitNeitherLongerNorShorter();
				scenario.idleConnectionsAreClosedInTime();
				System.out.println(PASSED);
				System.exit(0);
			}
			catch (Throwable ex) {
				ex.printStackTrace(System.out);
				System.exit(1);
			}
		}

		private void jumpTo(String time) throws IOException {
			Files.writeString(this.offset, time + "\n");
			long before = this.jumped;
			long origin = System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
			this.jumped = origin;
			System.out.println("jumped to " + time + ": " + origin);
			if (before != 0) {
				assertThat(Math.abs(origin - before)).as("jump to %s", time).isGreaterThan(TimeUnit.HOURS.toMillis(23));
			}
		}

		private void callsAreServed() throws Exception {
			AtomicInteger served = new AtomicInteger();
			AtomicBoolean ended = new AtomicBoolean();
			try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
					PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(2))) {
				List<CompletableFuture<Void>> callers = new ArrayList<>();
				for (int i = 0; i < 6; i++) {
					callers.add(inThread("caller-" + i, () -> {
						while (!ended.get()) {
							assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
							assertThat(pool.ignore(upstream.uri("/drip"))).isEqualTo(200);
							served.incrementAndGet();
						}
						return null;
					}));
				}
				for (String time : JUMPS) {
					jumpTo(time);
					int before = served.get();
					soon().until(() -> served.get() > before + 20);
				}
				ended.set(true);
				for (CompletableFuture<Void> caller : callers) {
					caller.get(10, TimeUnit.SECONDS);
				}
				assertThat(pool.snapshot().totals().acquireTimeouts()).isZero();
				assertIntact(pool, upstream);
			}
		}

		private void waitingCallersWaitNeitherLongerNorShorter() throws Exception {
			try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
					PoolFixture pool = PoolFixture
						.with((settings) -> settings.maxPerRoute(1).acquireTimeout(Duration.ofSeconds(3)))) {
				for (String time : JUMPS) {
					CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")));
					CompletableFuture<String> waiting = waiting(pool, upstream);
					jumpTo(time);
					held.close();
					assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
				}
				for (String time : JUMPS) {
					try (CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
						long started = System.nanoTime();
						CompletableFuture<String> waiting = waiting(pool, upstream);
						jumpTo(time);
						assertThat(catchThrowable(() -> waiting.get(20, TimeUnit.SECONDS)))
							.isInstanceOf(ExecutionException.class)
							.hasCauseInstanceOf(AcquireTimeoutException.class);
						assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(Duration.ofMillis(2900),
								Duration.ofSeconds(15));
					}
				}
				assertIntact(pool, upstream);
			}
		}

		private static CompletableFuture<String> waiting(PoolFixture pool, ScriptedUpstream upstream) {
			CompletableFuture<Thread> caller = new CompletableFuture<>();
			CompletableFuture<String> result = inThread("waiting", () -> {
				caller.complete(Thread.currentThread());
				return pool.get(upstream.uri("/"));
			});
			soon().until(() -> pool.snapshot().connections().pending() == 1
					&& caller.join().getState() == Thread.State.WAITING);
			return result;
		}

		private void idleConnectionsAreClosedInTime() throws Exception {
			try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
					PoolFixture pool = PoolFixture.with((settings) -> settings.idleTimeout(Duration.ofSeconds(1)))) {
				int closed = 0;
				for (String time : JUMPS) {
					assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
					jumpTo(time);
					assertThat(pool.snapshot().connections().idle()).isEqualTo(1);
					int expected = ++closed;
					soon().until(() -> pool.closed(CloseReason.IDLE_TIMEOUT) == expected);
				}
				assertThat(upstream.accepted()).isEqualTo(JUMPS.size());
				assertIntact(pool, upstream);
			}
		}

		private static void assertIntact(PoolFixture pool, ScriptedUpstream upstream) throws IOException {
			assertThat(pool.leased()).isZero();
			assertThat(pool.snapshot().connections().pending()).isZero();
			RecordedEvents.assertAccounted(pool.snapshot());
			assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
		}

	}

}

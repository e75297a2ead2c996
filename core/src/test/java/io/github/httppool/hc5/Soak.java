package io.github.httppool.hc5;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

import io.github.httppool.testing.CallKind;
import io.github.httppool.testing.CallKind.Answer;
import io.github.httppool.testing.CallKind.Client;
import io.github.httppool.testing.ConnectionRecords;
import io.github.httppool.testing.ExplainedFailure;
import io.github.httppool.testing.MutatedExchange;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Scripts;
import io.github.httppool.testing.Transport;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.convert.DurationStyle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Good and hostile traffic for ten minutes, 500 calls a second over 16 routes, with
 * callers that are interrupted at random: no call is lost, no good call fails, and what
 * the pool needs stays what it was after the first minute.
 * <p>
 * No part of the build:
 * {@code mvn -B -ntp -pl core test -Dtest=Soak -Dhttp-pool.soak=10m}.
 */
class Soak {

	private static final Duration LENGTH = DurationStyle.detectAndParse(System.getProperty("http-pool.soak", "10m"));

	/** A machine with other work stops everybody for a while. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final int ROUTES = 16;

	private static final int CALLS_A_SECOND = 500;

	private static final int CALLERS = 100;

	/** Of a hundred calls. */
	private static final int HOSTILE = 20;

	/** Of a hundred calls. */
	private static final int INTERRUPTED = 2;

	private static final String[] HOSTILE_PATHS = { "/close", "/goodbye", "/reset", "/truncated", "/garbage",
			"/surplus", "/short", "/stall", "/drip", "/flood", "/gigabyte", "/until-close" };

	private final long seed = System.nanoTime();

	private final Random random = new Random(this.seed);

	private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);

	private final ScheduledExecutorService interrupts = Executors.newScheduledThreadPool(1);

	private final Map<String, MutatedExchange> exchanges = new ConcurrentHashMap<>();

	private final ConnectionRecords book = new ConnectionRecords();

	private final List<String> defects = new CopyOnWriteArrayList<>();

	private final LongAdder ended = new LongAdder();

	private final LongAdder served = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final LongAdder interrupted = new LongAdder();

	private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

	private final List<Mark> marks = new ArrayList<>();

	private long started;

	private long busy;

	static {
		// The JDK keeps 20,480 sessions of TLS, which would look like a leak.
		System.setProperty("javax.net.ssl.sessionCacheSize", "100");
	}

	@Test
	void nothingIsLostAndNothingGrows() throws Exception {
		List<ScriptedUpstream> upstreams = new ArrayList<>();
		for (int i = 0; i < ROUTES; i++) {
			Transport transport = (i % 4 == 3) ? Transport.TLS_1_3 : Transport.PLAIN;
			upstreams.add(transport.start(this::answer).forgetful());
		}
		try (PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(100)
			.maxPerRoute(20)
			.maxIdlePerRoute(8)
			.acquireTimeout(PATIENCE)
			// Also of the lookup of a host in a damaged redirect.
			.connectTimeout(Duration.ofSeconds(5))
			.tlsHandshakeTimeout(PATIENCE)
			.idleTimeout(Duration.ofSeconds(2))
			.timeToLive(Duration.ofSeconds(10))
			.responseTimeout(Duration.ofMillis(300)), this.book)) {
			Client hasty = new Client(pool.client, Duration.ofMillis(300));
			Client patient = new Client(pool.client, PATIENCE);
			Duration part = LENGTH.dividedBy(10);
			for (int i = 0; i < 10; i++) {
				run(part, pool, hasty, patient, upstreams);
				this.marks.add(mark(pool));
			}
			System.out.println(report(pool));
			assertThat(this.defects.stream().limit(5)).as("%d defects", this.defects.size()).isEmpty();
			this.book.assertComplete(pool.snapshot());
			assertFlat();
		}
		finally {
			upstreams.forEach(ScriptedUpstream::close);
			this.callers.shutdownNow();
			this.interrupts.shutdownNow();
		}
	}

	/**
	 * Make calls for some time, each at its time whatever has become of those before, and
	 * wait for the last one.
	 */
	private void run(Duration length, PoolFixture pool, Client hasty, Client patient,
			List<ScriptedUpstream> upstreams) {
		long begin = System.nanoTime();
		long calls = length.toMillis() * CALLS_A_SECOND / 1000;
		for (long i = 0; i < calls; i++) {
			long own = this.random.nextLong();
			ScriptedUpstream upstream = upstreams.get((int) (i % ROUTES));
			this.callers.execute(() -> call(new Random(own), hasty, patient, upstream));
			this.started++;
			if (i % 5000 == 4999) {
				pool.pool.evict();
			}
			Pause.ofNanos(begin + (i + 1) * 1_000_000_000 / CALLS_A_SECOND - System.nanoTime());
		}
		awaitEnd();
		this.busy += System.nanoTime() - begin;
	}

	/**
	 * A machine that is too slow for the pace needs its time; a lost call never ends.
	 */
	private void awaitEnd() {
		while (this.ended.sum() != this.started) {
			long before = this.ended.sum();
			try {
				await().atMost(Duration.ofMinutes(2)).until(() -> this.ended.sum() != before);
			}
			catch (ConditionTimeoutException ex) {
				StringBuilder message = new StringBuilder("Lost calls: " + (this.started - before) + "\n");
				Thread.getAllStackTraces().forEach((thread, stack) -> {
					message.append(thread).append('\n');
					Stream.of(stack).forEach((element) -> message.append("\tat ").append(element).append('\n'));
				});
				throw new AssertionError(message.toString(), ex);
			}
		}
	}

	private void call(Random random, Client hasty, Client patient, ScriptedUpstream upstream) {
		long begin = System.nanoTime();
		Thread caller = Thread.currentThread();
		boolean disturbed = random.nextInt(100) < INTERRUPTED;
		Future<?> interrupt = disturbed
				? this.interrupts.schedule(caller::interrupt, random.nextInt(30_000), TimeUnit.MICROSECONDS) : null;
		try {
			if (random.nextInt(100) >= HOSTILE) {
				goodCall(random, patient, upstream, disturbed);
			}
			else if (random.nextBoolean()) {
				mutatedCall(random, hasty, upstream);
			}
			else {
				String path = HOSTILE_PATHS[random.nextInt(HOSTILE_PATHS.length)];
				boolean endless = path.equals("/drip") || path.equals("/flood");
				CallKind kind = endless ? CallKind.READ_HALF : CallKind.any(random);
				attempt(kind, hasty, "GET", upstream.uri(path));
			}
		}
		finally {
			if (interrupt != null && !interrupt.cancel(false)) {
				while (!interrupt.isDone()) {
					Thread.onSpinWait();
				}
				this.interrupted.increment();
			}
			// Of this call, not of the next one in the thread.
			Thread.interrupted();
			this.longest.accumulate((System.nanoTime() - begin) / 1_000_000);
			this.ended.increment();
		}
	}

	private void goodCall(Random random, Client client, ScriptedUpstream upstream, boolean disturbed) {
		String token = String.format("T%016x", random.nextLong());
		CallKind kind = CallKind.any(random);
		Answer answer = new Answer();
		try {
			kind.call(client, "GET", upstream.uri("/good/" + token), answer);
			String body = goodBody(token);
			if (answer.whole ? !body.equals(answer.body) : !body.startsWith(answer.body)) {
				this.defects.add("A good call by " + kind + " was answered with " + answer);
			}
			this.served.increment();
		}
		catch (Throwable ex) {
			if (!disturbed) {
				this.defects.add("A good call by " + kind + " failed with " + ExplainedFailure.stackTrace(ex));
			}
			this.failed.increment();
		}
	}

	private void mutatedCall(Random random, Client client, ScriptedUpstream upstream) {
		MutatedExchange exchange = new MutatedExchange(random.nextLong(), false);
		String path = "/mutated/" + exchange.token;
		this.exchanges.put(path, exchange);
		attempt(exchange.kind, client, exchange.method, upstream.uri(path));
		this.exchanges.remove(path);
	}

	private void attempt(CallKind kind, Client client, String method, URI uri) {
		try {
			kind.call(client, method, uri, new Answer());
			this.served.increment();
		}
		catch (Throwable ex) {
			if (!CallKind.mayFailWith(ex)) {
				this.defects.add(uri + " ended with " + ExplainedFailure.stackTrace(ex));
			}
			this.failed.increment();
		}
	}

	private void answer(Exchange exchange) throws Exception {
		String path = exchange.path();
		MutatedExchange mutated = this.exchanges.get(path);
		if (mutated != null) {
			mutated.answer(exchange);
			return;
		}
		String token = path.substring(path.lastIndexOf('/') + 1);
		byte[] body = exchange.method().equals("HEAD") ? new byte[0]
				: goodBody(token).getBytes(StandardCharsets.ISO_8859_1);
		switch (path) {
			case "/surplus" -> exchange.sendRaw(Exchange.headText(200, "Content-Length: 5") + "hellosurplus");
			case "/flood" -> exchange.flood();
			default -> {
				if (path.startsWith("/good/") || path.startsWith("/plain/")) {
					exchange.ok(body, "X-Token: " + token);
				}
				else {
					Scripts.AS_ASKED.answer(exchange);
				}
			}
		}
	}

	private static String goodBody(String token) {
		return (token + " ").repeat(1 + Math.floorMod(token.hashCode(), 500));
	}

	// What must not grow

	private Mark mark(PoolFixture pool) {
		long heap = Long.MAX_VALUE;
		for (int i = 0; i < 5; i++) {
			System.gc();
			Runtime runtime = Runtime.getRuntime();
			heap = Math.min(heap, runtime.totalMemory() - runtime.freeMemory());
		}
		long threads = Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !thread.getName().startsWith("upstream-"))
			.count();
		return new Mark(this.started, heap, threads, pool.snapshot().connections().idle());
	}

	/**
	 * The heap may have grown by classes loaded late and by idle connections, not by what
	 * each call leaves.
	 */
	private void assertFlat() {
		Mark first = this.marks.get(0);
		Mark last = this.marks.get(this.marks.size() - 1);
		assertThat(last.heap).as("heap at %s", this.marks).isLessThan(first.heap + first.heap / 10 + (4 << 20));
		assertThat(last.threads).as("threads at %s", this.marks).isLessThanOrEqualTo(first.threads + 2);
	}

	private String report(PoolFixture pool) {
		StringBuilder report = new StringBuilder("""
				Soak of %s with seed %d
				calls started %d in %s, ended %d, served %d, failed %d, interrupted %d, longest %d ms, defects %d
				%s
				%s
				""".formatted(LENGTH, this.seed, this.started, Duration.ofNanos(this.busy), this.ended.sum(),
				this.served.sum(), this.failed.sum(), this.interrupted.sum(), this.longest.get(), this.defects.size(),
				pool.snapshot().connections(), pool.snapshot().totals()));
		this.marks.forEach((mark) -> report.append(mark).append('\n'));
		return report.toString();
	}

	/**
	 * What is there when all calls have ended.
	 */
	private record Mark(long calls, long heap, long threads, int idle) {

		@Override
		public String toString() {
			return "after %d calls: heap %d KB, threads %d, idle connections %d".formatted(this.calls, this.heap >> 10,
					this.threads, this.idle);
		}

	}

}

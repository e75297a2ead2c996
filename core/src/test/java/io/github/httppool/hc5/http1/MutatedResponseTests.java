package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.httppool.CloseReason;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.CallKind;
import io.github.httppool.testing.CallKind.Answer;
import io.github.httppool.testing.CallKind.Client;
import io.github.httppool.testing.ConnectionRecords;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.ExplainedFailure;
import io.github.httppool.testing.MutatedExchange;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Transport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Randomized test: responses of all kinds are damaged at random, cut at random points and
 * delayed, and may be followed by the end of their connection. Whatever comes of it, each
 * call ends in time, with nothing but what was sent for it or with an
 * {@code IOException}, and the next call over the same route is served as if nothing had
 * been.
 * <p>
 * A failure names its seed. {@code -Dhttp-pool.seed=…} runs that one alone, some times;
 * {@code -Dhttp-pool.runs=…} makes more runs than the usual ones.
 */
@Tag("slow")
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MutatedResponseTests {

	private static final int RUNS = Integer.getInteger("http-pool.runs", 5000);

	private static final int REPEATS = 50;

	private static final int ROUND = 40;

	private static final int WORKERS = 25;

	private static final Duration LONGEST_CALL = Duration.ofSeconds(20);

	/** A machine with other work stops everybody for a while. */
	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String RERUN = "\nAgain: mvn -B -ntp -Pall -pl core test -Dtest=MutatedResponseTests -Dhttp-pool.seed=%d\n";

	private static final Pattern TOKEN = Pattern.compile("T[0-9a-f]{16}");

	private final Map<String, MutatedExchange> exchanges = new ConcurrentHashMap<>();

	/** Whose token it is, by the token of the call. */
	private final Map<String, String> owners = new ConcurrentHashMap<>();

	private final List<String> defects = new CopyOnWriteArrayList<>();

	private final Map<Thread, MutatedExchange> running = new ConcurrentHashMap<>();

	private final AtomicInteger served = new AtomicInteger();

	private final AtomicInteger failed = new AtomicInteger();

	private final ConnectionRecords book = new ConnectionRecords();

	@Test
	void damagedResponsesNeverHangOrLeakOrReachAnotherCall() throws Exception {
		Long seed = Long.getLong("http-pool.seed");
		int workers = (seed != null) ? 1 : WORKERS;
		int runs = (seed != null) ? REPEATS : RUNS / WORKERS;
		long first = System.nanoTime();
		List<ScriptedUpstream> upstreams = upstreams(workers + 1);
		try (PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(workers * 3)
			.maxPerRoute(workers)
			.acquireTimeout(PATIENCE)
			// Also of the lookup of a host in a damaged redirect.
			.connectTimeout(Duration.ofSeconds(5))
			.tlsHandshakeTimeout(PATIENCE)
			.validateAfterInactivity(Duration.ZERO)
			.responseTimeout(Duration.ofMillis(100))
			.drainMaxTime(Duration.ofMillis(20))
			.drainMaxBytes(4000), this.book); Crowd crowd = new Crowd(workers)) {
			Callers callers = new Callers(new Client(pool.client, Duration.ofMillis(100)),
					new Client(pool.client, PATIENCE));
			for (int done = 0; done < runs; done += ROUND) {
				int from = done;
				round(crowd, Math.min(ROUND, runs - done), (worker, time) -> {
					long own = (seed != null) ? seed : first + (long) worker * runs + from + time;
					run(new MutatedExchange(own, true), callers, upstreams.get(worker), upstreams.get(workers));
				});
			}
			assertThat(this.defects.stream().limit(5)).as("%d defects", this.defects.size()).isEmpty();
			this.book.assertComplete(pool.snapshot());
			int idle = pool.snapshot().connections().idle();
			soon().until(() -> upstreams.stream().mapToInt(ScriptedUpstream::open).sum() <= idle);
			if (seed == null) {
				assertVaried(workers * runs, pool.snapshot().totals());
			}
		}
		finally {
			upstreams.forEach(ScriptedUpstream::close);
		}
	}

	/**
	 * Responses that are all refused, or all taken, would say nothing.
	 */
	private void assertVaried(int runs, PoolSnapshot.Totals totals) {
		assertThat(this.served).as("served, of %s", totals).hasValueGreaterThan(runs / 4);
		assertThat(this.failed).as("failed, of %s", totals).hasValueGreaterThan(runs / 4);
		assertThat(totals.closed()).containsKeys(CloseReason.SERVER_CLOSE, CloseReason.STALE,
				CloseReason.UNSOLICITED_DATA, CloseReason.ERROR, CloseReason.CANCELLED);
	}

	private List<ScriptedUpstream> upstreams(int number) {
		List<ScriptedUpstream> upstreams = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			Transport transport = (i % 8 == 7) ? Transport.TLS_1_3 : Transport.PLAIN;
			upstreams.add(transport.start(this::answer));
		}
		return upstreams;
	}

	private void answer(Exchange exchange) throws Exception {
		MutatedExchange mutated = this.exchanges.get(exchange.path());
		if (mutated != null) {
			mutated.answer(exchange);
			return;
		}
		String token = exchange.path().substring(exchange.path().lastIndexOf('/') + 1);
		byte[] body = plainBody(token).getBytes(StandardCharsets.ISO_8859_1);
		if (exchange.method().equals("HEAD")) {
			exchange.head(200, "Content-Length: " + body.length);
		}
		else {
			exchange.ok(body, "X-Token: " + token);
		}
	}

	private static String plainBody(String token) {
		return (token + " ").repeat(1 + Math.floorMod(token.hashCode(), 100));
	}

	/**
	 * @throws AssertionError with what hangs
	 */
	private void round(Crowd crowd, int runs, Crowd.Task task) throws Exception {
		try {
			crowd.all(runs, task);
		}
		catch (TimeoutException ex) {
			StringBuilder message = new StringBuilder("Runs that did not end:\n");
			this.running.forEach((thread, exchange) -> {
				message.append(exchange).append(RERUN.formatted(exchange.seed)).append('\n');
				for (StackTraceElement element : thread.getStackTrace()) {
					message.append("\tat ").append(element).append('\n');
				}
			});
			throw new AssertionError(message.toString(), ex);
		}
	}

	private void run(MutatedExchange exchange, Callers callers, ScriptedUpstream upstream, ScriptedUpstream common)
			throws Exception {
		this.running.put(Thread.currentThread(), exchange);
		String path = "/mutated/" + exchange.token;
		this.exchanges.put(path, exchange);
		this.owners.put(exchange.token, exchange.token);
		this.owners.put(exchange.spliced, exchange.token);
		for (int calls = exchange.random.nextInt(2); calls > 0; calls--) {
			plainCall(exchange, callers, upstream);
		}
		mutatedCall(exchange, callers, upstream.uri(path));
		exchange.awaitEnd();
		for (int calls = 1 + exchange.random.nextInt(2); calls > 0; calls--) {
			plainCall(exchange, callers, upstream);
		}
		if (exchange.random.nextInt(4) == 0) {
			plainCall(exchange, callers, common);
		}
		this.exchanges.remove(path);
		this.running.remove(Thread.currentThread());
	}

	private void mutatedCall(MutatedExchange exchange, Callers callers, URI uri) {
		Answer answer = new Answer();
		String end = "";
		long started = System.nanoTime();
		try {
			exchange.kind.call(callers.hasty, exchange.method, uri, answer);
			this.served.incrementAndGet();
		}
		catch (Throwable ex) {
			this.failed.incrementAndGet();
			end = ex.toString();
			if (!CallKind.mayFailWith(ex)) {
				defect(exchange, "It ended with " + ExplainedFailure.stackTrace(ex));
			}
		}
		long took = System.nanoTime() - started;
		if (took > LONGEST_CALL.toNanos()) {
			defect(exchange, "It took " + Duration.ofNanos(took));
		}
		assertOwn(exchange, answer + end);
	}

	/**
	 * A call that is answered well, over the connection of the damaged exchange if that
	 * was kept.
	 */
	private void plainCall(MutatedExchange exchange, Callers callers, ScriptedUpstream upstream) {
		String token = exchange.newToken();
		this.owners.put(token, token);
		CallKind kind = CallKind.any(exchange.random);
		Answer answer = new Answer();
		try {
			kind.call(callers.patient, "GET", upstream.uri("/plain/" + token), answer);
		}
		catch (Throwable ex) {
			defect(exchange, "A call by " + kind + " beside it failed with " + ExplainedFailure.stackTrace(ex));
			return;
		}
		String body = plainBody(token);
		if (!(answer.whole ? body.equals(answer.body) : body.startsWith(answer.body))
				|| !answer.headers.isEmpty() && (answer.status != 200 || !answer.headers.contains(token))) {
			defect(exchange, "A call by " + kind + " beside it was answered with " + answer);
		}
	}

	private void assertOwn(MutatedExchange exchange, String seen) {
		Matcher tokens = TOKEN.matcher(seen);
		while (tokens.find()) {
			if (!exchange.token.equals(this.owners.getOrDefault(tokens.group(), exchange.token))) {
				defect(exchange, "It was answered with what was sent for another call: " + seen);
			}
		}
	}

	private void defect(MutatedExchange exchange, String what) {
		this.defects.add(what + "\n" + exchange + RERUN.formatted(exchange.seed));
	}

	private record Callers(Client hasty, Client patient) {
	}

}

package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.RequestBodyLengthException;
import io.github.httppool.testing.ConnectionRecords;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.ExplainedFailure;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedEntity;
import io.github.httppool.testing.StrictServer;
import io.github.httppool.testing.StrictServer.Message;
import io.github.httppool.testing.StrictServer.Peer;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Randomized test: requests with bodies of all sizes, declared truly, wrongly or not at
 * all, that may fail at any point in any way, to a strict server that may answer before
 * it has read them. Whatever comes of it, what the caller was told and what the server
 * saw agree: nothing that failed was whole, what was answered with success was the body
 * that the caller wrote, and no byte of it was taken for another request.
 * <p>
 * A failure names its seed. {@code -Dhttp-pool.seed=…} runs that one alone, some times;
 * {@code -Dhttp-pool.runs=…} makes more runs than the usual ones.
 */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RandomRequestTests {

	private static final int RUNS = Integer.getInteger("http-pool.runs", 3000);

	private static final int REPEATS = 50;

	private static final int WORKERS = 10;

	private static final String RERUN = "\nAgain: mvn -B -ntp -Pall -pl core test -Dtest=RandomRequestTests -Dhttp-pool.seed=%d\n";

	private final Map<String, Plan> plans = new ConcurrentHashMap<>();

	private final List<String> defects = new CopyOnWriteArrayList<>();

	private final AtomicInteger whole = new AtomicInteger();

	private final AtomicInteger early = new AtomicInteger();

	private final AtomicInteger mismatched = new AtomicInteger();

	private final AtomicInteger failed = new AtomicInteger();

	private final ConnectionRecords book = new ConnectionRecords();

	@Test
	void outcomeForTheCallerMatchesWhatAStrictServerSaw() throws Exception {
		Long seed = Long.getLong("http-pool.seed");
		int workers = (seed != null) ? 1 : WORKERS;
		int runs = (seed != null) ? REPEATS : RUNS / WORKERS;
		long first = System.nanoTime();
		try (StrictServer plain = StrictServer.start(false, this::beforeBody);
				StrictServer tls = StrictServer.start(true, this::beforeBody);
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxTotal(workers * 2)
					.maxPerRoute(workers)
					.responseTimeout(Duration.ofSeconds(20))
					.acquireTimeout(Duration.ofSeconds(20)), this.book);
				Crowd crowd = new Crowd(workers)) {
			for (int done = 0; done < runs; done += REPEATS) {
				int from = done;
				crowd.all(Math.min(REPEATS, runs - done), (worker, time) -> {
					long own = (seed != null) ? seed : first + (long) worker * runs + from + time;
					run(new Plan(own, worker + "-" + (from + time)), pool, plain, tls);
				});
			}
			assertThat(this.defects.stream().limit(5)).as("%d defects", this.defects.size()).isEmpty();
			assertThat(plain.flaws()).as("first seed %d", first).isEmpty();
			assertThat(tls.flaws()).as("first seed %d", first).isEmpty();
			this.book.assertComplete(pool.pool.snapshot());
			if (seed == null) {
				assertVaried(workers * runs);
			}
		}
	}

	private void assertVaried(int runs) {
		assertThat(this.whole).hasValueGreaterThan(runs / 10);
		assertThat(this.early).hasValueGreaterThan(runs / 20);
		assertThat(this.mismatched).hasValueGreaterThan(runs / 20);
		assertThat(this.failed).hasValueGreaterThan(runs / 20);
	}

	private boolean beforeBody(Peer peer) throws IOException {
		Plan plan = this.plans.get(peer.path());
		return plan == null || plan.beforeBody(peer);
	}

	private void run(Plan plan, PoolFixture pool, StrictServer plain, StrictServer tls) throws Exception {
		StrictServer server = plan.tls ? tls : plain;
		this.plans.put(plan.path, plan);
		String got;
		Throwable failure = null;
		try {
			got = plan.call(pool, server);
		}
		catch (Throwable ex) {
			got = ex.toString();
			failure = ex;
		}
		// The next one over the same route must be served as if nothing had been.
		String next = pool.client.execute(new HttpGet(server.uri("/next" + plan.path)),
				(response) -> response.getCode() + " " + EntityUtils.toString(response.getEntity()));
		if (!next.equals("200 0")) {
			defect(plan, "The next call was answered with " + next);
		}
		List<Message> seen = seen(plan, server);
		if (seen.isEmpty() && !plan.mayBeUnseen()) {
			defect(plan, "The server saw nothing of it, but " + server.flaws() + ": " + got);
		}
		check(plan, got, failure, seen);
		this.plans.remove(plan.path);
	}

	private static List<Message> seen(Plan plan, StrictServer server) {
		List<Message> seen = new ArrayList<>();
		try {
			soon().until(() -> {
				seen.clear();
				server.messages().stream().filter((message) -> message.path().equals(plan.path)).forEach(seen::add);
				return !seen.isEmpty() || plan.mayBeUnseen();
			});
		}
		catch (ConditionTimeoutException ex) {
			// A defect.
		}
		return seen;
	}

	private void check(Plan plan, String got, Throwable failure, List<Message> seen) {
		boolean wholeSeen = seen.stream().anyMatch(Message::isWhole);
		byte[] expected = Arrays.copyOf(plan.body, plan.written);
		if (failure != null && wholeSeen) {
			defect(plan, "It failed, and the server saw it as whole: " + got);
		}
		if (wholeSeen && !plan.isSound()) {
			defect(plan, "It was not whole, and the server saw it as whole: " + got);
		}
		if (seen.stream().anyMatch((message) -> message.isWhole() && !Arrays.equals(message.body(), expected))) {
			defect(plan, "The server saw another body than was written");
		}
		if (plan.early == 0) {
			checkLate(plan, got, failure, wholeSeen);
		}
		else if (failure == null) {
			this.early.incrementAndGet();
			if (!got.equals(plan.early + " answer") && !got.equals("200 " + plan.written)) {
				defect(plan, "It was answered with " + got);
			}
		}
		else if (plan.isSound()) {
			defect(plan, "The answer was lost: " + ExplainedFailure.stackTrace(failure));
		}
	}

	private void checkLate(Plan plan, String got, Throwable failure, boolean wholeSeen) {
		if (plan.isSound()) {
			this.whole.incrementAndGet();
			if (failure != null || !wholeSeen || !got.equals("200 " + plan.written)) {
				defect(plan, "It was sound, but ended with " + got
						+ ((failure != null) ? ExplainedFailure.stackTrace(failure) : ""));
			}
		}
		else if (failure == null) {
			defect(plan, "It was broken, but answered with " + got);
		}
		else if (plan.failure != null) {
			this.failed.incrementAndGet();
			if (failure != plan.failure && !(plan.declared >= 0 && plan.written > plan.declared)) {
				defect(plan, "It failed with something else than its body: " + ExplainedFailure.stackTrace(failure));
			}
		}
		else {
			this.mismatched.incrementAndGet();
			if (!(failure instanceof RequestBodyLengthException)
					|| !failure.getMessage().contains(plan.declared + " bytes are declared")) {
				defect(plan, "It failed with something else than its length: " + ExplainedFailure.stackTrace(failure));
			}
		}
	}

	private void defect(Plan plan, String what) {
		this.defects.add(what + "\n" + plan + RERUN.formatted(plan.seed));
	}

	/**
	 * What a caller writes and how, and what the server does meanwhile.
	 */
	private static final class Plan {

		final long seed;

		final Random random;

		final String path;

		final boolean tls;

		final byte[] body;

		/** How much of the body is written before it ends or fails. */
		final int written;

		/** The declared length, or -1. */
		final long declared;

		final Throwable failure;

		/** The status of an answer before the body is read, or 0. */
		final int early;

		private final boolean expect;

		private final boolean spring;

		private final int end;

		Plan(long seed, String name) {
			this.seed = seed;
			this.random = new Random(seed);
			this.path = "/request/" + name + "/" + Long.toHexString(seed);
			this.tls = this.random.nextInt(3) == 0;
			this.body = new byte[switch (this.random.nextInt(6)) {
				case 0 -> this.random.nextInt(3);
				case 1, 2 -> this.random.nextInt(2000);
				case 3 -> 8192 - 5 + this.random.nextInt(10);
				case 4 -> this.random.nextInt(200_000);
				default -> 65_536 * (1 + this.random.nextInt(3)) - 5 + this.random.nextInt(10);
			}];
			// Bytes that would be taken for a request, or for the end of chunks.
			byte[] pattern = "GET /stolen HTTP/1.1\r\n\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
			for (int i = 0; i < this.body.length; i++) {
				this.body[i] = pattern[i % pattern.length];
			}
			boolean fails = this.random.nextInt(4) == 0;
			this.written = fails ? this.random.nextInt(this.body.length + 1) : this.body.length;
			this.failure = fails ? switch (this.random.nextInt(3)) {
				case 0 -> new IOException("of the body");
				case 1 -> new IllegalStateException("of the body");
				default -> new StackOverflowError("of the body");
			} : null;
			this.declared = switch (this.random.nextInt(6)) {
				case 0, 1 -> -1;
				case 2 -> Math.max(0, this.body.length + this.random.nextInt(11) - 5);
				case 3 -> this.random.nextInt(this.body.length + 1);
				default -> this.body.length;
			};
			this.early = (this.random.nextInt(4) == 0)
					? List.of(200, 307, 401, 409, 413, 500, 503).get(this.random.nextInt(7)) : 0;
			this.expect = this.random.nextInt(8) == 0;
			this.spring = this.random.nextInt(3) == 0;
			this.end = this.random.nextInt(4);
		}

		boolean isSound() {
			return this.failure == null && (this.declared < 0 || this.declared == this.written);
		}

		/** What breaks before the first buffer is full never leaves. */
		boolean mayBeUnseen() {
			return !isSound();
		}

		boolean beforeBody(Peer peer) throws IOException {
			if (this.early == 0) {
				return true;
			}
			// Otherwise the connection of a body that was whole by then is kept, and
			// stale.
			peer.send("HTTP/1.1 " + this.early + " Early\r\nContent-Length: 6\r\nConnection: close\r\n\r\nanswer");
			switch (this.end) {
				case 0 -> {
					peer.halfClose();
					peer.drain();
				}
				case 1 -> peer.read(Math.min(this.written, 1000));
				case 2 -> peer.drain();
				default -> {
				}
			}
			return false;
		}

		String call(PoolFixture pool, StrictServer server) throws IOException {
			return this.spring ? callBySpring(pool, server) : callByHttpClient(pool, server);
		}

		private String callByHttpClient(PoolFixture pool, StrictServer server) throws IOException {
			HttpUriRequestBase request = new HttpUriRequestBase("POST", server.uri(this.path));
			request.setConfig(
					RequestConfig.custom().setExpectContinueEnabled(this.expect).setRedirectsEnabled(false).build());
			request.setEntity(new ScriptedEntity(this.declared, this::write));
			return pool.client.execute(request,
					(response) -> response.getCode() + " " + EntityUtils.toString(response.getEntity()));
		}

		private String callBySpring(PoolFixture pool, StrictServer server) throws IOException {
			ClientHttpRequest request = new HttpComponentsClientHttpRequestFactory(pool.client)
				.createRequest(server.uri(this.path), HttpMethod.PUT);
			if (this.declared >= 0) {
				request.getHeaders().setContentLength(this.declared);
			}
			((StreamingHttpOutputMessage) request).setBody(this::write);
			try (ClientHttpResponse response = request.execute()) {
				return response.getStatusCode().value() + " "
						+ new String(response.getBody().readAllBytes(), StandardCharsets.US_ASCII);
			}
		}

		private void write(OutputStream out) throws IOException {
			Random pieces = new Random(this.seed);
			int most = 1 + pieces.nextInt(1 + Math.max(1, this.body.length));
			boolean closes = pieces.nextBoolean();
			for (int at = 0; at < this.written;) {
				int count = Math.min(this.written - at, 1 + pieces.nextInt(most));
				if (count == 1) {
					out.write(this.body[at]);
				}
				else {
					out.write(this.body, at, count);
				}
				at += count;
				if (pieces.nextInt(20) == 0) {
					out.flush();
				}
			}
			if (closes) {
				out.close();
			}
			if (this.failure != null) {
				sneakyThrow(this.failure);
			}
		}

		@SuppressWarnings("unchecked")
		private static <T extends Throwable> void sneakyThrow(Throwable thrown) throws T {
			throw (T) thrown;
		}

		@Override
		public String toString() {
			return "%s: %d of %d bytes, declared %d, failure %s, early %d, end %d, %s%s%s".formatted(this.path,
					this.written, this.body.length, this.declared, this.failure, this.early, this.end,
					this.tls ? "TLS" : "plain", this.expect ? ", Expect" : "", this.spring ? ", Spring" : "");
		}

	}

}

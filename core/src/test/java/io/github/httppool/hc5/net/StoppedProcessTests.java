package io.github.httppool.hc5.net;

import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.httppool.testing.OtherProcess;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.SocksScript;
import io.github.httppool.testing.TestCertificates;
import io.github.httppool.testing.Transport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Stops a process with many calls in progress for longer than their time limits. Bytes
 * that arrive meanwhile are in time; a server that stays silent still fails the call.
 */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoppedProcessTests {

	private static final Pattern DONE = Pattern.compile("done (\\d+) failures, the slowest after (\\d+) ms: (.*)");

	/** The process must be stopped well before a time limit is over. */
	private static final int ATTEMPTS = 8;

	private static OtherProcess callers;

	private final AtomicInteger arrived = new AtomicInteger();

	private final AtomicLong firstArrived = new AtomicLong();

	private final AtomicInteger answered = new AtomicInteger();

	private volatile CountDownLatch stopped = new CountDownLatch(1);

	private Duration pause;

	@BeforeAll
	static void start() throws Exception {
		callers = OtherProcess.start(StoppedCallers.class,
				"-Djavax.net.ssl.trustStore=" + TestCertificates.localhost().trustStore(),
				"-Djavax.net.ssl.trustStorePassword=" + TestCertificates.PASSWORD);
	}

	@AfterAll
	static void end() throws Exception {
		callers.close();
	}

	@ParameterizedTest
	@CsvSource({ "pool, short-response, PLAIN", "plain, short-response, PLAIN", "pool, short-response, TLS_1_3",
			"pool, response, PLAIN", "plain, response, PLAIN", "pool, response, TLS_1_2", "pool, response, TLS_1_3",
			"plain, response, TLS_1_3", "pool, call, PLAIN", "pool, call, TLS_1_3" })
	void responsesThatArriveDuringThePauseAreInTime(String client, String kind, Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start((exchange) -> answer(exchange, () -> exchange.ok("hello")))) {
			assertAllSucceed(round(client, kind, upstream.uri("/"), 40, 0));
		}
	}

	@ParameterizedTest
	@CsvSource({ "pool, response, PLAIN", "plain, response, PLAIN", "pool, response, TLS_1_3", "pool, call, PLAIN" })
	void bodiesThatArriveDuringThePauseAreInTime(String client, String kind, Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(this::answerInTwoParts)) {
			assertAllSucceed(round(client, kind, upstream.uri("/"), 40, 0));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "PLAIN", "TLS_1_3" })
	void drainReadsWhatArrivesDuringThePauseAndKeepsTheConnection(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start(this::answerInTwoParts)) {
			assertAllSucceed(round("pool", "drain", upstream.uri("/"), 40, 0));
			assertThat(callers.await("drained")).isEqualTo("drained {REUSED=40} closed {}");
		}
	}

	@ParameterizedTest
	@CsvSource({ "pool, handshake, TLS_1_2", "plain, handshake, TLS_1_2", "pool, handshake, TLS_1_3",
			"plain, handshake, TLS_1_3", "pool, short-handshake, TLS_1_3" })
	void handshakesThatAreAnsweredDuringThePauseAreInTime(String client, String kind, Transport transport)
			throws Exception {
		try (ScriptedUpstream upstream = transport.start((exchange) -> exchange.ok("hello")).onConnect((connection) -> {
			arrive();
			this.answered.incrementAndGet();
		})) {
			assertAllSucceed(round(client, kind, upstream.uri("/"), 40, 0));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "pool", "plain" })
	void tunnelsThatAreOpenedDuringThePauseAreInTime(String client) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			if (exchange.method().equals("CONNECT")) {
				answer(exchange, () -> exchange.sendRaw("HTTP/1.1 200 OK\r\n\r\n"));
				exchange.connection().startTls();
			}
			else {
				exchange.ok("hello");
			}
		};
		try (ScriptedUpstream proxy = ScriptedUpstream.plain(script)) {
			URI uri = URI.create("https://localhost:" + proxy.port() + "/");
			assertAllSucceed(round(client, "tunnel", uri, 40, proxy.port()));
		}
	}

	@Test
	void connectionsThatASocksProxyOpensDuringThePauseAreInTime() throws Exception {
		SocksScript.Answers answers = new SocksScript.Answers() {

			@Override
			public byte[] toGreeting(Socket client) {
				return new byte[] { 5, 0 };
			}

			@Override
			public byte[] toRequest(Socket client) throws Exception {
				arrive();
				StoppedProcessTests.this.answered.incrementAndGet();
				return SocksScript.GRANTED;
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				SocksScript proxy = SocksScript.start(upstream.port(), answers)) {
			assertAllSucceed(round("pool", "socks", upstream.uri("/"), 40, URI.create(proxy.url()).getPort()));
		}
	}

	@ParameterizedTest
	@CsvSource({ "pool, PLAIN", "plain, PLAIN", "pool, TLS_1_3" })
	void bytesThatThePeerAcceptsDuringThePauseAreInTime(String client, Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start((exchange) -> answer(exchange, () -> {
			exchange.readBody();
			exchange.ok("hello");
		})).leaveBodies()) {
			assertAllSucceed(round(client, "write", upstream.uri("/"), 10, 0));
		}
	}

	@Test
	void callersThatWaitForAConnectionDuringThePauseGetIt() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> answer(exchange, () -> exchange.ok("hello")))) {
			assertAllSucceed(round("pool", "acquire", upstream.uri("/"), 4, 0, 20));
		}
	}

	@ParameterizedTest
	@CsvSource({ "response, PLAIN, sent nothing for longer than 2s",
			"response, TLS_1_3, sent nothing for longer than 2s", "call, PLAIN, took longer than 2s",
			"handshake, TLS_1_3, No TLS" })
	void silenceFailsCallsSoonAfterThePauseAndTheMessageNamesThePause(String kind, Transport transport, String message)
			throws Exception {
		ScriptedUpstream.Script silent = (exchange) -> answer(exchange, () -> {
		});
		try (ScriptedUpstream upstream = transport.start(silent).onConnect((connection) -> {
			if (kind.equals("handshake")) {
				arrive();
				this.answered.incrementAndGet();
				connection.awaitClientClose(Duration.ofMinutes(1));
			}
		})) {
			Round round = round("pool", kind, upstream.uri("/"), 10, 0);
			assertThat(round.failures).isEqualTo(10);
			assertThat(round.messages).contains(message).contains("This process itself stood still for ");
			assertThat(Duration.ofMillis(round.slowest)).isLessThan(endsWithin());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "call", "drain" })
	void dripsDoNotProlongALimitByMoreThanThePause(String kind) throws Exception {
		ScriptedUpstream.Script drip = (exchange) -> {
			if (isWarmUp(exchange)) {
				return;
			}
			exchange.head(200, "Transfer-Encoding: chunked").sendRaw("5;extension=");
			arrived();
			this.answered.incrementAndGet();
			exchange.drip("x", Duration.ofMillis(20));
		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(drip)) {
			Round round = round("pool", kind, upstream.uri("/"), 10, 0);
			assertThat(round.failures).isEqualTo(kind.equals("call") ? 10 : 0);
			assertThat(Duration.ofMillis(round.slowest)).isLessThan(endsWithin());
			if (kind.equals("drain")) {
				assertThat(callers.await("drained")).contains("TOO_SLOW=10");
			}
		}
	}

	private static void assertAllSucceed(Round round) {
		assertThat(round.failures).as(round.messages).isZero();
	}

	private Duration endsWithin() {
		return StoppedCallers.LONG.plus(this.pause).plusSeconds(3);
	}

	// The server

	private void answer(Exchange exchange, Answer answer) throws Exception {
		if (isWarmUp(exchange)) {
			return;
		}
		arrive();
		answer.send();
		this.answered.incrementAndGet();
	}

	private void answerInTwoParts(Exchange exchange) throws Exception {
		if (isWarmUp(exchange)) {
			return;
		}
		exchange.head(200, "Content-Length: 2048").sendRaw(new byte[1000]);
		arrive();
		exchange.sendRaw(new byte[1048]);
		this.answered.incrementAndGet();
	}

	private static boolean isWarmUp(Exchange exchange) throws Exception {
		boolean warmUp = exchange.path().equals("/warm");
		if (warmUp) {
			exchange.ok("warm");
		}
		return warmUp;
	}

	private void arrive() throws InterruptedException {
		arrived();
		this.stopped.await();
	}

	private void arrived() {
		this.firstArrived.compareAndSet(0, System.nanoTime());
		this.arrived.incrementAndGet();
	}

	// A round of calls

	private Round round(String client, String kind, URI uri, int count, int proxy) throws Exception {
		return round(client, kind, uri, count, proxy, count);
	}

	/**
	 * Make calls, stop the process when they have arrived, answer them, and let the
	 * process go on when all their limits are over.
	 * @param arriving how many calls arrive before any is answered
	 */
	private Round round(String client, String kind, URI uri, int arriving, int proxy, int callers) throws Exception {
		Duration limit = StoppedCallers.limit(kind);
		// The server takes its time for many handshakes at once.
		Duration more = Duration.ofMillis(kind.endsWith("handshake") ? 2500 : 700);
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			reset();
			StoppedProcessTests.callers.tell("%s %s %s %s %s".formatted(client, kind, uri, callers, proxy));
			StoppedProcessTests.callers.await("begin");
			Awaitility.await()
				.pollInterval(Duration.ofMillis(2))
				.atMost(Duration.ofSeconds(30))
				.until(() -> this.arrived.get() >= arriving || StoppedProcessTests.callers.hasSaid("done"));
			StoppedProcessTests.callers.stop();
			long stoppedAt = System.nanoTime();
			boolean inTime = this.arrived.get() >= arriving
					&& stoppedAt - this.firstArrived.get() < limit.toNanos() / 2;
			try {
				this.stopped.countDown();
				if (inTime) {
					Awaitility.await().until(() -> this.answered.get() >= arriving || kind.equals("write"));
					Pause.of(limit.plus(more).minusNanos(System.nanoTime() - stoppedAt));
				}
			}
			finally {
				StoppedProcessTests.callers.proceed();
				this.pause = Duration.ofNanos(System.nanoTime() - stoppedAt);
			}
			Matcher done = DONE.matcher(StoppedProcessTests.callers.await("done"));
			assertThat(done.matches()).isTrue();
			if (inTime) {
				return new Round(Integer.parseInt(done.group(1)), Long.parseLong(done.group(2)), done.group(3));
			}
		}
		throw new AssertionError("This machine is too slow: no attempt was stopped in time");
	}

	private void reset() {
		this.stopped = new CountDownLatch(1);
		this.arrived.set(0);
		this.firstArrived.set(0);
		this.answered.set(0);
	}

	/**
	 * What became of the calls.
	 */
	private record Round(int failures, long slowest, String messages) {

	}

	private interface Answer {

		void send() throws Exception;

	}

}

package io.github.httppool.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.httppool.HttpPools;
import io.github.httppool.testing.ClosedPort;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.TestCertificates;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What people read in the midst of an incident: whatever is logged or thrown, the first
 * line says what happened, and no line is too long to be read.
 */
@Tag("waiting")
@Timeout(120)
class LogLinesTests {

	/** What Spring Boot's pattern and Spring's clients put in front of a message. */
	private static final int LONGEST_PREFIX = 110;

	private static final int LONGEST_LINE = 300;

	private static final String PATH = "/orders/" + "x".repeat(3000);

	private static final String POOL = "orders-of-the-northern-warehouses";

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.httppool");

	private final Level before = this.logger.getLevel();

	private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

	private final List<Throwable> thrown = new ArrayList<>();

	private final List<ClientHttpResponse> held = new ArrayList<>();

	private final CountDownLatch over = new CountDownLatch(1);

	private final ScriptedUpstream upstream = ScriptedUpstream.plain(this::answer);

	private final ScriptedUpstream strangers = ScriptedUpstream.tls((exchange) -> exchange.ok("hello"))
		.certificates(TestCertificates.create("stranger"));

	@BeforeEach
	void record() {
		this.logged.start();
		this.logger.addAppender(this.logged);
		this.logger.setLevel(Level.DEBUG);
	}

	@AfterEach
	void end() {
		this.over.countDown();
		this.logger.detachAppender(this.logged);
		this.logger.setLevel(this.before);
		this.upstream.close();
		this.strangers.close();
	}

	private void answer(ScriptedUpstream.Exchange exchange) throws Exception {
		String path = exchange.path();
		if (path.endsWith("silent")) {
			this.over.await();
		}
		else if (path.endsWith("close")) {
			exchange.close();
		}
		else if (path.endsWith("garbage")) {
			exchange.sendRaw("HTTP/1.1 abc " + "g".repeat(4000) + "\r\n\r\n").close();
		}
		else if (path.endsWith("large")) {
			exchange.status(500, "e".repeat(5000));
		}
		else {
			exchange.ok("hello");
		}
	}

	@Test
	void noLineIsTooLongAndTheFirstSaysWhatHappened() throws Exception {
		Thread.currentThread().setName("caller-" + "t".repeat(200));
		try (DeadAddress dead = new DeadAddress()) {
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, HttpClientAutoConfiguration.class,
						ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
						HttpPoolAutoConfiguration.class, HttpPoolRestClientAutoConfiguration.class,
						HttpPoolWarmUpAutoConfiguration.class))
				.withPropertyValues(settings())
				.run((context) -> fail(context, dead));
		}
		finally {
			Thread.currentThread().setName("main");
		}
		assertThat(this.thrown).hasSize(12);
		this.thrown.forEach((failure) -> {
			// Spring's own exception shows the URI, whatever its length.
			assertReadable(String.valueOf(failure.getCause().getMessage()), LONGEST_LINE);
			for (Throwable details : failure.getCause().getSuppressed()) {
				assertReadable(String.valueOf(details.getMessage()), LONGEST_LINE);
			}
			String what = String.valueOf(failure.getCause().getMessage()).lines().findFirst().orElseThrow();
			assertThat(failure.getCause().getMessage().replaceAll("\\s+", " ")).contains(POOL);
			assertThat(what).doesNotContainIgnoringCase("check ", "possible causes");
		});
		assertThat(this.logged.list).allSatisfy((event) -> assertReadable(event.getFormattedMessage(),
				event.getLoggerName().endsWith(".trace") ? LONGEST_LINE : LONGEST_LINE - LONGEST_PREFIX));
		List<String> messages = this.logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
		for (String part : List.of("is open for", "is shut down", "has held its connection", "still leased",
				"opened 0 of 2 connections", "means 64 bytes", "is no property of HTTP Pool",
				"Logged because Spring's error handlers")) {
			assertThat(messages).as(part).filteredOn((message) -> message.contains(part)).isNotEmpty();
		}
	}

	private static void assertReadable(String message, int longest) {
		assertThat(message.lines()).allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(longest));
	}

	private String[] settings() {
		return new String[] { "http-pool.drain.max-bytes=64", "http-pool.max-totl=7",
				"http-pool.pools." + POOL + ".base-url=" + this.upstream.url(),
				"http-pool.pools." + POOL + ".max-per-route=2", "http-pool.pools." + POOL + ".max-pending=1",
				"http-pool.pools." + POOL + ".acquire-timeout=300ms",
				"http-pool.pools." + POOL + ".connect-timeout=300ms",
				"http-pool.pools." + POOL + ".response-timeout=300ms",
				"http-pool.pools." + POOL + ".leak-detection-threshold=100ms",
				"http-pool.pools." + POOL + ".retry-stale=false", "http-pool.pools." + POOL + ".max-error-body=1KB",
				"http-pool.pools." + POOL + ".warm-up.stock.uri=http://stock.invalid",
				"http-pool.pools." + POOL + ".warm-up.stock.connections=2" };
	}

	private void fail(ApplicationContext context, DeadAddress dead) throws Exception {
		RestClient client = context.getBean(POOL + "RestClient", RestClient.class);
		get(client, "http://127.0.0.1:" + ClosedPort.next() + PATH);
		get(client, "http://" + "h".repeat(25) + "." + "i".repeat(25) + ".invalid" + PATH);
		get(client, dead.uri() + PATH);
		get(client, "https://localhost:" + this.strangers.port() + PATH);
		get(client, "https://localhost:" + this.upstream.port() + PATH);
		get(client, this.upstream.url() + PATH + "silent");
		get(client, this.upstream.url() + PATH + "close");
		client.get().uri("/good").retrieve().toBodilessEntity();
		get(client, this.upstream.url() + PATH + "close");
		get(client, this.upstream.url() + PATH + "garbage");
		catchThrowable(() -> client.get().uri(PATH + "large").retrieve().body(String.class));
		for (int i = 0; i < 2; i++) {
			client.get().uri("/held").exchange((request, response) -> this.held.add(response), false);
		}
		get(client, this.upstream.url() + PATH);
		Thread waiting = new Thread(() -> catchThrowable(() -> client.get().uri(PATH).retrieve().toBodilessEntity()));
		HttpPools pools = context.getBean(HttpPools.class);
		waiting.start();
		while (pools.get(POOL).snapshot().connections().pending() == 0 && waiting.isAlive()) {
			Thread.onSpinWait();
		}
		get(client, this.upstream.url() + PATH);
		waiting.join();
		// Longer than the threshold for leaks, of which the log tells.
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.until(() -> List.copyOf(this.logged.list)
				.stream()
				.anyMatch((event) -> event.getFormattedMessage().contains("has held")));
		this.thrown.add(new IllegalStateException("", catchThrowable(() -> pools.get(POOL + "x"))));
	}

	private void get(RestClient client, String uri) {
		this.thrown.add(catchThrowable(() -> client.get().uri(URI.create(uri)).retrieve().toBodilessEntity()));
	}

}

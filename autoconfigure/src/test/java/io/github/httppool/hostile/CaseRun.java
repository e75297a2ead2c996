package io.github.httppool.hostile;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPools;
import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import io.github.httppool.autoconfigure.HttpPoolRestClientAutoConfiguration;
import io.github.httppool.hostile.Caller.Answer;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.TestCertificates;
import io.github.httppool.testing.Transport;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Plays a case once, over one transport, in an application of its own that is configured
 * as every application is; then makes further calls over the same pool.
 */
final class CaseRun {

	/** Calls after the case, each of which must get its own answer. */
	private static final int NEXT_CALLS = 2;

	/** What a call that should have ended is given, before its stack is shown. */
	private static final Duration GRACE = Duration.ofSeconds(15);

	private final HostileCase hostile;

	private volatile boolean playing;

	CaseRun(HostileCase hostile) {
		this.hostile = hostile;
	}

	void over(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = this.hostile.setUp()
			.apply(transport.start(this::answer)
				.onConnect((connection) -> (this.playing ? this.hostile.onConnect() : NOTHING).accepted(connection)))) {
			application(upstream).run((context) -> {
				String url = this.hostile.target().apply(upstream);
				RestClient client = context.getBean(RestClient.class).mutate().baseUrl(url).build();
				play(new Scene(client, context.getBean(HttpPools.class).get("default"), upstream));
			});
		}
	}

	private static final ScriptedUpstream.ConnectionScript NOTHING = (connection) -> {
	};

	private ApplicationContextRunner application(ScriptedUpstream upstream) {
		TestCertificates trusted = this.hostile.trusted().get();
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
					HttpPoolAutoConfiguration.class, HttpPoolRestClientAutoConfiguration.class))
			.withBean(HttpPoolCustomizer.class, () -> this.hostile.customizer().apply(upstream))
			.withPropertyValues("spring.ssl.bundle.jks.test.truststore.location=" + trusted.trustStore(),
					"spring.ssl.bundle.jks.test.truststore.password=" + TestCertificates.PASSWORD,
					"spring.http.clients.ssl.bundle=test")
			.withPropertyValues(
					this.hostile.settings().stream().map((setting) -> "http-pool." + setting).toArray(String[]::new));
	}

	private void answer(Exchange exchange) throws Exception {
		if (this.playing) {
			this.hostile.script().answer(exchange);
		}
		else if (exchange.method().equals("CONNECT")) {
			exchange.head(200);
			exchange.connection().startTls();
		}
		else {
			exchange.ok(rightAnswer(exchange.path()));
		}
	}

	private static String rightAnswer(String path) {
		return "right answer to " + path.substring(path.lastIndexOf('/'));
	}

	private void play(Scene scene) throws Exception {
		if (this.hostile.before() != null) {
			assertServed(scene, "/before");
			soon().until(() -> scene.upstream().lastConnection().isIdle());
			this.hostile.before().run(scene);
			pause();
		}
		this.playing = true;
		verifyOutcome(scene);
		this.hostile.afterwards().run(scene);
		soon().until(() -> scene.connections().leased() == 0);
		assertThat(scene.connections().pending()).as("pending").isZero();
		awaitTheServersEnd(scene.upstream());
		this.playing = false;
		long opened = scene.totals().opened();
		pause();
		for (int i = 1; i <= NEXT_CALLS; i++) {
			assertServed(scene, "/next-" + i);
		}
		verifyFate(scene, opened);
	}

	/**
	 * Let some time pass: what waits for a condition elsewhere is a part of the story
	 * here.
	 */
	private void pause() throws InterruptedException {
		Pause.of(this.hostile.pause());
	}

	private void verifyOutcome(Scene scene) throws Exception {
		Answer[] answer = new Answer[1];
		FutureTask<Throwable> call = new FutureTask<>(() -> {
			try {
				answer[0] = this.hostile.caller().call(scene);
				return null;
			}
			catch (RestClientResponseException ex) {
				// What Spring makes of a 4xx or 5xx.
				answer[0] = new Answer(ex.getStatusCode().value(), ex.getResponseBodyAsString());
				return null;
			}
			catch (Throwable ex) {
				return ex;
			}
		});
		scene.caller(new Thread(call, "caller"));
		long started = System.nanoTime();
		scene.caller().start();
		this.hostile.meanwhile().run(scene);
		Throwable failure = endOf(call, scene.caller());
		Duration took = Duration.ofNanos(System.nanoTime() - started);
		this.hostile.outcome().verify(answer[0], failure);
		assertThat(took).as("time").isLessThan(this.hostile.within());
	}

	private Throwable endOf(FutureTask<Throwable> call, Thread caller) throws Exception {
		try {
			return call.get(this.hostile.within().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			AssertionError stuck = new AssertionError("The call does not end; it is here");
			stuck.setStackTrace(caller.getStackTrace());
			throw stuck;
		}
	}

	/**
	 * The server must see that the connection is closed, or have nothing more to send on
	 * it.
	 */
	private static void awaitTheServersEnd(ScriptedUpstream upstream) {
		soon().until(() -> upstream.connections()
			.stream()
			.allMatch((connection) -> connection.isIdle() || connection.hasEnded()));
	}

	private static void assertServed(Scene scene, String path) {
		String base = scene.upstream().url();
		assertThat(scene.client().get().uri(path).retrieve().body(String.class)).as("answer of %s", base)
			.isEqualTo(rightAnswer(path));
		assertThat(scene.connections().leased()).as("leased").isZero();
	}

	private void verifyFate(Scene scene, long openedInTheCase) {
		Fate fate = this.hostile.fate();
		assertThat(scene.closeReasons()).as("reasons of closed connections")
			.containsExactlyInAnyOrderElementsOf(fate.reasons());
		assertThat(openedInTheCase > 0).as("opened").isEqualTo(fate.opened());
		long expected = fate.kept() ? openedInTheCase : openedInTheCase + 1;
		assertThat(scene.totals().opened()).as("opened after the next calls").isEqualTo(expected);
		assertThat(scene.totals().opened()).as("opened, closed and idle")
			.isEqualTo(scene.closeReasons().size() + scene.connections().idle());
	}

}

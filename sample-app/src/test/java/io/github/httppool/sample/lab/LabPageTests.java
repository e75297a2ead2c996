package io.github.httppool.sample.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.sample.SampleApplication;
import io.github.httppool.testing.Browser;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the page of the {@link Lab} in a browser: each experiment runs to its end and
 * shows what its description says.
 */
@RequiresProgram({ Program.CHROMIUM, Program.CHROMEDRIVER })
@SpringBootTest(classes = SampleApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "sample.upstream.port=0")
@Tag("slow")
class LabPageTests {

	private static final Duration PATIENCE = Duration.ofSeconds(40);

	private static Browser browser;

	@LocalServerPort
	private int port;

	@Autowired
	private Lab lab;

	@BeforeAll
	static void startBrowser() throws IOException {
		browser = Browser.start();
		browser.size(1280, 900);
	}

	@AfterAll
	static void closeBrowser() {
		if (browser != null) {
			browser.close();
		}
	}

	@AfterEach
	void pageStaysQuietAndAtHome() {
		Run run = this.lab.current();
		if (run != null) {
			run.cancel();
			Awaitility.await().atMost(PATIENCE).until(run::isOver);
		}
		assertThat(browser.messages()).isEmpty();
		assertThat(browser.requests()).allMatch((request) -> request.startsWith("http://127.0.0.1:" + this.port + "/"));
	}

	@Test
	void clientPerCallOpensAConnectionPerCallWithoutThePool() {
		Run.View run = run("client-per-call");
		assertThat(springBoot(run).opened()).isEqualTo(run.result().springBoot().answered());
		assertThat(springBoot(run).open()).isEqualTo(springBoot(run).opened());
		assertAllAnswered(run, 300);
		assertThat(httpPool(run).opened()).isBetween(1, 20);
	}

	@Test
	void unreadBodiesQueueAtFiveConnectionsWithoutThePool() {
		Run.View run = run("unread-bodies");
		assertThat(springBoot(run).opened()).isEqualTo(5);
		assertThat(run.samples()).anySatisfy((sample) -> assertThat(sample.springBoot().waiting()).isGreaterThan(80));
		assertAllAnswered(run, 2000);
		assertThat(httpPool(run).opened()).isBetween(1, 50);
		assertThat(browser.texts(".results tbody tr:nth-child(2) .httpPool .big"))
			.containsExactly(String.valueOf(httpPool(run).opened()));
	}

	@Test
	void tooSmallIdleLimitOpensConnectionsAgainAndAgain() {
		Run.View run = run("idle-limit");
		assertThat(springBoot(run).opened()).isEqualTo(5);
		assertAllAnswered(run, 1440);
		assertThat(httpPool(run).opened()).isGreaterThan(400);
		if (isCalm(run)) {
			assertThat(run.result().findings()).extracting(Finding::code).contains(FindingCode.LOW_REUSE);
		}
		browser.click(".retry");
		run = finished("idle-limit");
		assertThat(run.properties()).containsValue("50");
		assertThat(httpPool(run).opened()).isBetween(1, 40);
		assertThat(browser.texts(".history tbody tr")).hasSize(2);
	}

	@Test
	void burstOpensNoMoreConnectionsThanTheLimit() {
		Run.View run = run("burst");
		assertThat(springBoot(run).opened()).isEqualTo(5);
		assertAllAnswered(run, 400);
		assertThat(httpPool(run).opened()).isBetween(1, 50);
		assertThat(run.result().findings()).extracting(Finding::code).contains(FindingCode.POOL_TOO_SMALL);
	}

	@Test
	void endlessBodyHoldsItsCallerWithoutThePool() {
		Run.View run = run("endless-body");
		assertThat(run.result().springBoot().held()).isEqualTo(6);
		assertThat(run.result().springBoot().answered()).isLessThan(20);
		assertAllAnswered(run, 60);
		assertThat(run.result().findings()).extracting(Finding::code).contains(FindingCode.UNREAD_BODIES);
		assertThat(browser.text(".findings")).contains("UNREAD_BODIES", "Advice:", "http-pool.drain.max-time");
		assertThat(browser.text(".verdict")).contains("HTTP Pool answered all 60 calls",
				"6 callers still waited at the end");
	}

	@Test
	void serverThatClosesFailsCallsWithoutThePool() {
		Run.View run = run("server-closes");
		assertThat(run.result().springBoot().failed()).isGreaterThan(10);
		assertThat(run.result().httpPool().failed()).isLessThanOrEqualTo(1);
		assertThat(run.result().httpPool().answered()).isGreaterThanOrEqualTo(143);
		assertThat(browser.text(".results .springBoot .failure")).contains("calls failed. The first: ");
		if (isCalm(run)) {
			assertThat(run.result().findings()).anySatisfy((finding) -> {
				assertThat(finding.code()).isEqualTo(FindingCode.KEEP_ALIVE_MISMATCH);
				assertThat(finding.advice()).startsWith("Set http-pool.idle-timeout to ");
			});
		}
	}

	@Test
	void tooSmallPoolIsFoundAndSaysHowManyConnectionsItNeeds() {
		Run.View run = run("pool-too-small");
		assertThat(springBoot(run).opened()).isEqualTo(5);
		assertThat(httpPool(run).opened()).isEqualTo(5);
		assertThat(run.result().findings()).anySatisfy((finding) -> {
			assertThat(finding.code()).isEqualTo(FindingCode.POOL_TOO_SMALL);
			assertThat(finding.advice()).startsWith("Set http-pool.max-per-route to ");
		});
	}

	@Test
	void leakBlocksAllCallersWithoutThePool() {
		Run.View run = run("leak");
		assertThat(run.result().springBoot().answered()).isEqualTo(100);
		assertThat(run.result().springBoot().held()).isEqualTo(10);
		assertAllAnswered(run, 200);
		assertThat(run.result().findings()).extracting(Finding::code).contains(FindingCode.LEAK_SUSPECTED);
	}

	@Test
	void closedClientsBlockPortsWithoutThePool() {
		Run.View run = run("ports");
		assertThat(springBoot(run).opened()).isEqualTo(run.result().springBoot().answered());
		assertAllAnswered(run, 1000);
		assertThat(httpPool(run).opened()).isBetween(1, 20);
		if (springBoot(run).timeWait() != null) {
			assertThat(springBoot(run).timeWait()).isGreaterThan(springBoot(run).opened() / 2);
			assertThat(httpPool(run).timeWait()).isLessThan(20);
			assertThat(browser.text(".verdict .note")).contains("new connections per second");
		}
	}

	@Test
	void visitorCancelsARunAndStartsAnother() {
		open("idle-limit");
		browser.click(".start");
		await(".clock", "of at most");
		assertThat(this.lab.current().isOver()).isFalse();
		browser.click(".cancel");
		await(".status", "Cancelled.");
		assertThat(browser.text(".start")).isEqualTo("Start again");
		browser.click(".start");
		await(".status", "Running.");
	}

	@Test
	void secondPageIsToldWhatRuns() {
		open("idle-limit");
		browser.click(".start");
		await(".status", "Running.");
		browser.run("location.hash = 'burst'");
		await("h2", "No limit and a burst");
		browser.click(".start");
		await(".problem", "The experiment 'An idle limit too small' is running.");
		// A refused start is an error for the browser's console, too.
		assertThat(browser.messages()).singleElement().asString().contains("409");
		open("");
		await("h2", "An idle limit too small");
		await(".status", "Running.");
	}

	@Test
	void keyboardStartsARunAndChoosesAValue() {
		open("leak");
		browser.run("document.querySelector('input[type=radio]').focus()");
		// arrow to the right, twice the tabulator, enter
		browser.press("\uE014", "\uE004", "\uE004", "\uE007");
		await(".status", "Running.");
		assertThat(this.lab.current().view(0).properties()).containsEntry("http-pool.leak-detection-threshold", "2s");
		assertThat(browser.<String>run("return document.activeElement.textContent")).isEqualTo("Cancel");
	}

	@Test
	void pageIsAccessibleInBothColourSchemesAndOnAPhone() throws IOException {
		String axe = new ClassPathResource("axe.min.js").getContentAsString(StandardCharsets.UTF_8);
		run("endless-body");
		for (boolean dark : new boolean[] { false, true }) {
			for (int width : new int[] { 1280, 390 }) {
				browser.dark(dark);
				browser.size(width, 900);
				assertThat(violations(axe)).as("dark: %s, width: %s", dark, width).isEmpty();
				assertThat(browser.<Boolean>run("return document.documentElement.scrollWidth <= innerWidth")).isTrue();
			}
		}
		browser.dark(false);
		browser.size(1280, 900);
	}

	private List<String> violations(String axe) {
		browser.run(axe + ";window.axe = axe");
		return browser.runToCallback("""
				const done = arguments[arguments.length - 1];
				axe.run().then((result) => done(result.violations.map((violation) =>
					violation.id + ': ' + violation.nodes.map((node) => node.html).join(' '))));""");
	}

	private Run.View run(String experiment) {
		open(experiment);
		browser.click(".start");
		return finished(experiment);
	}

	private Run.View finished(String experiment) {
		await(".status", "Running.");
		await(".status", "Finished.");
		Run run = this.lab.current();
		assertThat(run).isNotNull();
		Run.View view = run.view(0);
		assertThat(view.experiment()).isEqualTo(experiment);
		assertThat(view.result()).isNotNull();
		assertThat(browser.text(".verdict")).startsWith("HTTP Pool answered")
			.contains("Spring Boot's default answered");
		Awaitility.await().atMost(PATIENCE).untilAsserted(LabTests::assertNothingIsLeft);
		return view;
	}

	private void open(String experiment) {
		browser.open("http://127.0.0.1:" + this.port + "/" + (experiment.isEmpty() ? "" : "#" + experiment));
		await(".start", "Start");
	}

	private static void await(String selector, String text) {
		Awaitility.await().atMost(PATIENCE).until(() -> browser.text(selector), (actual) -> actual.contains(text));
	}

	private static Figures springBoot(Run.View run) {
		return last(run).springBoot();
	}

	private static Figures httpPool(Run.View run) {
		return last(run).httpPool();
	}

	private static Sample last(Run.View run) {
		return run.samples().get(run.samples().size() - 1);
	}

	/**
	 * Return whether the process ran all the time. While it stands still, the pool does
	 * not blame its limits or a server.
	 */
	private static boolean isCalm(Run.View run) {
		double longest = 0;
		double last = 0;
		for (Sample sample : run.samples()) {
			longest = Math.max(longest, sample.seconds() - last);
			last = sample.seconds();
		}
		return longest < 0.3;
	}

	private static void assertAllAnswered(Run.View run, int calls) {
		assertThat(run.result().httpPool().firstFailure()).isNull();
		assertThat(run.result().httpPool().answered()).isEqualTo(calls);
	}

}

package io.github.httppool.page;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.HeldLease;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolActivity;
import io.github.httppool.PoolEvent;
import io.github.httppool.PoolSample;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.Severity;
import io.github.httppool.testing.Browser;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import io.github.httppool.testing.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.ResourceAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The page as Chromium shows it.
 */
@Tag("slow")
@RequiresProgram({ Program.CHROMIUM, Program.CHROMEDRIVER })
class PageInBrowserTests {

	private static final String TAB = "\uE004";

	private static final String ENTER = "\uE007";

	private static final List<String> HOSTILE = List.of("<script>document.title='broken'</script>",
			"<img src=x onerror=\"document.title='broken'\">", "'\"><svg/onload=alert(1)>", "__proto__", "constructor",
			"http://\u202egnp.live:80", "{{7*7}}${7*7}", "a".repeat(8000), "\u0000\u0007\u2028 \u05d0\u05d1\u05d2 %00");

	private static Browser browser;

	/** Shared by the tests that say what it shows. */
	private static PageApplication stubbed;

	@BeforeAll
	static void start() throws IOException {
		browser = Browser.start();
		browser.size(1280, 1000);
		stubbed = PageApplication.start(Stubbed.class);
	}

	@AfterAll
	static void stop() {
		stubbed.close();
		browser.close();
	}

	@Test
	void showsAFindingWhileThereIsAFaultAndNoLonger() throws Exception {
		int port = freePort();
		String route = "http://127.0.0.1:" + port;
		try (PageApplication application = PageApplication.start()) {
			browser.open(application.page());
			await("#finding-list", "Nothing found in the last two minutes.");
			assertThat(browser.text("#state")).isEqualTo("Live");
			assertThat(browser.text("#pool-list")).contains("Pool default",
					"No calls yet: a pool opens on its first call.");
			for (int i = 0; i < 20; i++) {
				assertThatExceptionOfType(ResourceAccessException.class)
					.isThrownBy(() -> application.client().get().uri(route).retrieve().toBodilessEntity());
			}
			await("#finding-list", "Failing connects", "FAILING_CONNECTS", route, "since ",
					"What to do: Check whether");
			assertThat(browser.text(".severity")).isEqualToIgnoringCase("critical");
			await("#announcement", "critical: Failing connects");
			assertThat(browser.<String>run("return document.title")).isEqualTo("(1) shop · HTTP Pool");
			await("#events", "connect failed", "FAILING_CONNECTS (critical): ");
			try (ScriptedUpstream healed = ScriptedUpstream.plainAt("127.0.0.1", port,
					(exchange) -> exchange.ok("ok"))) {
				Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(500)).until(() -> {
					application.client().get().uri(healed.url() + "/orders?token=secret").retrieve().toBodilessEntity();
					return browser.text("#finding-list").equals("Nothing found in the last two minutes.");
				});
				await("#announcement", "Failing connects is over");
				await("#events", "FAILING_CONNECTS is over");
				assertThat(browser.text("body")).doesNotContain("secret");
			}
			assertQuietAndAlone(application);
		}
	}

	@Test
	void showsCallsAsTheyHappen() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("ok"));
				PageApplication application = PageApplication.start("spring.main.web-application-type=reactive")) {
			browser.open(application.page() + "/default");
			await("#pool-list", "No calls yet");
			application.client().get().uri(upstream.url() + "/orders").exchange((request, response) -> {
				await("#leases tbody", "GET /orders", Thread.currentThread().getName(), upstream.url());
				await(".legend", "1 leased", "0 idle", "199 free of 200");
				return null;
			});
			await("#leases", "No connection is leased.");
			await(".legend", "0 leased", "1 idle");
			await("#routes tbody", upstream.url(), "0 of 50");
			await("#events", "opened", "for GET /orders");
			await(".charts", "Calls", "Connections", "Waits", "Opened and closed", "Reused");
			Awaitility.await("a sample").atMost(Duration.ofSeconds(15)).until(() -> count(".chart path[d*=H]") > 0);
			assertQuietAndAlone(application);
		}
	}

	@Test
	void worksUnderAnotherBasePathAndPortAndContextPath() throws Exception {
		try (PageApplication application = PageApplication.start("server.servlet.context-path=/shop",
				"management.endpoints.web.base-path=/ops", "management.endpoints.web.path-mapping.httppool=pools/http",
				"http-pool.pools.orders.max-total=7")) {
			browser.open(application.url("/shop/ops/pools/http"));
			await("#pool-list", "Pool default", "Pool orders");
			browser.click("#pools a:last-child");
			await("#pool-list", "free of 7");
			assertThat(browser.<String>run("return location.pathname")).isEqualTo("/shop/ops/pools/http/orders");
			browser.click("#pools a:first-child");
			await("#pool-list", "Pool default", "Pool orders");
			assertQuietAndAlone(application);
		}
		int port = freePort();
		try (PageApplication application = PageApplication.start("management.server.port=" + port,
				"management.server.base-path=/admin", "management.endpoints.web.base-path=/")) {
			browser.open("http://127.0.0.1:" + port + "/admin/httppool");
			await("#pool-list", "Pool default");
			assertThat(browser.messages()).isEmpty();
		}
	}

	@Test
	void hostileNamesAreText() {
		for (StubPool pool : showPools(HOSTILE.toArray(String[]::new))) {
			String name = pool.name();
			pool.route(name, 1, 10);
			pool.leases.add(new HeldLease(name, Duration.ofSeconds(3), name, "GET /" + name));
			pool.events.add(new PoolEvent(Instant.now(), Instant.now(), PoolEvent.Type.CLOSED, name, 1, name));
			pool.findings
				.add(new Finding(FindingCode.CALLERS_REFUSED, Severity.CRITICAL, name, name, "Look at " + name));
		}
		browser.open(stubbed.page());
		await("#leases tbody", "GET /<script>", "GET /__proto__", "GET /constructor", "GET /{{7*7}}${7*7}");
		assertThat(browser.texts(".pool h2")).hasSize(HOSTILE.size());
		assertThat(browser.texts("#routes tbody tr")).hasSize(HOSTILE.size());
		assertThat(browser.texts(".finding")).hasSize(HOSTILE.size());
		assertThat(browser.text("body")).doesNotContain("\u202e", "\u0000", "\u2028");
		assertThat(browser.<String>run("return document.title"))
			.isEqualTo("(%s) shop · HTTP Pool".formatted(HOSTILE.size()));
		assertThat(count("main script, main img, main [onload]")).isZero();
		assertThat(browser.<Boolean>run("return document.documentElement.scrollWidth <= innerWidth")).as("fits")
			.isTrue();
		browser.open(stubbed.page() + "/__proto__");
		await("#pool-list", "Pool __proto__");
		assertQuietAndAlone(stubbed);
	}

	@Test
	void itsPolicyStopsWhatIsInjected() {
		showPool();
		browser.open(stubbed.page());
		await("#pool-list", "Pool default");
		browser.run("""
				const script = document.createElement('script');
				script.textContent = "document.title = 'broken'";
				document.body.append(script);
				const far = new Image();
				far.src = 'http://192.0.2.1/pixel';
				document.body.setAttribute('onclick', "document.title = 'broken'");
				document.body.click();
				""");
		await(() -> assertThat(browser.messages()).filteredOn((message) -> message.contains("Content Security Policy"))
			.hasSizeGreaterThanOrEqualTo(3));
		assertThat(browser.<String>run("return document.title")).isEqualTo("shop · HTTP Pool");
	}

	@Test
	void sortsByKeyboardAndKeepsTheFocus() {
		StubPool pool = showPool().route("http://b:80", 1, 2400)
			.route("http://c:80", 9, 1200)
			.route("http://a:80", 5, 120);
		browser.open(stubbed.page());
		await(() -> assertThat(routes()).containsExactly("http://b:80", "http://c:80", "http://a:80"));
		browser.press(TAB);
		assertThat(browser.<String>run("return document.activeElement.innerText")).isEqualTo("Skip to the content");
		browser.run("document.querySelector('#routes thead button').focus()");
		browser.press(ENTER);
		assertThat(routes()).containsExactly("http://a:80", "http://b:80", "http://c:80");
		assertThat(sort(1)).isEqualTo("ascending");
		browser.press(ENTER);
		assertThat(routes()).containsExactly("http://c:80", "http://b:80", "http://a:80");
		assertThat(sort(1)).isEqualTo("descending");
		browser.press(ENTER);
		assertThat(routes()).containsExactly("http://b:80", "http://c:80", "http://a:80");
		browser.press(TAB, ENTER);
		assertThat(routes()).containsExactly("http://c:80", "http://a:80", "http://b:80");
		assertThat(sort(3)).isEqualTo("descending");
		assertThat(sort(1)).isEqualTo("none");
		browser.run("document.querySelector('#routes tbody th bdi').id = 'same'");
		pool.route("http://d:80", 7, 60);
		await(() -> assertThat(routes()).containsExactly("http://c:80", "http://d:80", "http://a:80", "http://b:80"));
		assertThat(browser.<String>run("return document.activeElement.innerText")).isEqualTo("Leased");
		assertThat(browser.text("#same")).as("rows are updated, not replaced").isEqualTo("http://c:80");
	}

	@Test
	void staysReadableWithMuchToShow() {
		StubPool pool = showPool();
		for (int i = 0; i < 1000; i++) {
			pool.route("http://host-" + i + ".example:80", i % 50, 1_000_000_000L);
		}
		for (int i = 0; i < 20; i++) {
			pool.leases.add(new HeldLease("http://host-1.example:80", Duration.ofDays(400 - i), "t", null));
		}
		for (int i = 0; i < 500; i++) {
			Instant time = Instant.now().minusSeconds(60L * i);
			pool.events.add(new PoolEvent(time, time, PoolEvent.Type.OPENED, "http://host-1.example:80", 1, "opened"));
		}
		pool.since = Instant.now().minus(Duration.ofDays(400));
		pool.calls = 12_345_678_901L;
		browser.open(stubbed.page());
		await("#routes caption", "The 50 busiest of 1,000 routes.");
		assertThat(routes()).hasSize(50);
		assertThat(browser.text("#leases tbody")).contains("unknown", "400 d", "381 d");
		assertThat(browser.text(".meta")).contains("created 400 d ago", "max-pending no limit");
		assertThat(browser.texts(".timeline li")).hasSize(50);
		browser.click("summary");
		assertThat(browser.text(".totals")).contains("12.3 G", "Closed: stale");
		browser.click(".choices label:last-child");
		assertThat(browser.text("#events")).contains("No events of these kinds.");
	}

	@Test
	void drawsTheLastTwoMinutesByTheClockOfTheApplication() {
		StubPool pool = showPool().route("http://a:80", 1, 1);
		pool.history = () -> IntStream.rangeClosed(-23, 0).mapToObj((i) -> {
			boolean opening = i == -3;
			return new PoolSample(Instant.now().plusSeconds(5L * i), new PoolSnapshot.Connections(10, 5, 2),
					new PoolActivity(Duration.ofSeconds(5), 500, opening ? 50 : 0, opening ? 450 : 500, 5, 100,
							Duration.ofSeconds(3), Duration.ofMillis(250)));
		}).toList();
		browser.open(stubbed.page());
		await(() -> assertThat(browser.<List<String>>run(
				"return [...document.querySelectorAll('.chart svg')].map((chart) => chart.getAttribute('aria-label'))"))
			.containsExactly("Calls, last two minutes: 100/s now, highest 100/s",
					"Connections, last two minutes: open 15, leased 10 now, highest 15",
					"Waits, last two minutes: 20.0/s now, highest 20.0/s",
					"Longest wait, last two minutes: 250 ms now, highest 250 ms",
					"Opened and closed, last two minutes: opened 0/s, closed 1.0/s now, highest 10.0/s",
					"Reused, last two minutes: 100 % now, lowest 90 %"));
	}

	@Test
	void saysThatItsDataAreOldAndRecovers() {
		showPool();
		browser.open(stubbed.page());
		await("#state", "Live");
		browser.devTools("Network.enable", Map.of());
		browser.devTools("Network.emulateNetworkConditions",
				Map.of("offline", true, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
		try {
			await("#state", "The application cannot be reached, data are ");
			assertThat(browser.text("#notice")).contains("The application cannot be reached.");
			assertThat(browser.<Boolean>run("return document.querySelector('[data-stale]') !== null")).isTrue();
		}
		finally {
			browser.devTools("Network.emulateNetworkConditions",
					Map.of("offline", false, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
		}
		await(() -> assertThat(browser.text("#state")).isEqualTo("Live"));
		assertThat(browser.text("#notice")).isEmpty();
		browser.open(stubbed.page() + "/orders");
		await("#notice", "There is no such pool.", "All pools");
		browser.click("#notice a");
		await("#pool-list", "Pool default");
	}

	@Test
	void noticesARestart() throws Exception {
		int port = freePort();
		PageApplication application = PageApplication.start(Stubbed.class, "server.port=" + port);
		browser.open("http://127.0.0.1:" + port + "/actuator/httppool");
		await("#state", "Live");
		application.close();
		await("#state", "cannot be reached");
		try (PageApplication next = PageApplication.start(Stubbed.class, "server.port=" + port)) {
			await("#notice", "The application restarted, or another instance");
			await(() -> assertThat(browser.text("#state")).isEqualTo("Live"));
			browser.click("#notice button");
			assertThat(browser.text("#notice")).isEmpty();
		}
	}

	@Test
	void asksForNothingWhileItIsHiddenOrPaused() {
		showPool();
		browser.open(stubbed.page());
		await("#state", "Live");
		browser.click("#pause");
		await("#state", "Paused, data are ");
		long asked = polls();
		browser.run("document.dispatchEvent(new Event('visibilitychange'))");
		browser.click("#pause");
		await(() -> assertThat(polls()).isGreaterThan(asked));
		String tab = browser.openTab();
		browser.showTab(tab);
		boolean hidden = browser.<Boolean>run("return document.hidden");
		browser.run("Object.defineProperty(document, 'hidden', { value: true, configurable: true })");
		browser.runToCallback("setTimeout(arguments[arguments.length - 1], 2500)");
		long before = polls();
		browser.runToCallback("setTimeout(arguments[arguments.length - 1], 4500)");
		assertThat(polls()).as("a hidden tab: %s", hidden).isEqualTo(before);
		browser.run("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))");
		await(() -> assertThat(polls()).isGreaterThan(before));
	}

	@Test
	void isAccessibleInLightAndDarkAndOnAPhone() throws IOException {
		List<StubPool> pools = showPools("default", "orders");
		StubPool pool = pools.get(0).route("http://a:80", 1, 2400);
		pools.get(1).route("http://b:80", 0, 120);
		pool.leases.add(new HeldLease("http://a:80", Duration.ofSeconds(3), "main", "GET /"));
		Instant now = Instant.now();
		for (PoolEvent.Type type : PoolEvent.Type.values()) {
			pool.events.add(new PoolEvent(now, now, type, "http://a:80", 2, "what happened"));
		}
		pool.findings.addAll(
				List.of(new Finding(FindingCode.CALLERS_REFUSED, Severity.CRITICAL, "http://a:80", "message", "advice"),
						new Finding(FindingCode.SLOW_DNS, Severity.WARNING, null, "message", "advice"),
						new Finding(FindingCode.POOL_TOO_LARGE, Severity.INFO, null, "message", "advice")));
		browser.open(stubbed.page());
		await("#pool-list", "Pool orders");
		browser.click("summary");
		try (InputStream axe = getClass().getResourceAsStream("/axe.min.js")) {
			browser.run(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
		}
		try {
			assertAccessible("light");
			browser.dark(true);
			assertAccessible("dark");
			browser.size(375, 800);
			assertThat(browser.<Boolean>run("return document.documentElement.scrollWidth <= innerWidth")).isTrue();
			assertAccessible("on a phone");
			browser.click("#pause");
			await("#state", "Paused");
			assertAccessible("paused");
		}
		finally {
			browser.dark(false);
			browser.size(1280, 1000);
		}
	}

	private static void assertAccessible(String how) {
		List<String> violations = browser.runToCallback(
				"""
						const done = arguments[arguments.length - 1];
						axe.run(document).then((result) => done(result.violations.map((violation) =>
							violation.id + ': ' + violation.nodes.map((node) => node.html + ' ' + node.failureSummary).join(', '))));
						""");
		assertThat(violations).as(how).isEmpty();
	}

	private static void assertQuietAndAlone(PageApplication application) {
		assertThat(browser.messages()).isEmpty();
		assertThat(browser.requests()).isNotEmpty()
			.allSatisfy((url) -> assertThat(URI.create(url).getPort()).isEqualTo(application.port()));
	}

	private static List<String> routes() {
		return browser.texts("#routes tbody th");
	}

	private static String sort(int column) {
		return browser.run("return document.querySelector('#routes thead th:nth-child(' + arguments[0] + ')').ariaSort",
				column);
	}

	private static int count(String selector) {
		return browser.run("return document.querySelectorAll(arguments[0]).length", selector);
	}

	private static long polls() {
		return browser.requests().stream().filter((url) -> url.endsWith("?page=data")).count();
	}

	private static void await(String selector, String... texts) {
		await(() -> assertThat(browser.text(selector)).contains(texts));
	}

	private static void await(Runnable assertion) {
		ConditionFactory condition = Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.pollInterval(Duration.ofMillis(100));
		condition.untilAsserted(assertion::run);
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	/**
	 * Show one pool, named as the default one.
	 */
	private static StubPool showPool() {
		return showPools("default").get(0);
	}

	private static List<StubPool> showPools(String... names) {
		List<StubPool> pools = Stream.of(names).map(StubPool::new).toList();
		stubbed.bean(Pools.class).all = List.copyOf(pools);
		return pools;
	}

	/**
	 * The pools that the current test shows.
	 */
	static final class Pools implements HttpPools {

		private volatile List<HttpPool> all = List.of(new StubPool("default"));

		@Override
		public Optional<HttpPool> find(String name) {
			return this.all.stream().filter((pool) -> pool.name().equals(name)).findFirst();
		}

		@Override
		public List<HttpPool> all() {
			return this.all;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Stubbed {

		@Bean
		Pools httpPools() {
			return new Pools();
		}

	}

}

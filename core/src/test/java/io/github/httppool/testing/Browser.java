package io.github.httppool.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;

/**
 * Chromium without a window, driven by ChromeDriver over its HTTP protocol (W3C
 * WebDriver). If one of them is not installed, the test is skipped with a message; in CI
 * it fails.
 */
public final class Browser implements AutoCloseable {

	private static final List<String> ARGUMENTS = List.of("--headless=new", "--no-sandbox", "--disable-gpu",
			"--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking",
			"--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions",
			"--force-color-profile=srgb", "--lang=en-GB");

	private final HttpClient client = HttpClient.newHttpClient();

	private final LocalServer driver;

	private final String session;

	private final List<String> requests = new ArrayList<>();

	private final List<String> messages = new ArrayList<>();

	private Browser(LocalServer driver, Path chromium) {
		this.driver = driver;
		Map<String, Object> options = Map.of("binary", chromium.toString(), "args", ARGUMENTS);
		Map<String, Object> capabilities = Map.of("browserName", "chrome", "goog:chromeOptions", options,
				"goog:loggingPrefs", Map.of("browser", "ALL", "performance", "ALL"));
		this.session = "/session/"
				+ send("POST", "/session", Map.of("capabilities", Map.of("alwaysMatch", capabilities)))
					.read("$.value.sessionId");
	}

	/**
	 * Start a browser with a profile of its own.
	 */
	public static Browser start() throws IOException {
		Path chromium = Program.CHROMIUM.require();
		LocalServer driver = LocalServer.start(Program.CHROMEDRIVER,
				(local) -> local.run("--port=" + local.port(), "--log-level=WARNING"));
		try {
			return new Browser(driver, chromium);
		}
		catch (RuntimeException | Error ex) {
			driver.close();
			throw ex;
		}
	}

	/**
	 * Load a page, and forget the messages and requests of the one before.
	 */
	public void open(String url) {
		command("/url", Map.of("url", "about:blank"));
		readLogs();
		this.messages.clear();
		this.requests.clear();
		command("/url", Map.of("url", url));
	}

	/**
	 * Run a function's body in the page.
	 * @return what it returns: JSON's types
	 */
	public <T> T run(String script, Object... arguments) {
		return command("/execute/sync", Map.of("script", script, "args", List.of(arguments))).read("$.value");
	}

	/**
	 * Run the body of a function whose last argument is to be called with the result.
	 */
	public <T> T runToCallback(String script, Object... arguments) {
		return command("/execute/async", Map.of("script", script, "args", List.of(arguments))).read("$.value");
	}

	/**
	 * Return what a person reads in the first element that a CSS selector finds, or an
	 * empty text if there is none to be seen.
	 */
	public String text(String selector) {
		return run("""
				const found = document.querySelector(arguments[0]);
				return found?.checkVisibility() ? found.innerText : ''
				""", selector);
	}

	/**
	 * Return what a person reads in the elements that a CSS selector finds.
	 */
	public List<String> texts(String selector) {
		return run("return [...document.querySelectorAll(arguments[0])].map((found) => found.innerText)", selector);
	}

	public void click(String selector) {
		Map<String, String> element = command("/element", Map.of("using", "css selector", "value", selector))
			.read("$.value");
		command("/element/" + element.values().iterator().next() + "/click", Map.of());
	}

	/**
	 * Press keys one after the other.
	 * @param keys characters; WebDriver's private ones for others, such as {@code \uE004}
	 * for the tabulator
	 */
	public void press(String... keys) {
		List<Object> actions = new ArrayList<>();
		for (String key : keys) {
			actions.add(Map.of("type", "keyDown", "value", key));
			actions.add(Map.of("type", "keyUp", "value", key));
		}
		command("/actions", Map.of("actions", List.of(Map.of("type", "key", "id", "keyboard", "actions", actions))));
	}

	/**
	 * Send a command of the Chrome DevTools protocol.
	 */
	public void devTools(String command, Map<String, ?> parameters) {
		command("/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
	}

	/**
	 * Show pages in dark or in light colours.
	 */
	public void dark(boolean dark) {
		devTools("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
	}

	/**
	 * Show pages as on a screen of a size.
	 */
	public void size(int width, int height) {
		devTools("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
	}

	/**
	 * Open another tab, which hides the current one.
	 * @return names the current tab for {@link #showTab}
	 */
	public String openTab() {
		String current = send("GET", this.session + "/window", null).read("$.value");
		showTab(command("/window/new", Map.of("type", "tab")).read("$.value.handle"));
		return current;
	}

	public void showTab(String tab) {
		command("/window", Map.of("handle", tab));
	}

	public void closeTab() {
		send("DELETE", this.session + "/window", null);
	}

	/**
	 * Save what the page shows.
	 */
	public void screenshot(Path file) throws IOException {
		String image = send("GET", this.session + "/screenshot", null).read("$.value");
		Files.write(file, Base64.getDecoder().decode(image));
	}

	/**
	 * Return the messages in the console since the page was opened: errors, warnings and
	 * violations of a Content-Security-Policy among them.
	 */
	public List<String> messages() {
		readLogs();
		return List.copyOf(this.messages);
	}

	/**
	 * Return the URLs that were asked for since the page was opened.
	 */
	public List<String> requests() {
		readLogs();
		return List.copyOf(this.requests);
	}

	private void readLogs() {
		List<Map<String, Object>> console = command("/se/log", Map.of("type", "browser")).read("$.value");
		console.forEach((entry) -> this.messages.add(entry.get("level") + " " + entry.get("message")));
		List<String> events = command("/se/log", Map.of("type", "performance")).read("$.value[*].message");
		for (String event : events) {
			Map<String, Object> message = JsonPath.parse(event).read("$.message");
			if (message.get("method").equals("Network.requestWillBeSent")) {
				this.requests.add(JsonPath.parse(message).read("$.params.request.url"));
			}
		}
	}

	private DocumentContext command(String path, Map<String, ?> body) {
		return send("POST", this.session + path, body);
	}

	private DocumentContext send(String method, String path, Map<String, ?> body) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.driver.port() + path))
			.timeout(Duration.ofSeconds(60))
			.header("Content-Type", "application/json; charset=utf-8")
			.method(method,
					(body != null) ? HttpRequest.BodyPublishers.ofString(JsonPath.parse(body).jsonString())
							: HttpRequest.BodyPublishers.noBody())
			.build();
		try {
			HttpResponse<String> response = this.client.send(request,
					HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
			if (response.statusCode() != 200) {
				throw new AssertionError(method + " " + path + " is answered by " + response.body());
			}
			return JsonPath.parse(response.body());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted", ex);
		}
	}

	@Override
	public void close() {
		try {
			send("DELETE", this.session, null);
		}
		finally {
			this.driver.close();
		}
	}

}

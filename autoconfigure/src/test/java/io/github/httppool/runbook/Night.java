package io.github.httppool.runbook;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.httppool.FindingCode;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.findings.LocalPorts;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.Prometheus;
import io.github.httppool.testing.SampledPool;
import io.github.httppool.testing.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * An application with a pool, its upstreams and callers, a Prometheus that scrapes it,
 * and the questions of an engineer at night. The pool takes a sample every 100 ms and
 * looks back on 3 s, in place of 5 s and 2 minutes; a minute of a query is a second.
 */
final class Night implements AutoCloseable {

	private static final String ENDPOINT = "/actuator/httppool/default";

	private static final Pattern MINUTES = Pattern.compile("\\b(\\d+)m\\b");

	private final Deque<AutoCloseable> resources = new ArrayDeque<>();

	/** Routes as they stand in the page, by those of this run. */
	private final Map<String, String> names = new LinkedHashMap<>();

	private final Map<String, Answer> answers = new LinkedHashMap<>();

	private final HttpClient browser = HttpClient.newHttpClient();

	private final NightApplication application;

	private final Prometheus prometheus;

	private final LogLines log;

	private int threads;

	Night(Consumer<HttpPoolSettings.Builder> settings, @Nullable Supplier<LocalPorts> ports) throws Exception {
		Program.PROMETHEUS.require();
		this.application = use(new NightApplication(settings, ports));
		try {
			this.log = use(new LogLines());
			this.prometheus = use(startPrometheus(this.application.port()));
		}
		catch (Exception | Error ex) {
			close();
			throw ex;
		}
	}

	private static Prometheus startPrometheus(int port) throws IOException {
		Path alerts = Files.createTempFile("alerts", ".yml");
		try {
			Files.writeString(alerts,
					Files.readString(Path.of("../docs/prometheus-alerts.yml")).transform(Night::inSeconds));
			return Prometheus.start(alerts, port);
		}
		finally {
			Files.delete(alerts);
		}
	}

	/** A minute is a second. */
	private static String inSeconds(String text) {
		return MINUTES.matcher(text).replaceAll("$1s");
	}

	private <T extends AutoCloseable> T use(T resource) {
		this.resources.push(resource);
		return resource;
	}

	SampledPool pool() {
		return this.application.pool();
	}

	/**
	 * Let a server have a name.
	 * @return the URL of this run
	 */
	String serve(String name, ScriptedUpstream upstream) {
		use(upstream);
		boolean tls = upstream.url().startsWith("https:");
		String url = tls ? "https://localhost:" + upstream.port() : "http://" + name + ".test:" + upstream.port();
		this.names.put(url, tls ? "https://" + name + ".example:443" : "http://" + name + ".example:80");
		return url;
	}

	/**
	 * Let callers make calls, each one after the other.
	 */
	void callers(int count, Duration pause, Callable<?> call) {
		for (int i = 0; i < count; i++) {
			use(new Caller("http-nio-8080-exec-" + ++this.threads, pause, call));
		}
	}

	void awaitQuery(String query, Predicate<String> right) {
		await(query, () -> query(query), right);
	}

	/**
	 * Wait until an alert fires.
	 * @param alert name and severity
	 */
	void awaitAlert(String alert) {
		await(alert, this::alerts, (alerts) -> alerts.contains(alert));
	}

	void awaitNoAlert() {
		await("no alert", this::alerts, Set::isEmpty);
	}

	private Set<String> alerts() throws Exception {
		return this.prometheus.query("ALERTS{alertstate=\"firing\"}")
			.stream()
			.map((series) -> (Map<?, ?>) series.get("metric"))
			.map((labels) -> labels.get("alertname") + " " + labels.get("severity"))
			.collect(Collectors.toSet());
	}

	void awaitFinding(FindingCode code) {
		await("finding " + code, () -> pool().findings().toString(), (findings) -> findings.contains(code.name()));
	}

	/**
	 * Ask the endpoint, until it answers what the page tells about.
	 * @param path what follows the name of the pool
	 * @param filter for {@code jq}, perhaps with {@code | head}
	 */
	String curl(String key, String path, String filter, Predicate<String> right) {
		String[] parts = filter.split(" \\| head -n ");
		String answer = await(filter, () -> filtered(send(ENDPOINT + path, "GET", null), parts), right);
		return add(key, "sh", "curl -s http://localhost:8080" + ENDPOINT + path + " | jq -c '" + parts[0] + "'"
				+ ((parts.length > 1) ? " | head -n " + parts[1] : ""), answer);
	}

	/**
	 * Ask which threads have a class in their stack.
	 */
	String threads(String key, String inStack, Predicate<String> right) {
		String answer = await("threads",
				() -> Stream.of(send("/actuator/threaddump", "GET", null).split("\n\n"))
					.filter((thread) -> thread.contains(inStack))
					.flatMap(String::lines)
					.filter((line) -> line.startsWith("\""))
					.collect(Collectors.joining("\n")),
				right);
		return add(key, "sh",
				"curl -s -H 'Accept: text/plain' http://localhost:8080/actuator/threaddump | awk -v RS= '/" + inStack
						+ "/' | grep '^\"'",
				answer);
	}

	/**
	 * Change the pool by the endpoint.
	 */
	String post(String key, String body, String filter) throws Exception {
		return add(key, "sh", "curl -s -X POST -H 'Content-Type: application/json' -d '" + body
				+ "' http://localhost:8080" + ENDPOINT + " | jq -c '" + filter + "'",
				filtered(send(ENDPOINT, "POST", body), filter));
	}

	private static String filtered(String json, String... filter) {
		return Jq.filter(json, filter[0])
			.lines()
			.limit((filter.length > 1) ? Integer.parseInt(filter[1]) : Long.MAX_VALUE)
			.collect(Collectors.joining("\n"));
	}

	private String send(String path, String method, @Nullable String body) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.application.port() + path))
			.header("Content-Type", "application/json")
			.header("Accept", path.startsWith(ENDPOINT) ? "application/json" : "text/plain")
			.method(method, (body != null) ? BodyPublishers.ofString(body) : BodyPublishers.noBody())
			.build();
		HttpResponse<String> response = this.browser.send(request, BodyHandlers.ofString());
		if (response.statusCode() != 200) {
			throw new AssertionError(path + " is answered by " + response.statusCode() + " " + response.body());
		}
		return response.body();
	}

	/**
	 * Ask Prometheus, until it answers what the page tells about.
	 */
	String promql(String key, String query, Predicate<String> right) {
		String answer = await(query, () -> query(query), right);
		return add(key, "promql", query, answer);
	}

	/**
	 * Return a line for each time series.
	 */
	String query(String query) throws Exception {
		return this.prometheus.query(inSeconds(query))
			.stream()
			.map(Night::line)
			.sorted()
			.collect(Collectors.joining("\n"));
	}

	private static String line(Map<String, Object> series) {
		return new TreeMap<>((Map<?, ?>) series.get("metric")).entrySet()
			.stream()
			.map((label) -> label.getKey() + "=\"" + label.getValue() + "\"")
			.collect(Collectors.joining(", ", "{", "} ")) + ((List<?>) series.get("value")).get(1);
	}

	/**
	 * Look into the log for what is about a route.
	 */
	String log(String key, String logger, String route, Predicate<String> right) {
		String answer = await(logger, () -> String.join("\n", this.log.of(logger, route, Shop.class)), right);
		return add(key, "sh", "grep -A 9 " + logger + " application.log", answer);
	}

	private static <T> T await(String what, Callable<T> answer, Predicate<T> right) {
		return Awaitility.await(what)
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(50))
			.until(answer, right);
	}

	private String add(String key, String language, String request, String answer) {
		String[] named = { answer };
		this.names.forEach((url, name) -> named[0] = named[0].replace(url, name));
		this.answers.put(key, new Answer(key, language, request, named[0]));
		return answer;
	}

	Map<String, Answer> answers() {
		return this.answers;
	}

	@Override
	public void close() throws Exception {
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

}

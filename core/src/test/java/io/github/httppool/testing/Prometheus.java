package io.github.httppool.testing;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;

/**
 * The Prometheus of the machine, on a port of the loopback interface, scraping every
 * second. Where it is not installed tests are skipped with a message; in CI they fail.
 */
public final class Prometheus implements AutoCloseable {

	private final LocalServer server;

	private final HttpClient client = HttpClient.newHttpClient();

	private Prometheus(LocalServer server) {
		this.server = server;
	}

	/**
	 * Start a server.
	 * @param rules the file with its rules
	 * @param ports the ports of the applications that it scrapes
	 */
	public static Prometheus start(Path rules, int... ports) throws IOException {
		String targets = IntStream.of(ports)
			.mapToObj((port) -> "127.0.0.1:" + port)
			.collect(Collectors.joining("', '"));
		String configuration = """
				global:
				  scrape_interval: 1s
				  evaluation_interval: 1s
				rule_files: [rules.yml]
				scrape_configs:
				  - job_name: shop
				    metrics_path: /actuator/prometheus
				    static_configs:
				      - targets: ['%s']
				""".formatted(targets);
		return new Prometheus(LocalServer.start(Program.PROMETHEUS, (local) -> {
			local.write("prometheus.yml", configuration.getBytes(StandardCharsets.UTF_8));
			local.write("rules.yml", Files.readAllBytes(rules));
			return local.run("--config.file=prometheus.yml", "--storage.tsdb.path=data",
					"--web.listen-address=127.0.0.1:" + local.port());
		}));
	}

	/**
	 * Run {@code promtool}, and return what it writes; an error fails the test.
	 * @param folder where it runs
	 */
	public static String promtool(Path folder, String... arguments) throws IOException, InterruptedException {
		Path output = folder.resolve("output");
		ProcessBuilder promtool = new ProcessBuilder(Program.PROMTOOL.require().toString()).directory(folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		promtool.command().addAll(List.of(arguments));
		int exit = promtool.start().waitFor();
		String written = Files.readString(output);
		if (exit != 0) {
			throw new AssertionError("promtool " + String.join(" ", arguments) + " failed: " + written);
		}
		return written;
	}

	/**
	 * Return the time series, each with {@code metric} and {@code value}, that a query
	 * gives now.
	 */
	public List<Map<String, Object>> query(String query) throws IOException, InterruptedException {
		return get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8)).read("$.data.result");
	}

	/**
	 * Return what the API answers.
	 */
	public DocumentContext get(String path) throws IOException, InterruptedException {
		URI uri = URI.create("http://127.0.0.1:" + this.server.port() + path);
		HttpResponse<String> response = this.client.send(HttpRequest.newBuilder(uri).build(),
				HttpResponse.BodyHandlers.ofString());
		if (response.statusCode() != 200) {
			throw new AssertionError(path + " is answered by " + response.body());
		}
		return JsonPath.parse(response.body());
	}

	/**
	 * Return why the applications could not be scraped last, an empty text for one that
	 * could.
	 */
	public List<String> lastErrors() {
		try {
			return get("/api/v1/targets").read("$.data.activeTargets[*].lastError");
		}
		catch (IOException | InterruptedException ex) {
			return List.of(String.valueOf(ex));
		}
	}

	@Override
	public void close() {
		this.server.close();
	}

}

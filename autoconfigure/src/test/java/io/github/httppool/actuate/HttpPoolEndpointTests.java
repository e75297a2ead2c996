package io.github.httppool.actuate;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.github.httppool.testing.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint and the scrape of a running application, over HTTP.
 */
class HttpPoolEndpointTests {

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok(new byte[2048]));

	private final HttpClient browser = HttpClient.newHttpClient();

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void showsAllPools() {
		run(List.of(), (app) -> {
			app.call(5);
			DocumentContext json = JsonPath.parse(app.send("GET", "/actuator/httppool", null).body());
			assertThat(json.<Map<String, Object>>read("$.pools")).containsOnlyKeys("default");
			assertThat(json.<Map<String, Object>>read("$.pools.default")).containsOnlyKeys("limits", "connections",
					"totals", "routes");
			assertThat(json.<Map<String, Object>>read("$.pools.default.limits"))
				.isEqualTo(Map.of("maxTotal", 200, "maxPerRoute", 50, "maxIdlePerRoute", 50, "maxPending", 1000));
			assertThat(json.<Map<String, Object>>read("$.pools.default.connections"))
				.isEqualTo(Map.of("leased", 0, "idle", 1, "pending", 0));
			assertThat(json.<Map<String, Object>>read("$.pools.default.totals"))
				.isEqualTo(Map.of("calls", 5, "opened", 1, "reused", 4, "reuseRatio", 0.8, "closed", Map.of(),
						"drained", Map.of("reused", 5), "acquireTimeouts", 0, "acquireRejected", 0, "leaks", 0));
			assertThat(json.<List<Map<String, Object>>>read("$.pools.default.routes"))
				.containsExactly(Map.of("route", this.upstream.url(), "leased", 0, "idle", 1, "pending", 0, "max", 50,
						"opened", 1, "reused", 4, "reuseRatio", 0.8, "closed", Map.of()));
		});
	}

	@Test
	void showsOnePool() {
		run(List.of(), (app) -> {
			HttpResponse<String> response = app.send("GET", "/actuator/httppool/default", null);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(JsonPath.parse(response.body()).<Integer>read("$.limits.maxTotal")).isEqualTo(200);
			assertThat(app.send("GET", "/actuator/httppool/orders", null).statusCode()).isEqualTo(404);
		});
	}

	@Test
	void isReadOnlyByDefault() {
		run(List.of(), (app) -> {
			assertThat(app.send("POST", "/actuator/httppool/default", "{\"maxTotal\": 10}").statusCode())
				.isEqualTo(405);
			assertThat(app.send("DELETE", "/actuator/httppool/default", null).statusCode()).isEqualTo(405);
			assertThat(app.send("GET", "/actuator/httppool/default", null).statusCode()).isEqualTo(200);
		});
	}

	@Test
	void resizesAPool() {
		run(List.of("management.endpoint.httppool.access=unrestricted"), (app) -> {
			HttpResponse<String> response = app.send("POST", "/actuator/httppool/default",
					"{\"maxTotal\": 10, \"maxPerRoute\": 5}");
			assertThat(response.statusCode()).isEqualTo(200);
			assertLimits(response.body(), 10, 5);
			assertLimits(app.send("POST", "/actuator/httppool/default", "{\"maxPerRoute\": 7}").body(), 10, 7);
			assertLimits(app.send("POST", "/actuator/httppool/default", "{\"maxTotal\": 20}").body(), 20, 7);
			assertLimits(app.send("GET", "/actuator/httppool/default", null).body(), 20, 7);
			assertThat(app.send("POST", "/actuator/httppool/orders", "{\"maxTotal\": 10}").statusCode()).isEqualTo(404);
		});
	}

	@Test
	void refusesLimitsThatMakeNoSense() {
		run(List.of("management.endpoint.httppool.access=unrestricted"), (app) -> {
			assertThat(app.send("POST", "/actuator/httppool/default", "{\"maxTotal\": 0}").statusCode()).isEqualTo(400);
			assertThat(app.send("POST", "/actuator/httppool/default", "{\"maxPerRoute\": -5}").statusCode())
				.isEqualTo(400);
			assertThat(app.send("POST", "/actuator/httppool/default", "{\"maxTotal\": \"many\"}").statusCode())
				.isEqualTo(400);
			assertThat(app.send("POST", "/actuator/httppool/default", "{}").statusCode()).isEqualTo(400);
			assertLimits(app.send("GET", "/actuator/httppool/default", null).body(), 200, 50);
		});
	}

	@Test
	void evictsAPool() {
		run(List.of("management.endpoint.httppool.access=unrestricted"), (app) -> {
			app.call(1);
			assertThat(this.upstream.open()).isEqualTo(1);
			assertThat(app.send("DELETE", "/actuator/httppool/default", null).statusCode()).isEqualTo(204);
			Awaitility.await().atMost(Duration.ofSeconds(2)).until(() -> this.upstream.open() == 0);
			DocumentContext json = JsonPath.parse(app.send("GET", "/actuator/httppool/default", null).body());
			assertThat(json.<Map<String, Object>>read("$.totals.closed")).isEqualTo(Map.of("evicted", 1));
			assertThat(app.send("DELETE", "/actuator/httppool/orders", null).statusCode()).isEqualTo(404);
		});
	}

	@Test
	void metersAreInThePrometheusScrape() {
		run(List.of("management.endpoint.httppool.access=unrestricted"), (app) -> {
			app.call(5);
			String route = "route=\"" + this.upstream.url() + "\"";
			assertThat(app.scrape()).contains("# HELP http_pool_connections Connections, leased by a caller or idle")
				.contains("http_pool_connections{pool=\"default\"," + route + ",state=\"idle\"} 1.0")
				.contains("http_pool_connections{pool=\"default\"," + route + ",state=\"leased\"} 0.0")
				.contains("http_pool_connections_max{pool=\"default\"} 200.0")
				.contains("http_pool_pending{pool=\"default\"," + route + "} 0.0")
				.contains("http_pool_acquire_seconds_count{outcome=\"opened\",pool=\"default\"," + route + "} 1")
				.contains("http_pool_acquire_seconds_count{outcome=\"reused\",pool=\"default\"," + route + "} 4")
				.contains("http_pool_drain_total{outcome=\"reused\",pool=\"default\"} 5.0")
				.contains("http_pool_drain_total{outcome=\"too-slow\",pool=\"default\"} 0.0");
			app.send("DELETE", "/actuator/httppool/default", null);
			Awaitility.await()
				.untilAsserted(() -> assertThat(app.scrape())
					.contains("http_pool_connection_age_seconds_count{pool=\"default\",reason=\"evicted\"," + route
							+ "} 1")
					.contains("http_pool_connections{pool=\"default\"," + route + ",state=\"idle\"} 0.0"));
		});
	}

	private static void assertLimits(String body, int maxTotal, int maxPerRoute) {
		DocumentContext json = JsonPath.parse(body);
		assertThat(json.<Integer>read("$.limits.maxTotal")).isEqualTo(maxTotal);
		assertThat(json.<Integer>read("$.limits.maxPerRoute")).isEqualTo(maxPerRoute);
	}

	private void run(List<String> properties, Consumer<App> test) {
		SpringApplication application = new SpringApplication(Application.class);
		List<String> arguments = new ArrayList<>(properties);
		arguments.add("server.port=0");
		arguments.add("management.endpoints.web.exposure.include=httppool,prometheus");
		try (ConfigurableApplicationContext context = application
			.run(arguments.stream().map((property) -> "--" + property).toArray(String[]::new))) {
			test.accept(new App(context));
		}
	}

	private final class App {

		private final RestClient client;

		private final String url;

		App(ConfigurableApplicationContext context) {
			this.client = context.getBean("pooledRestClient", RestClient.class);
			this.url = "http://127.0.0.1:" + ((WebServerApplicationContext) context).getWebServer().getPort();
		}

		void call(int count) {
			for (int i = 0; i < count; i++) {
				this.client.get()
					.uri(HttpPoolEndpointTests.this.upstream.url())
					.exchange((request, response) -> response.getStatusCode());
			}
		}

		String scrape() {
			return send("GET", "/actuator/prometheus", null).body();
		}

		HttpResponse<String> send(String method, String path, String body) {
			HttpRequest request = HttpRequest.newBuilder(URI.create(this.url + path))
				.header("Content-Type", "application/json")
				.method(method,
						(body != null) ? HttpRequest.BodyPublishers.ofString(body)
								: HttpRequest.BodyPublishers.noBody())
				.build();
			try {
				return HttpPoolEndpointTests.this.browser.send(request, HttpResponse.BodyHandlers.ofString());
			}
			catch (Exception ex) {
				throw new AssertionError("The application did not answer", ex);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

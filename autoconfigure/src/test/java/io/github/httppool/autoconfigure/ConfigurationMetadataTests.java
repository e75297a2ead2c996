package io.github.httppool.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an IDE shows: each property with its default, a description, and hints.
 */
class ConfigurationMetadataTests {

	private static final Map<String, Object> CONTRACT = new LinkedHashMap<>();

	static {
		CONTRACT.put("enabled", true);
		CONTRACT.put("max-total", 200);
		CONTRACT.put("max-per-route", 50);
		CONTRACT.put("max-idle-per-route", null);
		CONTRACT.put("max-pending", 1000);
		CONTRACT.put("acquire-timeout", "3s");
		CONTRACT.put("connect-timeout", "2s");
		CONTRACT.put("tls-handshake-timeout", "5s");
		CONTRACT.put("response-timeout", "30s");
		CONTRACT.put("call-timeout", null);
		CONTRACT.put("expect-continue-timeout", "1s");
		CONTRACT.put("keep-alive", true);
		CONTRACT.put("idle-timeout", "50s");
		CONTRACT.put("time-to-live", "5m");
		CONTRACT.put("validate-after-inactivity", "10ms");
		CONTRACT.put("reuse-policy", "lifo");
		CONTRACT.put("drain.max-bytes", "64KB");
		CONTRACT.put("drain.max-time", "50ms");
		CONTRACT.put("max-error-body", "1MB");
		CONTRACT.put("max-body", null);
		CONTRACT.put("compression", true);
		CONTRACT.put("retry-stale", true);
		CONTRACT.put("leak-detection-threshold", null);
		CONTRACT.put("proxy.url", null);
		CONTRACT.put("proxy.username", null);
		CONTRACT.put("proxy.password", null);
		CONTRACT.put("proxy.non-proxy-hosts", null);
		CONTRACT.put("proxy.from-environment", false);
		CONTRACT.put("routes", null);
		CONTRACT.put("warm-up", null);
		CONTRACT.put("metrics.convention", "micrometer");
		CONTRACT.put("pools", null);
	}

	private final DocumentContext metadata = JsonPath.parse(read("META-INF/spring-configuration-metadata.json"));

	ConfigurationMetadataTests() throws IOException {
	}

	@Test
	void thePropertiesAreThoseOfTheContract() {
		assertThat(properties()).extracting((property) -> property.get("name"))
			.containsExactlyInAnyOrderElementsOf(
					CONTRACT.keySet().stream().map((name) -> "http-pool." + name).toList());
	}

	@Test
	void eachHasItsDefaultAndADescriptionInSpringBootsStyle() {
		assertThat(properties()).allSatisfy((property) -> {
			String name = property.get("name").toString().substring("http-pool.".length());
			assertThat(property.get("defaultValue")).as(name).isEqualTo(CONTRACT.get(name));
			assertThat(property.get("description")).as(name)
				.asString()
				.isNotBlank()
				.doesNotStartWith("The ")
				.endsWith(".");
			if ("java.lang.Boolean".equals(property.get("type"))) {
				assertThat(property.get("description")).asString().startsWith("Whether ");
			}
		});
	}

	@Test
	void hintsExplainTheSpecialValues() {
		assertThat(this.metadata.<List<String>>read("$.hints[*].name")).contains("http-pool.max-pending",
				"http-pool.time-to-live", "http-pool.reuse-policy", "http-pool.drain.max-bytes",
				"http-pool.drain.max-time", "http-pool.validate-after-inactivity", "http-pool.max-error-body",
				"http-pool.max-body", "http-pool.metrics.convention");
	}

	@Test
	void theHealthIndicatorHasItsProperty() {
		assertThat(this.metadata
			.<List<Map<String, Object>>>read("$.properties[?(@.name == 'management.health.httppool.enabled')]"))
			.containsExactly(Map.of("name", "management.health.httppool.enabled", "type", "java.lang.Boolean",
					"description", "Whether to enable HTTP pool health check.", "defaultValue", false));
	}

	private List<Map<String, Object>> properties() {
		return this.metadata.read("$.properties[?(@.name =~ /http-pool.*/)]");
	}

	private static String read(String resource) throws IOException {
		// Every module of Spring Boot has a file of this name: take ours.
		String root = HttpPoolProperties.class.getProtectionDomain().getCodeSource().getLocation().toString();
		try (InputStream input = URI.create(root + resource).toURL().openStream()) {
			return new String(input.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}

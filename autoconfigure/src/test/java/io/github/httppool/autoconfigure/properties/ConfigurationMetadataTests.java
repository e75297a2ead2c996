package io.github.httppool.autoconfigure.properties;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What an IDE shows: each property with its default, a description, and hints.
 */
class ConfigurationMetadataTests {

	private static final Set<String> MAPS = Set.of("routes", "warm-up", "pools");

	private static final Pattern STRING = Pattern.compile("\"(?:\\\\.|[^\"\\\\\n])*\"");

	private static final Pattern NAMED = Pattern
		.compile("\\b(?:http-pool|spring|server\\.tomcat)(?:\\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*)+");

	private final DocumentContext metadata = JsonPath.parse(read("META-INF/spring-configuration-metadata.json"));

	ConfigurationMetadataTests() throws IOException {
	}

	@Test
	void thePropertiesAreThoseOfTheContract() {
		// Of the entries of a map an IDE reads the class.
		List<String> names = Stream
			.concat(Contract.PROPERTIES.keySet().stream().filter((name) -> !name.contains("<name>")), MAPS.stream())
			.map((name) -> "http-pool." + name)
			.toList();
		assertThat(properties()).extracting((property) -> property.get("name"))
			.containsExactlyInAnyOrderElementsOf(names);
	}

	/**
	 * Exceptions and findings advise to set properties, also some of Spring Boot.
	 */
	@Test
	void everyPropertyThatAMessageNamesExists() throws IOException {
		Set<String> named = new TreeSet<>();
		try (Stream<Path> sources = Files.walk(Path.of("../core/src/main/java"))) {
			for (Path source : sources.filter(Files::isRegularFile).toList()) {
				STRING.matcher(Files.readString(source))
					.results()
					.flatMap((string) -> NAMED.matcher(string.group()).results())
					.forEach((name) -> named.add(name.group()));
			}
		}
		Set<String> known = new TreeSet<>();
		for (URL resource : Collections
			.list(getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream input = resource.openStream()) {
				String text = new String(input.readAllBytes(), StandardCharsets.UTF_8);
				known.addAll(JsonPath.<List<String>>read(text, "$.properties[*].name"));
			}
		}
		assertThat(named).hasSizeGreaterThan(25)
			.allSatisfy((name) -> assertThat(known)
				.anyMatch((property) -> property.equals(name) || property.startsWith(name + ".")));
	}

	@Test
	void eachHasItsDefaultAndADescriptionInSpringBootsStyle() {
		assertThat(properties()).allSatisfy((property) -> {
			String name = property.get("name").toString().substring("http-pool.".length());
			Object value = property.get("defaultValue");
			assertThat((value != null) ? value.toString() : null).as(name)
				.isEqualTo(Contract.hasDefault(name) ? Contract.PROPERTIES.get(name) : null);
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
	void theConfigurationPageHasTheSameDescriptions() throws IOException {
		List<String> page = Files.readAllLines(Path.of("../docs/configuration.md"))
			.stream()
			.filter((line) -> line.startsWith("| `"))
			// without the targets of links
			.map((line) -> line.replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1"))
			.toList();
		assertThat(properties()).filteredOn((property) -> !MAPS.contains(relative(property))).allSatisfy((property) -> {
			String first = property.get("description").toString().replaceAll("(?<=\\.) .*", "").replace("'", "`");
			assertThat(page).anySatisfy(
					(row) -> assertThat(row).startsWith("| `" + relative(property) + "` |").contains("| " + first));
		});
	}

	private static String relative(Map<String, Object> property) {
		return property.get("name").toString().substring("http-pool.".length());
	}

	@Test
	void thoseWithSpecialValuesHaveHints() {
		assertThat(this.metadata.<List<String>>read("$.hints[*].name")).containsExactlyInAnyOrder(
				"http-pool.max-idle-per-route", "http-pool.max-pending", "http-pool.call-timeout",
				"http-pool.time-to-live", "http-pool.validate-after-inactivity", "http-pool.reuse-policy",
				"http-pool.drain.max-bytes", "http-pool.drain.max-time", "http-pool.max-error-body",
				"http-pool.max-body", "http-pool.leak-detection-threshold", "http-pool.proxy.url",
				"http-pool.proxy.non-proxy-hosts", "http-pool.metrics.convention");
	}

	@Test
	void aHintSuggestsWhatThePoolTakes() {
		List<Map<String, Object>> hints = this.metadata.read("$.hints[*]");
		assertThat(hints).allSatisfy((hint) -> {
			String name = hint.get("name").toString();
			for (Object value : JsonPath.<List<Object>>read(hint, "$.values[*].value")) {
				HttpPoolProperties bound = new Binder(new MapConfigurationPropertySource(Map.of(name, value)))
					.bind("http-pool", HttpPoolProperties.class)
					.get();
				assertThatNoException().as(name + " = " + value).isThrownBy(bound::toSettings);
			}
		});
	}

	@Test
	void otherValuesAreAllowedButForChoices() {
		Set<String> choices = Set.of("http-pool.reuse-policy", "http-pool.metrics.convention");
		List<Map<String, Object>> hints = this.metadata.read("$.hints[*]");
		assertThat(hints).allSatisfy((hint) -> assertThat(hint.get("providers")).as(hint.get("name").toString())
			.isEqualTo(choices.contains(hint.get("name")) ? null : List.of(Map.of("name", "any"))));
		for (String choice : choices) {
			assertThat(this.metadata.<List<Object>>read("$.hints[?(@.name == '" + choice + "')].values[*].value"))
				.as(choice)
				.hasSize(2)
				.doesNotHaveDuplicates();
		}
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

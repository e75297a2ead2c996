package io.github.httppool.docs;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URL;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import io.github.httppool.autoconfigure.properties.Contract;
import io.github.httppool.testing.TestCertificates;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Each configuration of the documentation is one that an application starts with, and
 * each property that the text names exists.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConfigurationSnippetTests {

	private static final Pattern PROPERTY = Pattern
		.compile("(?:http-pool|spring|server|management|logging)\\.[a-zA-Z0-9.<>*\\[\\]-]+(?:[=:].*)?");

	/** Of annotation processors: not there where the tests are compiled without them. */
	private static final List<String> OF_ACTUATOR = List.of("management.health.httppool.enabled",
			"management.endpoint.httppool.access", "management.endpoint.httppool.cache.time-to-live");

	/** Names of earlier versions, of other projects, and of tests. */
	private static final List<String> OTHERS = List.of("spring.http.client.", "spring.cloud.", "spring.locking.",
			"spring.aot.", "http-pool.try-timeout", "http-pool.soak", "http-pool.seed");

	private static final List<String> BUNDLES = List.of("company", "orders", "payments", "stock");

	private static final TestCertificates CERTIFICATE = TestCertificates.create("docs");

	@TempDir
	static Path tls;

	private static Set<String> known;

	private static Set<String> maps;

	private static Map<String, Class<?>> types;

	@BeforeAll
	static void readMetadata() throws IOException {
		known = new TreeSet<>(Contract.names());
		known.addAll(OF_ACTUATOR);
		maps = new TreeSet<>();
		types = new HashMap<>();
		ClassLoader classes = ConfigurationSnippetTests.class.getClassLoader();
		for (URL url : Collections.list(classes.getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream input = url.openStream()) {
				List<Map<String, Object>> properties = JsonPath.read(input, "$.properties[*]");
				for (Map<String, Object> property : properties) {
					String name = property.get("name").toString();
					String type = String.valueOf(property.get("type"));
					known.add(name);
					if (type.startsWith("java.util.Map")) {
						maps.add(name + ".");
					}
					else if (!type.contains("<") && ClassUtils.isPresent(type, classes)) {
						types.put(name, ClassUtils.resolveClassName(type, classes));
					}
				}
			}
		}
		for (String part : List.of("ca", "client")) {
			for (String bundle : BUNDLES) {
				Files.writeString(tls.resolve(bundle + "-" + part + ".crt"), CERTIFICATE.certificatePem());
				Files.writeString(tls.resolve(bundle + "-" + part + ".key"), CERTIFICATE.keyPem());
			}
		}
	}

	static Stream<Page.Snippet> snippets() {
		return Page.all()
			.stream()
			.flatMap((page) -> Stream.of("yaml", "properties").flatMap((type) -> page.snippets(type).stream()));
	}

	@ParameterizedTest
	@MethodSource("snippets")
	void anApplicationStartsWithIt(Page.Snippet snippet, CapturedOutput output) throws IOException {
		Map<String, Object> properties = properties(snippet);
		assertThat(properties.keySet().stream().filter((name) -> !isKnown(name))).isEmpty();
		properties.forEach((name, value) -> assertThatNoException().as(name).isThrownBy(() -> {
			if (types.containsKey(name) && !value.toString().contains("${")) {
				ApplicationConversionService.getSharedInstance().convert(value, types.get(name));
			}
		}));
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, HttpClientAutoConfiguration.class,
					HttpPoolAutoConfiguration.class))
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("application.yml", properties)))
			.withPropertyValues("PROXY_PASSWORD=secret")
			.withBean(HttpPoolCustomizer.class, NoNames::new);
		for (String bundle : BUNDLES) {
			if (properties.keySet().stream().noneMatch((name) -> name.startsWith("spring.ssl.bundle.pem." + bundle))) {
				runner = runner.withPropertyValues(
						"spring.ssl.bundle.jks." + bundle + ".truststore.location=" + CERTIFICATE.trustStore(),
						"spring.ssl.bundle.jks." + bundle + ".truststore.password=" + TestCertificates.PASSWORD);
			}
		}
		runner.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output.toString().lines().filter((line) -> line.contains("WARN io.github.httppool")))
			.allSatisfy((line) -> assertThat(line).contains("http-pool.warm-up"));
	}

	@Test
	void everyPropertyOfTheTextExists() {
		List<String> unknown = new ArrayList<>();
		for (Page page : Page.all()) {
			page.code()
				.stream()
				.filter((code) -> PROPERTY.matcher(code).matches())
				.filter((code) -> OTHERS.stream().noneMatch(code::startsWith))
				.map((code) -> code.replaceAll("[=:].*|\\.\\*$", ""))
				.filter((name) -> !isKnown(name) && known.stream().noneMatch((other) -> other.startsWith(name + ".")))
				.forEach((name) -> unknown.add(page + ": " + name));
		}
		assertThat(unknown).isEmpty();
	}

	private static boolean isKnown(String name) {
		String plain = name.replaceAll("\\[\\d+]", "").replaceAll("<[a-z]+>", "<name>");
		String ours = plain.replaceFirst("^http-pool\\.pools\\.[^.]+\\.", "http-pool.");
		return plain.matches("http-pool\\.(pools|routes|warm-up)(\\.[^.]+)?") || known.contains(plain)
				|| maps.stream().anyMatch(plain::startsWith) || known.contains(ours)
				|| known.contains(ours.replaceFirst("^http-pool\\.(routes|warm-up)\\.[^.]+", "http-pool.$1.<name>"))
				|| known.contains(plain.replaceFirst("^http-pool\\.pools\\.[^.]+", "http-pool.pools.<name>"));
	}

	private static Map<String, Object> properties(Page.Snippet snippet) throws IOException {
		PropertySourceLoader loader = snippet.text().lines().anyMatch((line) -> line.matches("[a-z][a-z.-]*:.*"))
				? new YamlPropertySourceLoader() : new PropertiesPropertySourceLoader();
		String text = snippet.text().replace("file:/etc/tls/", "file:" + tls + "/");
		return loader.load("docs", new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))
			.stream()
			.flatMap((source) -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames())
				.map((name) -> Map.entry(name, source.getProperty(name).toString())))
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> other,
					LinkedHashMap::new));
	}

	/** No host of the documentation exists. */
	private static final class NoNames implements HttpPoolCustomizer {

		@Override
		public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
			connections.setDnsResolver(new SystemDefaultDnsResolver() {

				@Override
				public InetAddress[] resolve(String host) throws UnknownHostException {
					throw new UnknownHostException(host);
				}

			});
		}

	}

}

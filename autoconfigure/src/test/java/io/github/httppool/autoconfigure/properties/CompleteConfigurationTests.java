package io.github.httppool.autoconfigure.properties;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.HttpPools;
import io.github.httppool.RouteLimit;
import io.github.httppool.WarmUp;
import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import io.github.httppool.testing.TestCertificates;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The complete {@code application.yml} of the configuration page, as it stands there.
 */
@Tag("waiting")
@ExtendWith(OutputCaptureExtension.class)
class CompleteConfigurationTests {

	private static final Pattern FILE = Pattern.compile("(?s)## One complete file.*?```yaml\n(.*?)```");

	private static final Pattern KEY = Pattern
		.compile("^(routes|warm-up|pools)\\.([^.]+)|\\.(routes|warm-up)\\.([^.]+)");

	private static final TestCertificates PAYMENTS = TestCertificates.create("payments");

	private final Map<String, Object> file = read();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, HttpClientAutoConfiguration.class,
				HttpPoolAutoConfiguration.class))
		.withBean(HttpPoolCustomizer.class, NoNames::new)
		.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("application.yml", this.file)))
		.withPropertyValues("PROXY_PASSWORD=secret",
				"spring.ssl.bundle.jks.payments.keystore.location=" + PAYMENTS.keyStore(),
				"spring.ssl.bundle.jks.payments.keystore.password=" + TestCertificates.PASSWORD);

	@Test
	void itHasEveryPropertyOfTheContract() {
		Set<String> names = this.file.keySet()
			.stream()
			.map((name) -> relative(name).replaceAll("\\[\\d+]", ""))
			.map((name) -> KEY.matcher(name).replaceFirst("$1.<name>"))
			.collect(Collectors.toSet());
		assertThat(names).containsAll(Contract.PROPERTIES.keySet());
		assertThat(names)
			.containsAll(Contract.OF_FURTHER_POOLS.stream().map((name) -> "pools.<name>." + name).toList());
	}

	@Test
	void itShowsTheDefaultsWhereThereAreSome() {
		Contract.PROPERTIES.keySet()
			.stream()
			.filter(Contract::hasDefault)
			.forEach((name) -> assertThat(this.file.get("http-pool." + name)).as(name)
				.hasToString(Contract.PROPERTIES.get(name)));
	}

	@Test
	void eachOfItsValuesIsBound() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			BeanWrapper bound = PropertyAccessorFactory
				.forBeanPropertyAccess(context.getBean(HttpPoolProperties.class));
			this.file.forEach((name, text) -> {
				String property = property(relative(name));
				assertThat(bound.getPropertyValue(property)).as(name)
					.isEqualTo(ApplicationConversionService.getSharedInstance()
						.convert(context.getEnvironment().resolvePlaceholders(text.toString()),
								bound.getPropertyTypeDescriptor(property).getType()));
			});
		});
	}

	@Test
	void thePoolsAreAsItSays() {
		this.runner.run((context) -> {
			HttpPools pools = context.getBean(HttpPools.class);
			HttpPoolSettings shared = pools.get(HttpPool.DEFAULT_NAME).settings();
			assertThat(shared.maxIdlePerRoute()).isEqualTo(40);
			assertThat(shared.callTimeout()).isEqualTo(Duration.ofMinutes(1));
			assertThat(shared.routes()).containsExactly(new RouteLimit("legacy", "http://legacy.example", 4));
			assertThat(shared.warmUp()).containsExactly(new WarmUp("search", "https://search.example", 10));
			assertThat(shared.proxy().url()).isEqualTo("http://proxy.example:3128");
			assertThat(shared.proxy().password()).isEqualTo("secret");
			HttpPoolSettings payments = pools.get("payments").settings();
			assertThat(payments.maxTotal()).isEqualTo(20);
			assertThat(payments.callTimeout()).isEqualTo(Duration.ofSeconds(5));
			assertThat(payments.proxy().url()).isNull();
			assertThat(payments.warmUp()).isEmpty();
			assertThat(payments.routes()).isEqualTo(shared.routes());
		});
	}

	@Test
	void nothingOfItIsWithoutEffectOrUnknown(CapturedOutput output) {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output.getOut()).doesNotContain("effect").doesNotContain("no property");
		});
	}

	private static Map<String, Object> read() {
		try {
			Matcher file = FILE.matcher(Files.readString(Path.of("../docs/configuration.md")));
			assertThat(file.find()).as("the page has the file").isTrue();
			PropertySource<?> source = new YamlPropertySourceLoader()
				.load("configuration.md", new ByteArrayResource(file.group(1).getBytes(StandardCharsets.UTF_8)))
				.get(0);
			Map<String, Object> properties = new LinkedHashMap<>();
			for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
				properties.put(name, String.valueOf(source.getProperty(name)));
			}
			return properties;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String relative(String name) {
		assertThat(name).startsWith("http-pool.");
		return name.substring("http-pool.".length());
	}

	/**
	 * Return the path of a property within the class that it is bound to.
	 */
	private static String property(String name) {
		String bracketed = KEY.matcher(name)
			.replaceAll((match) -> (match.group(1) != null) ? match.group(1) + "[" + match.group(2) + "]"
					: "." + match.group(3) + "[" + match.group(4) + "]");
		return Pattern.compile("-([a-z])")
			.matcher(bracketed)
			.replaceAll((match) -> match.group(1).toUpperCase(Locale.ROOT));
	}

	/** No host of the file exists. */
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

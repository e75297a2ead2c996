package io.github.httppool.apptests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import io.github.httppool.jvm.OurModules;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.autoconfigure.json.JsonTest;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Test slices without clients contain no bean of the starter.
 */
@Tag("waiting")
class OtherSlicesTests {

	private static final String PLAIN = "http-pool.enabled=false";

	/** Invalid: no context may even look at it. */
	private static final String INVALID = "http-pool.max-total=0";

	@Test
	void aTestOfJsonHasTheSameBeansAsWithoutTheStarter() {
		assertThat(beans(Json.class)).isEqualTo(beans(JsonOfPlainBoot.class))
			.noneMatch((name) -> name.toLowerCase().contains("pool"));
	}

	@Test
	void aTestOfControllersHasTheSameBeansAsWithoutTheStarter() {
		assertThat(beans(Controllers.class)).isEqualTo(beans(ControllersOfPlainBoot.class))
			.noneMatch((name) -> name.toLowerCase().contains("httppool"));
	}

	@Test
	void noFurtherSliceImportsAutoConfigurationsOfThePool() throws Exception {
		assertThat(importsBeside(HttpPoolAutoConfiguration.class)).containsExactly(
				"org.springframework.boot.autoconfigure.AutoConfiguration.imports",
				"org.springframework.boot.restclient.test.autoconfigure.AutoConfigureRestClient.imports",
				"org.springframework.boot.resttestclient.autoconfigure.AutoConfigureTestRestTemplate.imports");
	}

	@Test
	void whatASliceImportsIsAnAutoConfigurationOfTheApplicationToo() throws Exception {
		assertThat(lines("org.springframework.boot.autoconfigure.AutoConfiguration"))
			.containsAll(lines("org.springframework.boot.restclient.test.autoconfigure.AutoConfigureRestClient"));
	}

	private static List<String> importsBeside(Class<?> type) throws Exception {
		Path folder = OurModules.locationOf(type).resolve("META-INF/spring");
		try (Stream<Path> files = Files.list(folder)) {
			return files.map((file) -> file.getFileName().toString()).sorted().toList();
		}
	}

	private static List<String> lines(String annotation) throws Exception {
		Path folder = OurModules.locationOf(HttpPoolAutoConfiguration.class);
		return Files.readAllLines(folder.resolve("META-INF/spring/" + annotation + ".imports"));
	}

	private static TreeSet<String> beans(Class<?> test) {
		return new TreeSet<>(List
			.of(new TestContextManager(test).getTestContext().getApplicationContext().getBeanDefinitionNames()));
	}

	@JsonTest(properties = INVALID)
	@ContextConfiguration(classes = Application.class)
	static class Json {

	}

	@JsonTest(properties = PLAIN)
	@ContextConfiguration(classes = Application.class)
	static class JsonOfPlainBoot {

	}

	@WebMvcTest(properties = INVALID)
	@ContextConfiguration(classes = Application.class)
	static class Controllers {

	}

	@WebMvcTest(properties = PLAIN)
	@ContextConfiguration(classes = Application.class)
	static class ControllersOfPlainBoot {

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class Application {

		@GetMapping("/hello")
		String hello() {
			return "hello";
		}

	}

}

package io.github.httppool.hc5;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.httppool.AcquireRejectedException;
import io.github.httppool.PoolEvent;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests that messages are the same on every machine, because scripts read their numbers.
 */
@Timeout(60)
class LocaleTests {

	private static final Pattern FOREIGN_DIGIT = Pattern.compile("[\\p{Nd}&&[^0-9]]");

	private final Locale before = Locale.getDefault();

	@BeforeEach
	void setLocale() {
		Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
		assertThat("%d".formatted(7)).containsPattern(FOREIGN_DIGIT);
	}

	@AfterEach
	void resetLocale() {
		Locale.setDefault(this.before);
	}

	@Test
	void numbersInMessagesAndEventsHaveTheDigitsOfProperties() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(1).maxPending(0))) {
			try (CloseableHttpResponse held = pool.open(new HttpGet(upstream.uri("/held")))) {
				assertThat(catchThrowable(() -> pool.get(upstream.uri("/"))))
					.isInstanceOf(AcquireRejectedException.class)
					.hasMessageContaining("Route: 1 leased, 0 idle, 0 pending, limit 1.\n  Pool: 1 leased");
			}
			pool.pool.resize(7, 3);
			pool.pool.evict();
			soon().until(() -> pool.snapshot().connections().idle() == 0);
			List<PoolEvent> events = pool.pool.events();
			assertThat(events).hasSizeGreaterThan(3)
				.allSatisfy((event) -> assertThat(event.message()).doesNotContainPattern(FOREIGN_DIGIT));
		}
	}

	/**
	 * There are more messages than a test can provoke.
	 */
	@Test
	void noMessageFormatsANumberByTheLocaleOfTheMachine() throws IOException {
		for (String module : List.of("core", "autoconfigure")) {
			try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
				List<Path> sources = files.filter((file) -> file.toString().endsWith(".java")).toList();
				assertThat(sources).hasSizeGreaterThan(50);
				for (Path source : sources) {
					assertThat(Files.readAllLines(source)).as(source.toString())
						.filteredOn((line) -> line.replace("%%", "").matches(".*%[-+0,(#.0-9]*[doxefg].*"))
						.allMatch((line) -> line.contains("Locale.ROOT"));
				}
			}
		}
	}

}

package io.github.httppool.findings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.httppool.HttpPoolSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the names of properties in messages of further pools.
 */
class PropertyNamesTests {

	private static final HttpPoolSettings SHARED = HttpPoolSettings.builder().build();

	private static final HttpPoolSettings ORDERS = SHARED.toBuilder().propertyPrefix("http-pool.pools.orders.").build();

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					http-pool.max-total                           | http-pool.pools.orders.max-total
					Set http-pool.max-total to 7                  | Set http-pool.pools.orders.max-total to 7
					(pool 'orders'; http-pool.max-body)           | (pool 'orders'; http-pool.pools.orders.max-body)
					a limit: http-pool.max-total. A lease         | a limit: http-pool.pools.orders.max-total. A lease
					http-pool.acquire-timeout: 3s                 | http-pool.pools.orders.acquire-timeout: 3s
					http-pool.keep-alive=false                    | http-pool.pools.orders.keep-alive=false
					http-pool.drain.max-bytes,                    | http-pool.pools.orders.drain.max-bytes,
					http-pool.routes.api.max-connections          | http-pool.pools.orders.routes.api.max-connections
					http-pool.warm-up.api (http-pool.max-pending) | http-pool.pools.orders.warm-up.api (http-pool.pools.orders.max-pending)
					http-pool.proxy.url                           | http-pool.pools.orders.proxy.url
					""")
	void areThoseOfTheFurtherPool(String text, String expected) {
		assertThat(PropertyNames.own(text, ORDERS.propertyPrefix())).isEqualTo(expected);
		assertThat(PropertyNames.own(expected, ORDERS.propertyPrefix())).as("a text that was one's own before")
			.isEqualTo(expected);
		assertThat(PropertyNames.own(text, SHARED.propertyPrefix())).isSameAs(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http-pool.example", "to http://http-pool.example:80 within 3s",
			"GET /http-pool.x to http://orders.example:80", "GET /http-pool.max-total",
			"GET /a/http-pool.max-total.html", "No address of 'http-pool.proxy'",
			"http-pool.proxy/127.0.0.1:80 timed out", "http-pool.proxy:3128", "my-http-pool.max-total",
			"eu.http-pool.max-total", "thread 'http-pool.max-total'", "thread http-pool-orders-3",
			"http-pool.max-totals", "http-pool.metrics.convention", "http-pool.enabled", "http-pool.",
			"no http-pool property helps" })
	void otherTextsStay(String text) {
		assertThat(PropertyNames.own(text, ORDERS.propertyPrefix())).isEqualTo(text);
	}

	@Test
	void everyPropertyOfAPoolIsKnown() {
		assertThat(SHARED.values()).isNotEmpty();
		SHARED.values()
			.keySet()
			.forEach((name) -> assertThat(PropertyNames.own("http-pool." + name, ORDERS.propertyPrefix()))
				.isEqualTo("http-pool.pools.orders." + name));
	}

	@Test
	void everyPropertyThatAMessageNamesIsKnown() throws IOException {
		Pattern name = Pattern.compile("http-pool\\.[a-z-]+");
		Set<String> named = new TreeSet<>();
		for (String room : List.of("hc5", "findings")) {
			try (Stream<Path> sources = Files.walk(Path.of("../core/src/main/java/io/github/httppool", room))) {
				for (Path source : sources.filter(Files::isRegularFile).toList()) {
					Matcher names = name.matcher(Files.readString(source));
					names.results().forEach((found) -> named.add(found.group()));
				}
			}
		}
		named.remove("http-pool.drain");
		assertThat(named).hasSizeGreaterThan(15)
			.allSatisfy((one) -> assertThat(PropertyNames.own(one, ORDERS.propertyPrefix()))
				.startsWith("http-pool.pools.orders."));
	}

	@Test
	void whoseTheyAreIsNoValueOfTheSettings() {
		assertThat(ORDERS).isEqualTo(SHARED).hasSameHashCodeAs(SHARED);
		assertThat(ORDERS.values()).isEqualTo(SHARED.values());
	}

}

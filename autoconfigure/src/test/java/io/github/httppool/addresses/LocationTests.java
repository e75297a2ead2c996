package io.github.httppool.addresses;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Redirects lead to where RFC 3986 says, as the server that is called in the end sees it.
 */
@Timeout(60)
class LocationTests {

	private static final String START = "/b/c/d;p?q";

	/** Of {@code h} each location leads to the same with the pool and without it. */
	private static final Map<String, String> EASY = new LinkedHashMap<>();

	/** HttpClient resolves these as the older RFC 2396 has it, or not at all. */
	private static final Map<String, String> HARD = new LinkedHashMap<>();

	static {
		EASY.put("g", "start.example /b/c/g");
		EASY.put("./g", "start.example /b/c/g");
		EASY.put("/g", "start.example /g");
		EASY.put("//other.example:PORT", "other.example /");
		EASY.put("//other.example:PORT/x", "other.example /x");
		EASY.put("g?y#s", "start.example /b/c/g?y");
		EASY.put("..", "start.example /b/");
		EASY.put("../../g", "start.example /g");
		EASY.put("g?y/../x", "start.example /b/c/g?y/../x");
		EASY.put("/a%2e%2e/b", "start.example /a%2e%2e/b");
		EASY.put("http://other.example:PORT?z", "other.example /?z");
		EASY.put("http://other.example:0PORT/z", "other.example /z");
		EASY.put("HTTP://OTHER.Example:PORT/Z", "other.example /Z");
		EASY.put("http://other.example.:PORT/", "other.example. /");
		EASY.put("http://my_host.example:PORT/", "my_host.example /");
		EASY.put("http://xn--bcher-kva.example:PORT/", "xn--bcher-kva.example /");

		HARD.put("../../../g", "start.example /g");
		HARD.put("../../../../g", "start.example /g");
		HARD.put("/../g", "start.example /g");
		HARD.put("http://other.example:PORT/../../x", "other.example /x");
		HARD.put(".", "start.example /b/c/");
		HARD.put("?y", "start.example /b/c/d;p?y");
		HARD.put("/a//b", "start.example /a//b");
		HARD.put("http://other.example:PORT/a/http://x/../c", "other.example /a/http://c");
		HARD.put("/caf\u00c3\u00a9", "start.example /caf%C3%A9");
		HARD.put("/caf\u00e9", "start.example /caf%E9");
		HARD.put("/\u00e2\u0082\u00ac?\u00e2\u0082\u00ac", "start.example /%E2%82%AC?%E2%82%AC");
		HARD.put("http://b\u00c3\u00bccher.example:PORT/", "xn--bcher-kva.example /");
		HARD.put("http://b%C3%BCcher.example:PORT/", "xn--bcher-kva.example /");
	}

	@Test
	void redirectLeadsToWhereTheLocationSays() {
		Map<String, String> all = new LinkedHashMap<>(EASY);
		all.putAll(HARD);
		assertThat(reached(Application.POOLED, all)).containsExactlyEntriesOf(all);
	}

	@Test
	void plainApplicationGoesToTheSamePlacesWhereItIsRight() {
		assertThat(reached(Application.PLAIN, EASY)).containsExactlyEntriesOf(EASY);
		HARD.forEach((location, right) -> assertThat(reached(Application.PLAIN, Map.of(location, right)))
			.as("no longer wrong without the pool: move it")
			.doesNotContainEntry(location, right));
	}

	@Test
	void emptyReferenceIsTheSamePlace() {
		for (String location : new String[] { "", "#s" }) {
			assertThat(reached(Application.POOLED, Map.of(location, "")).get(location))
				.startsWith("ClientProtocolException: Circular redirect to http://start.example:")
				.endsWith("/b/c/d;p");
		}
	}

	@Test
	void portsThatAreNoneAreRefused() {
		assertThat(reached(Application.POOLED, Map.of("http://other.example:-1/", "")).values())
			.allMatch((failure) -> failure.endsWith("redirects to a location that is not a valid URI"));
		assertThat(reached(Application.POOLED, Map.of("http://other.example:0/", "")).values())
			.allMatch((failure) -> failure.startsWith("HttpHostConnectException: No connection with "
					+ "http://other.example:0 (pool 'default'): 0 is no port to connect to."));
	}

	/**
	 * Follow redirects.
	 * @param locations the keys are sent, {@code PORT} being that of the server
	 * @return host and target as the server saw them, by location
	 */
	private static Map<String, String> reached(Application application, Map<String, String> locations) {
		Map<String, String> reached = new LinkedHashMap<>();
		String[] location = new String[1];
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals(START)) {
				exchange.head(302, "Location: " + location[0], "Content-Length: 0");
			}
			else {
				String host = exchange.request().header("Host");
				exchange.ok(host.substring(0, host.lastIndexOf(':')) + " " + exchange.path());
			}
		})) {
			application.run(TestCertificates.localhost(), (client) -> {
				for (String each : locations.keySet()) {
					location[0] = each.replace("PORT", Integer.toString(upstream.port()));
					reached.put(each, client.get("http://start.example:" + upstream.port() + START));
				}
			});
		}
		return reached;
	}

}

package io.github.httppool;

import java.net.URI;
import java.util.List;
import java.util.Map;

import io.github.httppool.hc5.HttpClientPool;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests credentials in the environment, where each scheme has a proxy of its own.
 */
@Timeout(60)
class ProxyEnvironmentCredentialsTests {

	private static final String PLAIN = "Basic cGxhaW46YQ==";

	private static final String SECURE = "Basic c2VjdXJlOmI=";

	@Test
	void oneProxyKnowsTheApplicationByTheNameThatBelongsToTheScheme() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> exchange.status(403, "no"))) {
			HttpPoolSettings settings = HttpPoolSettings.builder()
				.proxy(new ProxySettings(null, null, null, List.of(), true,
						Map.of("HTTP_PROXY", "http://plain:a@127.0.0.1:" + proxy.port(), "HTTPS_PROXY",
								"http://secure:b@127.0.0.1:" + proxy.port())))
				.build();
			HttpClientPool pool = new HttpClientPool("default", settings, List.of(), List.of(), null, null);
			try (CloseableHttpClient client = pool.newHttpClient((builder) -> {
			})) {
				get(client, "http://origin.example/");
				get(client, "https://origin.example/");
				assertThat(proxy.requests()).extracting((request) -> request.header("Proxy-Authorization"))
					.containsExactly(PLAIN, SECURE);
			}
			finally {
				pool.shutDown();
			}
		}
	}

	private static void get(CloseableHttpClient client, String uri) throws Exception {
		try {
			client.execute(new HttpGet(URI.create(uri)), (response) -> response.getCode());
		}
		catch (ProxyRefusedException ex) {
			// What it says is of no interest.
		}
	}

}

package io.github.httppool.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.auth.BasicAuthCache;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A body answers a read after its end, after a close and after a failed read in the same
 * way on each call of a client, whichever way the call takes through HttpClient; and as
 * with Spring Boot alone, but for one thing: there a body that broke off looks as if it
 * had ended when it is read again.
 */
@Tag("waiting")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RepeatedReadTests {

	private static final int CALLS = 10;

	@ParameterizedTest
	@EnumSource
	void repeatedReadHasTheSameResultOnEachCall(Reader reader) throws Exception {
		Map<CallerWay, List<String>> outcomes = new EnumMap<>(CallerWay.class);
		for (CallerWay way : CallerWay.values()) {
			try (ScriptedUpstream upstream = ScriptedUpstream.plain(RepeatedReadTests::answer)) {
				Consumer<HttpClientBuilder> none = (client) -> {
				};
				way.use(none, (factory) -> outcomes.put(way, outcomes(reader, factory, upstream)));
			}
		}
		String truncated = outcomes.get(CallerWay.SPRING_BOOT).get(1);
		assertThat(truncated).contains("12345, failed, -1, -1");
		outcomes.forEach((way, seen) -> {
			boolean plain = way == CallerWay.SPRING_BOOT;
			assertThat(seen.get(0)).as("%s", way).isEqualTo(outcomes.get(CallerWay.SPRING_BOOT).get(0));
			assertThat(seen.get(1)).as("%s", way)
				.isEqualTo(plain ? truncated : truncated.replace("failed, -1, -1", "failed, failed, failed"));
		});
	}

	/**
	 * Return what became of whole bodies and of truncated ones, each the same on all
	 * calls.
	 */
	private static List<String> outcomes(Reader reader, HttpComponentsClientHttpRequestFactory factory,
			ScriptedUpstream upstream) throws IOException {
		List<String> all = new ArrayList<>();
		for (String kind : List.of("whole", "truncated")) {
			StringBuilder first = new StringBuilder();
			for (int call = 0; call < CALLS; call++) {
				StringBuilder seen = new StringBuilder();
				for (String framing : List.of("length", "chunked")) {
					reader.read(factory, upstream.uri("/" + kind + "/" + framing), (body) -> read(body, seen));
				}
				if (call == 0) {
					first.append(seen);
				}
				assertThat(seen).as("call %s of %s", call, reader).hasToString(first.toString());
			}
			all.add(first.toString());
		}
		return all;
	}

	private static void read(InputStream body, StringBuilder seen) throws IOException {
		seen.append(new String(body.readNBytes(5)));
		for (int i = 0; i < 3; i++) {
			seen.append(", ").append(once(body));
		}
		body.close();
		seen.append(", closed: ").append(once(body)).append("; ");
	}

	private static String once(InputStream body) {
		try {
			return String.valueOf(body.read());
		}
		catch (IOException ex) {
			return "failed";
		}
	}

	private static void answer(ScriptedUpstream.Exchange exchange) throws IOException {
		switch (exchange.path()) {
			case "/whole/length" -> exchange.ok("12345");
			case "/whole/chunked" -> exchange.chunked("12345");
			case "/truncated/length" -> exchange.head(200, "Content-Length: 10").sendRaw("12345").close();
			default -> exchange.head(200, "Transfer-Encoding: chunked").sendRaw("a\r\n12345").close();
		}
	}

	enum Reader {

		RAW {

			@Override
			void read(HttpComponentsClientHttpRequestFactory factory, URI uri, Read read) throws IOException {
				raw(factory, uri, HttpClientContext.create(), read);
			}

		},

		/** Does not go past HttpClient's element for authentication. */
		RAW_WITH_AUTH_CACHE {

			@Override
			void read(HttpComponentsClientHttpRequestFactory factory, URI uri, Read read) throws IOException {
				HttpClientContext context = HttpClientContext.create();
				context.setAuthCache(new BasicAuthCache());
				raw(factory, uri, context, read);
			}

		},

		REST_CLIENT {

			@Override
			void read(HttpComponentsClientHttpRequestFactory factory, URI uri, Read read) {
				RestClient.builder().requestFactory(factory).build().get().uri(uri).exchange((request, response) -> {
					read.accept(response.getBody());
					return "";
				});
			}

		},

		REST_TEMPLATE {

			@Override
			void read(HttpComponentsClientHttpRequestFactory factory, URI uri, Read read) {
				new RestTemplate(factory).execute(uri, HttpMethod.GET, null, (response) -> {
					read.accept(response.getBody());
					return "";
				});
			}

		};

		abstract void read(HttpComponentsClientHttpRequestFactory factory, URI uri, Read read) throws IOException;

		private static void raw(HttpComponentsClientHttpRequestFactory factory, URI uri, HttpClientContext context,
				Read read) throws IOException {
			// Not closed: HttpClient's own would read on.
			ClassicHttpResponse response = factory.getHttpClient().executeOpen(null, new HttpGet(uri), context);
			read.accept(response.getEntity().getContent());
		}

	}

	interface Read {

		void accept(InputStream body) throws IOException;

	}

}

package io.github.httppool.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.impl.auth.BasicAuthCache;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.client5.http.impl.cookie.RFC6265CookieSpecFactory;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.protocol.RedirectLocations;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.protocol.BasicHttpContext;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a caller sets on its {@code HttpContext} does for a client of the pool what it
 * does with Spring Boot alone, and the context tells the same after the call.
 */
@Tag("waiting")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallerContextTests {

	@ParameterizedTest
	@EnumSource
	void attributeHasTheSameEffectAsWithoutThePool(Setting setting) throws Exception {
		Map<CallerWay, List<String>> outcomes = new EnumMap<>(CallerWay.class);
		for (CallerWay way : CallerWay.values()) {
			try (ScriptedUpstream upstream = ScriptedUpstream.plain(CallerContextTests::answer)) {
				AtomicInteger counted = new AtomicInteger();
				way.use((client) -> client.addRequestInterceptorLast((request, entity, context) -> {
					// As those do that copy a cookie into another field.
					HttpClientContext.cast(context).getCookieStore().getCookies();
					if (context.getAttribute("mark") != null) {
						request.addHeader("X-Mark", context.getAttribute("mark"));
					}
				}), (factory) -> {
					List<String> seen = new ArrayList<>();
					for (int client = 0; client < 2; client++) {
						HttpClientContext context = HttpClientContext.create();
						setting.set(context, upstream, counted);
						for (String path : setting.paths) {
							seen.add(withClient(factory, context, upstream, path));
							seen.add(left(context, upstream));
							seen.add(withSpring(factory, context, upstream, path));
							seen.add(left(context, upstream));
						}
					}
					seen.add("counted " + counted + ", requests " + upstream.requests().size());
					outcomes.put(way, seen);
				});
			}
		}
		assertThat(outcomes).hasSize(4);
		outcomes.forEach((way, outcome) -> assertThat(outcome).as(way.toString())
			.isEqualTo(outcomes.get(CallerWay.SPRING_BOOT)));
		assertThat(outcomes.get(CallerWay.NEW_HTTP_CLIENT).toString()).contains(setting.proof);
	}

	private static String withClient(HttpComponentsClientHttpRequestFactory factory, HttpContext context,
			ScriptedUpstream upstream, String path) throws IOException {
		return factory.getHttpClient()
			.execute(new HttpGet(upstream.uri(path)), context,
					(response) -> response.getCode() + " " + EntityUtils.toString(response.getEntity()));
	}

	private static String withSpring(HttpComponentsClientHttpRequestFactory factory, HttpContext context,
			ScriptedUpstream upstream, String path) {
		factory.setHttpContextFactory((method, uri) -> context);
		return RestClient.builder()
			.requestFactory(factory)
			.build()
			.get()
			.uri(upstream.uri(path))
			.exchange((request, response) -> response.getStatusCode().value() + " "
					+ new String(response.getBody().readAllBytes()));
	}

	/**
	 * Say what is left in a context after a call.
	 */
	private static String left(HttpClientContext context, ScriptedUpstream upstream) {
		String left = "route %s, request %s, response %s, token %s, locations %s, tls %s, endpoint %s, version %s, cache %s"
			.formatted(context.getHttpRoute(), context.getRequest().getRequestUri(), context.getResponse().getCode(),
					context.getUserToken(), context.getRedirectLocations().getAll(), context.getSSLSession(),
					context.getEndpointDetails() != null, context.getProtocolVersion(), context.getAuthCache() != null);
		return left.replace(String.valueOf(upstream.port()), "port");
	}

	private static void answer(ScriptedUpstream.Exchange exchange) throws IOException {
		ScriptedUpstream.Request request = exchange.request();
		String echo = "connection %s, mark %s, cookie %s".formatted(request.connection(), request.header("X-Mark"),
				request.header("Cookie"));
		switch (exchange.path()) {
			case "/cookie" -> exchange.ok(echo.getBytes(), "Set-Cookie: a=b; Path=/");
			case "/redirect" -> exchange.status(302, "elsewhere", "Location: /echo");
			case "/secret" -> {
				if (request.header("Authorization") != null) {
					exchange.ok(echo);
				}
				else {
					exchange.status(401, "who?", "WWW-Authenticate: Basic realm=x");
				}
			}
			default -> exchange.ok(echo);
		}
	}

	enum Setting {

		COOKIE_STORE("cookie a=b", "/cookie", "/echo") {

			@Override
			void set(HttpClientContext context, ScriptedUpstream upstream, AtomicInteger counted) {
				context.setCookieStore(new BasicCookieStore());
			}

		},

		COOKIE_SPEC_REGISTRY("counted 8", "/cookie", "/echo") {

			@Override
			void set(HttpClientContext context, ScriptedUpstream upstream, AtomicInteger counted) {
				context.setCookieStore(new BasicCookieStore());
				context.setCookieSpecRegistry((name) -> {
					counted.incrementAndGet();
					return new RFC6265CookieSpecFactory(null);
				});
			}

		},

		AUTH_CACHE("requests 8", "/secret", "/secret") {

			@Override
			void set(HttpClientContext context, ScriptedUpstream upstream, AtomicInteger counted) {
				BasicScheme basic = new BasicScheme();
				basic.initPreemptive(login());
				BasicAuthCache cache = new BasicAuthCache();
				cache.put(HttpHost.create(upstream.uri("/")), basic);
				context.setAuthCache(cache);
				context.setCredentialsProvider((scope, same) -> login());
			}

		},

		CREDENTIALS_PROVIDER("200 connection", "/secret", "/secret") {

			@Override
			void set(HttpClientContext context, ScriptedUpstream upstream, AtomicInteger counted) {
				BasicCredentialsProvider credentials = new BasicCredentialsProvider();
				credentials.setCredentials(new AuthScope("127.0.0.1", upstream.port()), login());
				context.setCredentialsProvider(credentials);
			}

		},

		AUTH_SCHEME_REGISTRY("200 connection", "/secret") {

			@Override
			void set(HttpClientContext context, ScriptedUpstream upstream, AtomicInteger counted) {
				context.setCredentialsProvider((scope, same) -> login());
				context.setAuthSchemeRegistry((name) -> (same) -> {
					counted.incrementAndGet();
					return new BasicScheme();
				});
			}

		},

		AUTH_EXCHANGE("200 connection", "/secret") {

			@Override
			void set(HttpClientContext context, ScriptedUpstream upstream, AtomicInteger counted) {
				BasicScheme basic = new BasicScheme();
				basic.initPreemptive(login());
				context.resetAuthExchange(HttpHost.create(upstream.uri("/")), basic);
			}

		},

		USER_TOKEN("token user 2", "/echo", "/redirect") {

			@Override
			void set(HttpClientContext context, ScriptedUpstream upstream, AtomicInteger counted) {
				context.setUserToken("user " + counted.incrementAndGet());
			}

		},

		REQUEST_CONFIG("302 elsewhere", "/redirect") {

			@Override
			void set(HttpClientContext context, ScriptedUpstream upstream, AtomicInteger counted) {
				context.setRequestConfig(RequestConfig.custom().setRedirectsEnabled(false).build());
			}

		},

		REDIRECT_LOCATIONS("locations [http", "/redirect") {

			@Override
			void set(HttpClientContext context, ScriptedUpstream upstream, AtomicInteger counted) {
				context.setRedirectLocations(new RedirectLocations());
			}

		},

		ATTRIBUTE("mark own", "/echo") {

			@Override
			void set(HttpClientContext context, ScriptedUpstream upstream, AtomicInteger counted) {
				context.setAttribute("mark", "own");
			}

		};

		private final String proof;

		private final List<String> paths;

		Setting(String proof, String... paths) {
			this.proof = proof;
			this.paths = List.of(paths);
		}

		abstract void set(HttpClientContext context, ScriptedUpstream upstream, AtomicInteger counted);

		static UsernamePasswordCredentials login() {
			return new UsernamePasswordCredentials("user", "secret".toCharArray());
		}

	}

	/**
	 * As a {@code HttpContext} of another kind, which HttpClient reads through its
	 * attributes.
	 */
	@ParameterizedTest
	@EnumSource
	@SuppressWarnings("deprecation")
	void attributesOfAnotherContextAreUsed(CallerWay way) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(CallerContextTests::answer)) {
			way.use((client) -> {
			}, (factory) -> {
				BasicHttpContext context = new BasicHttpContext();
				context.setAttribute(HttpClientContext.COOKIE_STORE, new BasicCookieStore());
				context.setAttribute(HttpClientContext.USER_TOKEN, "user");
				withClient(factory, context, upstream, "/cookie");
				assertThat(withClient(factory, context, upstream, "/echo"))
					.isEqualTo("200 connection 0, mark null, cookie a=b");
				assertThat(context.getAttribute(HttpClientContext.USER_TOKEN)).isEqualTo("user");
				assertThat(withClient(factory, new BasicHttpContext(), upstream, "/echo"))
					.isEqualTo("200 connection 1, mark null, cookie null");
			});
		}
	}

	@ParameterizedTest
	@EnumSource(names = "SPRING_BOOT", mode = EnumSource.Mode.EXCLUDE)
	void nothingIsSharedBetweenCallersWithoutAContext(CallerWay way) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(CallerContextTests::answer)) {
			way.use((client) -> client.setDefaultCredentialsProvider((scope, context) -> Setting.login()),
					(factory) -> {
						List<String> seen = List.of(withClient(factory, null, upstream, "/cookie"),
								withClient(factory, HttpClientContext.create(), upstream, "/echo"));
						assertThat(seen).containsOnly("200 connection 0, mark null, cookie null");
						withClient(factory, null, upstream, "/secret");
						withClient(factory, null, upstream, "/secret");
						assertThat(upstream.requests()).hasSize(6);
					});
		}
	}

}

package io.github.httppool.client;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.auth.AuthSchemeFactory;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.BackoffManager;
import org.apache.hc.client5.http.classic.ConnectionBackoffStrategy;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.cookie.CookieSpecFactory;
import org.apache.hc.client5.http.entity.InputStreamFactory;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultAuthenticationStrategy;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.cookie.RFC6265CookieSpecFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.routing.DefaultProxyRoutePlanner;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each setter of HttpClient's builder does for a client of the pool what it does with
 * Spring Boot alone, in each way in which a caller can customize the builder; or else the
 * pool owns what it sets, and says so.
 */
@Tag("waiting")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(OutputCaptureExtension.class)
class CallerSettingsTests {

	/** Settings that the pool owns, and whether the log reports them. */
	private static final Map<String, Boolean> OWNED = Map.of("setConnectionManager", true, "setConnectionManagerShared",
			false, "evictExpiredConnections", true, "evictIdleConnections", true);

	/** Both sides have it from the beginning. */
	private static final Set<String> ALREADY_SET = Set.of("useSystemProperties");

	private static final Map<String, Case> CASES = new LinkedHashMap<>();

	static {
		honoured("setRequestExecutor", (client, calls) -> client.setRequestExecutor(new MarkingExecutor()),
				"/echo?X-Mark");
		honoured("setConnectionReuseStrategy",
				(client, calls) -> client.setConnectionReuseStrategy((request, response, context) -> false), "/echo",
				"/echo");
		honoured("setKeepAliveStrategy", (client, calls) -> client.setKeepAliveStrategy((response, context) -> {
			calls.incrementAndGet();
			return TimeValue.ofSeconds(30);
		}), "/echo", "/echo");
		honoured("setTargetAuthenticationStrategy", (client, calls) -> {
			client.setDefaultCredentialsProvider(credentials());
			client.setTargetAuthenticationStrategy((type, challenges, context) -> {
				calls.incrementAndGet();
				return DefaultAuthenticationStrategy.INSTANCE.select(type, challenges, context);
			});
		}, "/secret");
		honoured("setProxyAuthenticationStrategy", (client, calls) -> {
			client.setDefaultCredentialsProvider(credentials());
			client.setProxyAuthenticationStrategy((type, challenges, context) -> {
				calls.incrementAndGet();
				return DefaultAuthenticationStrategy.INSTANCE.select(type, challenges, context);
			});
		}, "proxy:/proxy-secret");
		honoured("setUserTokenHandler",
				(client, calls) -> client.setUserTokenHandler((route, context) -> "user " + calls.incrementAndGet()),
				"/echo", "/echo", "/echo", "token:user 1:/echo");
		honoured("disableConnectionState", (client, calls) -> client.disableConnectionState(), "/echo", "/echo");
		honoured("setSchemePortResolver",
				(client, calls) -> client
					.setSchemePortResolver((host) -> (host.getPort() > 0) ? host.getPort() : calls.get()),
				"noport:/echo");
		honoured("setUserAgent", (client, calls) -> client.setUserAgent("own"), "/echo?User-Agent");
		honoured("disableDefaultUserAgent", (client, calls) -> client.disableDefaultUserAgent(), "/echo?User-Agent");
		honoured("setDefaultHeaders",
				(client, calls) -> client.setDefaultHeaders(List.of(new BasicHeader("X-Mark", "a"))), "/echo?X-Mark");
		honoured("addRequestInterceptorFirst",
				(client, calls) -> client
					.addRequestInterceptorFirst((request, entity, context) -> request.addHeader("X-Mark", "a")),
				"/echo?X-Mark");
		honoured(
				"addRequestInterceptorLast", (client,
						calls) -> client.addRequestInterceptorLast((request, entity, context) -> request
							.addHeader("X-Mark", String.valueOf(request.containsHeader("User-Agent")))),
				"/echo?X-Mark");
		honoured("addResponseInterceptorFirst", (client, calls) -> client
			.addResponseInterceptorFirst((response, entity, context) -> calls.incrementAndGet()), "/redirect");
		honoured("addResponseInterceptorLast", (client, calls) -> client
			.addResponseInterceptorLast((response, entity, context) -> calls.incrementAndGet()), "/redirect");
		ExecChainHandler marking = (request, scope, chain) -> {
			request.addHeader("X-Mark", "a");
			return chain.proceed(request, scope);
		};
		honoured("addExecInterceptorFirst", (client, calls) -> client.addExecInterceptorFirst("own", marking),
				"/echo?X-Mark", "/echo?X-Mark");
		honoured("addExecInterceptorLast", (client, calls) -> client.addExecInterceptorLast("own", marking),
				"/echo?X-Mark", "/echo?X-Mark");
		honoured("addExecInterceptorBefore",
				(client, calls) -> client.addExecInterceptorBefore(ChainElement.PROTOCOL.name(), "own", marking),
				"/echo?X-Mark", "/echo?X-Mark");
		honoured("addExecInterceptorAfter",
				(client, calls) -> client.addExecInterceptorAfter(ChainElement.PROTOCOL.name(), "own", marking),
				"/echo?X-Mark", "/echo?X-Mark");
		honoured("replaceExecInterceptor", (client, calls) -> client
			.replaceExecInterceptor(ChainElement.PROTOCOL.name(), (request, scope, chain) -> {
				calls.incrementAndGet();
				return chain.proceed(request, scope);
			}), "/echo", "/secret", "/echo");
		honoured("setDefaultCookieStore", (client, calls) -> client.setDefaultCookieStore(new BasicCookieStore()),
				"/cookie", "/echo?Cookie");
		honoured("disableCookieManagement",
				(client, calls) -> client.setDefaultCookieStore(new BasicCookieStore()).disableCookieManagement(),
				"/cookie", "/echo?Cookie");
		honoured("setDefaultCookieSpecRegistry", (client, calls) -> client.setDefaultCookieStore(new BasicCookieStore())
			.setDefaultCookieSpecRegistry((name) -> {
				calls.incrementAndGet();
				return cookieSpecs();
			}), "/cookie", "/echo?Cookie");
		honoured("disableContentCompression", (client, calls) -> client.disableContentCompression(),
				"/echo?Accept-Encoding");
		honoured("setContentDecoderRegistry", (client, calls) -> client.setContentDecoderRegistry(decoders()),
				"/echo?Accept-Encoding");
		honoured("disableAuthCaching",
				(client, calls) -> client.setDefaultCredentialsProvider(credentials()).disableAuthCaching(),
				"cached:/secret", "cached:/secret");
		honoured("setRetryStrategy",
				(client, calls) -> client
					.setRetryStrategy(new DefaultHttpRequestRetryStrategy(2, TimeValue.ofMilliseconds(1))),
				"/unavailable");
		honoured("disableAutomaticRetries",
				(client, calls) -> client
					.setRetryStrategy(new DefaultHttpRequestRetryStrategy(2, TimeValue.ofMilliseconds(1)))
					.disableAutomaticRetries(),
				"/unavailable");
		honoured("setProxy", (client, calls) -> client.setProxy(new HttpHost("http", "127.0.0.1", calls.get())),
				"absolute:/echo");
		honoured("setProxySelector", (client, calls) -> client.setProxySelector(new OneProxy(calls.get())),
				"absolute:/echo");
		honoured("setRoutePlanner",
				(client, calls) -> client
					.setRoutePlanner(new DefaultProxyRoutePlanner(new HttpHost("http", "127.0.0.1", calls.get()))),
				"absolute:/echo");
		honoured("setRedirectStrategy", (client, calls) -> client.setRedirectStrategy(new DefaultRedirectStrategy() {

			@Override
			public URI getLocationURI(org.apache.hc.core5.http.HttpRequest request, HttpResponse response,
					HttpContext context) throws HttpException {
				calls.incrementAndGet();
				return super.getLocationURI(request, response, context);
			}

		}), "/redirect");
		honoured("disableRedirectHandling", (client, calls) -> client.disableRedirectHandling(), "/redirect");
		honoured("setConnectionBackoffStrategy", (client, calls) -> backoff(client, calls), "/unavailable");
		honoured("setBackoffManager", (client, calls) -> backoff(client, calls), "/echo", "/unavailable");
		honoured("setDefaultCredentialsProvider",
				(client, calls) -> client.setDefaultCredentialsProvider(credentials()), "/secret", "/secret");
		honoured("setDefaultAuthSchemeRegistry",
				(client, calls) -> client.setDefaultCredentialsProvider(credentials())
					.setDefaultAuthSchemeRegistry((name) -> "basic".equalsIgnoreCase(name) ? counted(calls) : null),
				"/secret");
		honoured("setDefaultRequestConfig", (client, calls) -> client
			.setDefaultRequestConfig(RequestConfig.custom().setRedirectsEnabled(false).build()), "/redirect");
	}

	private static void honoured(String setter, Customizer customizer, String... paths) {
		CASES.put(setter, new Case(customizer, List.of(paths)));
	}

	static List<String> honoured() {
		return List.copyOf(CASES.keySet());
	}

	@ParameterizedTest
	@MethodSource("honoured")
	void setterHasTheSameEffectAsWithoutThePool(String setter) throws Exception {
		Case tried = CASES.get(setter);
		Map<CallerWay, String> outcomes = new LinkedHashMap<>();
		for (CallerWay way : CallerWay.values()) {
			try (ScriptedUpstream upstream = ScriptedUpstream.plain(CallerSettingsTests::answer)) {
				// A number that some customizers count with, and some take for a port.
				AtomicInteger calls = new AtomicInteger(tried.needsPort() ? upstream.port() : 0);
				HttpClientContext cached = HttpClientContext.create();
				way.use((client) -> tried.customizer.customize(client, calls), (factory) -> {
					List<String> seen = new ArrayList<>();
					for (String path : tried.paths) {
						seen.add(outcome(factory.getHttpClient(), path, upstream, cached));
					}
					int counted = tried.needsPort() ? 0 : calls.get();
					int requests = upstream.requests().size();
					outcomes.put(way, seen + ", requests " + requests + ", counted " + counted);
				});
			}
		}
		assertThat(outcomes).hasSize(4);
		assertThat(Set.copyOf(outcomes.values())).as(outcomes.toString()).hasSize(1);
	}

	@Test
	void setterThatThePoolOwnsCausesOneWarning(CapturedOutput output) throws Exception {
		for (CallerWay way : List.of(CallerWay.NEW_HTTP_CLIENT, CallerWay.POOL_CUSTOMIZER,
				CallerWay.REQUEST_FACTORY_CUSTOMIZER)) {
			int before = output.getOut().length();
			try (ScriptedUpstream upstream = ScriptedUpstream.plain(CallerSettingsTests::answer);
					PoolingHttpClientConnectionManager own = new PoolingHttpClientConnectionManager()) {
				way.use((client) -> client.setConnectionManager(own)
					.evictExpiredConnections()
					.evictIdleConnections(TimeValue.ofSeconds(1)), (factory) -> {
						outcome(factory.getHttpClient(), "/echo", upstream, HttpClientContext.create());
						assertThat(own.getTotalStats().getAvailable()).isZero();
					});
			}
			String logged = output.getOut().substring(before);
			OWNED.forEach(
					(setter, warned) -> assertThat(logged.split("HttpClientBuilder." + setter + " has no effect", -1))
						.as(setter + " " + way + logged)
						.hasSize(warned ? 2 : 1));
		}
	}

	@Test
	void eachSetterIsInTheTable() {
		Set<String> setters = Arrays.stream(HttpClientBuilder.class.getMethods())
			.filter((method) -> method.getDeclaringClass() == HttpClientBuilder.class
					&& !Modifier.isStatic(method.getModifiers()))
			.map(Method::getName)
			.collect(Collectors.toCollection(TreeSet::new));
		Set<String> known = new TreeSet<>(CASES.keySet());
		known.addAll(OWNED.keySet());
		known.addAll(ALREADY_SET);
		known.addAll(List.of("build", "getConnManager"));
		assertThat(setters).isEqualTo(known);
	}

	private static String outcome(HttpClient client, String path, ScriptedUpstream upstream, HttpClientContext cached)
			throws IOException {
		HttpClientContext context = HttpClientContext.create();
		String base = upstream.url();
		String rest = path;
		if (path.startsWith("cached:")) {
			context = cached;
			rest = path.substring(7);
		}
		else if (path.startsWith("token:")) {
			context.setUserToken(path.split(":")[1]);
			rest = path.split(":")[2];
		}
		else if (path.startsWith("noport:")) {
			base = "http://127.0.0.1";
			rest = path.substring(7);
		}
		else if (path.startsWith("absolute:")) {
			base = "http://server.example";
			rest = path.substring(9);
		}
		else if (path.startsWith("proxy:")) {
			base = "http://server.example";
			rest = path.substring(6);
			context.setRequestConfig(RequestConfig.custom().build());
		}
		HttpGet request = new HttpGet(base + rest);
		if (path.startsWith("proxy:")) {
			request.setConfig(proxied(upstream.port()));
		}
		return client.execute(request, context,
				(response) -> response.getCode() + " " + EntityUtils.toString(response.getEntity()));
	}

	@SuppressWarnings("deprecation")
	private static RequestConfig proxied(int port) {
		return RequestConfig.custom().setProxy(new HttpHost("http", "127.0.0.1", port)).build();
	}

	/**
	 * Tell over which connection a request came, and of one of its fields.
	 */
	private static void answer(ScriptedUpstream.Exchange exchange) throws IOException {
		String path = exchange.path().replaceFirst("^http://[^/]+", "").replaceFirst("\\?.*", "");
		String field = exchange.path().contains("?") ? exchange.path().replaceFirst(".*\\?", "") : "none";
		String echo = "connection " + exchange.request().connection() + " " + exchange.request().header(field);
		switch (path) {
			case "/cookie" -> exchange.ok(echo.getBytes(), "Set-Cookie: a=b; Path=/");
			case "/redirect" -> exchange.status(302, "elsewhere", "Location: /echo");
			case "/unavailable" -> exchange.status(503, "later");
			case "/secret" -> challenge(exchange, 401, "WWW-Authenticate", "Authorization", echo);
			case "/proxy-secret" -> challenge(exchange, 407, "Proxy-Authenticate", "Proxy-Authorization", echo);
			default -> exchange.ok(echo);
		}
	}

	private static void challenge(ScriptedUpstream.Exchange exchange, int status, String challenge, String answer,
			String echo) throws IOException {
		if (exchange.request().header(answer) != null) {
			exchange.ok(echo);
		}
		else {
			exchange.status(status, "who?", challenge + ": Basic realm=x");
		}
	}

	private static BasicCredentialsProvider credentials() {
		BasicCredentialsProvider credentials = new BasicCredentialsProvider();
		credentials.setCredentials(new AuthScope(null, -1),
				new UsernamePasswordCredentials("user", "secret".toCharArray()));
		return credentials;
	}

	private static CookieSpecFactory cookieSpecs() {
		return new RFC6265CookieSpecFactory(null);
	}

	private static LinkedHashMap<String, InputStreamFactory> decoders() {
		LinkedHashMap<String, InputStreamFactory> decoders = new LinkedHashMap<>();
		decoders.put("x-own", (input) -> input);
		return decoders;
	}

	private static AuthSchemeFactory counted(AtomicInteger calls) {
		return (context) -> {
			calls.incrementAndGet();
			return new BasicScheme();
		};
	}

	private static void backoff(HttpClientBuilder client, AtomicInteger calls) {
		client.setConnectionBackoffStrategy(new ConnectionBackoffStrategy() {

			@Override
			public boolean shouldBackoff(Throwable failure) {
				return true;
			}

			@Override
			public boolean shouldBackoff(HttpResponse response) {
				return response.getCode() == 503;
			}

		})
			.setRetryStrategy(new DefaultHttpRequestRetryStrategy(0, TimeValue.ofMilliseconds(1)))
			.setBackoffManager(new BackoffManager() {

				@Override
				public void backOff(HttpRoute route) {
					calls.addAndGet(100);
				}

				@Override
				public void probe(HttpRoute route) {
					calls.incrementAndGet();
				}

			});
	}

	private interface Customizer {

		void customize(HttpClientBuilder client, AtomicInteger calls);

	}

	private record Case(Customizer customizer, List<String> paths) {

		boolean needsPort() {
			return this.paths.get(0).startsWith("noport:") || this.paths.get(0).startsWith("absolute:");
		}

	}

	private static final class MarkingExecutor extends HttpRequestExecutor {

		@Override
		public ClassicHttpResponse execute(ClassicHttpRequest request, HttpClientConnection connection,
				HttpResponseInformationCallback callback, HttpContext context) throws IOException, HttpException {
			request.addHeader("X-Mark", "executor");
			return super.execute(request, connection, callback, context);
		}

	}

	private static final class OneProxy extends ProxySelector {

		private final int port;

		OneProxy(int port) {
			this.port = port;
		}

		@Override
		public List<Proxy> select(URI uri) {
			return List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", this.port)));
		}

		@Override
		public void connectFailed(URI uri, SocketAddress address, IOException failure) {
		}

	}

}

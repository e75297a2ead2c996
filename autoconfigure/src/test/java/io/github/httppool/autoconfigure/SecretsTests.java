package io.github.httppool.autoconfigure;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.github.httppool.CallInfo;
import io.github.httppool.CallTimeout;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPools;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.testing.ClosedPort;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.MicroSocks;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import io.github.httppool.testing.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What a caller wants nobody to know is in nothing that others see: userinfo, query and
 * headers, here of calls that fail in every way there is.
 */
@Tag("waiting")
@Timeout(120)
class SecretsTests {

	/** Part of all that is secret here. */
	private static final String SECRET = "s3cret";

	private static final String QUERY = "?token=" + SECRET + "-query";

	private static final String USERINFO = "user:" + SECRET + "-userinfo@";

	private final List<String> seen = new CopyOnWriteArrayList<>();

	private final List<String> failures = new ArrayList<>();

	private final ExecutorService callers = Executors.newCachedThreadPool();

	private final CountDownLatch held = new CountDownLatch(1);

	private final Appender appender = new Appender();

	private final ScriptedUpstream upstream = ScriptedUpstream.plain(this::answer);

	private void answer(ScriptedUpstream.Exchange exchange) throws Exception {
		String path = exchange.path();
		String self = "http://" + USERINFO + "127.0.0.1:" + exchange.request().header("X-Port");
		switch (path.substring(0, path.indexOf('?'))) {
			case "/silent" -> exchange.stall();
			case "/held" -> {
				exchange.head(200, "Transfer-Encoding: chunked");
				while (!this.held.await(50, TimeUnit.MILLISECONDS)) {
					exchange.chunk(new byte[1]);
				}
				exchange.lastChunk();
			}
			case "/reset" -> exchange.reset();
			case "/garbage" -> exchange.sendRaw("garbage\r\n\r\n").close();
			case "/truncated" -> exchange.head(200, "Content-Length: 10").sendRaw("x").close();
			case "/drip" -> exchange.dripData(Duration.ofMillis(20));
			case "/large" -> exchange.gigabyte();
			case "/chunks" -> exchange.head(200, "Transfer-Encoding: chunked").sendRaw("nonsense\r\n").close();
			case "/encoded" -> exchange.ok("plain".getBytes(), "Content-Encoding: gzip");
			case "/surplus" -> exchange.sendRaw("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n");
			case "/challenge" -> exchange.status(401, "who?", "WWW-Authenticate: Basic realm=x");
			case "/circle" -> exchange.status(302, "again", "Location: " + path);
			case "/endless" -> exchange.status(302, "on", "Location: " + path + "1");
			case "/userinfo" -> exchange.status(302, "moved", "Location: " + self + "/" + QUERY);
			case "/invalid" -> exchange.status(302, "moved", "Location: http://" + USERINFO + "ho st/" + QUERY);
			case "/hostless" -> exchange.status(302, "moved", "Location: http:///" + QUERY);
			case "/opaque" -> exchange.status(302, "moved", "Location: mailto:" + USERINFO + QUERY);
			case "/scheme" -> exchange.status(302, "moved", "Location: ftp://" + USERINFO + "127.0.0.1/" + QUERY);
			case "/stranger" -> exchange.status(302, "moved", "Location: http://unknown.invalid/" + QUERY);
			case "/refused" -> exchange.status(302, "moved", "Location: http://127.0.0.1:1/" + QUERY);
			default -> exchange.ok("fine");
		}
	}

	@BeforeEach
	void watchLoggers() {
		this.appender.start();
	}

	@AfterEach
	void close() {
		this.held.countDown();
		this.callers.shutdownNow();
		this.upstream.close();
		for (String name : List.of("io.github.httppool", Logger.ROOT_LOGGER_NAME)) {
			((Logger) LoggerFactory.getLogger(name)).detachAppender(this.appender);
		}
		((Logger) LoggerFactory.getLogger("io.github.httppool")).setLevel(null);
	}

	@Test
	void secretsOfACallAreNowhereToBeSeen() throws Exception {
		int closedPort = ClosedPort.next();
		try (ScriptedUpstream secure = ScriptedUpstream.tls((exchange) -> exchange.ok("fine"));
				DeadAddress dead = new DeadAddress();
				ConfigurableApplicationContext context = run()) {
			Logger ours = (Logger) LoggerFactory.getLogger("io.github.httppool");
			ours.setLevel(Level.TRACE);
			Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
			root.addAppender(this.appender);
			RestClient client = context.getBean(RestClient.class);
			for (String path : List.of("/silent", "/reset", "/garbage", "/truncated", "/chunks", "/encoded", "/circle",
					"/endless", "/userinfo", "/invalid", "/hostless", "/opaque", "/scheme", "/stranger", "/refused")) {
				assertThat(call(client, "127.0.0.1:" + this.upstream.port(), path)).as(path).isNotNull();
			}
			assertThat(call(client, "127.0.0.1:" + this.upstream.port(), "/")).isNull();
			assertThat(call(client, "127.0.0.1:" + this.upstream.port(), "/reset")).as("with a replay").isNotNull();
			assertThat(get(client, this.upstream.uri("/drip" + QUERY), Duration.ofMillis(500))).isNotNull();
			for (String path : List.of("/", "/drip", "/large", "/surplus", "/challenge")) {
				ignore(client, path);
			}
			assertThat(call(client, "127.0.0.1:" + closedPort, "/")).isNotNull();
			assertThat(call(client, "127.0.0.1:" + dead.address().getPort(), "/")).isNotNull();
			assertThat(call(client, "unknown.invalid", "/")).isNotNull();
			assertThat(get(client, URI.create("https://127.0.0.1:" + secure.port() + "/" + QUERY))).isNotNull();
			assertThat(get(client, URI.create("https://127.0.0.1:" + this.upstream.port() + "/" + QUERY))).isNotNull();
			assertThat(get(client, URI.create("http://" + USERINFO + "127.0.0.1:" + closedPort + "/" + QUERY)))
				.isNotNull();
			assertThat(get(client, URI.create(this.upstream.url().replace("//", "//" + USERINFO) + "/" + QUERY)))
				.isNotNull();
			crowd(context, client);
			this.seen.add(browse(context, "httppool"));
			context.getBean(HttpPools.class).all().forEach((pool) -> this.seen.add(pool.snapshot().toString()));
			context.close();
			assertThat(call(client, "127.0.0.1:" + this.upstream.port(), "/")).as("after the end").isNotNull();
		}
		assertThat(this.upstream.requests()).as("secrets were sent")
			.allSatisfy((request) -> assertThat(request.path()).contains(SECRET));
		assertThat(this.failures).hasSizeGreaterThan(20)
			.anyMatch((text) -> text.contains("CallTimeoutException"))
			.noneMatch((text) -> text.contains(SECRET));
		assertThat(this.appender.lines).anyMatch((line) -> line.contains("GET /reset"))
			.noneMatch((line) -> line.contains(SECRET));
		assertThat(this.seen).hasSizeGreaterThan(100)
			.anyMatch((text) -> text.contains("GET /silent"))
			.anyMatch((text) -> text.contains("http_pool_connections"))
			.noneMatch((text) -> text.contains(SECRET));
	}

	@Test
	@RequiresProgram(Program.MICROSOCKS)
	void credentialsOfProxiesAreNowhereToBeSeen() throws Exception {
		String name = SECRET + "-name";
		String password = SECRET + "-password";
		try (ScriptedUpstream proxy = ScriptedUpstream.plain(SecretsTests::answerAsProxy);
				MicroSocks socks = MicroSocks.start("-u", name, "-P", password);
				ConfigurableApplicationContext context = run("--http-pool.proxy.url=" + proxy.url(),
						"--http-pool.proxy.username=" + name, "--http-pool.proxy.password=" + password,
						"--http-pool.pools.socks.proxy.url=" + socks.url(),
						"--http-pool.pools.socks.proxy.username=" + name,
						"--http-pool.pools.socks.proxy.password=" + password,
						"--http-pool.pools.stranger.proxy.url=" + socks.url(),
						"--http-pool.pools.stranger.proxy.username=" + name,
						"--http-pool.pools.stranger.proxy.password=" + password + "-wrong")) {
			((Logger) LoggerFactory.getLogger("io.github.httppool")).setLevel(Level.TRACE);
			((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(this.appender);
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			assertThat(proxied(client, "http://fine.example/")).isNull();
			for (String uri : List.of("https://fine.example/", "https://refuses.example/", "https://asks.example/",
					"https://digest.example/", "https://silent.example/", "https://resets.example/",
					"https://garbage.example/", "http://asks.example/", "http://digest.example/",
					"http://silent.example/", "http://resets.example/", "http://garbage.example/")) {
				assertThat(proxied(client, uri)).as(uri).isNotNull();
			}
			String direct = this.upstream.url() + "/" + QUERY;
			assertThat(proxied(context.getBean("socksRestClient", RestClient.class), direct)).isNull();
			assertThat(proxied(context.getBean("socksRestClient", RestClient.class), "http://127.0.0.1:1/"))
				.hasMessageContaining("connection refused");
			assertThat(proxied(context.getBean("strangerRestClient", RestClient.class), direct))
				.hasMessageContaining("does not accept the credentials");
			this.seen.add(browse(context, "prometheus"));
			this.seen.add(browse(context, "httppool"));
			for (HttpPool pool : context.getBean(HttpPools.class).all()) {
				this.seen.add(browse(context, "httppool/" + pool.name() + "/events"));
				this.seen.add(pool.snapshot() + " " + pool.settings() + " " + pool.settings().proxy().servers());
			}
			assertThat(proxy.requests()).as("secrets were sent")
				.extracting((request) -> String.valueOf(request.header("Proxy-Authorization")))
				.anyMatch((login) -> login.startsWith("Basic "))
				.anyMatch((login) -> login.startsWith("Digest username=\"" + name));
		}
		assertThat(this.failures).anyMatch((text) -> text.contains("ProxyRefusedException"))
			.noneMatch(SecretsTests::tellsOfALogin);
		assertThat(this.appender.lines).anyMatch((line) -> line.contains("https://refuses.example:443 via "))
			.noneMatch(SecretsTests::tellsOfALogin);
		assertThat(this.seen).hasSizeGreaterThan(50)
			.anyMatch((text) -> text.contains("http_pool_connections"))
			.anyMatch((text) -> text.contains("\"events\""))
			.noneMatch(SecretsTests::tellsOfALogin);
	}

	/**
	 * Refuse tunnels with a page that repeats what the proxy was told.
	 */
	private static void answerAsProxy(ScriptedUpstream.Exchange exchange) throws Exception {
		String login = String.valueOf(exchange.request().header("Proxy-Authorization"));
		String path = exchange.path();
		if (path.contains("refuses")) {
			exchange.status(403, login + SECRET, "X-Login: " + login, "X-Secret: " + SECRET);
		}
		else if (path.contains("asks")) {
			exchange.status(407, login, "Proxy-Authenticate: Basic realm=\"" + SECRET + "\"");
		}
		else if (path.contains("digest")) {
			exchange.status(407, login, "Proxy-Authenticate: Digest realm=\"" + SECRET
					+ "\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256");
		}
		else if (path.contains("silent")) {
			exchange.stall();
		}
		else if (path.contains("resets")) {
			exchange.reset();
		}
		else if (path.contains("garbage")) {
			exchange.sendRaw("garbage\r\n\r\n").close();
		}
		else if (exchange.method().equals("CONNECT")) {
			exchange.head(200);
			exchange.connection().startTls();
		}
		else {
			exchange.ok("fine");
		}
	}

	private Throwable proxied(RestClient client, String uri) {
		Throwable failure = catchThrowable(() -> client.get().uri(URI.create(uri)).exchange((request, response) -> {
			// Its body is the proxy's, which repeats what it likes.
			assertThat(response.getStatusCode().value()).isEqualTo(200);
			return response.bodyTo(String.class);
		}));
		if (failure != null) {
			remember(failure);
		}
		return failure;
	}

	private static boolean tellsOfALogin(String text) {
		// Base64 of the name, without its last characters.
		return text.contains(SECRET) || text.contains("czNjcmV0LW5hb") || text.contains("Digest username")
				|| text.toLowerCase(Locale.ROOT).contains("proxy-authorization");
	}

	/**
	 * Fill the pool, so that one caller waits in vain and one is refused, and look at the
	 * endpoint and at the meters meanwhile.
	 */
	private void crowd(ConfigurableApplicationContext context, RestClient client) throws Exception {
		URI uri = this.upstream.uri("/held" + QUERY);
		HttpPools pools = context.getBean(HttpPools.class);
		List<Future<Throwable>> calls = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			calls.add(this.callers.submit(() -> get(client, uri)));
		}
		Awaitility.await().until(() -> pools.get("default").snapshot().connections().leased() == 2);
		Future<Throwable> waiting = this.callers.submit(() -> get(client, uri));
		Awaitility.await().until(() -> pools.get("default").snapshot().connections().pending() == 1);
		assertThat(get(client, uri)).hasMessageContaining("http-pool.max-pending");
		this.seen.add(browse(context, "httppool"));
		this.seen.add(browse(context, "prometheus"));
		assertThat(waiting.get(30, TimeUnit.SECONDS)).hasMessageContaining("GET /held");
		this.held.countDown();
		for (Future<Throwable> call : calls) {
			assertThat(call.get(30, TimeUnit.SECONDS)).isNull();
		}
	}

	private Throwable call(RestClient client, String authority, String path) {
		return get(client, URI.create("http://" + authority + path + QUERY));
	}

	private Throwable get(RestClient client, URI uri) {
		return get(client, uri, Duration.ZERO);
	}

	private Throwable get(RestClient client, URI uri, Duration callTimeout) {
		Throwable failure = catchThrowable(() -> client.get()
			.uri(uri)
			.attribute(CallTimeout.ATTRIBUTE, callTimeout)
			.headers((headers) -> secrets(headers::set))
			.retrieve()
			.body(String.class));
		remember(failure);
		return failure;
	}

	private void ignore(RestClient client, String path) {
		Integer status = client.get()
			.uri(this.upstream.uri(path + QUERY))
			.headers((headers) -> secrets(headers::set))
			.exchange((request, response) -> response.getStatusCode().value());
		assertThat(status).isIn(200, 401);
	}

	private void secrets(BiConsumer<String, String> headers) {
		headers.accept("Authorization", "Bearer " + SECRET + "-token");
		headers.accept("Cookie", "session=" + SECRET + "-cookie");
		headers.accept("X-Port", String.valueOf(this.upstream.port()));
	}

	/**
	 * Remember what the exceptions of a call say. The outermost is Spring's: it repeats
	 * the URI of the caller, without the query but with userinfo.
	 */
	private void remember(Throwable failure) {
		Stream<Throwable> chain = Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
		synchronized (this.failures) {
			chain.flatMap((each) -> Stream.concat(Stream.of(each), Arrays.stream(each.getSuppressed())))
				.map((each) -> (each instanceof ResourceAccessException) ? each.toString().replace(USERINFO, "")
						: each.toString())
				.forEach(this.failures::add);
		}
	}

	private static String browse(ConfigurableApplicationContext context, String endpoint)
			throws IOException, InterruptedException {
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/" + endpoint))
			.build();
		HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		return response.body();
	}

	private ConfigurableApplicationContext run(String... further) {
		SpringApplication application = new SpringApplication(Application.class);
		application.addInitializers((context) -> context.getBeanFactory().registerSingleton("recorder", recorder()));
		List<String> arguments = new ArrayList<>(
				List.of("--server.port=0", "--management.endpoints.web.exposure.include=httppool,prometheus",
						"--http-pool.max-per-route=2", "--http-pool.max-pending=1", "--http-pool.acquire-timeout=1s",
						"--http-pool.response-timeout=1s", "--http-pool.connect-timeout=500ms"));
		arguments.addAll(List.of(further));
		return application.run(arguments.toArray(String[]::new));
	}

	private HttpPoolListener recorder() {
		return (HttpPoolListener) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { HttpPoolListener.class }, (proxy, method, arguments) -> {
					if (method.getDeclaringClass() == Object.class) {
						return method.invoke(this.seen, arguments);
					}
					Arrays.stream(arguments).map(SecretsTests::describe).forEach(this.seen::add);
					return null;
				});
	}

	private static String describe(Object argument) {
		if (argument instanceof LeaseInfo lease) {
			return lease.route() + " " + lease.call() + " " + lease.thread();
		}
		if (argument instanceof CallInfo call) {
			return call.pool() + " " + call.call();
		}
		if (argument instanceof PooledConnectionInfo connection) {
			return connection.route() + " " + connection.id();
		}
		if (argument instanceof Throwable failure) {
			return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
				.map(Throwable::toString)
				.toList()
				.toString();
		}
		return String.valueOf(argument);
	}

	private static final class Appender extends AppenderBase<ILoggingEvent> {

		private final List<String> lines = new CopyOnWriteArrayList<>();

		@Override
		protected void append(ILoggingEvent event) {
			StringBuilder line = new StringBuilder(event.getLoggerName()).append(event.getFormattedMessage());
			for (IThrowableProxy thrown = event.getThrowableProxy(); thrown != null; thrown = thrown.getCause()) {
				line.append(thrown.getMessage());
			}
			this.lines.add(line.toString());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

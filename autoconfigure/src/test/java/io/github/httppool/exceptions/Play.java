package io.github.httppool.exceptions;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.httppool.HttpPools;
import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import io.github.httppool.autoconfigure.HttpPoolRestClientAutoConfiguration;
import io.github.httppool.exceptions.Client.Level;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.SocksScript;
import io.github.httppool.testing.TestCertificates;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.ModalCloseable;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

import static io.github.httppool.testing.Soon.soon;

/**
 * Plays a situation once, in an application with the pool or in one without it.
 */
final class Play implements AutoCloseable {

	private static final Duration LONGEST = Duration.ofSeconds(30);

	private final Situation situation;

	private final Way way;

	private final boolean ours;

	private final ScriptedUpstream upstream;

	private final @Nullable SocksScript socks;

	private volatile boolean playing;

	private volatile boolean reading;

	private volatile @Nullable Client client;

	private volatile @Nullable Thread thread;

	private volatile @Nullable ConfigurableApplicationContext context;

	private volatile @Nullable HttpClient http;

	Play(Situation situation, Way way, boolean ours) throws Exception {
		this.situation = situation;
		this.way = way;
		this.ours = ours;
		ScriptedUpstream upstream = (way == Way.TLS) ? ScriptedUpstream.tls(this::answer, situation.protocols)
				: ScriptedUpstream.plain(this::answer);
		this.upstream = situation.setUp.apply(upstream.onConnect((connection) -> {
			if (this.playing) {
				situation.onConnect.accepted(connection);
				if (way == Way.TLS && situation.hello != null) {
					situation.hello.accepted(connection);
					connection.close();
				}
			}
		}));
		this.socks = (way == Way.SOCKS) ? SocksScript.start(this.upstream.port(), situation.socks) : null;
	}

	private void answer(ScriptedUpstream.Exchange exchange) throws Exception {
		if (this.way == Way.TUNNEL && exchange.method().equals("CONNECT")) {
			this.situation.connect.answer(exchange);
		}
		else if (this.playing) {
			this.situation.script.answer(exchange);
		}
		else {
			exchange.ok("hello");
		}
	}

	/**
	 * Play it.
	 * @return what came of it
	 */
	Outcome at(Level level) throws Exception {
		boolean shared = !this.situation.alone && (this.way == Way.PLAIN || this.way == Way.TLS);
		Application application = shared ? Application.shared(settings(), this::runner) : Application.alone(runner());
		try {
			ConfigurableApplicationContext context = application.context();
			this.context = context;
			this.http = httpClient(context);
			this.client = level.client(context, this.http);
			this.playing = !this.situation.goodBefore;
			this.situation.before.run(this);
			this.playing = true;
			return run();
		}
		finally {
			if (!this.ours && this.http instanceof ModalCloseable plain) {
				plain.close(CloseMode.IMMEDIATE);
			}
			if (!shared) {
				application.close();
			}
		}
	}

	private List<Object> settings() {
		return List.of(this.ours, this.situation.settings, this.situation.trusted.get(), this.situation.customizer,
				this.situation.application);
	}

	private ApplicationContextRunner runner() {
		TestCertificates trusted = this.situation.trusted.get();
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
					HttpPoolAutoConfiguration.class, HttpPoolRestClientAutoConfiguration.class))
			.withBean(ClientHttpRequestFactoryBuilderCustomizer.class, this::customizer)
			.withPropertyValues("http-pool.enabled=" + this.ours,
					"spring.ssl.bundle.jks.test.truststore.location=" + trusted.trustStore(),
					"spring.ssl.bundle.jks.test.truststore.password=" + TestCertificates.PASSWORD,
					"spring.http.clients.ssl.bundle=test", "spring.http.clients.read-timeout=20s",
					"http-pool.response-timeout=20s")
			.withPropertyValues(this.situation.settings.toArray(String[]::new));
		if (this.ours && this.way == Way.SOCKS) {
			runner = runner.withPropertyValues("http-pool.proxy.url=" + this.socks.url());
		}
		else if (this.ours && isThroughProxy()) {
			runner = runner.withPropertyValues("http-pool.proxy.url=" + this.upstream.url());
		}
		return this.situation.application.apply(runner);
	}

	private boolean isThroughProxy() {
		return this.way == Way.PROXY || this.way == Way.TUNNEL;
	}

	private ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> customizer() {
		return (builder) -> {
			HttpComponentsClientHttpRequestFactoryBuilder customized = this.situation.customizer.apply(builder);
			if (!this.ours && this.way == Way.SOCKS) {
				URI proxy = URI.create(this.socks.url());
				return customized.withSocketConfigCustomizer((sockets) -> sockets
					.setSocksProxyAddress(new java.net.InetSocketAddress(proxy.getHost(), proxy.getPort())));
			}
			return (!this.ours && isThroughProxy())
					? customized.withHttpClientCustomizer(
							(client) -> client.setProxy(new HttpHost("http", "127.0.0.1", this.upstream.port())))
					: customized;
		};
	}

	private HttpClient httpClient(ApplicationContext context) {
		if (this.ours) {
			return context.getBean(HttpPools.class).get("default").newHttpClient((client) -> {
			});
		}
		return ((HttpComponentsClientHttpRequestFactory) factory(context)).getHttpClient();
	}

	static ClientHttpRequestFactory factory(ApplicationContext context) {
		return context.getBean(ClientHttpRequestFactoryBuilder.class).build(context.getBean(HttpClientSettings.class));
	}

	private Outcome run() throws Exception {
		boolean[] interrupted = new boolean[1];
		FutureTask<@Nullable Throwable> call = new FutureTask<>(() -> {
			try {
				this.situation.caller.run(this);
				return null;
			}
			catch (Throwable ex) {
				return ex;
			}
			finally {
				interrupted[0] = Thread.interrupted();
			}
		});
		Thread thread = this.situation.virtual
				? new VirtualThreadTaskExecutor("caller").getVirtualThreadFactory().newThread(call)
				: new Thread(call, "caller");
		this.thread = thread;
		thread.start();
		try {
			this.situation.meanwhile.run(this);
			Throwable failure = call.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
			return new Outcome(failure, interrupted[0]);
		}
		catch (TimeoutException ex) {
			AssertionError stuck = new AssertionError(
					(this.ours ? "The pool's" : "The plain") + " call does not end; it is here");
			stuck.setStackTrace(thread.getStackTrace());
			throw stuck;
		}
	}

	// For situations

	ScriptedUpstream upstream() {
		return this.upstream;
	}

	boolean isOurs() {
		return this.ours;
	}

	/**
	 * Return where the server is, as the client calls it.
	 */
	URI server() {
		return server("127.0.0.1");
	}

	URI server(String host) {
		return URI.create((this.way.isTls() ? "https://" : "http://") + host + ":" + this.upstream.port() + "/case");
	}

	void get(Client.Reader reader) throws Exception {
		this.client.call("GET", this.situation.target.apply(this), null, reader);
	}

	/**
	 * Read five bytes of a body, and then the rest.
	 */
	void getInParts() throws Exception {
		get((body) -> {
			body.readNBytes(5);
			this.reading = true;
			return body.readAllBytes();
		});
	}

	void post(byte[] body) throws Exception {
		this.client.call("POST", this.situation.target.apply(this), body, Client.Reader.ALL);
	}

	/**
	 * Let another caller wait for an answer that does not come.
	 */
	void occupy() {
		Thread other = new Thread(() -> {
			try {
				this.client.call("GET", server(), null, Client.Reader.ALL);
			}
			catch (Exception ex) {
				// At the end.
			}
		}, "other");
		other.setDaemon(true);
		other.start();
		soon().until(() -> !this.upstream.requests().isEmpty());
	}

	void cancel() {
		this.client.cancel();
	}

	void interrupt() {
		this.thread.interrupt();
	}

	void closeContext() {
		this.context.close();
	}

	/**
	 * Close HttpClient with its connections, as the end of the application does to ours.
	 */
	void shutDown() throws Exception {
		if (this.ours) {
			this.context.close();
		}
		else {
			((AutoCloseable) this.http).close();
		}
	}

	/**
	 * Wait until the call waits for something.
	 */
	void awaitWaiting() {
		int[] seen = new int[1];
		soon().until(() -> {
			StackTraceElement[] stack = this.thread.getStackTrace();
			boolean waiting = stack.length > 0
					&& (stack[0].isNativeMethod() || stack[0].getClassName().equals("java.lang.VirtualThread"));
			seen[0] = waiting ? seen[0] + 1 : 0;
			return seen[0] > 5;
		});
	}

	/**
	 * Wait until the server has a connection, and the call waits.
	 */
	void awaitConnection() {
		soon().until(() -> this.upstream.accepted() > 0);
		awaitWaiting();
	}

	/**
	 * Wait until the server has a request, and the call waits.
	 */
	void awaitRequest() {
		soon()
			.until(() -> this.upstream.requests().stream().anyMatch((request) -> !request.method().equals("CONNECT")));
		awaitWaiting();
	}

	/**
	 * Wait until the call waits for the rest of the body.
	 */
	void awaitReading() {
		soon().until(() -> this.reading);
		awaitWaiting();
	}

	@Override
	public void close() throws Exception {
		this.upstream.close();
		if (this.socks != null) {
			this.socks.close();
		}
	}

}

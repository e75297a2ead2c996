package io.github.httppool.hc5;

import java.io.Closeable;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.httppool.CallObserver;
import io.github.httppool.CallTimeout;
import io.github.httppool.CloseReason;
import io.github.httppool.Finding;
import io.github.httppool.HeldLease;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PoolEvent;
import io.github.httppool.PoolLoad;
import io.github.httppool.PoolSample;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.hc5.exec.CallTimeoutScope;
import io.github.httppool.hc5.exec.ContentCodings;
import io.github.httppool.hc5.observe.Listeners;
import io.github.httppool.hc5.observe.PoolSnapshots;
import io.github.httppool.hc5.observe.Samples;
import io.github.httppool.hc5.observe.Sampling;
import io.github.httppool.hc5.observe.SettingsChange;
import io.github.httppool.hc5.pool.ConnectionPool;
import io.github.httppool.hc5.pool.ConnectionsBuilder;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.jspecify.annotations.Nullable;

/**
 * The {@link HttpPool} on Apache HttpClient 5. It needs no Spring: <pre class="code">
 * HttpClientPool pool = new HttpClientPool("orders", HttpPoolSettings.builder().build(), List.of(), List.of(), null,
 * 		null);
 * try (CloseableHttpClient client = pool.newHttpClient()) {
 * 	String body = client.execute(new HttpGet("http://orders.example/"), new BasicHttpClientResponseHandler());
 * }
 * finally {
 * 	pool.shutDown();
 * }
 * </pre> The settings do not include SSL bundles and address filters, which are arguments
 * of the constructor. Thread-safe.
 *
 * @since 0.1.0
 */
public final class HttpClientPool implements HttpPool {

	/**
	 * Fields of {@link HttpClientBuilder} that this class reads by reflection, because
	 * the builder has no getters. A native image needs a hint for each of them.
	 */
	public static final List<String> BUILDER_FIELDS = Stream
		.concat(BuilderSettings.FIELDS.stream(), Stream.of(ContentCodings.DECODERS))
		.toList();

	/**
	 * Fields of {@code PoolingHttpClientConnectionManagerBuilder} that are read in the
	 * same way.
	 */
	public static final List<String> CONNECTION_FIELDS = ConnectionsBuilder.FIELDS;

	private final ConnectionPool connections;

	private final ClientConfigurer clients;

	/**
	 * Create a pool. It has no thread and no connection until it is used.
	 * @param name the name of the pool
	 * @param settings the settings of the pool
	 * @param listeners the listeners that receive its events
	 * @param customizers the customizers of its builders, in this order
	 * @param tlsStrategy the TLS strategy, or {@code null} for the default of the JVM
	 * @param dnsFilter wraps the DNS resolver, including the resolver of a customizer, or
	 * {@code null}
	 */
	public HttpClientPool(String name, HttpPoolSettings settings, List<? extends HttpPoolListener> listeners,
			List<HttpPoolCustomizer> customizers, @Nullable TlsSocketStrategy tlsStrategy,
			@Nullable UnaryOperator<DnsResolver> dnsFilter) {
		this(name, settings, listeners, customizers, tlsStrategy, dnsFilter, CallObserver.NONE);
	}

	/**
	 * Create a pool. It has no thread and no connection until it is used.
	 * @param name the name of the pool
	 * @param settings the settings of the pool
	 * @param listeners the listeners that receive its events
	 * @param customizers the customizers of its builders, in this order
	 * @param tlsStrategy the TLS strategy, or {@code null} for the default of the JVM
	 * @param dnsFilter wraps the DNS resolver, including the resolver of a customizer, or
	 * {@code null}
	 * @param observer adds events to the observations of calls
	 */
	public HttpClientPool(String name, HttpPoolSettings settings, List<? extends HttpPoolListener> listeners,
			List<HttpPoolCustomizer> customizers, @Nullable TlsSocketStrategy tlsStrategy,
			@Nullable UnaryOperator<DnsResolver> dnsFilter, CallObserver observer) {
		this(name, settings, new Listeners(name, listeners, observer), customizers, tlsStrategy, dnsFilter,
				Sampling.DEFAULT);
	}

	/**
	 * Create a pool with custom sampling intervals, for tests.
	 * @param name the name of the pool
	 * @param settings the settings of the pool
	 * @param listeners the listeners that receive its events
	 * @param customizers the customizers of its builders, in this order
	 * @param tlsStrategy the TLS strategy, or {@code null} for the default of the JVM
	 * @param dnsFilter wraps the DNS resolver, or {@code null}
	 * @param sampling the intervals
	 */
	public HttpClientPool(String name, HttpPoolSettings settings, List<? extends HttpPoolListener> listeners,
			List<HttpPoolCustomizer> customizers, @Nullable TlsSocketStrategy tlsStrategy,
			@Nullable UnaryOperator<DnsResolver> dnsFilter, Sampling sampling) {
		this(name, settings, new Listeners(name, listeners), customizers, tlsStrategy, dnsFilter, sampling);
	}

	private HttpClientPool(String name, HttpPoolSettings settings, Listeners listeners,
			List<HttpPoolCustomizer> customizers, @Nullable TlsSocketStrategy tlsStrategy,
			@Nullable UnaryOperator<DnsResolver> dnsFilter, Sampling sampling) {
		List<HttpPoolCustomizer> copied = List.copyOf(customizers);
		this.connections = new ConnectionPool(name, settings, listeners,
				new ConnectionsBuilder(name, settings, copied, tlsStrategy, dnsFilter), sampling);
		this.clients = new ClientConfigurer(this.connections, copied);
		listeners.poolCreated(this);
	}

	/**
	 * Apply the settings of the pool that belong to requests, such as timeouts.
	 * @param requests the builder of a default configuration for requests
	 */
	public void configureRequests(RequestConfig.Builder requests) {
		this.clients.configureRequests(requests);
	}

	/**
	 * Set the defaults of a client. Later calls on the builder can override them.
	 * @param client the builder of a client
	 * @param cookies whether the client keeps cookies
	 * @param redirects whether the client follows redirects
	 */
	public void configureClient(HttpClientBuilder client, boolean cookies, boolean redirects) {
		this.clients.configureClient(client, cookies, redirects);
	}

	/**
	 * Let a client use the connections of this pool, and apply the customizers. Closing
	 * the client does not close the pool.
	 * @param client the builder of a client
	 */
	public void attach(HttpClientBuilder client) {
		this.clients.attach(client);
	}

	/**
	 * Set the call timeout of all calls of this thread, in place of
	 * {@code http-pool.call-timeout}. This is for clients that give no access to the
	 * {@code HttpContext}.
	 * @param callTimeout the maximum time for each call, from the wait for a connection
	 * to the end of the body; {@link Duration#ZERO} for no limit
	 * @return a scope, which ends the effect when the same thread closes it
	 * @see CallTimeout#ATTRIBUTE
	 */
	public static Closeable withCallTimeout(Duration callTimeout) {
		return new CallTimeoutScope(callTimeout);
	}

	@Override
	public String name() {
		return this.connections.name();
	}

	@Override
	public HttpPoolSettings settings() {
		return this.connections.settings();
	}

	@Override
	public CloseableHttpClient newHttpClient(Consumer<HttpClientBuilder> customizer) {
		RequestConfig.Builder requests = RequestConfig.custom();
		configureRequests(requests);
		// Like Spring Boot's builder, honour system properties, which may name a proxy.
		HttpClientBuilder client = HttpClientBuilder.create()
			.useSystemProperties()
			.setDefaultRequestConfig(requests.build());
		configureClient(client, false, true);
		customizer.accept(client);
		attach(client);
		return client.build();
	}

	@Override
	public PoolSnapshot snapshot() {
		return PoolSnapshots.of(this.connections, this.connections.samples());
	}

	@Override
	public PoolSnapshot snapshot(int mostRoutes) {
		return PoolSnapshots.busiest(this.connections, this.connections.samples(), mostRoutes);
	}

	@Override
	public PoolLoad load() {
		return PoolSnapshots.load(this.connections, this.connections.findings());
	}

	@Override
	public List<PoolSample> history() {
		return this.connections.samples().activity().read();
	}

	@Override
	public List<HeldLease> leases() {
		return this.connections.leases().held();
	}

	@Override
	public List<Finding> findings() {
		return this.connections.findings().now();
	}

	@Override
	public List<PoolEvent> events() {
		return this.connections.events().newestFirst();
	}

	@Override
	public void resize(int maxTotal, int maxPerRoute) {
		requirePositive("maxTotal", maxTotal);
		requirePositive("maxPerRoute", maxPerRoute);
		this.connections.resize(maxTotal, maxPerRoute);
	}

	@Override
	public List<String> change(HttpPoolSettings settings) {
		return this.connections.change(settings);
	}

	/**
	 * Compare settings as {@link #change} does, for a pool that is not open yet. Changes
	 * work the same before and after its first use.
	 * @param made the current settings
	 * @param wanted the requested settings
	 * @param fixed receives the names of settings that cannot change
	 * @return the settings to create the pool with
	 */
	public static HttpPoolSettings follow(HttpPoolSettings made, HttpPoolSettings wanted, Consumer<String> fixed) {
		SettingsChange change = new SettingsChange(made, made, wanted);
		change.fixed().forEach(fixed);
		return change.after();
	}

	private static void requirePositive(String argument, int value) {
		if (value < 1) {
			throw new IllegalArgumentException(argument + " is " + value + ": give a number of at least 1");
		}
	}

	@Override
	public void evict() {
		this.connections.evict();
	}

	/**
	 * Close the idle connections because the application stops. The pool still serves
	 * calls, because the application may start again.
	 */
	public void closeIdle() {
		this.connections.closeIdle(CloseReason.SHUTDOWN);
	}

	/**
	 * Close the pool permanently, with all its connections, and end its thread. Later
	 * calls fail with a {@link io.github.httppool.PoolShutdownException}.
	 */
	public void shutDown() {
		this.connections.shutDown();
	}

	/**
	 * Shut pools down: reject new calls, wait a short time for running calls, and log the
	 * remaining leases.
	 * @param pools the pools to shut down together
	 */
	public static void shutDown(Collection<HttpClientPool> pools) {
		PoolShutdown.of(pools.stream().map(HttpClientPool::connections).toList());
	}

	/**
	 * Return the connections of this pool.
	 * @return the connections
	 * @hidden
	 */
	public ConnectionPool connections() {
		return this.connections;
	}

	/**
	 * Return the number of deadlines that the housekeeper currently watches.
	 * @return the number
	 * @hidden
	 */
	public int scheduledTimeouts() {
		return this.connections.housekeeper().scheduledTimeouts();
	}

	/**
	 * Return the samples of this pool.
	 * @return the samples
	 * @hidden
	 */
	public Samples samples() {
		return this.connections.samples();
	}

	@Override
	public String toString() {
		return "HTTP pool '" + name() + "'";
	}

}

package io.github.httppool.benchmarks.clients;

import java.util.List;
import java.util.function.Function;

import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.eclipse.jetty.client.HttpClient;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;

/**
 * The kinds of clients that are compared.
 */
public enum ClientKind {

	/** The base of the ratios. */
	TUNED("Spring + HttpClient 5, tuned by hand",
			(spec) -> TunedHttpClient.open(spec, PoolConcurrencyPolicy.STRICT).withSpring(spec)),

	/** The same with HttpClient's pool that has no total limit. */
	TUNED_LAX("Spring + HttpClient 5, pool policy LAX",
			(spec) -> TunedHttpClient.open(spec, PoolConcurrencyPolicy.LAX).withSpring(spec)),

	/** The same with a check before each lease. */
	TUNED_CHECKED("Spring + HttpClient 5, checked before each lease",
			(spec) -> TunedHttpClient.checked(spec).withSpring(spec)),

	/** The starter with its defaults. */
	HTTP_POOL("HTTP Pool", (spec) -> BootClient.pooled(spec, List.of())),

	/** The starter with a read before each lease, whatever the idle time. */
	HTTP_POOL_VALIDATING("HTTP Pool, validate-after-inactivity=0",
			(spec) -> BootClient.pooled(spec, List.of(), "--http-pool.validate-after-inactivity=0")),

	/** The upper bound: no HTTP client at all. */
	RAW("raw socket loop (the limit)", (spec) -> new RawSockets()),

	/** HttpClient without Spring. */
	BARE("bare HttpClient 5, tuned", (spec) -> TunedHttpClient.open(spec, PoolConcurrencyPolicy.STRICT)),

	/** An application without the starter. */
	BOOT("Spring Boot's default", BootClient::plain),

	/** An application without the starter that customizes the limits. */
	BOOT_LIMITED("Spring Boot's default, limits set", BootClient::limited),

	/** Spring's client over the JDK's. */
	JDK("Spring + JDK client", (spec) -> spring(spec, new JdkClientHttpRequestFactory(), () -> {
	})),

	/** Spring's client over the JDK's old one. */
	URL_CONNECTION("Spring + HttpURLConnection", (spec) -> spring(spec, new SimpleClientHttpRequestFactory(), () -> {
	})),

	/** Spring's client over Jetty's. */
	JETTY("Spring + Jetty client", ClientKind::jetty),

	/** OkHttp without Spring. */
	OKHTTP("OkHttp", OkHttp::new),

	/** OkHttp with a limit on its calls, without Spring. */
	OKHTTP_LIMITED("OkHttp, calls limited by its dispatcher", LimitedOkHttp::new);

	private final String title;

	private final Function<ClientSpec, ComparedClient> factory;

	ClientKind(String title, Function<ClientSpec, ComparedClient> factory) {
		this.title = title;
		this.factory = factory;
	}

	/**
	 * Return the name of the client in tables.
	 * @return the title
	 */
	public String title() {
		return this.title;
	}

	/**
	 * Open a client.
	 * @param spec the client, of this kind
	 * @return the client
	 */
	ComparedClient open(ClientSpec spec) {
		return this.factory.apply(spec);
	}

	/**
	 * Return whether calls of the client can be observed: only Spring has observations.
	 * @return whether they can
	 */
	public boolean isObservable() {
		return this != RAW && this != BARE && this != OKHTTP && this != OKHTTP_LIMITED;
	}

	private static ComparedClient spring(ClientSpec spec, ClientHttpRequestFactory factory, Runnable owner) {
		return SpringClient.of(spec, factory, null, owner);
	}

	private static ComparedClient jetty(ClientSpec spec) {
		HttpClient client = new HttpClient();
		client.setMaxConnectionsPerDestination(spec.maxConnections());
		return spring(spec, new JettyClientHttpRequestFactory(client), () -> {
			try {
				client.stop();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

}

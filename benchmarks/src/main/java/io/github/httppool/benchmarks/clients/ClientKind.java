package io.github.httppool.benchmarks.clients;

import java.util.function.IntFunction;

import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * The kinds of clients that are compared.
 */
public enum ClientKind {

	/** What the others are compared with. */
	TUNED("Spring + HttpClient 5, tuned by hand", ClientKind::tuned),

	/** The starter as an application has it, all protections on. */
	HTTP_POOL("HTTP Pool", BootClient::pooled),

	/** The limit. */
	RAW("raw socket loop (the limit)", (maxConnections) -> new RawSockets()),

	/** HttpClient without Spring. */
	BARE("bare HttpClient 5, tuned", (maxConnections) -> new BareHttpClient(tunedHttpClient(maxConnections))),

	/** What an application has without the starter. */
	BOOT("Spring Boot's default", (maxConnections) -> BootClient.plain()),

	/** Spring's client over Java's. */
	JDK("Spring + JDK client", (maxConnections) -> spring(new JdkClientHttpRequestFactory(), () -> {
	})),

	/** Spring's client over Java's old one. */
	URL_CONNECTION("Spring + HttpURLConnection",
			(maxConnections) -> spring(new SimpleClientHttpRequestFactory(), () -> {
			})),

	/** OkHttp without Spring. */
	OKHTTP("OkHttp", OkHttp::new);

	private final String title;

	private final IntFunction<ComparedClient> factory;

	ClientKind(String title, IntFunction<ComparedClient> factory) {
		this.title = title;
		this.factory = factory;
	}

	/**
	 * Return what the kind is called in a table.
	 * @return the title
	 */
	public String title() {
		return this.title;
	}

	/**
	 * Make a client.
	 * @param maxConnections how many connections it may have, in all and to one host
	 * @return the client
	 */
	public ComparedClient open(int maxConnections) {
		return this.factory.apply(maxConnections);
	}

	private static ComparedClient tuned(int maxConnections) {
		CloseableHttpClient client = tunedHttpClient(maxConnections);
		return spring(new HttpComponentsClientHttpRequestFactory(client), () -> client.close(CloseMode.IMMEDIATE));
	}

	private static ComparedClient spring(ClientHttpRequestFactory factory, Runnable owner) {
		return new SpringClient(RestClient.builder().requestFactory(factory).build(), owner);
	}

	private static CloseableHttpClient tunedHttpClient(int maxConnections) {
		return HttpClients.custom()
			.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
				.setMaxConnTotal(maxConnections)
				.setMaxConnPerRoute(maxConnections)
				.setDefaultConnectionConfig(ConnectionConfig.custom()
					.setConnectTimeout(Timeout.ofSeconds(2))
					.setSocketTimeout(Timeout.ofSeconds(30))
					.build())
				.build())
			.setDefaultRequestConfig(RequestConfig.custom()
				.setConnectionRequestTimeout(Timeout.ofSeconds(2))
				.setResponseTimeout(Timeout.ofSeconds(30))
				.build())
			.build();
	}

}

package io.github.httppool.addresses;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import io.github.httppool.autoconfigure.HttpPoolRestClientAutoConfiguration;
import io.github.httppool.testing.TestCertificates;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/**
 * An application with the pool, and the same one without it. In both, every name leads to
 * this machine.
 */
enum Application {

	PLAIN(false),

	POOLED(true);

	private final boolean pooled;

	Application(boolean pooled) {
		this.pooled = pooled;
	}

	/**
	 * Let an application run.
	 * @param trusted what it trusts
	 * @param use is given its client
	 */
	void run(TestCertificates trusted, Use use) {
		runner()
			.withPropertyValues("spring.ssl.bundle.jks.test.truststore.location=" + trusted.trustStore(),
					"spring.ssl.bundle.jks.test.truststore.password=" + TestCertificates.PASSWORD,
					"spring.http.clients.ssl.bundle=test")
			.run((context) -> use.of(new Client(context.getBean(RestClient.Builder.class).build())));
	}

	/**
	 * What is done with the application's client.
	 */
	interface Use {

		void of(Client client) throws Exception;

	}

	/**
	 * The application's client.
	 */
	record Client(RestClient client) {

		/**
		 * Get.
		 * @return the body, or the class and the message of the failure
		 */
		String get(String uri) {
			try {
				String body = this.client.get().uri(URI.create(uri)).retrieve().body(String.class);
				return (body != null) ? body : "";
			}
			catch (ResourceAccessException ex) {
				Throwable cause = ex.getCause();
				return cause.getClass().getSimpleName() + ": " + cause.getMessage();
			}
		}

	}

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
					HttpPoolAutoConfiguration.class, HttpPoolRestClientAutoConfiguration.class))
			.withPropertyValues("http-pool.enabled=" + this.pooled)
			.withBean("names", ClientHttpRequestFactoryBuilderCustomizer.class, this::names)
			.withBean(HttpPoolCustomizer.class, () -> new HttpPoolCustomizer() {

				@Override
				public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
					connections.setDnsResolver(new AnyName());
				}

			});
	}

	private ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> names() {
		return (builder) -> this.pooled ? builder
				: builder.withConnectionManagerCustomizer((connections) -> connections.setDnsResolver(new AnyName()));
	}

	/**
	 * Looks up literal addresses only.
	 */
	private static final class AnyName implements DnsResolver {

		@Override
		public InetAddress[] resolve(String host) throws UnknownHostException {
			return host.contains(":") ? SystemDefaultDnsResolver.INSTANCE.resolve(host)
					: new InetAddress[] { InetAddress.getByName("127.0.0.1") };
		}

		@Override
		public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
			return List.of(new InetSocketAddress(resolve(host)[0], port));
		}

		@Override
		public String resolveCanonicalHostname(String host) {
			return host;
		}

	}

}

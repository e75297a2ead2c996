package io.github.httppool.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;

import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.Nginx;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.TestCertificates;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for clients that show a certificate.
 */
@Tag("waiting")
@Timeout(60)
class MutualTlsTests {

	private static final TestCertificates CLIENT = TestCertificates.create("client");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.ssl.bundle.jks.client.keystore.location=" + CLIENT.keyStore(),
				"spring.ssl.bundle.jks.client.keystore.password=" + TestCertificates.PASSWORD,
				"spring.ssl.bundle.jks.client.truststore.location=" + TestCertificates.localhost().trustStore(),
				"spring.ssl.bundle.jks.client.truststore.password=" + TestCertificates.PASSWORD);

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void aHundredCallsWithAClientCertificateUseOneConnection(String protocol) {
		try (ScriptedUpstream upstream = ScriptedUpstream.tls((exchange) -> exchange.ok("fine"), protocol)
			.requireClientCertificate(CLIENT)) {
			this.runner.run((context) -> {
				RestClient client = context.getBean(RestClient.Builder.class)
					.apply(context.getBean(RestClientSsl.class).fromBundle("client"))
					.build();
				for (int call = 0; call < 100; call++) {
					assertThat(client.get().uri(upstream.url()).retrieve().body(String.class)).isEqualTo("fine");
				}
				assertThat(upstream.accepted()).isEqualTo(1);
				assertThat(upstream.lastConnection().clientName()).isEqualTo("CN=client");
				PoolSnapshot pool = context.getBean(HttpPools.class).get("default-client").snapshot();
				assertThat(pool.totals().opened()).isEqualTo(1);
				assertThat(pool.totals().reused()).isEqualTo(99);
				assertThat(pool.connections()).isEqualTo(new PoolSnapshot.Connections(0, 1, 0));
			});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void aHundredCallsWithTheCertificateOfAllClientsUseOneConnection(String protocol) {
		try (ScriptedUpstream upstream = ScriptedUpstream.tls((exchange) -> exchange.ok("fine"), protocol)
			.requireClientCertificate(CLIENT)) {
			this.runner.withPropertyValues("spring.http.clients.ssl.bundle=client").run((context) -> {
				RestClient client = context.getBean("pooledRestClient", RestClient.class);
				for (int call = 0; call < 100; call++) {
					// Nobody reads the body.
					int status = client.get()
						.uri(upstream.url())
						.exchange((request, response) -> response.getStatusCode().value());
					assertThat(status).isEqualTo(200);
				}
				assertThat(upstream.accepted()).isEqualTo(1);
			});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	@RequiresProgram(Program.NGINX)
	void nginxSeesTheCertificateOfAFurtherPool(String protocol) throws Exception {
		Path authority = Files.createTempFile("client", ".pem");
		Files.writeString(authority, CLIENT.certificatePem());
		try (Nginx nginx = Nginx.tls(protocol, "",
				"ssl_client_certificate %s; ssl_verify_client on; keepalive_requests 1000; location / { return 200 \"$ssl_client_s_dn $connection_requests\"; }"
					.formatted(authority))) {
			String url = nginx.url();
			this.runner
				.withPropertyValues("http-pool.pools.orders.base-url=" + url,
						"http-pool.pools.orders.ssl-bundle=client",
						"spring.ssl.bundle.jks.trusting.truststore.location="
								+ TestCertificates.localhost().trustStore(),
						"spring.ssl.bundle.jks.trusting.truststore.password=" + TestCertificates.PASSWORD,
						"http-pool.pools.others.ssl-bundle=trusting")
				.run((context) -> {
					RestClient client = context.getBean("ordersRestClient", RestClient.class);
					for (int call = 1; call <= 100; call++) {
						assertThat(client.get().uri("/").retrieve().body(String.class)).isEqualTo("CN=client " + call);
					}
					assertThat(context.getBean(HttpPools.class).get("orders").snapshot().totals().opened()).isOne();
					RestClient without = context.getBean("othersRestClient", RestClient.class);
					int status = without.get()
						.uri(url)
						.exchange((request, response) -> response.getStatusCode().value());
					assertThat(status).as("no certificate is shown by a pool without one").isEqualTo(400);
				});
		}
		finally {
			Files.delete(authority);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}

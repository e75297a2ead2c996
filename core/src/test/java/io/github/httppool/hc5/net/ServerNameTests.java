package io.github.httppool.hc5.net;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.HttpClientPool;
import io.github.httppool.testing.TestCertificates;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.InMemoryDnsResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the handshake names the host for servers with several certificates (RFC 6066
 * section 3).
 */
@Tag("waiting")
@Timeout(60)
class ServerNameTests {

	private static final String HOST = "orders.example";

	@Test
	void theHandshakeNamesTheServer() throws Exception {
		TestCertificates certificates = TestCertificates.forHost(HOST);
		InMemoryDnsResolver names = new InMemoryDnsResolver();
		names.add(HOST, InetAddress.getLoopbackAddress());
		HttpPoolCustomizer customizer = new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
				connections.setDnsResolver(names);
			}

		};
		HttpClientPool pool = new HttpClientPool("default", HttpPoolSettings.builder().build(), List.of(),
				List.of(customizer), new DefaultClientTlsStrategy(certificates.clientContext()), null);
		try (SSLServerSocket server = (SSLServerSocket) certificates.serverContext()
			.getServerSocketFactory()
			.createServerSocket(0, 1, InetAddress.getLoopbackAddress());
				CloseableHttpClient client = pool.newHttpClient()) {
			CompletableFuture<List<SNIServerName>> asked = CompletableFuture.supplyAsync(() -> serve(server));
			int status = client.execute(new HttpGet("https://" + HOST + ":" + server.getLocalPort() + "/"),
					(response) -> response.getCode());
			assertThat(status).isEqualTo(204);
			assertThat(asked.get(10, TimeUnit.SECONDS)).containsExactly(new SNIHostName(HOST));
		}
		finally {
			pool.shutDown();
		}
	}

	private static List<SNIServerName> serve(SSLServerSocket server) {
		try (SSLSocket socket = (SSLSocket) server.accept()) {
			socket.startHandshake();
			List<SNIServerName> names = ((ExtendedSSLSession) socket.getSession()).getRequestedServerNames();
			socket.getInputStream().read(new byte[8192]);
			socket.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			return names;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}

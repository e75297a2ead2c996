package io.github.httppool.addresses;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.httppool.addresses.Application.PLAIN;
import static io.github.httppool.addresses.Application.POOLED;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what of a host goes into the handshake, into the comparison with the
 * certificate and into the {@code Host} field.
 */
@Timeout(120)
class HostTests {

	private static final TestCertificates CERTIFICATES = TestCertificates
		.forNames("dns:orders.example,dns:xn--bcher-kva.example,ip:127.0.0.1,ip:0:0:0:0:0:0:0:1");

	@ParameterizedTest
	@CsvSource({ "orders.example, orders.example", "ORDERS.example, ORDERS.example",
			"xn--bcher-kva.example, xn--bcher-kva.example", "127.0.0.1,", "[::1],", "[0:0:0:0:0:0:0:1]," })
	void handshakeNamesTheHostAsWithoutThePool(String host, String named) throws Exception {
		assertThat(overTls(PLAIN, host)).isEqualTo(text(named) + " " + host);
		assertThat(overTls(POOLED, host)).isEqualTo(text(named) + " " + host);
	}

	/**
	 * RFC 6066 section 3: the name comes without the dot. Plain HttpClient names no host,
	 * and refuses the certificate.
	 */
	@ParameterizedTest
	@CsvSource({ "orders.example., orders.example", "xn--bcher-kva.example., xn--bcher-kva.example" })
	void dotAtTheEndIsForNameServersAlone(String host, String named) throws Exception {
		assertThat(overTls(POOLED, host)).isEqualTo(named + " " + host);
		assertThat(overTls(PLAIN, host)).startsWith("SSLPeerUnverifiedException");
	}

	@ParameterizedTest
	@ValueSource(strings = { "[::1%lo]", "[::1%25lo]", "[::1]" })
	void zoneIsForThisMachineAlone(String host) throws Exception {
		assertThat(overTls(POOLED, host)).isEqualTo(" [::1]");
		try (ScriptedUpstream upstream = ScriptedUpstream.plainAt("::1", 0, (exchange) -> {
			if (exchange.path().equals("/moved")) {
				exchange.head(302, "Location: found", "Content-Length: 0");
			}
			else {
				exchange.ok(exchange.request().header("Host") + exchange.path());
			}
		})) {
			String url = "http://" + host + ":" + upstream.port();
			POOLED.run(CERTIFICATES, (client) -> {
				assertThat(client.get(url + "/a")).isEqualTo("[::1]:" + upstream.port() + "/a");
				assertThat(client.get(url + "/moved")).isEqualTo("[::1]:" + upstream.port() + "/found");
			});
			PLAIN.run(CERTIFICATES,
					(client) -> assertThat(client.get(url + "/a")).isEqualTo(host + ":" + upstream.port() + "/a"));
		}
	}

	/**
	 * The JDK refuses to compare it with any certificate, also without the pool.
	 */
	@Test
	void hostWithAnUnderscoreIsNotTheFaultOfTheTrustStore() throws Exception {
		assertThat(overTls(PLAIN, "my_host.example")).startsWith("SSLHandshakeException: ")
			.endsWith("Illegal given domain name: my_host.example");
		assertThat(overTls(POOLED, "my_host.example")).startsWith("SSLHandshakeException: No TLS with")
			.contains("Illegal given domain name: my_host.example", "underscore", "call the server by another name")
			.doesNotContain("trust");
	}

	@Test
	void hostWithAnUnderscoreIsCalledWithoutTls() {
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.ok(exchange.request().header("Host")))) {
			for (Application application : Application.values()) {
				application.run(CERTIFICATES,
						(client) -> assertThat(client.get("http://my_host.example:" + upstream.port() + "/"))
							.isEqualTo("my_host.example:" + upstream.port()));
			}
		}
	}

	/**
	 * HttpClient takes it for the usual port of the scheme, and calls another server than
	 * the URI says.
	 */
	@ParameterizedTest
	@ValueSource(
			strings = { "http://orders.example:0", "https://orders.example:0", "http://127.0.0.1:0", "http://[::1]:0" })
	void portZeroIsNoPort(String url) {
		POOLED.run(CERTIFICATES,
				(client) -> assertThat(client.get(url + "/")).isEqualTo("HttpHostConnectException: No connection with "
						+ url + " (pool 'default'): 0 is no port to connect to. Check the port in the call"));
		PLAIN.run(CERTIFICATES, (client) -> assertThat(client.get(url + "/"))
			.startsWith("HttpHostConnectException: Connect to " + url + " failed"));
	}

	/**
	 * Call a server with TLS.
	 * @return the name that the handshake asked for and the {@code Host} without its
	 * port, or the failure
	 */
	private static String overTls(Application application, String host) throws Exception {
		String[] result = new String[1];
		try (SSLServerSocket server = (SSLServerSocket) CERTIFICATES.serverContext()
			.getServerSocketFactory()
			.createServerSocket(0, 1, InetAddress.getByName(host.startsWith("[") ? "::1" : "127.0.0.1"))) {
			Thread thread = new Thread(() -> serve(server), "server");
			thread.start();
			application.run(CERTIFICATES,
					(client) -> result[0] = client.get("https://" + host + ":" + server.getLocalPort() + "/"));
		}
		return result[0];
	}

	private static void serve(SSLServerSocket server) {
		try (SSLSocket socket = (SSLSocket) server.accept()) {
			socket.startHandshake();
			byte[] bytes = new byte[8192];
			int count = socket.getInputStream().read(bytes);
			if (count < 0) {
				return;
			}
			String head = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
			String field = head.lines().filter((line) -> line.startsWith("Host: ")).findFirst().orElseThrow();
			List<SNIServerName> names = ((ExtendedSSLSession) socket.getSession()).getRequestedServerNames();
			String name = names.isEmpty() ? "" : new String(names.get(0).getEncoded(), StandardCharsets.US_ASCII);
			String body = name + field.substring(5, field.lastIndexOf(':'));
			socket.getOutputStream()
				.write(("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n\r\n"
						+ body)
					.getBytes(StandardCharsets.US_ASCII));
		}
		catch (IOException ex) {
			// The client refused the certificate.
		}
	}

	private static String text(String named) {
		return (named != null) ? named : "";
	}

}

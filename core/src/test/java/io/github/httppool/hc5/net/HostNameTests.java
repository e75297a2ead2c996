package io.github.httppool.hc5.net;

import io.github.httppool.hc5.http1.RequestWriter;
import io.github.httppool.hc5.http1.RequestWriterTests;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the forms of a host.
 */
class HostNameTests {

	@ParameterizedTest
	@CsvSource({ "[fe80::1%25eth0], [fe80::1]", "[fe80::1%eth0]:8080, [fe80::1]:8080",
			"http://[fe80::1%25eth0]:8080/a%20b, http://[fe80::1]:8080/a%20b",
			"http://a/b%25[c%25d], http://a/b%25[c%25d]", "[::1]:80, [::1]:80", "a%25b, a%25b",
			"http://[::1]/a%25]b, http://[::1]/a%25]b", "[, [", "'', ''" })
	void zoneIsRemoved(String text, String without) {
		assertThat(HostName.withoutZone(text)).isEqualTo(without);
	}

	@ParameterizedTest
	@CsvSource({ "orders.example., orders.example", "orders.example.., orders.example.", "., .", "a, a",
			"fe80::1%eth0, fe80::1", "[fe80::1%25eth0], [fe80::1]", "b\u00fccher.example., b\u00fccher.example" })
	void certificateIsForANameWithoutDotAndZone(String host, String name) {
		assertThat(HostName.forTls(host)).isEqualTo(name);
	}

	@ParameterizedTest
	@CsvSource({ "[fe80::1%25eth0], [fe80::1%eth0]", "fe80::1%25eth0, fe80::1%eth0", "[fe80::1%eth0], [fe80::1%eth0]",
			"[fe80::1%25], [fe80::1%25]", "fe80::1%25, fe80::1%25", "a%25b, a%25b" })
	void zoneIsDecodedForTheJdk(String host, String decoded) {
		assertThat(HostName.forLookup(host)).isEqualTo(decoded);
	}

	/**
	 * What proxies are told: the whole URI, or a host and a port.
	 */
	@Test
	void proxiesAreToldNoZone() throws Exception {
		BasicClassicHttpRequest get = new BasicClassicHttpRequest("GET", new HttpHost("http", "[fe80::1%eth0]", 8080),
				"/a%20b");
		get.setAbsoluteRequestUri(true);
		assertThat(RequestWriterTests.write(new RequestWriter(), get))
			.isEqualTo("GET http://[fe80::1]:8080/a%20b HTTP/1.1\r\n\r\n");
		BasicClassicHttpRequest connect = new BasicClassicHttpRequest("CONNECT", "/");
		connect.setPath("[fe80::1%25eth0]:443");
		connect.addHeader("Host", "[fe80::1%25eth0]:443");
		assertThat(RequestWriterTests.write(new RequestWriter(), connect))
			.isEqualTo("CONNECT [fe80::1]:443 HTTP/1.1\r\nHost: [fe80::1]:443\r\n\r\n");
	}

}

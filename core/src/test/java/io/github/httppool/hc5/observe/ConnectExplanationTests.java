package io.github.httppool.hc5.observe;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.testing.ClosedPort;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.ExplainedFailure;
import io.github.httppool.testing.FixedAddresses;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.ExplainedFailure.TIME;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the messages of exceptions if no connection can be opened.
 */
@Tag("waiting")
@Timeout(60)
class ConnectExplanationTests {

	private static final String REFUSED = "Either nothing listens on that port, or a firewall rejects the connection: check the "
			+ "server, and host and port of the call; no property of the pool helps";

	private static final String UNANSWERED = "The limit is http-pool\\.connect-timeout, or the connect timeout of its client\\. "
			+ "Possible causes: a firewall that drops packets, a machine that is down, a server that accepts no further "
			+ "connections, or a slow network, the only case in which a longer time helps";

	@Test
	void messageNamesTheAddressThatRefused() throws Exception {
		int port = closedPort();
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			Throwable failure = ExplainedFailure.ofGet(pool, URI.create("http://127.0.0.1:" + port + "/orders"),
					HttpHostConnectException.class,
					"No connection with http://127\\.0\\.0\\.1:" + port
							+ ", 1 address tried \\(pool 'default'\\): 127\\.0\\.0\\.1:" + port + " failed after "
							+ TIME + " \\(Connection refused\\)\\. " + REFUSED);
			assertThat(((HttpHostConnectException) failure).getHost().getPort()).isEqualTo(port);
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void messageHasTheOutcomeAndTimeOfEachAddress() throws Exception {
		int port = closedPort();
		try (DeadAddress dead = new DeadAddress();
				PoolFixture pool = PoolFixture.customized((settings) -> settings.connectTimeout(Duration.ofMillis(600)),
						new FixedAddresses(dead.address(), new InetSocketAddress("127.0.0.3", port)))) {
			Throwable failure = ExplainedFailure.ofGet(pool, URI.create("http://orders.example/"),
					HttpHostConnectException.class,
					"No connection with http://orders\\.example:80, 2 addresses tried \\(pool 'default'\\): 127\\.0\\.0\\.1:"
							+ dead.address().getPort() + " timed out after " + TIME + ", 127\\.0\\.0\\.3:" + port
							+ " failed after " + TIME + " \\(Connection refused\\)\\. " + REFUSED);
			assertThat(failure.getSuppressed()).singleElement().isInstanceOf(ConnectTimeoutException.class);
		}
	}

	@Test
	void messageNamesTheLimitThatExpiredAtDeadAddresses() throws Exception {
		try (DeadAddress dead = new DeadAddress();
				PoolFixture pool = PoolFixture.customized((settings) -> settings.connectTimeout(Duration.ofMillis(300)),
						new FixedAddresses(dead.address(), dead.address()))) {
			String address = "127\\.0\\.0\\.1:" + dead.address().getPort() + " timed out after " + TIME;
			Throwable failure = ExplainedFailure.ofGet(pool, URI.create("http://orders.example/"),
					ConnectTimeoutException.class,
					"No connection with http://orders\\.example:80 within 300ms, 2 addresses tried \\(pool 'default'\\): "
							+ address + ", " + address + "\\. " + UNANSWERED);
			assertThat(((ConnectTimeoutException) failure).getHost().getHostName()).isEqualTo("orders.example");
		}
	}

	@Test
	void messageSaysThatTheNetworkIsUnreachable() {
		try (PoolFixture pool = PoolFixture.withDefaults()) {
			// The kernel has no route to a broadcast address over TCP.
			ExplainedFailure.ofGet(pool, URI.create("http://255.255.255.255/"), SocketException.class,
					"No connection with http://255\\.255\\.255\\.255:80, 1 address tried \\(pool 'default'\\): "
							+ "255\\.255\\.255\\.255:80 failed after " + TIME
							+ " \\(Network is unreachable\\)\\. This machine has no route to that network: check "
							+ "its routes, and for an IPv6 address whether it has IPv6 at all; no property of the "
							+ "pool helps");
		}
	}

	@Test
	void messageHasTheTimeOfALookupThatFailed() {
		try (PoolFixture pool = PoolFixture.customized((settings) -> {
		}, new FixedAddresses())) {
			ExplainedFailure.ofGet(pool, URI.create("http://orders.example/"), UnknownHostException.class,
					"No address of 'orders\\.example' \\(pool 'default'\\)\\. It was looked up for http://orders\\.example:80, and the answer came after "
							+ TIME
							+ ": orders\\.example\\. Check the name in the call, and what resolves it: DNS, the hosts "
							+ "file, or a resolver that the application sets\\. The JDK's resolver repeats this answer for "
							+ "10s, unless networkaddress\\.cache\\.negative\\.ttl says otherwise");
			assertThat(pool.leased()).isZero();
		}
	}

	@Test
	void ipv6AddressIsInBrackets() throws Exception {
		int port = closedPort();
		try (PoolFixture pool = PoolFixture.customized((settings) -> {
		}, new FixedAddresses(new InetSocketAddress(InetAddress.getByName("::1"), port)))) {
			Throwable failure = ExplainedFailure.of(
					() -> pool.spring().get().uri("http://orders.example/").retrieve().body(String.class),
					HttpHostConnectException.class, ".*");
			assertThat(failure).hasMessageContaining(": [0:0:0:0:0:0:0:1]:" + port + " failed after ");
		}
	}

	@Test
	void messageAttributesAddressesToTheProxy() throws Exception {
		int port = closedPort();
		HttpPoolCustomizer proxy = new HttpPoolCustomizer() {

			@Override
			public void customizeClient(String pool, HttpClientBuilder client) {
				client.setProxy(new HttpHost("http", "127.0.0.1", port));
			}

		};
		try (PoolFixture pool = PoolFixture.customized((settings) -> {
		}, proxy)) {
			ExplainedFailure.ofGet(pool, URI.create("http://orders.example/"), HttpHostConnectException.class,
					"No connection with http://orders\\.example:80 via http://127\\.0\\.0\\.1:" + port
							+ ", 1 address tried \\(pool 'default'\\): of the proxy, 127\\.0\\.0\\.1:" + port
							+ " failed after " + TIME
							+ " \\(Connection refused\\)\\. The proxy could not be reached: check it, and where "
							+ "it is configured \\(http-pool\\.proxy, an environment variable or the code of the client\\)");
		}
	}

	@Test
	void messageSaysThatANewConnectionEndedWithoutAResponse() {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(ScriptedUpstream.Exchange::close);
				PoolFixture pool = PoolFixture.withDefaults()) {
			ExplainedFailure.ofGet(pool, upstream.uri("/orders"),
					org.apache.hc.core5.http.NoHttpResponseException.class,
					"GET /orders failed, because " + upstream.url()
							+ " ended the connection before the head of a response had come \\(pool 'default'\\)\\. It ended with: .+\\. "
							+ "It was open for " + TIME
							+ ", and carried \\d\\d+ bytes of requests and 0 of responses\\. "
							+ "Check the log of the server; no property of the pool helps");
		}
	}

	@Test
	void messageNamesTheTimeoutOfASilentServer() {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(ScriptedUpstream.Exchange::stall);
				PoolFixture pool = PoolFixture.with((settings) -> settings.responseTimeout(Duration.ofMillis(300)))) {
			ExplainedFailure.ofGet(pool, upstream.uri("/orders"), SocketTimeoutException.class, "Read timed out: "
					+ upstream.url()
					+ " sent nothing for longer than 300ms, the response timeout of GET /orders \\(pool 'default'\\)\\. "
					+ "The limit is http-pool\\.response-timeout, or the read timeout of its client");
		}
	}

	private static int closedPort() throws Exception {
		return ClosedPort.next();
	}

}

package io.github.httppool.exceptions;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

import io.github.httppool.ProxyRefusedException;
import io.github.httppool.exceptions.Client.Level;
import io.github.httppool.testing.boot.BootVersion;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.SocksScript;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.core5.http.NoHttpResponseException;

import org.springframework.boot.http.client.FilteredHostException;
import org.springframework.boot.http.client.InetAddressFilter;

/**
 * Ways in which no connection can be opened.
 */
final class OpeningSituations {

	private static final String[] SHORT = { "spring.http.clients.connect-timeout=400ms",
			"http-pool.connect-timeout=400ms" };

	private static final String[] SILENCE = { "spring.http.clients.read-timeout=400ms",
			"http-pool.response-timeout=400ms" };

	private OpeningSituations() {
	}

	static List<Situation> all() {
		List<Situation> all = new ArrayList<>(everywhere());
		if (BootVersion.isAtLeast41()) {
			all.addAll(filtered());
		}
		return all;
	}

	private static List<Situation> filtered() {
		return List.of(

				Situation.of("address filtered")
					.fails(FilteredHostException.class)
					.over(Way.PLAIN, Way.TLS, Way.SOCKS)
					.application(
							(runner) -> runner.withBean(InetAddressFilter.class, InetAddressFilter::externalAddresses)),

				Situation.of("address of a name filtered")
					.fails(FilteredHostException.class)
					.application(
							(runner) -> runner.withBean(InetAddressFilter.class, InetAddressFilter::externalAddresses))
					.target((play) -> play.server("localhost")));
	}

	private static List<Situation> everywhere() {
		return List.of(

				Situation.of("connection refused")
					.fails(HttpHostConnectException.class)
					.over(Way.PLAIN, Way.TLS)
					.target((play) -> closedPort(play)),

				Situation.of("one address refuses, another does not respond")
					.fails(ConnectTimeoutException.class)
					.customizer((builder) -> builder.withDnsResolver(TWO))
					.with(SHORT)
					.target((play) -> URI.create("http://two.test:" + DEAD.address().getPort() + "/"))
					.at(Level.RETRIEVE),

				Situation.of("no response to the connect")
					.fails(ConnectTimeoutException.class)
					.with(SHORT)
					.target((play) -> DEAD.uri()),

				Situation.of("unknown host")
					.fails(UnknownHostException.class)
					.over(Way.PLAIN, Way.TLS)
					.target((play) -> play.server("nowhere.invalid")),

				Situation.of("host without an address")
					.fails(InterruptedIOException.class)
					.deliberately(UnknownHostException.class, "HttpClient does not notice, and fails in a later step")
					.customizer((builder) -> builder.withDnsResolver(NONE))
					.target((play) -> play.server("none.test"))
					.at(Level.RETRIEVE, Level.HTTP_CLIENT),

				Situation.of("lookup fails with an exception of its own")
					.fails(UnsupportedOperationException.class)
					.customizer((builder) -> builder.withDnsResolver(BROKEN))
					.target((play) -> play.server("broken.test")),

				Situation.of("no route to the address")
					.fails(SocketException.class)
					.target((play) -> URI.create("http://255.255.255.255:9/")),

				Situation.of("no host")
					.fails(ClientProtocolException.class)
					.target((play) -> URI.create("http:///case")),

				Situation.of("relative URI").fails(ClientProtocolException.class).target((play) -> URI.create("/case")),

				Situation.of("host with an underscore")
					.fails(UnknownHostException.class)
					.target((play) -> play.server("not_a_host.invalid")),

				Situation.of("unsupported scheme")
					.fails(ClientProtocolException.class)
					.target((play) -> URI.create("ftp://127.0.0.1/case")),

				Situation.of("unsupported scheme with a port")
					.fails(HttpHostConnectException.class)
					.target((play) -> URI.create("ftp://127.0.0.1:21/case")),

				Situation.of("port out of range")
					.fails(IllegalArgumentException.class)
					.target((play) -> URI.create("http://127.0.0.1:99999/case")),

				Situation.of("SOCKS proxy refuses")
					.fails(SocketException.class)
					.ours(ProxyRefusedException.class)
					.over(Way.SOCKS)
					.socks(SocksScript.Answers.of(0, new byte[] { 5, 5, 0, 1, 0, 0, 0, 0, 0, 0 })),

				Situation.of("SOCKS proxy requires credentials")
					.fails(SocketException.class)
					.ours(ProxyRefusedException.class)
					.over(Way.SOCKS)
					.socks(SocksScript.Answers.of(0xff, SocksScript.GRANTED)),

				Situation.of("SOCKS proxy speaks another protocol")
					.fails(SocketException.class, NoHttpResponseException.class)
					.deliberately(SocketException.class,
							"the JDK does not check the version of the response, and fails in a later step")
					.over(Way.SOCKS)
					.socks(SocksScript.Answers.of(0, "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes())),

				Situation.of("SOCKS proxy closes")
					.fails(SocketException.class)
					.over(Way.SOCKS)
					.socks(SocksScript.Answers.of(0, new byte[0])),

				Situation.of("SOCKS proxy is silent")
					.fails(ConnectTimeoutException.class)
					.over(Way.SOCKS)
					.with(SHORT)
					.socks(new SocksScript.Answers() {

						@Override
						public byte[] toGreeting(java.net.Socket client) {
							return new byte[] { 5, 0 };
						}

						@Override
						public byte[] toRequest(java.net.Socket client) throws Exception {
							Pause.ofMillis(2000);
							return SocksScript.GRANTED;
						}

					}),

				Situation.of("proxy refuses the tunnel")
					.deliberately(ProxyRefusedException.class,
							"HttpClient returns the response of the proxy as if it were the server's")
					.over(Way.TUNNEL)
					.connect((exchange) -> exchange.status(403, "no")),

				Situation.of("proxy requires credentials for the tunnel")
					.deliberately(ProxyRefusedException.class, "as above")
					.over(Way.TUNNEL)
					.connect((exchange) -> exchange.status(407, "no", "Proxy-Authenticate: Basic realm=\"x\"")),

				Situation.of("proxy closes instead of opening the tunnel")
					.fails(NoHttpResponseException.class)
					.over(Way.TUNNEL)
					.connect((exchange) -> exchange.close()),

				Situation.of("proxy resets instead of opening the tunnel")
					.fails(SocketException.class)
					.over(Way.TUNNEL)
					.connect((exchange) -> exchange.reset()),

				Situation.of("proxy sends an invalid response to CONNECT")
					.fails(NoHttpResponseException.class)
					.deliberately(ClientProtocolException.class,
							"HttpClient skips lines that are not a status line, and waits")
					.over(Way.TUNNEL)
					.connect((exchange) -> {
						exchange.sendRaw("HTTP/1.1 abc\r\n\r\n");
						exchange.close();
					}),

				Situation.of("proxy responds to CONNECT with 101")
					.fails(SocketTimeoutException.class)
					.deliberately(ClientProtocolException.class, "HttpClient waits for another response")
					.over(Way.TUNNEL)
					.with(SILENCE)
					.connect((exchange) -> exchange.head(101, "Upgrade: x")),

				Situation.of("proxy does not respond to CONNECT")
					.fails(SocketTimeoutException.class)
					.over(Way.TUNNEL)
					.with(SILENCE)
					.connect((exchange) -> exchange.stall()),

				Situation.of("proxy refuses the connection")
					.fails(HttpHostConnectException.class)
					.with("http-pool.proxy.url=http://127.0.0.1:" + CLOSED)
					.customizer((builder) -> builder.withHttpClientCustomizer(
							(client) -> client.setProxy(new org.apache.hc.core5.http.HttpHost("127.0.0.1", CLOSED)))),

				Situation.of("unknown proxy")
					.fails(UnknownHostException.class)
					.with("http-pool.proxy.url=http://nowhere.invalid:3128")
					.customizer((builder) -> builder.withHttpClientCustomizer((client) -> client
						.setProxy(new org.apache.hc.core5.http.HttpHost("nowhere.invalid", 3128)))),

				Situation.of("SOCKS proxy refuses the connection")
					.fails(SocketException.class)
					.with("http-pool.proxy.url=socks5://127.0.0.1:" + CLOSED)
					.customizer((builder) -> builder.withSocketConfigCustomizer(
							(sockets) -> sockets.setSocksProxyAddress(new InetSocketAddress("127.0.0.1", CLOSED)))));
	}

	private static final int CLOSED = closed();

	static final DeadAddress DEAD = dead();

	private static DeadAddress dead() {
		try {
			return new DeadAddress();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int closed() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static URI closedPort(Play play) {
		return URI.create(play.server().getScheme() + "://127.0.0.1:" + CLOSED + "/case");
	}

	private static final DnsResolver TWO = new SystemDefaultDnsResolver() {

		@Override
		public InetAddress[] resolve(String host) throws UnknownHostException {
			return new InetAddress[] { InetAddress.getByName("127.0.0.2"), InetAddress.getByName("127.0.0.1") };
		}

	};

	private static final DnsResolver NONE = new SystemDefaultDnsResolver() {

		@Override
		public InetAddress[] resolve(String host) {
			return new InetAddress[0];
		}

		@Override
		public List<InetSocketAddress> resolve(String host, int port) {
			return List.of();
		}

	};

	private static final DnsResolver BROKEN = new SystemDefaultDnsResolver() {

		@Override
		public List<InetSocketAddress> resolve(String host, int port) {
			throw new UnsupportedOperationException("broken");
		}

	};

}

package io.github.httppool.hostile;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.hostile.Caller.Answer;
import io.github.httppool.testing.DeadAddress;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Connection;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;

import static io.github.httppool.hostile.Fate.KEPT;
import static io.github.httppool.hostile.Fate.NEVER_OPENED;
import static io.github.httppool.hostile.Fate.closed;
import static io.github.httppool.hostile.Outcome.answer;
import static io.github.httppool.hostile.Outcome.failure;

/**
 * Connections that are not opened, or end when they should not.
 */
final class ConnectionCases {

	private static final String LONG = "x".repeat(4_000_000);

	private ConnectionCases() {
	}

	static List<HostileCase> cases() {
		return List.of(

				HostileCase.of("refused", "No process listens on the port.")
					.over(Transport.PLAIN)
					.caller(Caller.reads("http://127.0.0.1:1/"))
					.gets(failure(ConnectException.class, "refused"), 5, NEVER_OPENED),

				HostileCase.of("no answer to SYN", "The address drops all packets; `connect-timeout` is 500 ms.")
					.over(Transport.PLAIN)
					.with("connect-timeout=500ms")
					.caller(ConnectionCases::readsFromADeadAddress)
					.gets(failure(ConnectTimeoutException.class, "http-pool.connect-timeout"), 5, NEVER_OPENED),

				HostileCase.of("first address refuses", "A host has two addresses; the first refuses the connection.")
					.over(Transport.PLAIN)
					.customizer((upstream) -> resolver((port) -> List.of(local(1), local(port))))
					.target((upstream) -> "http://two-faced.example:" + upstream.port())
					.gets(answer(200, "hello"), 5, KEPT),

				HostileCase.of("unknown host", "The name has no address.")
					.over(Transport.PLAIN)
					.caller(Caller.reads("http://unknown.invalid/"))
					.gets(failure(UnknownHostException.class, "unknown.invalid"), 10, NEVER_OPENED),

				HostileCase.of("lookup that hangs", "DNS does not answer; `connect-timeout` is 500 ms.")
					.over(Transport.PLAIN)
					.with("connect-timeout=500ms")
					.customizer((upstream) -> resolver(ConnectionCases::hang))
					.caller(Caller.reads("http://slow.example/"))
					.gets(failure(ConnectTimeoutException.class, "No address of 'slow.example' within 500ms"), 5,
							NEVER_OPENED),

				HostileCase.of("closed at once", "The connection is accepted and closed.")
					.over(Transport.PLAIN)
					.onConnect(Connection::close)
					.gets(failure(NoHttpResponseException.class, "failed to respond"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("closed after the request", "The request is read and the connection closed.")
					.server(Exchange::close)
					.gets(failure(NoHttpResponseException.class, "failed to respond"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("reset after the request", "The request is read and the connection reset.")
					.server(Exchange::reset)
					.gets(failure(SocketException.class, "reset"), 5, closed(CloseReason.ERROR)),

				HostileCase.of("closed in the head", "Closed in the middle of a header field.")
					.sendsAndCloses("HTTP/1.1 200 OK\r\nContent-Le")
					.gets(failure(ProtocolException.class, "the connection ended in the middle of it"), 5,
							closed(CloseReason.ERROR)),

				HostileCase.of("reset in the head", "Reset in the middle of a header field.")
					.server((exchange) -> exchange.sendRaw("HTTP/1.1 200 OK\r\nContent-Le")
						.after(Duration.ofMillis(50))
						.reset())
					.gets(failure(SocketException.class, "reset"), 5, closed(CloseReason.ERROR)),

				HostileCase
					.of("half-closed after the response",
							"A response, then a half-close; the server continues to read.")
					.server((exchange) -> exchange.ok("hello").halfClose())
					.nextCallLater()
					.gets(answer(200, "hello"), 5, closed(CloseReason.STALE)),

				HostileCase.of("reset after the response", "A response, and a reset after it was read.")
					.over(Transport.PLAIN)
					.afterwards((scene) -> scene.upstream().lastConnection().reset())
					.nextCallLater()
					.gets(answer(200, "hello"), 5, closed(CloseReason.STALE)),

				HostileCase
					.of("closed while a body is sent", "The server closes after the head of a request with 4 MB.")
					.setUp(ScriptedUpstream::leaveBodies)
					.server(Exchange::close)
					.caller(Caller.posts(LONG))
					.gets(failure(IOException.class, ""), 5, closed(CloseReason.ERROR)));
	}

	private static Answer readsFromADeadAddress(Scene scene) throws Exception {
		try (DeadAddress dead = new DeadAddress()) {
			return Caller.reads(dead.uri().toString()).call(scene);
		}
	}

	private static HttpPoolCustomizer resolver(Lookup lookup) {
		return new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
				connections.setDnsResolver(new DnsResolver() {

					@Override
					public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
						return host.endsWith(".example") ? lookup.addresses(port)
								: DnsResolver.super.resolve(host, port);
					}

					@Override
					public InetAddress[] resolve(String host) throws UnknownHostException {
						return InetAddress.getAllByName(host);
					}

					@Override
					public String resolveCanonicalHostname(String host) {
						return host;
					}

				});
			}

		};
	}

	private static List<InetSocketAddress> hang(int port) throws UnknownHostException {
		try {
			Pause.ofMillis(10_000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		throw new UnknownHostException("nobody waits for this");
	}

	private static InetSocketAddress local(int port) {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
	}

	/**
	 * The addresses of all hosts in {@code .example}.
	 */
	private interface Lookup {

		List<InetSocketAddress> addresses(int port) throws UnknownHostException;

	}

}

package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.Proxy;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Objects;

import javax.net.ssl.SSLSocket;

import io.github.httppool.CloseReason;
import io.github.httppool.hc5.net.ConnectAttempt;
import io.github.httppool.hc5.net.HostName;
import io.github.httppool.hc5.net.JvmSocks;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * HttpClient's connection operator for a single lease. It opens sockets that can be read
 * without blocking, and reports each step. Each opening has its own operator, because
 * HttpClient passes no context to the code that creates sockets. Besides, some callers
 * wrongly share a context between threads.
 */
final class ConnectOperator extends DefaultHttpClientConnectionOperator {

	private final ConnectEvents events;

	ConnectOperator(ConnectEvents events, SchemePortResolver ports, DnsResolver dns, TlsSocketStrategy tls) {
		super((socks) -> socket(events.lease(), socks), ports, dns,
				(scheme) -> URIScheme.HTTPS.same(scheme) ? overChannels(events.lease(), tls) : null);
		this.events = events;
	}

	/**
	 * Return an unconnected socket. SOCKS sockets have no channel, so their connections
	 * are checked differently.
	 */
	private static Socket socket(Lease lease, @Nullable Proxy socks) throws IOException {
		if (socks != null) {
			return new Socket(socks);
		}
		// The pool's own proxy takes precedence.
		return (lease.route.socks == null && JvmSocks.isFor(lease.attempt().address)) ? new Socket()
				: SocketChannel.open().socket();
	}

	/**
	 * Make TLS read from the channel, as connections without TLS do.
	 */
	private static TlsSocketStrategy overChannels(Lease lease, TlsSocketStrategy tls) {
		return (socket, target, port, attachment, context) -> tls.upgrade(
				(socket instanceof SSLSocket) ? socket : lease.held().streams.wrap(socket), HostName.forTls(target),
				port, attachment, context);
	}

	@Override
	protected void onBeforeSocketConnect(HttpContext context, HttpHost host) {
		this.events.connectStarted(attempt());
	}

	@Override
	protected void onAfterSocketConnect(HttpContext context, HttpHost host) {
		this.events.connectEnded(attempt(), null, true);
	}

	@Override
	protected void onBeforeTlsHandshake(HttpContext context, HttpHost host) {
		this.events.tlsStarted(attempt());
	}

	@Override
	protected void onAfterTlsHandshake(HttpContext context, HttpHost host) {
		ConnectAttempt attempt = attempt();
		PooledConnection connection = this.events.lease().held();
		if (this.events.tlsEnded(attempt, Objects.requireNonNull(attempt.handshake), connection.getSSLSession(),
				null)) {
			// The housekeeper has not closed the connection yet. It must not do so
			// during a later call.
			connection.close(CloseReason.ERROR, CloseMode.IMMEDIATE);
		}
	}

	private ConnectAttempt attempt() {
		return this.events.lease().attempt();
	}

}

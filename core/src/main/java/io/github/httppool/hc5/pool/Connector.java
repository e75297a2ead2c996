package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.SSLSocket;

import io.github.httppool.CallPhase;
import io.github.httppool.CloseReason;
import io.github.httppool.ProxyServer;
import io.github.httppool.hc5.net.AddressConnector;
import io.github.httppool.hc5.net.AddressHistory;
import io.github.httppool.hc5.net.AddressLookup;
import io.github.httppool.hc5.net.ConnectAttempt;
import io.github.httppool.hc5.net.ConnectAttempts;
import io.github.httppool.hc5.net.HostName;
import io.github.httppool.hc5.net.JvmSocks;
import io.github.httppool.hc5.net.ScheduledTimeout;
import io.github.httppool.hc5.net.SocksRoute;
import io.github.httppool.hc5.observe.ConnectExplanation;
import io.github.httppool.hc5.observe.JfrEvents;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections as HttpClient does, with one time limit for all addresses of a host
 * together and one for a whole TLS handshake, on sockets that can be read without
 * blocking. Reports each step.
 */
public final class Connector extends DefaultHttpClientConnectionOperator {

	private static final DetachedSocketFactory SOCKETS = Connector::socket;

	/**
	 * The lease for which the current thread opens a connection.
	 */
	private static final ThreadLocal<@Nullable Lease> LEASE = new ThreadLocal<>();

	private final ConnectionPool pool;

	private final SchemePortResolver portResolver;

	private final AddressLookup lookup;

	private final HostLookup hosts;

	private final ConnectEvents events;

	private final AddressHistory history = new AddressHistory();

	/**
	 * Targets to which SOCKS proxies could not connect.
	 */
	private final AddressHistory targets = new AddressHistory();

	private final SocksRoute socks;

	/**
	 * Create a connector.
	 * @param dnsResolver resolves the hosts to which the pool connects
	 * @param socks how to connect through SOCKS proxies, which HttpClient does not know
	 */
	public Connector(ConnectionPool pool, @Nullable SchemePortResolver portResolver, DnsResolver dnsResolver,
			SocksRoute socks, TlsSocketStrategy tlsStrategy) {
		super(SOCKETS, portResolver, dnsResolver,
				RegistryBuilder.<TlsSocketStrategy>create()
					.register(URIScheme.HTTPS.id, overChannels(tlsStrategy))
					.build());
		this.pool = pool;
		this.portResolver = (portResolver != null) ? portResolver : DefaultSchemePortResolver.INSTANCE;
		this.lookup = new AddressLookup(dnsResolver, pool.lookups());
		this.socks = socks;
		this.events = new ConnectEvents(pool);
		this.hosts = new HostLookup(pool, this.events);
	}

	/**
	 * Return an unconnected socket. SOCKS sockets have no channel, so their connections
	 * are checked in a different way.
	 */
	private static Socket socket(@Nullable Proxy socks) throws IOException {
		if (socks != null) {
			return new Socket(socks);
		}
		Lease lease = lease();
		// The pool's own proxy takes precedence.
		return (lease.route.socks == null && JvmSocks.isFor(lease.attempt().address)) ? new Socket()
				: SocketChannel.open().socket();
	}

	/**
	 * Let TLS read from channels as it is read from them without TLS.
	 */
	private static TlsSocketStrategy overChannels(TlsSocketStrategy tls) {
		return (socket, target, port, attachment, context) -> tls.upgrade(
				(socket instanceof SSLSocket) ? socket : lease().held().streams.through(socket),
				HostName.forTls(target), port, attachment, context);
	}

	@Override
	public void connect(@Nullable ManagedHttpClientConnection connection, HttpHost host, @Nullable NamedEndpoint name,
			@Nullable Path unixDomainSocket, @Nullable InetSocketAddress local, @Nullable Timeout timeout,
			SocketConfig socketConfig, @Nullable Object attachment, HttpContext context) throws IOException {
		Lease lease = lease();
		lease.reconnected((PooledConnection) Objects.requireNonNull(connection));
		lease.held().connectTimes.begin(JfrEvents.connectStarted());
		ProxyServer socksServer = lease.route.socks;
		if (socksServer != null) {
			connectThroughSocks(lease, socksServer, connection, host, name, local, timeout, socketConfig, attachment,
					context);
		}
		else if (unixDomainSocket != null || host.getAddress() != null) {
			ConnectAttempt attempt = new ConnectAttempt(address(host));
			lease.attempt(attempt);
			ConnectEvents.entered(lease, CallPhase.CONNECTING);
			try {
				super.connect(connection, host, name, unixDomainSocket, local, timeout, socketConfig, attachment,
						context);
			}
			catch (Throwable ex) {
				this.events.failed(lease, attempt, ex);
				throw ConnectExplanation.of(lease, this.pool, ConnectAttempts.only(attempt, timeout));
			}
		}
		else if (lease.route.httpRoute.getProxyHost() != null) {
			// TLS is with the proxy, so its name and configuration apply.
			connectDirectly(lease, connection, host, null, local, timeout, socketConfig, this.pool.inForce().tlsConfig,
					context);
		}
		else {
			connectDirectly(lease, connection, host, name, local, timeout, socketConfig, attachment, context);
		}
		((PooledConnection) connection).opened(lease);
	}

	private @Nullable InetSocketAddress address(HttpHost host) {
		return (host.getAddress() != null) ? new InetSocketAddress(host.getAddress(), port(host)) : null;
	}

	private int port(HttpHost host) {
		return this.portResolver.resolve(host.getSchemeName(), host);
	}

	private void connectDirectly(Lease lease, ManagedHttpClientConnection connection, HttpHost host,
			@Nullable NamedEndpoint name, @Nullable InetSocketAddress local, @Nullable Timeout timeout,
			SocketConfig socketConfig, @Nullable Object attachment, HttpContext context) throws IOException {
		ConnectAttempts attempts = ConnectAttempts
			.to(this.hosts.resolve(lease, this.lookup, host.getHostName(), port(host), timeout), this.history, timeout);
		addresses(lease).connect(attempts, connection, host, local, socketConfig, new AddressConnector.Opening() {

			@Override
			public void open(ConnectAttempt attempt, @Nullable Timeout share) throws IOException {
				Connector.super.connect(connection, attempt.of(host), name, null, local, share, socketConfig,
						attachment, context);
			}

			@Override
			public void proceed(ConnectAttempt attempt, @Nullable Timeout share) throws IOException {
				if (URIScheme.HTTPS.same(host.getSchemeName())) {
					beginTls(connection, host, name, share, attachment, context);
				}
			}

		});
	}

	private AddressConnector addresses(Lease lease) {
		return new AddressConnector(new LeaseConnectSteps(this.events, lease),
				this.pool.settings().connectFallbackDelay(), lease.route.socks != null);
	}

	/**
	 * Begin TLS as HttpClient does for a new connection.
	 */
	private void beginTls(ManagedHttpClientConnection connection, HttpHost host, @Nullable NamedEndpoint name,
			@Nullable Timeout connectTimeout, @Nullable Object attachment, HttpContext context) throws IOException {
		Timeout before = connection.getSocketTimeout();
		Timeout own = (attachment instanceof TlsConfig tls) ? tls.getHandshakeTimeout() : null;
		Timeout limit = (own != null) ? own : connectTimeout;
		if (limit != null) {
			connection.setSocketTimeout(limit);
		}
		super.upgrade(connection, host, name, attachment, context);
		connection.setSocketTimeout(before);
	}

	/**
	 * Connect to the proxy as to a server without TLS, let it connect to the server, and
	 * begin TLS with that, if it has TLS.
	 */
	private void connectThroughSocks(Lease lease, ProxyServer proxy, ManagedHttpClientConnection connection,
			HttpHost host, @Nullable NamedEndpoint name, @Nullable InetSocketAddress local, @Nullable Timeout timeout,
			SocketConfig socketConfig, @Nullable Object attachment, HttpContext context) throws IOException {
		HttpHost proxyHost = new HttpHost(URIScheme.HTTP.id, proxy.host(), proxy.port());
		List<InetSocketAddress> proxies = List.of(SocksRoute.target(proxyHost, proxy.port()));
		if (proxies.get(0).isUnresolved()) {
			proxies = this.hosts.resolve(lease, this.socks.lookup(), proxy.host(), proxy.port(), timeout);
		}
		List<InetSocketAddress> targets = List.of(SocksRoute.target(host, port(host)));
		if (this.socks.resolvesNames() && host.getAddress() == null) {
			targets = this.hosts.resolve(lease, this.lookup, host.getHostName(), port(host), timeout);
		}
		ConnectAttempts attempts = new ConnectAttempts(SocksRoute.hops(proxies, targets), this.history, this.targets,
				timeout);
		addresses(lease).connect(attempts, connection, proxyHost, local, socketConfig, new AddressConnector.Opening() {

			@Override
			public void open(ConnectAttempt attempt, @Nullable Timeout share) throws IOException {
				long started = System.nanoTime();
				Connector.super.connect(connection, attempt.of(proxyHost), null, null, local, share, socketConfig, null,
						context);
				proceed(attempt, share, started);
			}

			@Override
			public void proceed(ConnectAttempt attempt, @Nullable Timeout share) throws IOException {
				proceed(attempt, share, System.nanoTime());
			}

			private void proceed(ConnectAttempt attempt, @Nullable Timeout share, long started) throws IOException {
				SocksRoute.open(connection, proxy, Objects.requireNonNull(attempt.target), share, started);
				if (URIScheme.HTTPS.same(host.getSchemeName())) {
					Connector.super.upgrade(connection, host, name, attachment, context);
				}
			}

		});
	}

	@Override
	public void upgrade(ManagedHttpClientConnection connection, HttpHost host, @Nullable NamedEndpoint name,
			@Nullable Object attachment, HttpContext context) throws IOException {
		Lease lease = lease();
		ConnectAttempt attempt = new ConnectAttempt(null);
		lease.attempt(attempt);
		try {
			super.upgrade(connection, host, name, attachment, context);
			((PooledConnection) connection).tunnelled();
		}
		catch (Throwable ex) {
			this.events.failed(lease, attempt, ex);
			throw ConnectExplanation.of(lease, this.pool, ConnectAttempts.only(attempt, null));
		}
	}

	@Override
	protected void onBeforeSocketConnect(HttpContext context, HttpHost host) {
		Lease lease = lease();
		this.events.connectStarted(lease, lease.attempt());
	}

	@Override
	protected void onAfterSocketConnect(HttpContext context, HttpHost host) {
		Lease lease = lease();
		this.events.connectEnded(lease, lease.attempt(), null);
	}

	@Override
	protected void onBeforeTlsHandshake(HttpContext context, HttpHost host) {
		Lease lease = lease();
		ConnectAttempt attempt = lease.attempt();
		ConnectEvents.entered(lease, CallPhase.TLS_HANDSHAKE);
		attempt.tlsStarted = System.nanoTime();
		long limit = this.pool.settings().tlsHandshakeTimeout().toNanos();
		ScheduledTimeout watch = new CloseOnTimeout(attempt.tlsStarted, limit, lease.held(), CloseReason.ERROR,
				CloseOnTimeout.STEP_GRACE);
		this.pool.housekeeper().watch(watch);
		attempt.handshake = watch;
		this.events.tlsStarted(lease);
	}

	@Override
	protected void onAfterTlsHandshake(HttpContext context, HttpHost host) {
		Lease lease = lease();
		ConnectAttempt attempt = lease.attempt();
		PooledConnection connection = lease.held();
		if (this.events.tlsEnded(lease, attempt, Objects.requireNonNull(attempt.handshake), connection.getSSLSession(),
				null)) {
			// The housekeeper has not yet closed the connection, and must not close it
			// during a later call.
			connection.closeBecause(CloseReason.ERROR, CloseMode.IMMEDIATE);
		}
	}

	/**
	 * Bind the current thread to a lease for which it opens connections. HttpClient
	 * passes only the context, which some callers wrongly share between threads, so
	 * another caller's lease could get the connection.
	 * @param lease the lease, or {@code null} for none
	 * @return the previous lease
	 */
	static @Nullable Lease serve(@Nullable Lease lease) {
		Lease before = LEASE.get();
		if (lease != null) {
			LEASE.set(lease);
		}
		else {
			LEASE.remove();
		}
		return before;
	}

	private static Lease lease() {
		Lease lease = LEASE.get();
		if (lease == null) {
			throw new IllegalStateException("A connection can be opened for a lease only");
		}
		return lease;
	}

}

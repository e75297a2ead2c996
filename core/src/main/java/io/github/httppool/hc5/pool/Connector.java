package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;

import io.github.httppool.ProxyServer;
import io.github.httppool.hc5.net.AddressConnector;
import io.github.httppool.hc5.net.AddressHistory;
import io.github.httppool.hc5.net.AddressLookup;
import io.github.httppool.hc5.net.ConnectAttempt;
import io.github.httppool.hc5.net.ConnectAttempts;
import io.github.httppool.hc5.net.SocksRoute;
import io.github.httppool.hc5.observe.JfrEvents;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections as HttpClient does, but with one time limit for all addresses of a
 * host together, and one for the whole TLS handshake. Reports each step.
 */
final class Connector {

	private final PoolContext pool;

	private final SchemePortResolver ports;

	private final DnsResolver dns;

	private final TlsSocketStrategy tls;

	private final AddressLookup lookup;

	private final AddressHistory history = new AddressHistory();

	/**
	 * Targets to which SOCKS proxies could not connect.
	 */
	private final AddressHistory targets = new AddressHistory();

	private final SocksRoute socks;

	/**
	 * Create a connector.
	 * @param dns resolves the hosts to which the pool connects
	 * @param socks connects through SOCKS proxies, of which HttpClient is not aware
	 */
	Connector(PoolContext pool, SchemePortResolver ports, DnsResolver dns, SocksRoute socks, TlsSocketStrategy tls) {
		this.pool = pool;
		this.ports = ports;
		this.dns = dns;
		this.tls = tls;
		this.lookup = new AddressLookup(dns, pool.lookups());
		this.socks = socks;
	}

	/**
	 * Open the connection of a lease to the first hop of its route.
	 * @param timeout the time limit for all addresses together, or {@code null} for none
	 * @param tlsConfig the configuration of TLS with the target
	 * @throws IOException if no address was reached, with an explanation
	 */
	void connect(Lease lease, @Nullable Timeout timeout, SocketConfig socketConfig, @Nullable TlsConfig tlsConfig,
			HttpContext context) throws IOException {
		lease.held().connectTimes.begin(JfrEvents.connectStarted());
		Opening opening = new Opening(lease, timeout, socketConfig, tlsConfig, context);
		if (lease.route.socks != null) {
			opening.connectThroughSocks(lease.route.socks);
		}
		else if (lease.route.httpRoute.getUnixDomainSocket() != null || opening.host.getAddress() != null) {
			opening.connectToAddress();
		}
		else {
			opening.connectDirectly();
		}
		lease.held().opened(lease);
	}

	/**
	 * Start TLS with the target of a lease, through a tunnel or after an upgrade.
	 */
	void upgrade(Lease lease, @Nullable TlsConfig tlsConfig, HttpContext context) throws IOException {
		ConnectAttempt attempt = new ConnectAttempt(null);
		lease.attempt(attempt);
		ConnectEvents events = new ConnectEvents(this.pool, lease);
		HttpRoute route = lease.route.httpRoute;
		try {
			operator(events).upgrade(lease.open(), route.getTargetHost(), route.getTargetName(), tlsConfig, context);
			lease.held().markTunnelled();
		}
		catch (Throwable ex) {
			events.failed(attempt, ex);
			throw events.explain(ConnectAttempts.only(attempt, null));
		}
	}

	private ConnectOperator operator(ConnectEvents events) {
		return new ConnectOperator(events, this.ports, this.dns, this.tls);
	}

	private int port(HttpHost host) {
		return this.ports.resolve(host.getSchemeName(), host);
	}

	/**
	 * Opens one connection.
	 */
	private final class Opening {

		private final Lease lease;

		private final PooledConnection connection;

		/** The first hop: the target, or an HTTP proxy. */
		private final HttpHost host;

		/** The name of the target for TLS, if it differs from the name of the host. */
		private final @Nullable NamedEndpoint name;

		private final @Nullable InetSocketAddress local;

		private final @Nullable Timeout timeout;

		private final SocketConfig socketConfig;

		private final @Nullable TlsConfig tlsConfig;

		private final HttpContext context;

		private final ConnectEvents events;

		private final ConnectOperator operator;

		Opening(Lease lease, @Nullable Timeout timeout, SocketConfig socketConfig, @Nullable TlsConfig tlsConfig,
				HttpContext context) {
			HttpRoute route = lease.route.httpRoute;
			HttpHost proxy = route.getProxyHost();
			this.lease = lease;
			this.connection = lease.held();
			this.host = (proxy != null) ? proxy : route.getTargetHost();
			// With a proxy, a TLS layer opened here ends at the proxy, so the settings of
			// the target do not apply.
			this.name = (proxy != null) ? null : route.getTargetName();
			this.tlsConfig = (proxy != null) ? Connector.this.pool.inForce().tlsConfig : tlsConfig;
			this.local = route.getLocalSocketAddress();
			this.timeout = timeout;
			this.socketConfig = socketConfig;
			this.context = context;
			this.events = new ConnectEvents(Connector.this.pool, lease);
			this.operator = operator(this.events);
		}

		/**
		 * Connect to a Unix domain socket, or to a host whose address is given.
		 */
		private void connectToAddress() throws IOException {
			ConnectAttempt attempt = new ConnectAttempt((this.host.getAddress() != null)
					? new InetSocketAddress(this.host.getAddress(), port(this.host)) : null);
			this.lease.attempt(attempt);
			this.events.connecting();
			try {
				this.operator.connect(this.connection, this.host, this.name,
						this.lease.route.httpRoute.getUnixDomainSocket(), this.local, this.timeout, this.socketConfig,
						this.tlsConfig, this.context);
			}
			catch (Throwable ex) {
				this.events.failed(attempt, ex);
				throw this.events.explain(ConnectAttempts.only(attempt, this.timeout));
			}
		}

		private void connectDirectly() throws IOException {
			connect(ConnectAttempts.to(resolve(Connector.this.lookup, this.host.getHostName(), port(this.host)),
					Connector.this.history, this.timeout), this.host, new AddressConnector.Opening() {

						@Override
						public void open(ConnectAttempt attempt, @Nullable Timeout share) throws IOException {
							Opening.this.open(attempt.of(Opening.this.host), Opening.this.name, share,
									Opening.this.tlsConfig);
						}

						@Override
						public void proceed(ConnectAttempt attempt, @Nullable Timeout share) throws IOException {
							if (URIScheme.HTTPS.same(Opening.this.host.getSchemeName())) {
								beginTls(share);
							}
						}

					});
		}

		/**
		 * Connect to the proxy without TLS, and let it connect to the server. Then start
		 * TLS with the server if the scheme requires it.
		 */
		private void connectThroughSocks(ProxyServer proxy) throws IOException {
			HttpHost proxyHost = new HttpHost(URIScheme.HTTP.id, proxy.host(), proxy.port());
			List<InetSocketAddress> proxies = List.of(SocksRoute.target(proxyHost, proxy.port()));
			if (proxies.get(0).isUnresolved()) {
				proxies = resolve(Connector.this.socks.lookup(), proxy.host(), proxy.port());
			}
			List<InetSocketAddress> servers = List.of(SocksRoute.target(this.host, port(this.host)));
			if (Connector.this.socks.resolvesNames() && this.host.getAddress() == null) {
				servers = resolve(Connector.this.lookup, this.host.getHostName(), port(this.host));
			}
			connect(new ConnectAttempts(SocksRoute.hops(proxies, servers), Connector.this.history,
					Connector.this.targets, this.timeout), proxyHost, new AddressConnector.Opening() {

						@Override
						public void open(ConnectAttempt attempt, @Nullable Timeout share) throws IOException {
							long started = System.nanoTime();
							Opening.this.open(attempt.of(proxyHost), null, share, null);
							proceed(attempt, share, started);
						}

						@Override
						public void proceed(ConnectAttempt attempt, @Nullable Timeout share) throws IOException {
							proceed(attempt, share, System.nanoTime());
						}

						private void proceed(ConnectAttempt attempt, @Nullable Timeout share, long started)
								throws IOException {
							SocksRoute.open(Opening.this.connection, proxy, Objects.requireNonNull(attempt.target),
									share, started);
							if (URIScheme.HTTPS.same(Opening.this.host.getSchemeName())) {
								upgrade();
							}
						}

					});
		}

		private List<InetSocketAddress> resolve(AddressLookup lookup, String name, int port) throws IOException {
			return new HostLookup(this.events).resolve(lookup, name, port, this.timeout);
		}

		private void connect(ConnectAttempts attempts, HttpHost firstHop, AddressConnector.Opening opening)
				throws IOException {
			new AddressConnector(this.events, Connector.this.pool.settings().connectFallbackDelay(),
					this.lease.route.socks != null)
				.connect(attempts, this.connection, firstHop, this.local, this.socketConfig, opening);
		}

		private void open(HttpHost address, @Nullable NamedEndpoint tlsName, @Nullable Timeout share,
				@Nullable TlsConfig config) throws IOException {
			this.operator.connect(this.connection, address, tlsName, null, this.local, share, this.socketConfig, config,
					this.context);
		}

		/**
		 * Start TLS as HttpClient does for a new connection.
		 */
		private void beginTls(@Nullable Timeout connectTimeout) throws IOException {
			Timeout before = this.connection.getSocketTimeout();
			Timeout handshake = (this.tlsConfig != null) ? this.tlsConfig.getHandshakeTimeout() : null;
			Timeout limit = (handshake != null) ? handshake : connectTimeout;
			if (limit != null) {
				this.connection.setSocketTimeout(limit);
			}
			upgrade();
			this.connection.setSocketTimeout(before);
		}

		private void upgrade() throws IOException {
			this.operator.upgrade(this.connection, this.host, this.name, this.tlsConfig, this.context);
		}

	}

}

package io.github.httppool.hc5;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

import io.github.httppool.CallPhase;
import io.github.httppool.CloseReason;
import io.github.httppool.ProxyServer;
import io.github.httppool.TlsInfo;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections as HttpClient does, with one time limit for all addresses of a host
 * together and one for a whole TLS handshake, on sockets that can be read without
 * blocking; and tells of each step.
 */
final class Connector extends DefaultHttpClientConnectionOperator {

	private static final DetachedSocketFactory SOCKETS = Connector::socket;

	/** For which lease a thread opens a connection at the moment. */
	private static final ThreadLocal<@Nullable Lease> LEASE = new ThreadLocal<>();

	private final ConnectionPool pool;

	private final SchemePortResolver portResolver;

	private final AddressLookup lookup;

	private final SocksRoute socks;

	/**
	 * Create a connector.
	 * @param dnsResolver what looks up whom the pool connects to
	 * @param socks how to get through proxies of which HttpClient does not know
	 */
	Connector(ConnectionPool pool, @Nullable SchemePortResolver portResolver, DnsResolver dnsResolver, SocksRoute socks,
			TlsSocketStrategy tlsStrategy) {
		super(SOCKETS, portResolver, dnsResolver,
				RegistryBuilder.<TlsSocketStrategy>create()
					.register(URIScheme.HTTPS.id, overChannels(tlsStrategy))
					.build());
		this.pool = pool;
		this.portResolver = (portResolver != null) ? portResolver : DefaultSchemePortResolver.INSTANCE;
		this.lookup = new AddressLookup(dnsResolver, pool.name());
		this.socks = socks;
	}

	/**
	 * {@code SOCKS} has no channel; connections over it are checked in another way.
	 */
	private static Socket socket(@Nullable Proxy socks) throws IOException {
		if (socks != null) {
			return new Socket(socks);
		}
		Lease lease = lease();
		// The pool's own proxy is the stronger word.
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
		if (connection == null) {
			// HttpClient's pool was closed since it made one; the lease keeps what it
			// has.
			throw new RequestFailedException("The connection to %s was closed before it was opened (pool '%s')"
				.formatted(lease.route(), lease.pool()));
		}
		lease.reconnected((PooledConnection) connection);
		ProxyServer socksServer = lease.route.socks;
		if (socksServer != null) {
			connectThroughSocks(lease, socksServer, connection, host, name, local, timeout, socketConfig, attachment,
					context);
		}
		else if (unixDomainSocket != null || host.getAddress() != null) {
			ConnectAttempt attempt = new ConnectAttempt(address(host));
			lease.attempt(attempt);
			entered(lease, CallPhase.CONNECTING);
			try {
				super.connect(connection, host, name, unixDomainSocket, local, timeout, socketConfig, attachment,
						context);
			}
			catch (Throwable ex) {
				failed(lease, attempt, ex);
				throw explained(lease, timeout, 1, List.of(attempt));
			}
		}
		else if (lease.route.httpRoute.getProxyHost() != null) {
			// Its TLS is the proxy's, and so must be name and configuration.
			connectToAny(lease, resolve(lease, this.lookup, host, timeout), connection, host, null, local, timeout,
					socketConfig, this.pool.inForce().tlsConfig, context);
		}
		else {
			connectToAny(lease, resolve(lease, this.lookup, host, timeout), connection, host, name, local, timeout,
					socketConfig, attachment, context);
		}
		((PooledConnection) connection).opened(lease);
	}

	private @Nullable InetSocketAddress address(HttpHost host) {
		return (host.getAddress() != null) ? new InetSocketAddress(host.getAddress(), port(host)) : null;
	}

	private int port(HttpHost host) {
		return this.portResolver.resolve(host.getSchemeName(), host);
	}

	private List<InetSocketAddress> resolve(Lease lease, AddressLookup lookup, HttpHost host, @Nullable Timeout timeout)
			throws IOException {
		Listeners listeners = this.pool.listeners();
		boolean told = listeners.present();
		if (told) {
			listeners.dnsStarted(lease, host.getHostName());
		}
		long started = System.nanoTime();
		Exception failure = null;
		try {
			entered(lease, CallPhase.RESOLVING);
			List<InetSocketAddress> addresses = lookup.addresses(HostName.forLookup(host.getHostName()), port(host),
					withinDeadline(lease, timeout));
			if (addresses.isEmpty()) {
				throw new UnknownHostException(host.getHostName() + " has no address");
			}
			return addresses;
		}
		catch (TimeoutException ex) {
			failure = ex;
			if (lease.deadline() != null) {
				lease.deadline().checkTime();
			}
			throw ConnectExplanation.slowLookup(this.pool, lease.route, host.getHostName(),
					Objects.requireNonNull(timeout, "Only a limit ends a look-up").toDuration(), ex);
		}
		catch (UnknownHostException ex) {
			failure = ex;
			throw ConnectExplanation.unknownHost(this.pool, lease.route, host.getHostName(),
					System.nanoTime() - started, ex);
		}
		catch (Throwable ex) {
			failure = Failures.exception(ex);
			throw ex;
		}
		finally {
			long took = System.nanoTime() - started;
			// What a resolver throws beside an IOException is its own, as that of a
			// filter.
			lease.route.traffic.dns.add(took, !(failure instanceof RuntimeException) && isFailure(lease, failure));
			if (told) {
				listeners.dnsEnded(lease, host.getHostName(), took, failure);
			}
		}
	}

	private static void entered(Lease lease, CallPhase phase) {
		CallDeadline deadline = lease.deadline();
		if (deadline != null) {
			deadline.enter(phase);
		}
	}

	/**
	 * A look-up cannot be ended from outside.
	 */
	private static @Nullable Timeout withinDeadline(Lease lease, @Nullable Timeout timeout) {
		CallDeadline deadline = lease.deadline();
		if (deadline == null) {
			return timeout;
		}
		long left = deadline.left();
		return (TimeValue.isPositive(timeout) && timeout.toNanoseconds() <= left) ? timeout
				: Timeout.of(left, TimeUnit.NANOSECONDS);
	}

	/**
	 * Each address gets an equal share of the time that is left, so that a dead one
	 * leaves some for the next.
	 */
	private void connectToAny(Lease lease, List<InetSocketAddress> addresses, ManagedHttpClientConnection connection,
			HttpHost host, @Nullable NamedEndpoint name, @Nullable InetSocketAddress local, @Nullable Timeout timeout,
			SocketConfig socketConfig, @Nullable Object attachment, HttpContext context) throws IOException {
		connectToAny(lease, addresses, connection, timeout, (i, share) -> {
			InetSocketAddress address = addresses.get(i);
			HttpHost target = (address.getAddress() != null)
					? new HttpHost(host.getSchemeName(), address.getAddress(), host.getHostName(), address.getPort())
					: host;
			super.connect(connection, target, name, null, local, share, socketConfig, attachment, context);
		});
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
			proxies = resolve(lease, this.socks.lookup(), proxyHost, timeout);
		}
		List<InetSocketAddress> targets = List.of(SocksRoute.target(host, port(host)));
		if (this.socks.resolvesNames() && host.getAddress() == null) {
			targets = resolve(lease, this.lookup, host, timeout);
		}
		SocksRoute.Hops hops = SocksRoute.hops(proxies, targets);
		connectToAny(lease, hops.proxies(), connection, timeout, (i, share) -> {
			long started = System.nanoTime();
			HttpHost hop = new HttpHost(URIScheme.HTTP.id, hops.proxies().get(i).getAddress(), proxy.host(),
					proxy.port());
			super.connect(connection, hop, null, null, local, share, socketConfig, null, context);
			SocksRoute.open(connection, proxy, hops.targets().get(i), share, started);
			if (URIScheme.HTTPS.same(host.getSchemeName())) {
				super.upgrade(connection, host, name, attachment, context);
			}
		});
	}

	private void connectToAny(Lease lease, List<InetSocketAddress> addresses, ManagedHttpClientConnection connection,
			@Nullable Timeout timeout, Opening opening) throws IOException {
		long started = System.nanoTime();
		int count = addresses.size();
		List<ConnectAttempt> attempts = new ArrayList<>(1);
		for (int i = 0;; i++) {
			InetSocketAddress address = addresses.get(i);
			ConnectAttempt attempt = new ConnectAttempt(address);
			attempts.add(attempt);
			lease.attempt(attempt);
			entered(lease, CallPhase.CONNECTING);
			try {
				opening.open(i, share(timeout, started, count - i));
				return;
			}
			catch (Throwable ex) {
				failed(lease, attempt, ex);
				boolean timeIsUp = TimeValue.isPositive(timeout)
						&& System.nanoTime() - started >= timeout.toNanoseconds();
				if (i == count - 1 || timeIsUp || !connection.isOpen() || Thread.currentThread().isInterrupted()) {
					throw explained(lease, timeout, count, attempts);
				}
			}
		}
	}

	private static @Nullable Timeout share(@Nullable Timeout timeout, long started, int addressesLeft) {
		if (!TimeValue.isPositive(timeout)) {
			return timeout;
		}
		long left = timeout.toNanoseconds() - (System.nanoTime() - started);
		return Timeout.ofMilliseconds(Math.max(1, left / addressesLeft / 1_000_000));
	}

	/**
	 * Tell of the failure of the step that was under way, and remember it.
	 */
	private void failed(Lease lease, ConnectAttempt attempt, Throwable failure) {
		if (attempt.handshake != null) {
			attempt.inHandshake = true;
			// The socket's own timeout is the same, and can be quicker than the
			// housekeeper.
			attempt.overdue = tlsEnded(lease, attempt, attempt.handshake, null, Failures.exception(failure))
					|| failure instanceof SocketTimeoutException;
		}
		else if (attempt.connecting != null) {
			connectEnded(lease, attempt, attempt.connecting, Failures.exception(failure));
		}
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException runtime && !attempt.overdue) {
			throw runtime;
		}
		attempt.failed((failure instanceof IOException io) ? SocketFailure.ofClosed(io)
				: new IOException(Failures.words(failure), failure));
	}

	/**
	 * Explain the last failure. One that is due to who gave the call up needs no
	 * explanation of addresses.
	 */
	private IOException explained(Lease lease, @Nullable Timeout timeout, int addresses,
			List<ConnectAttempt> attempts) {
		ConnectAttempt last = attempts.get(attempts.size() - 1);
		if (lease.held().closeReason() != null && !last.overdue) {
			return last.failure();
		}
		return ConnectExplanation.failed(this.pool, lease.route,
				TimeValue.isPositive(timeout) ? timeout.toDuration() : null, addresses, attempts);
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
			failed(lease, attempt, ex);
			throw explained(lease, null, 1, List.of(attempt));
		}
	}

	@Override
	protected void onBeforeSocketConnect(HttpContext context, HttpHost host) {
		Lease lease = lease();
		ConnectAttempt attempt = lease.attempt();
		if (attempt.address != null) {
			attempt.connecting = attempt.address;
			attempt.connectStarted = System.nanoTime();
			if (this.pool.listeners().present()) {
				this.pool.listeners().connectStarted(lease, attempt.address);
			}
		}
	}

	@Override
	protected void onAfterSocketConnect(HttpContext context, HttpHost host) {
		Lease lease = lease();
		ConnectAttempt attempt = lease.attempt();
		if (attempt.connecting != null) {
			connectEnded(lease, attempt, attempt.connecting, null);
		}
	}

	private void connectEnded(Lease lease, ConnectAttempt attempt, InetSocketAddress address,
			@Nullable Exception failure) {
		attempt.connecting = null;
		long took = System.nanoTime() - attempt.connectStarted;
		lease.route.traffic.tcp.add(took, isFailure(lease, failure));
		if (this.pool.listeners().present()) {
			this.pool.listeners().connectEnded(lease, address, took, failure);
		}
	}

	/**
	 * Say whether it was the other side, and not the caller or the pool who gave up. What
	 * a call timeout cuts off is a failure: without it, nothing would be seen of a dead
	 * host where that timeout is the shorter one.
	 */
	private boolean isFailure(Lease lease, @Nullable Exception failure) {
		return failure != null && !this.pool.isClosed() && !Thread.currentThread().isInterrupted()
				&& lease.held().closeReason() != CloseReason.CANCELLED;
	}

	@Override
	protected void onBeforeTlsHandshake(HttpContext context, HttpHost host) {
		Lease lease = lease();
		ConnectAttempt attempt = lease.attempt();
		entered(lease, CallPhase.TLS_HANDSHAKE);
		attempt.tlsStarted = System.nanoTime();
		long limit = this.pool.settings().tlsHandshakeTimeout().toNanos();
		Watch watch = new Overdue(attempt.tlsStarted + limit, lease.held(), CloseReason.ERROR);
		this.pool.housekeeper().watch(watch);
		attempt.handshake = watch;
		if (this.pool.listeners().present()) {
			this.pool.listeners().tlsStarted(lease);
		}
	}

	@Override
	protected void onAfterTlsHandshake(HttpContext context, HttpHost host) {
		Lease lease = lease();
		ConnectAttempt attempt = lease.attempt();
		PooledConnection connection = lease.held();
		if (tlsEnded(lease, attempt, Objects.requireNonNull(attempt.handshake), connection.getSSLSession(), null)) {
			// The housekeeper has not yet closed it, and must not do so under a later
			// call.
			connection.closeBecause(CloseReason.ERROR, CloseMode.IMMEDIATE);
		}
	}

	/**
	 * End the handshake.
	 * @return whether it was overdue
	 */
	private boolean tlsEnded(Lease lease, ConnectAttempt attempt, Watch handshake, @Nullable SSLSession session,
			@Nullable Exception failure) {
		attempt.handshake = null;
		boolean overdue = !this.pool.housekeeper().unwatch(handshake);
		long took = System.nanoTime() - attempt.tlsStarted;
		lease.route.traffic.tls.add(took, overdue || isFailure(lease, failure));
		TlsInfo tls = (session != null) ? new TlsInfo(session, TlsResumption.isResumed(session)) : null;
		if (tls != null && tls.resumed()) {
			lease.route.traffic.tlsResumed.increment();
		}
		if (this.pool.listeners().present()) {
			this.pool.listeners().tlsEnded(lease, tls, took, failure);
		}
		return overdue;
	}

	/**
	 * Let this thread open connections for a lease. HttpClient passes on nothing but the
	 * context, which callers may share though they must not: another one's lease would
	 * take the connection.
	 * @param lease the lease, or {@code null} for none
	 * @return the lease before
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

	/**
	 * Opens a connection to one of several addresses.
	 */
	private interface Opening {

		void open(int index, @Nullable Timeout timeout) throws IOException;

	}

}

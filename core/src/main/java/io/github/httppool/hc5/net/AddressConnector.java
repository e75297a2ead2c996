package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;

import io.github.httppool.CallPhase;
import io.github.httppool.hc5.observe.ConnectExplanation;
import io.github.httppool.hc5.pool.ConnectEvents;
import io.github.httppool.hc5.pool.ConnectionPool;
import io.github.httppool.hc5.pool.Lease;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Opens a connection to any address of a host, within one limit for all of them. Several
 * addresses are tried at the same time, unless the settings or the kind of the sockets
 * forbid it.
 *
 * @param pool the pool
 * @param events told of each step
 */
public record AddressConnector(ConnectionPool pool, ConnectEvents events) {

	/**
	 * Connect.
	 * @param host the host, as exceptions name it
	 * @param local where connections come from, or {@code null} for any address
	 * @param opening how to connect to one address
	 */
	public void connect(Lease lease, ConnectAttempts attempts, ManagedHttpClientConnection connection, HttpHost host,
			@Nullable InetSocketAddress local, SocketConfig socketConfig, Opening opening) throws IOException {
		Duration delay = this.pool.settings().connectFallbackDelay();
		boolean races = attempts.left() > 1 && !delay.isZero() && socketConfig.getSocksProxyAddress() == null
				&& (lease.route.socks != null
						|| attempts.all().stream().noneMatch((one) -> JvmSocks.isFor(one.address)));
		while (true) {
			ConnectEvents.entered(lease, CallPhase.CONNECTING);
			boolean open = (races && attempts.leftToRace().size() > 1)
					? openFirst(lease, attempts, connection, opening, delay,
							new ConnectRace(this.events, lease, attempts, host, local, socketConfig))
					: openNext(lease, attempts, opening);
			if (open) {
				return;
			}
			if (attempts.left() == 0 || attempts.nanosLeft() <= 0 || !connection.isOpen()
					|| Thread.currentThread().isInterrupted()) {
				throw ConnectExplanation.of(lease, this.pool, attempts);
			}
		}
	}

	private boolean openFirst(Lease lease, ConnectAttempts attempts, ManagedHttpClientConnection connection,
			Opening opening, Duration delay, ConnectRace race) throws IOException {
		ConnectAttempt first = race.run(connection, delay);
		if (first == null) {
			return false;
		}
		lease.attempt(first);
		SocketChannel channel = Objects.requireNonNull(first.channel);
		try {
			channel.configureBlocking(true);
			connection.bind(channel.socket());
			opening.proceed(first, attempts.share());
			attempts.succeeded(first);
			return true;
		}
		catch (Throwable ex) {
			Closer.closeQuietly(channel);
			attempts.failed(first, true, this.events.failed(lease, first, ex));
			return false;
		}
	}

	private boolean openNext(Lease lease, ConnectAttempts attempts, Opening opening) throws IOException {
		ConnectAttempt next = attempts.next();
		lease.attempt(next);
		try {
			opening.open(next, attempts.share());
			attempts.succeeded(next);
			return true;
		}
		catch (Throwable ex) {
			boolean reached = next.connecting == null;
			attempts.failed(next, reached, this.events.failed(lease, next, ex));
			return false;
		}
	}

	/**
	 * What it takes to open a connection to one address.
	 */
	public interface Opening {

		/**
		 * Open it.
		 * @param share how long that may take
		 */
		void open(ConnectAttempt attempt, @Nullable Timeout share) throws IOException;

		/**
		 * Do the rest after TCP is connected.
		 */
		void proceed(ConnectAttempt attempt, @Nullable Timeout share) throws IOException;

	}

}

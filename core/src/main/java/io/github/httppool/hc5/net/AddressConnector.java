package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;

import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Opens a connection to one of the addresses of a host, within one time limit for all
 * attempts. Addresses are tried concurrently, unless the settings or the type of the
 * socket prevent it.
 *
 * @param steps follows each step
 * @param fallbackDelay how long to wait for pending attempts before the next one
 * @param viaSocks whether the pool itself speaks SOCKS over these connections
 */
public record AddressConnector(ConnectSteps steps, Duration fallbackDelay, boolean viaSocks) {

	/**
	 * Connects.
	 * @param host the host, as exceptions name it
	 * @param local the local address of connections, or {@code null} for any
	 * @param opening how to connect to one address
	 */
	public void connect(ConnectAttempts attempts, ManagedHttpClientConnection connection, HttpHost host,
			@Nullable InetSocketAddress local, SocketConfig socketConfig, Opening opening) throws IOException {
		boolean races = attempts.left() > 1 && !this.fallbackDelay.isZero()
				&& socketConfig.getSocksProxyAddress() == null
				&& (this.viaSocks || attempts.all().stream().noneMatch((one) -> JvmSocks.isFor(one.address)));
		while (true) {
			this.steps.connecting();
			boolean open = (races && attempts.remainingForRace().size() > 1)
					? openFirst(attempts, connection, opening,
							new ConnectRace(this.steps, attempts, host, local, socketConfig))
					: openNext(attempts, opening);
			if (open) {
				return;
			}
			if (attempts.left() == 0 || attempts.nanosLeft() <= 0 || !connection.isOpen()
					|| Thread.currentThread().isInterrupted()) {
				throw this.steps.explain(attempts);
			}
		}
	}

	private boolean openFirst(ConnectAttempts attempts, ManagedHttpClientConnection connection, Opening opening,
			ConnectRace race) throws IOException {
		ConnectAttempt first = race.run(connection, this.fallbackDelay);
		if (first == null) {
			return false;
		}
		this.steps.attempting(first);
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
			attempts.failed(first, true, this.steps.failed(first, ex));
			return false;
		}
	}

	private boolean openNext(ConnectAttempts attempts, Opening opening) throws IOException {
		ConnectAttempt next = attempts.next();
		this.steps.attempting(next);
		try {
			opening.open(next, attempts.share());
			attempts.succeeded(next);
			return true;
		}
		catch (Throwable ex) {
			boolean reached = next.connecting == null;
			attempts.failed(next, reached, this.steps.failed(next, ex));
			return false;
		}
	}

	/**
	 * Opens a connection to one address.
	 */
	public interface Opening {

		/**
		 * Opens the connection.
		 * @param share the time limit for this attempt
		 */
		void open(ConnectAttempt attempt, @Nullable Timeout share) throws IOException;

		/**
		 * Completes the connection (proxy, TLS) once TCP is connected.
		 */
		void proceed(ConnectAttempt attempt, @Nullable Timeout share) throws IOException;

	}

}

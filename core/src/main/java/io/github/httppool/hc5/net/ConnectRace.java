package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import org.apache.hc.client5.http.ConnectExceptionSupport;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.Closer;
import org.jspecify.annotations.Nullable;

/**
 * Connects to several addresses of a host concurrently, with a delay between attempts,
 * and takes the first that answers (RFC 8305, section 5). Runs on the caller's thread,
 * which waits for all attempts with one selector.
 */
final class ConnectRace {

	private final ConnectSteps steps;

	private final ConnectAttempts attempts;

	private final HttpHost host;

	private final @Nullable InetSocketAddress local;

	private final SocketConfig config;

	/**
	 * Attempts that have not begun.
	 */
	private final Queue<ConnectAttempt> waiting;

	private final List<ConnectAttempt> pending = new ArrayList<>();

	/**
	 * Created on demand.
	 */
	private volatile @Nullable Selector selector;

	/** Whether another thread has closed the connection. */
	private volatile boolean closed;

	private @Nullable ConnectAttempt winner;

	/**
	 * Creates a race.
	 * @param host the host, as exceptions name it
	 * @param local the local address of connections, or {@code null} for any
	 */
	ConnectRace(ConnectSteps steps, ConnectAttempts attempts, HttpHost host, @Nullable InetSocketAddress local,
			SocketConfig config) {
		this.steps = steps;
		this.attempts = attempts;
		this.waiting = new ArrayDeque<>(attempts.remainingForRace());
		this.host = host;
		this.local = local;
		this.config = config;
	}

	/**
	 * Connects to the first address that answers. All other sockets are closed at the
	 * end.
	 * @param connection the connection that other threads close to end the race
	 * @param fallbackDelay how long to wait for pending attempts before the next one
	 * @return the attempt whose channel is connected, or {@code null} if all attempts
	 * failed, the time limit was reached, or the call was cancelled
	 */
	@Nullable ConnectAttempt run(ManagedHttpClientConnection connection, Duration fallbackDelay) throws IOException {
		connection.bind(new RaceSocket());
		try {
			race(this.attempts.delay(fallbackDelay, this.waiting.size()));
		}
		catch (Throwable ex) {
			abandonWinner();
			throw ex;
		}
		finally {
			finish();
		}
		return this.winner;
	}

	private void race(long delay) throws IOException {
		long next = begin(this.attempts.begin(this.waiting.remove())) ? System.nanoTime() + delay : System.nanoTime();
		while (this.winner == null) {
			// Read the clock before the last selection, so that an address that has
			// answered by then wins.
			boolean over = this.attempts.nanosLeft() <= 0 || isGivenUp();
			long wait = next - System.nanoTime();
			if (!over && !this.waiting.isEmpty() && (this.pending.isEmpty() || wait <= 0)) {
				next = begin(this.attempts.begin(this.waiting.remove())) ? System.nanoTime() + delay
						: System.nanoTime();
				continue;
			}
			if (this.pending.isEmpty()) {
				return;
			}
			if (this.waiting.isEmpty()) {
				wait = Long.MAX_VALUE;
			}
			if (await(over ? 0 : Math.min(wait, this.attempts.nanosLeft()))) {
				next = System.nanoTime();
			}
			if (over) {
				return;
			}
		}
	}

	private boolean isGivenUp() {
		return this.closed || Thread.currentThread().isInterrupted();
	}

	/**
	 * Begins to connect to an address.
	 * @return {@code false} if the attempt has failed
	 */
	private boolean begin(ConnectAttempt attempt) throws IOException {
		this.pending.add(attempt);
		this.steps.connectStarted(attempt);
		InetSocketAddress address = attempt.address;
		try {
			if (address == null || address.isUnresolved()) {
				throw new UnknownHostException(this.host.getHostName());
			}
			SocketChannel channel = SocketChannel.open();
			attempt.channel = channel;
			if (this.local != null) {
				channel.bind(this.local);
			}
			SocketSettings.apply(this.config, channel.socket());
			channel.configureBlocking(false);
			// With finishConnect, nearby addresses often need no selector.
			if (channel.connect(address) || channel.finishConnect()) {
				connected(attempt);
			}
			else {
				channel.register(selector(), SelectionKey.OP_CONNECT, attempt);
			}
			return true;
		}
		catch (IOException ex) {
			failed(attempt, SocketFailure.ofClosed(ex));
		}
		catch (UnsupportedAddressTypeException ex) {
			// The machine or the local address does not support this address family.
			failed(attempt, new SocketException("Unsupported address type"));
		}
		return false;
	}

	private Selector selector() throws IOException {
		Selector selector = this.selector;
		if (selector == null) {
			selector = Selector.open();
			this.selector = selector;
		}
		return selector;
	}

	/**
	 * Waits until an attempt ends, for a limited time.
	 * @return whether an attempt has failed
	 */
	private boolean await(long nanos) throws IOException {
		Selector selector = selector();
		if (nanos <= 0) {
			selector.selectNow();
		}
		else if (!isGivenUp()) {
			// Check again, because the connection may have been closed before the
			// selector was published.
			selector.select((nanos == Long.MAX_VALUE) ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
		}
		boolean failed = false;
		for (SelectionKey key : selector.selectedKeys()) {
			ConnectAttempt attempt = (ConnectAttempt) key.attachment();
			try {
				if (this.winner == null && ((SocketChannel) key.channel()).finishConnect()) {
					connected(attempt);
				}
			}
			catch (IOException ex) {
				failed(attempt, SocketFailure.ofClosed(ex));
				failed = true;
			}
		}
		selector.selectedKeys().clear();
		return failed;
	}

	private void connected(ConnectAttempt attempt) {
		this.pending.remove(attempt);
		this.winner = attempt;
	}

	private void failed(ConnectAttempt attempt, IOException ex) {
		this.pending.remove(attempt);
		Closer.closeQuietly(attempt.channel);
		reportFailure(attempt, ex);
	}

	private void reportFailure(ConnectAttempt attempt, IOException ex) {
		IOException failure = ConnectExceptionSupport.enhance(ex, attempt.of(this.host));
		attempt.failed(failure);
		this.attempts.failed(attempt, false, this.steps.isFailure(failure));
		this.steps.connectEnded(attempt, failure, true);
	}

	/**
	 * Turns the winning attempt into a pending one, so that it is closed like the others.
	 */
	private void abandonWinner() {
		if (this.winner != null) {
			this.pending.add(this.winner);
			this.winner = null;
		}
	}

	/**
	 * Closes all sockets except the winner's, then reports their outcomes.
	 */
	private void finish() {
		if (isGivenUp()) {
			abandonWinner();
		}
		this.pending.forEach((attempt) -> Closer.closeQuietly(attempt.channel));
		// A channel's socket is only closed once the channel is
		// deregistered from its selector.
		Closer.closeQuietly(this.selector);
		ConnectAttempt winner = this.winner;
		if (winner != null) {
			this.steps.connectEnded(winner, null, true);
		}
		for (ConnectAttempt attempt : this.pending) {
			if (winner != null) {
				boolean overtaken = attempt.connectStarted - winner.connectStarted < 0;
				this.attempts.abandoned(attempt, overtaken);
				this.steps.connectEnded(attempt,
						new SocketException("Given up, because " + winner.numericAddress() + " was connected first"),
						overtaken);
			}
			else {
				reportFailure(attempt, endReason());
			}
		}
	}

	private IOException endReason() {
		if (Thread.currentThread().isInterrupted()) {
			return new SocketException("Closed by interrupt");
		}
		return this.closed ? new SocketException("Socket closed") : new SocketTimeoutException("Connect timed out");
	}

	/**
	 * Represents the sockets of all attempts, so that closing the connection ends the
	 * race.
	 */
	private final class RaceSocket extends Socket {

		RaceSocket() throws SocketException {
			super((SocketImpl) null);
		}

		@Override
		public int getSoTimeout() {
			return 0;
		}

		@Override
		public void setSoLinger(boolean on, int seconds) {
		}

		@Override
		public void close() {
			ConnectRace race = ConnectRace.this;
			race.closed = true;
			Selector selector = race.selector;
			if (selector != null) {
				selector.wakeup();
			}
		}

	}

}

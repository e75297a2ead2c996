package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * The progress of opening a connection to one address. Not thread-safe: used by the
 * thread that connects.
 */
public final class ConnectAttempt {

	private static final String FAILED = " failed: ";

	public final @Nullable InetSocketAddress address;

	/**
	 * The server that a SOCKS proxy at the address connects to, or {@code null} without a
	 * proxy.
	 */
	public final @Nullable InetSocketAddress target;

	private State state = State.NEW;

	private long began;

	public long connectStarted;

	public long tlsStarted;

	public @Nullable InetSocketAddress connecting;

	/**
	 * The channel of a concurrent attempt, and of the attempt that won.
	 */
	@Nullable SocketChannel channel;

	/** {@code null} before and after the handshake. */
	public @Nullable ScheduledTimeout handshake;

	/**
	 * Whether the attempt failed after TCP was connected.
	 */
	public boolean connected;

	/**
	 * Whether the attempt failed in the TLS handshake.
	 */
	public boolean inHandshake;

	/**
	 * Whether the attempt failed because the TLS handshake timed out.
	 */
	public boolean overdue;

	private @Nullable IOException failure;

	private long nanos;

	public ConnectAttempt(@Nullable InetSocketAddress address) {
		this(address, null);
	}

	public ConnectAttempt(@Nullable InetSocketAddress address, @Nullable InetSocketAddress target) {
		this.address = address;
		this.target = target;
	}

	/**
	 * Begins the attempt. May be called again if the attempt was given up for another
	 * address.
	 */
	public void begin() {
		this.state = State.STARTED;
		this.began = System.nanoTime();
	}

	/**
	 * Ends the attempt because another address connected first.
	 */
	void abandon() {
		this.state = State.ABANDONED;
		this.nanos = System.nanoTime() - this.began;
	}

	public void failed(IOException failure) {
		this.state = State.FAILED;
		this.failure = failure;
		this.nanos = System.nanoTime() - this.began;
	}

	boolean isTried() {
		return this.state != State.NEW;
	}

	public boolean hasFailed() {
		return this.state == State.FAILED;
	}

	public IOException failure() {
		IOException failure = this.failure;
		if (failure == null) {
			throw new IllegalStateException("The attempt has not failed");
		}
		return failure;
	}

	/**
	 * Returns a host with this address, if the address is known.
	 */
	public HttpHost of(HttpHost host) {
		InetSocketAddress address = this.address;
		return (address != null && address.getAddress() != null)
				? new HttpHost(host.getSchemeName(), address.getAddress(), host.getHostName(), address.getPort())
				: host;
	}

	/**
	 * Returns the outcome of the attempt for an exception message.
	 */
	String outcome() {
		if (this.state == State.NEW) {
			return numericAddress() + " not tried";
		}
		String time = DurationFormat.format(Duration.ofNanos(this.nanos));
		if (this.state != State.FAILED) {
			return "%s given up after %s".formatted(numericAddress(), time);
		}
		return (this.overdue || this.failure instanceof SocketTimeoutException)
				? "%s timed out after %s".formatted(numericAddress(), time)
				: "%s failed after %s (%s)".formatted(numericAddress(), time, reason());
	}

	/**
	 * Returns the numeric address and port. The name is already part of the route.
	 */
	String numericAddress() {
		InetSocketAddress address = this.address;
		if (address == null) {
			return "the connection";
		}
		if (address.getAddress() == null) {
			return address.getHostString() + ":" + address.getPort();
		}
		String host = address.getAddress().getHostAddress();
		return ((host.indexOf(':') >= 0) ? "[" + host + "]" : host) + ":" + address.getPort();
	}

	/**
	 * Returns the message of the operating system or the JDK, without HttpClient's
	 * prefix. The JDK may put half of the message in the cause.
	 */
	public String reason() {
		IOException failure = failure();
		String message = Exceptions.message(failure);
		if (message == null) {
			return Exceptions.type(failure);
		}
		int end = message.indexOf(FAILED);
		if (end >= 0) {
			return message.substring(end + FAILED.length());
		}
		Throwable cause = Exceptions.cause(failure);
		String more = (cause != null) ? Exceptions.message(cause) : null;
		return (more == null || message.contains(more)) ? message : message + ": " + more;
	}

	/**
	 * The state of an attempt. <pre>
	 *  NEW --&gt; STARTED --&gt; FAILED
	 *            |  ^
	 *            v  |
	 *         ABANDONED     another address was connected first
	 * </pre>
	 */
	private enum State {

		NEW, STARTED, ABANDONED, FAILED

	}

}

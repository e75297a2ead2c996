package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * Where the opening of a connection to one address has got to. Used by one thread.
 */
public final class ConnectAttempt {

	private static final String FAILED = " failed: ";

	public final @Nullable InetSocketAddress address;

	/** Where a SOCKS proxy at the address connects to, otherwise {@code null}. */
	public final @Nullable InetSocketAddress target;

	/** Whether it is, or was, tried. */
	private boolean tried;

	private long began;

	public long connectStarted;

	public long tlsStarted;

	/** What is being connected to. */
	public @Nullable InetSocketAddress connecting;

	/** While it is one of several attempts at the same time, and once it is the first. */
	@Nullable SocketChannel channel;

	/** {@code null} before and after the handshake. */
	public @Nullable ScheduledTimeout handshake;

	/** Whether TCP was connected before it failed. */
	public boolean connected;

	/** Whether it failed in the handshake. */
	public boolean inHandshake;

	/** Whether it failed because the time of the handshake was over. */
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
	 * Begin, or begin anew after it was given up for another address.
	 */
	public void begin() {
		this.tried = true;
		this.began = System.nanoTime();
	}

	/**
	 * Another address was connected first.
	 */
	void giveUp() {
		this.nanos = System.nanoTime() - this.began;
	}

	public void failed(IOException failure) {
		this.failure = failure;
		this.nanos = System.nanoTime() - this.began;
	}

	boolean isTried() {
		return this.tried;
	}

	public boolean hasFailed() {
		return this.failure != null;
	}

	public IOException failure() {
		IOException failure = this.failure;
		if (failure == null) {
			throw new IllegalStateException("It has not failed");
		}
		return failure;
	}

	/**
	 * Return a host with this address, where it is known.
	 */
	public HttpHost of(HttpHost host) {
		InetSocketAddress address = this.address;
		return (address != null && address.getAddress() != null)
				? new HttpHost(host.getSchemeName(), address.getAddress(), host.getHostName(), address.getPort())
				: host;
	}

	/**
	 * Return what there is to say about it.
	 */
	String outcome() {
		if (!this.tried) {
			return where() + " not tried";
		}
		String time = DurationFormat.format(Duration.ofNanos(this.nanos));
		if (this.failure == null) {
			return "%s given up after %s".formatted(where(), time);
		}
		return (this.overdue || this.failure instanceof SocketTimeoutException)
				? "%s timed out after %s".formatted(where(), time)
				: "%s failed after %s (%s)".formatted(where(), time, why());
	}

	/**
	 * Return the address and the port in numbers: the name is in the route.
	 */
	String where() {
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
	 * Return what the operating system or the JDK said, without what HttpClient put
	 * before it. The JDK may say the half of it in the cause.
	 */
	public String why() {
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

}

package io.github.httppool.hc5;

import java.io.IOException;
import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * Where the opening of a connection to one address has got to. Used by one thread.
 */
final class ConnectAttempt {

	private static final String FAILED = " failed: ";

	final @Nullable InetSocketAddress address;

	private final long began = System.nanoTime();

	long connectStarted;

	long tlsStarted;

	/** What is being connected to. */
	@Nullable InetSocketAddress connecting;

	/** {@code null} before and after the handshake. */
	@Nullable Watch handshake;

	/** Whether it failed in the handshake. */
	boolean inHandshake;

	/** Whether it failed because the time of the handshake was over. */
	boolean overdue;

	private @Nullable IOException failure;

	private long nanos;

	ConnectAttempt(@Nullable InetSocketAddress address) {
		this.address = address;
	}

	void failed(IOException failure) {
		this.failure = failure;
		this.nanos = System.nanoTime() - this.began;
	}

	IOException failure() {
		IOException failure = this.failure;
		if (failure == null) {
			throw new IllegalStateException("It has not failed");
		}
		return failure;
	}

	/**
	 * Return how long it took to fail.
	 * @return the time in nanoseconds
	 */
	long nanos() {
		return this.nanos;
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
	String why() {
		IOException failure = failure();
		String message = Failures.message(failure);
		if (message == null) {
			return Failures.type(failure);
		}
		int end = message.indexOf(FAILED);
		if (end >= 0) {
			return message.substring(end + FAILED.length());
		}
		Throwable cause = Failures.cause(failure);
		String more = (cause != null) ? Failures.message(cause) : null;
		return (more == null || message.contains(more)) ? message : message + ": " + more;
	}

}

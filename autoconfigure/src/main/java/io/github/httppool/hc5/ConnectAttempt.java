package io.github.httppool.hc5;

import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * Where the opening of a connection to one address has got to. Used by one thread.
 */
final class ConnectAttempt {

	final @Nullable InetSocketAddress address;

	long connectStarted;

	long tlsStarted;

	/** What is being connected to. */
	@Nullable InetSocketAddress connecting;

	/** {@code null} before and after the handshake. */
	@Nullable Watch handshake;

	ConnectAttempt(@Nullable InetSocketAddress address) {
		this.address = address;
	}

}

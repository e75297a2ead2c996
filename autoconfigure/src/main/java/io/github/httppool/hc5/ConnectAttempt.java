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

	@Nullable Watch tlsWatch;

	boolean connecting;

	boolean shakingHands;

	ConnectAttempt(@Nullable InetSocketAddress address) {
		this.address = address;
	}

}

package io.github.httppool.hc5.net;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * Follows how one connection is opened. Used by the thread that opens it.
 */
public interface ConnectSteps {

	/**
	 * The next attempt is about to begin.
	 */
	void connecting();

	/**
	 * An attempt is the current one: TLS and failures belong to it from now on.
	 */
	void attempting(ConnectAttempt attempt);

	/**
	 * The TCP connect to the address of an attempt has begun.
	 */
	void connectStarted(ConnectAttempt attempt);

	/**
	 * The TCP connect to the address of an attempt is over.
	 * @param failure why it failed, or {@code null}
	 * @param counts whether that says anything about the address
	 */
	void connectEnded(ConnectAttempt attempt, @Nullable Exception failure, boolean counts);

	/**
	 * Returns whether the peer failed, and not the caller or the pool gave up.
	 */
	boolean isFailure(@Nullable Exception failure);

	/**
	 * The current step of an attempt has failed. The failure is kept in the attempt;
	 * errors and runtime exceptions are thrown.
	 * @return whether the peer failed
	 */
	boolean failed(ConnectAttempt attempt, Throwable failure);

	/**
	 * Returns the exception for the caller when no attempt has succeeded.
	 */
	IOException explain(ConnectAttempts attempts);

}

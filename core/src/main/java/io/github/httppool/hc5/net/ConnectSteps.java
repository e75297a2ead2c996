package io.github.httppool.hc5.net;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * Observes the steps of opening one connection. Called by the thread that opens it.
 */
public interface ConnectSteps {

	/**
	 * Called before the next attempt begins.
	 */
	void connecting();

	/**
	 * Called when an attempt becomes current: TLS and failures are attributed to it from
	 * now on.
	 */
	void attempting(ConnectAttempt attempt);

	/**
	 * Called when the TCP connect of an attempt begins.
	 */
	void connectStarted(ConnectAttempt attempt);

	/**
	 * Called when the TCP connect of an attempt ends.
	 * @param failure the failure, or {@code null}
	 * @param counts whether the address caused the failure
	 */
	void connectEnded(ConnectAttempt attempt, @Nullable Exception failure, boolean counts);

	/**
	 * Returns whether the peer failed, as opposed to the caller or the pool giving up.
	 */
	boolean isFailure(@Nullable Exception failure);

	/**
	 * Called when the current step of an attempt fails. The failure is recorded in the
	 * attempt; errors and runtime exceptions are rethrown.
	 * @return whether the peer failed
	 */
	boolean failed(ConnectAttempt attempt, Throwable failure);

	/**
	 * Returns the exception for the caller when no attempt has succeeded.
	 */
	IOException explain(ConnectAttempts attempts);

}

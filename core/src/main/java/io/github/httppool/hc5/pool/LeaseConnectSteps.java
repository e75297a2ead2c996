package io.github.httppool.hc5.pool;

import java.io.IOException;

import io.github.httppool.CallPhase;
import io.github.httppool.hc5.net.ConnectAttempt;
import io.github.httppool.hc5.net.ConnectAttempts;
import io.github.httppool.hc5.net.ConnectSteps;
import io.github.httppool.hc5.observe.ConnectExplanation;
import org.jspecify.annotations.Nullable;

/**
 * Observes how the connection of a lease is opened.
 *
 * @param events counts the steps, and notifies listeners
 * @param lease the lease
 */
record LeaseConnectSteps(ConnectEvents events, Lease lease) implements ConnectSteps {

	@Override
	public void connecting() {
		ConnectEvents.entered(this.lease, CallPhase.CONNECTING);
	}

	@Override
	public void attempting(ConnectAttempt attempt) {
		this.lease.attempt(attempt);
	}

	@Override
	public void connectStarted(ConnectAttempt attempt) {
		this.events.connectStarted(this.lease, attempt);
	}

	@Override
	public void connectEnded(ConnectAttempt attempt, @Nullable Exception failure, boolean counts) {
		this.events.connectEnded(this.lease, attempt, failure, counts);
	}

	@Override
	public boolean isFailure(@Nullable Exception failure) {
		return this.events.isFailure(this.lease, failure);
	}

	@Override
	public boolean failed(ConnectAttempt attempt, Throwable failure) {
		return this.events.failed(this.lease, attempt, failure);
	}

	@Override
	public IOException explain(ConnectAttempts attempts) {
		return ConnectExplanation.of(this.lease, this.events.pool(), attempts);
	}

}

package io.github.httppool.benchmarks.clients;

import java.io.Serializable;

/**
 * A client to be opened.
 *
 * @param kind the kind of the client
 * @param maxConnections maximum number of connections, in total and per route
 * @param observed whether its calls are observed, as in an application with Actuator
 */
public record ClientSpec(ClientKind kind, int maxConnections, boolean observed) implements Serializable {

	private static final long serialVersionUID = 1;

	/** Enough connections for all callers of any comparison. */
	public static final int ENOUGH_CONNECTIONS = 100;

	/**
	 * Create a specification of a client that is not observed and never waits.
	 * @param kind the kind of the client
	 */
	public ClientSpec(ClientKind kind) {
		this(kind, ENOUGH_CONNECTIONS, false);
	}

	/**
	 * Open the client.
	 * @return the client
	 */
	public ComparedClient open() {
		return this.kind.open(this);
	}

}

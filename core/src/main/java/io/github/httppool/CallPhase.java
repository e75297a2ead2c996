package io.github.httppool;

/**
 * What a call is doing, in the order in which it does it. After a redirect or a challenge
 * it begins anew.
 *
 * @since 0.1.0
 */
public enum CallPhase {

	/** Waits for a connection of the pool. */
	ACQUIRING("waiting for a connection"),

	/** Looks up the addresses of the host. */
	RESOLVING("looking up the host"),

	/** Opens a TCP connection. */
	CONNECTING("connecting"),

	/** Does the TLS handshake. */
	TLS_HANDSHAKE("TLS handshake"),

	/** Writes the request. */
	SENDING("sending the request"),

	/** Waits for the head of the response. */
	WAITING("waiting for the response"),

	/** Reads the body of the response, or has yet to. */
	READING("reading the body");

	private final String description;

	CallPhase(String description) {
		this.description = description;
	}

	/**
	 * Return a description for messages.
	 * @return a few words, in lower case
	 */
	public String description() {
		return this.description;
	}

}

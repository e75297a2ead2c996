package io.github.httppool;

/**
 * The phases of a call, in their order. After a redirect or an authentication challenge,
 * a call starts again with the first phase.
 *
 * @since 0.1.0
 */
public enum CallPhase {

	/** The call waits for a connection of the pool. */
	ACQUIRING("waiting for a connection"),

	/** The call looks up the addresses of the host. */
	RESOLVING("looking up the host"),

	/** The call opens a TCP connection. */
	CONNECTING("connecting"),

	/** The call performs the TLS handshake. */
	TLS_HANDSHAKE("TLS handshake"),

	/** The call sends the request. */
	SENDING("sending the request"),

	/** The call waits for the status line and headers of the response. */
	WAITING("waiting for the response"),

	/** The call has the headers, but not yet the whole body. */
	READING("reading the body");

	private final String description;

	CallPhase(String description) {
		this.description = description;
	}

	/**
	 * Return a description of this phase for messages.
	 * @return a few words in lower case, such as {@code waiting for a connection}
	 */
	public String description() {
		return this.description;
	}

}

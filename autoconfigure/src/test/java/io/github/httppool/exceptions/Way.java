package io.github.httppool.exceptions;

/**
 * How a client reaches its server.
 */
enum Way {

	PLAIN("plain"), TLS("TLS"), SOCKS("SOCKS"), PROXY("HTTP proxy"), TUNNEL("TLS through a tunnel");

	private final String text;

	Way(String text) {
		this.text = text;
	}

	boolean isTls() {
		return this == TLS || this == TUNNEL;
	}

	@Override
	public String toString() {
		return this.text;
	}

}

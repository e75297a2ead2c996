package io.github.httppool.metrics;

/**
 * A step of opening a connection.
 */
enum ConnectPhase {

	DNS("dns"),

	TCP("tcp"),

	TLS("tls");

	private final String code;

	ConnectPhase(String code) {
		this.code = code;
	}

	String code() {
		return this.code;
	}

}

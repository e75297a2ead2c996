package io.github.httppool.benchmarks.clients;

/**
 * What a client does in one call.
 */
public enum Operation {

	/** Get a response and read its body as bytes. */
	BYTES,

	/** Get a response and read its body as text. */
	TEXT,

	/** Get a response and close it without reading its body. */
	IGNORE,

	/** Lease a connection from the pool and release it, without an exchange. */
	LEASE

}

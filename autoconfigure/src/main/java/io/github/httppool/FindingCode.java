package io.github.httppool;

/**
 * What a {@link Finding} can be about.
 *
 * @since 0.1.0
 */
public enum FindingCode {

	/** Callers wait because a route needs more connections than it may have. */
	POOL_TOO_SMALL,

	/** Far more connections are allowed and kept than are ever needed. */
	POOL_TOO_LARGE,

	/** Limit of the pool binds before those of its routes. */
	TOTAL_LIMIT_BINDS,

	/** Connections are held by callers who seem to have forgotten them. */
	LEAK_SUSPECTED,

	/** Server closes its connections after each response. */
	SERVER_CLOSES,

	/** Server closes idle connections earlier than {@code idle-timeout}. */
	KEEP_ALIVE_MISMATCH,

	/** Connections are seldom reused. */
	LOW_REUSE,

	/** Bodies that callers do not read are too large or too slow to be drained. */
	UNREAD_BODIES,

	/** Connections turn out to be closed by the server when they are leased. */
	STALE_CONNECTIONS,

	/** Addresses are looked up slowly. */
	SLOW_DNS,

	/** Connects take long. */
	SLOW_CONNECTS,

	/** Connects, look-ups or TLS handshakes fail. */
	FAILING_CONNECTS,

	/** TLS handshakes take long. */
	SLOW_TLS,

	/** TLS sessions are not resumed. */
	NO_TLS_RESUMPTION,

	/** Connections are opened so fast that the machine runs out of local ports. */
	PORTS_RUNNING_OUT,

	/** Server sends bytes that nobody has asked for. */
	UNSOLICITED_DATA,

	/** Callers are refused because too many wait. */
	CALLERS_REFUSED,

	/** One slow route holds so many connections that others must wait. */
	SLOW_ROUTE,

	/** Process or machine stands still for some time again and again. */
	PAUSES,

	/** Wall clock was changed. */
	CLOCK_CHANGED

}

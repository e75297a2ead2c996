package io.github.httppool;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Kinds of {@linkplain Finding findings}.
 *
 * @since 0.1.0
 */
public enum FindingCode {

	/** Callers wait because a route needs more connections than its limit allows. */
	POOL_TOO_SMALL(Severity.WARNING, Severity.CRITICAL),

	/** The pool keeps far more connections than it needs. */
	POOL_TOO_LARGE(Severity.INFO),

	/** The limit of the pool is reached before the limits of its routes. */
	TOTAL_LIMIT_BINDS(Severity.WARNING, Severity.CRITICAL),

	/** Callers hold connections and seem to have forgotten them. */
	LEAK_SUSPECTED(Severity.WARNING, Severity.CRITICAL),

	/** The server closes its connections after each response. */
	SERVER_CLOSES(Severity.WARNING),

	/** The server closes idle connections before {@code idle-timeout}. */
	KEEP_ALIVE_MISMATCH(Severity.INFO, Severity.WARNING),

	/** Connections are rarely reused. */
	LOW_REUSE(Severity.INFO, Severity.WARNING),

	/** Bodies that callers do not read are too large or too slow to be drained. */
	UNREAD_BODIES(Severity.WARNING),

	/** Idle connections are found closed by the server when they are leased. */
	STALE_CONNECTIONS(Severity.WARNING),

	/** DNS lookups are slow. */
	SLOW_DNS(Severity.WARNING),

	/** TCP connects are slow. */
	SLOW_CONNECTS(Severity.WARNING),

	/** Connects, lookups or TLS handshakes fail. */
	FAILING_CONNECTS(Severity.CRITICAL),

	/** TLS handshakes are slow. */
	SLOW_TLS(Severity.WARNING),

	/** TLS sessions are not resumed. */
	NO_TLS_RESUMPTION(Severity.INFO),

	/** Connections are opened so fast that the machine runs out of local ports. */
	PORTS_RUNNING_OUT(Severity.WARNING, Severity.CRITICAL),

	/** The server sends bytes that belong to no response. */
	UNSOLICITED_DATA(Severity.WARNING),

	/** The pool rejects callers because too many are waiting. */
	CALLERS_REFUSED(Severity.WARNING, Severity.CRITICAL),

	/** A slow route holds so many connections that callers of other routes wait. */
	SLOW_ROUTE(Severity.WARNING, Severity.CRITICAL),

	/** The process or the machine pauses repeatedly. */
	PAUSES(Severity.WARNING),

	/** The wall clock was changed. */
	CLOCK_CHANGED(Severity.INFO);

	private final Set<Severity> severities;

	FindingCode(Severity lightest, Severity... worse) {
		this.severities = Collections.unmodifiableSet(EnumSet.of(lightest, worse));
	}

	/**
	 * Return the severities that a finding with this code can have.
	 * @return the severities, the lightest first, unmodifiable
	 */
	public Set<Severity> severities() {
		return this.severities;
	}

}

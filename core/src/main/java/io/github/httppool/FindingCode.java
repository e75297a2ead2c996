package io.github.httppool;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

import io.github.httppool.Finding.Severity;

/**
 * What a {@link Finding} can be about.
 *
 * @since 0.1.0
 */
public enum FindingCode {

	/** Callers wait because a route needs more connections than it may have. */
	POOL_TOO_SMALL(Severity.WARNING, Severity.CRITICAL),

	/** Far more connections are allowed and kept than are ever needed. */
	POOL_TOO_LARGE(Severity.INFO),

	/** Limit of the pool binds before those of its routes. */
	TOTAL_LIMIT_BINDS(Severity.WARNING, Severity.CRITICAL),

	/** Connections are held by callers who seem to have forgotten them. */
	LEAK_SUSPECTED(Severity.WARNING, Severity.CRITICAL),

	/** Server closes its connections after each response. */
	SERVER_CLOSES(Severity.WARNING),

	/** Server closes idle connections earlier than {@code idle-timeout}. */
	KEEP_ALIVE_MISMATCH(Severity.INFO, Severity.WARNING),

	/** Connections are seldom reused. */
	LOW_REUSE(Severity.INFO, Severity.WARNING),

	/** Bodies that callers do not read are too large or too slow to be drained. */
	UNREAD_BODIES(Severity.WARNING),

	/** Connections turn out to be closed by the server when they are leased. */
	STALE_CONNECTIONS(Severity.WARNING),

	/** Addresses are looked up slowly. */
	SLOW_DNS(Severity.WARNING),

	/** Connects take long. */
	SLOW_CONNECTS(Severity.WARNING),

	/** Connects, lookups or TLS handshakes fail. */
	FAILING_CONNECTS(Severity.CRITICAL),

	/** TLS handshakes take long. */
	SLOW_TLS(Severity.WARNING),

	/** TLS sessions are not resumed. */
	NO_TLS_RESUMPTION(Severity.INFO),

	/** Connections are opened so fast that the machine runs out of local ports. */
	PORTS_RUNNING_OUT(Severity.WARNING, Severity.CRITICAL),

	/** Server sends bytes that nobody has asked for. */
	UNSOLICITED_DATA(Severity.WARNING),

	/** Callers are refused because too many wait. */
	CALLERS_REFUSED(Severity.WARNING, Severity.CRITICAL),

	/** One slow route holds so many connections that others must wait. */
	SLOW_ROUTE(Severity.WARNING, Severity.CRITICAL),

	/** Process or machine stands still for some time again and again. */
	PAUSES(Severity.WARNING),

	/** Wall clock was changed. */
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

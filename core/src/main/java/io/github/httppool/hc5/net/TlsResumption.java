package io.github.httppool.hc5.net;

import javax.net.ssl.SSLSession;

/**
 * Detects whether a handshake resumed the session of an earlier connection. Java has no
 * API for this. However, a resumed session carries the values of its original session:
 * with TLS 1.2 it is the same object, with TLS 1.3 all sessions and tickets of a chain
 * share their values. Each session is therefore marked, and a session that is already
 * marked was resumed.
 */
public final class TlsResumption {

	private static final String MARK = "io.github.httppool.seen";

	private TlsResumption() {
	}

	/**
	 * Checks and marks the session of a handshake that has just ended. Call once per
	 * handshake.
	 * @return whether the session was resumed; {@code false} if the TLS provider's
	 * sessions carry no values
	 */
	public static boolean isResumed(SSLSession session) {
		try {
			boolean seen = session.getValue(MARK) != null;
			if (!seen) {
				session.putValue(MARK, Boolean.TRUE);
			}
			return seen;
		}
		catch (RuntimeException ex) {
			// The user's TLS provider does not support values.
			return false;
		}
	}

}

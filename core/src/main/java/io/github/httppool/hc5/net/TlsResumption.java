package io.github.httppool.hc5.net;

import javax.net.ssl.SSLSession;

/**
 * Says whether a handshake resumed the session of an earlier connection. Java does not
 * tell. But its sessions carry values, and one that is resumed carries those of the one
 * that it comes from: with TLS 1.2 it is the same object, with TLS 1.3 both share the
 * values with every ticket in between. So each session is marked, and one that is marked
 * already was resumed.
 */
public final class TlsResumption {

	private static final String MARK = "io.github.httppool.seen";

	private TlsResumption() {
	}

	/**
	 * Look at the session of a handshake that has just ended, once for each handshake.
	 * @return whether it was resumed; {@code false} if the TLS provider's sessions carry
	 * no values
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
			// A provider of the user's that does not know of values.
			return false;
		}
	}

}

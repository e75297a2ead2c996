package io.github.httppool;

import javax.net.ssl.SSLSession;

/**
 * Result of a TLS handshake.
 *
 * @param session the session, with the certificates of the server
 * @param resumed whether the session of an earlier connection was resumed, which saves
 * most of a handshake; {@code false} if the TLS provider does not report it
 * @since 0.1.0
 */
public record TlsInfo(SSLSession session, boolean resumed) {

	/**
	 * Return the protocol version.
	 * @return the version, such as {@code TLSv1.3}
	 */
	public String protocol() {
		return this.session.getProtocol();
	}

	/**
	 * Return the cipher suite.
	 * @return the cipher suite, such as {@code TLS_AES_256_GCM_SHA384}
	 */
	public String cipherSuite() {
		return this.session.getCipherSuite();
	}

}

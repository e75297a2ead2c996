package io.github.httppool;

import javax.net.ssl.SSLSession;

/**
 * What a TLS handshake came to.
 *
 * @param session the session, with the certificates of the server
 * @param resumed whether the session of an earlier connection was resumed, which saves
 * most of a handshake; also {@code false} where the TLS provider does not let it be known
 * @since 0.1.0
 */
public record TlsInfo(SSLSession session, boolean resumed) {

	/**
	 * Return the version of the protocol.
	 * @return such as {@code TLSv1.3}
	 */
	public String protocol() {
		return this.session.getProtocol();
	}

	/**
	 * Return the cipher suite.
	 * @return such as {@code TLS_AES_256_GCM_SHA384}
	 */
	public String cipherSuite() {
		return this.session.getCipherSuite();
	}

}

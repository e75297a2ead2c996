package io.github.httppool.hc5.observe;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

import io.github.httppool.hc5.net.Exceptions;

/**
 * Explains why a TLS handshake failed. The JDK distinguishes the cases by causes, and
 * some of them only by the message.
 */
public final class TlsExplanation {

	private static final String BUNDLE = "spring.http.clients.ssl.bundle, or the bundle of its client";

	private static final String CLOCK = ", or the clock of this machine is wrong";

	private TlsExplanation() {
	}

	/**
	 * Explains a handshake that failed.
	 * @param tried the address that was tried, for how long, and its failure
	 * @param peer the peer of the handshake: {@code server} or {@code proxy}
	 */
	static IOException failed(PoolView pool, RouteStats route, String tried, String peer, IOException failure) {
		return ExceptionCopies.withMessage(failure, Explanation.of(pool,
				"No TLS with %s (pool '%s'): %s. %s. The SSL bundle is that of %s", route.name, pool.name(), tried,
				reason(failure).replace("the server", "the " + peer).replace("The server", "The " + peer), BUNDLE));
	}

	/**
	 * Explains a TLS failure that occurred in place of a response. With TLS 1.3 the
	 * client completes the handshake before the server has verified its certificate.
	 */
	public static IOException refused(PoolView pool, RouteStats route, SSLException failure) {
		String message = Exceptions.messageOrType(failure);
		return ExceptionCopies.withMessage(failure,
				Explanation.of(pool,
						"TLS with %s failed before an answer came (pool '%s'): %s. %s. The SSL bundle is that of %s",
						route.name, pool.name(), message,
						isAlert(message) ? alert(message.toLowerCase(Locale.ROOT))
								: isConnectionFailure(failure) ? "The connection ended: check the log of the server"
										: "Some of the received bytes are not TLS of this connection: check what "
												+ "is between the two, and the log of the server",
						BUNDLE));
	}

	private static String reason(IOException failure) {
		String message = Exceptions.messageOrType(failure);
		if ((failure instanceof SSLPeerUnverifiedException && message.contains("match")) || isNameMismatch(failure)) {
			return "The server's certificate is for other names than the host of the call: call it by one of them, or "
					+ "configure the server to present another certificate";
		}
		if (has(failure, CertificateExpiredException.class)) {
			return "The certificate that the server sent, or one of its authorities', has expired" + CLOCK;
		}
		if (has(failure, CertificateNotYetValidException.class)) {
			return "The certificate that the server sent, or one of its authorities', is not valid yet" + CLOCK;
		}
		if (isInvalidName(failure)) {
			return "The JDK compares no certificate with that host, because RFC 1123 does not allow such a name, for example "
					+ "one with an underscore: call the server by another name";
		}
		if (isRevocationUnknown(failure)) {
			return "The check of the server's certificate failed, which says nothing about the certificate: check what it "
					+ "asks for, such as OCSP or a CRL, and the network to that";
		}
		if (isUntrusted(failure)) {
			return "The server's certificate is not trusted: either its authority is missing from the trust store of the "
					+ "SSL bundle, or the server does not send the certificates between the two";
		}
		if (has(failure, CertPathValidatorException.class) || has(failure, CertificateException.class)) {
			return "The server's certificate was refused for that reason: configure the server to present another one";
		}
		if (isAlert(message)) {
			return alert(message.toLowerCase(Locale.ROOT));
		}
		if (message.contains("Unsupported or unrecognized SSL message")) {
			return "The port answers without TLS: the URL may need http instead of https, or another port";
		}
		if (isConnectionFailure(failure)) {
			return "The connection ended within the handshake: check the log of the server and of what stands before it. "
					+ "It may not know that host name, want another protocol version, or refuse this client";
		}
		return "Check the protocols, ciphers and stores of the SSL bundle, and the log of the server";
	}

	private static boolean isAlert(String message) {
		return message.contains("Received fatal alert");
	}

	private static String alert(String message) {
		if (message.contains("certificate") || message.contains("unknown_ca") || message.contains("access_denied")) {
			return "The server does not accept the client's certificate, or did not receive one: check the key store of the SSL "
					+ "bundle, and what the server trusts";
		}
		if (message.contains("unrecognized_name")) {
			return "The server knows no host of that name: check the host of the call";
		}
		if (message.contains("internal_error")) {
			return "The server reports an internal error: check its log";
		}
		if (message.contains("protocol_version") || message.contains("insufficient_security")) {
			return "The client and the server have no protocol version or cipher in common: check the options of the SSL bundle";
		}
		return "The server refused the handshake. Possible causes: no protocol version or cipher in common, or a missing "
				+ "client certificate: check the options of the SSL bundle, and the log of the server";
	}

	/**
	 * The JDK has no exception type for this case.
	 */
	private static boolean isNameMismatch(Throwable failure) {
		for (Throwable cause : Exceptions.chain(failure)) {
			String message = Exceptions.message(cause);
			if (cause instanceof CertificateException && message != null
					&& (message.startsWith("No subject alternative") || message.startsWith("No name matching"))) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The JDK has no exception type for this case either.
	 */
	private static boolean isInvalidName(Throwable failure) {
		for (Throwable cause : Exceptions.chain(failure)) {
			if (cause instanceof CertificateException
					&& Exceptions.messageOrType(cause).startsWith("Illegal given domain name")) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Other reasons to reject a certificate are its algorithm or its revocation.
	 */
	private static boolean isUntrusted(Throwable failure) {
		boolean untrusted = false;
		for (Throwable cause : Exceptions.chain(failure)) {
			if (cause instanceof CertPathValidatorException invalid && invalid.getReason() instanceof BasicReason reason
					&& reason != BasicReason.UNSPECIFIED) {
				return false;
			}
			untrusted |= cause instanceof CertPathBuilderException
					|| Exceptions.messageOrType(cause).contains("trust anchor")
					|| Exceptions.messageOrType(cause).contains("No trusted certificate");
		}
		return untrusted;
	}

	/**
	 * Checks over the network, such as OCSP, can fail as well.
	 */
	private static boolean isRevocationUnknown(Throwable failure) {
		boolean checks = false;
		for (Throwable cause : Exceptions.chain(failure)) {
			if (cause instanceof CertPathValidatorException invalid
					&& invalid.getReason() == BasicReason.UNDETERMINED_REVOCATION_STATUS) {
				return true;
			}
			checks |= cause instanceof CertificateException;
			if (checks && cause instanceof IOException) {
				return true;
			}
		}
		return false;
	}

	private static boolean isConnectionFailure(Throwable failure) {
		for (Throwable cause : Exceptions.chain(failure)) {
			if (cause instanceof SocketException || cause instanceof EOFException) {
				return true;
			}
		}
		return false;
	}

	private static boolean has(Throwable failure, Class<? extends Throwable> type) {
		for (Throwable cause : Exceptions.chain(failure)) {
			if (type.isInstance(cause)) {
				return true;
			}
		}
		return false;
	}

}

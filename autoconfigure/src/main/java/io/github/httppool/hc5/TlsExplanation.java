package io.github.httppool.hc5;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Why there is no TLS with a server. The JDK tells the cases apart by the causes and, in
 * part, by nothing but the message.
 */
final class TlsExplanation {

	private static final String BUNDLE = "spring.http.clients.ssl.bundle, or the bundle of its client";

	private TlsExplanation() {
	}

	/**
	 * Explain a handshake that failed.
	 * @param tried which address, for how long, and what it failed with
	 */
	static IOException failed(ConnectionPool pool, Route route, String tried, IOException failure) {
		return Reworded.of(failure, "No TLS with %s (pool '%s'; %s): %s. %s".formatted(route.name, pool.name(), BUNDLE,
				tried, reason(failure)));
	}

	/**
	 * Explain an alert that came in place of a response: with TLS 1.3 the handshake is
	 * over for the client before the server has seen its certificate.
	 */
	static IOException refused(ConnectionPool pool, Route route, SSLException failure) {
		return Reworded.of(failure, "%s ended TLS in place of an answer (pool '%s'; %s): %s. %s".formatted(route.name,
				pool.name(), BUNDLE, Failures.words(failure), reason(failure)));
	}

	private static String reason(IOException failure) {
		String message = Failures.words(failure);
		if (failure instanceof SSLPeerUnverifiedException || isForAnotherName(failure)) {
			return "The server's certificate is for other names than the host of the call: call it by one of them, or "
					+ "let the server show another certificate";
		}
		if (has(failure, CertificateExpiredException.class)) {
			return "The server's certificate has expired, or the clock of this machine is wrong";
		}
		if (has(failure, CertificateNotYetValidException.class)) {
			return "The server's certificate is not valid yet, or the clock of this machine is wrong";
		}
		if (isForNoName(failure)) {
			return "The JDK compares no certificate with that host, which is no name by the letter of RFC 1123, as where "
					+ "there is an underscore in it: call the server by another name";
		}
		if (isUntrusted(failure)) {
			return "The server's certificate is not trusted: its authority belongs into the trust store of the SSL bundle, "
					+ "and the server must send the certificates between the two";
		}
		if (has(failure, CertPathValidatorException.class) || has(failure, CertificateException.class)) {
			return "The server's certificate was refused for that reason: let the server show another one";
		}
		if (message.contains("Received fatal alert")) {
			return alert(message.toLowerCase(Locale.ROOT));
		}
		if (message.contains("Unsupported or unrecognized SSL message")) {
			return "What answers there does not speak TLS: http in place of https, or another port";
		}
		if (isDueToTheConnection(failure)) {
			return "The server, or what stands before it, closed the connection within the handshake: look at its log; it "
					+ "may know no such host name, want another protocol version, or refuse this client";
		}
		return "Look at the protocols, ciphers and stores of the SSL bundle, and at the log of the server";
	}

	private static String alert(String message) {
		if (message.contains("certificate") || message.contains("unknown_ca")) {
			return "The server does not accept the client's certificate, or misses one: look at the key store of the SSL "
					+ "bundle, and at what the server trusts";
		}
		if (message.contains("unrecognized_name")) {
			return "The server knows no host of that name: look at the host of the call";
		}
		return "The server refused the handshake, as where the two have no protocol version or cipher in common: look at "
				+ "the options of the SSL bundle, and at the log of the server";
	}

	/** The JDK has no exception of its own for it. */
	private static boolean isForAnotherName(Throwable failure) {
		for (Throwable cause : Failures.chain(failure)) {
			String message = Failures.message(cause);
			if (cause instanceof CertificateException && message != null
					&& (message.startsWith("No subject alternative") || message.startsWith("No name matching"))) {
				return true;
			}
		}
		return false;
	}

	/** Here, too, only the message tells. */
	private static boolean isForNoName(Throwable failure) {
		for (Throwable cause : Failures.chain(failure)) {
			if (cause instanceof CertificateException
					&& Failures.words(cause).startsWith("Illegal given domain name")) {
				return true;
			}
		}
		return false;
	}

	/**
	 * A certificate may also be refused because of its algorithm, or as a revoked one.
	 */
	private static boolean isUntrusted(Throwable failure) {
		boolean untrusted = false;
		for (Throwable cause : Failures.chain(failure)) {
			if (cause instanceof CertPathValidatorException invalid && invalid.getReason() instanceof BasicReason reason
					&& reason != BasicReason.UNSPECIFIED) {
				return false;
			}
			untrusted |= cause instanceof CertPathBuilderException || Failures.words(cause).contains("trust anchor")
					|| Failures.words(cause).contains("No trusted certificate");
		}
		return untrusted;
	}

	private static boolean isDueToTheConnection(Throwable failure) {
		for (Throwable cause : Failures.chain(failure)) {
			if (cause instanceof IOException && !(cause instanceof SSLException)) {
				return true;
			}
		}
		return false;
	}

	private static boolean has(Throwable failure, Class<? extends Throwable> type) {
		for (Throwable cause : Failures.chain(failure)) {
			if (type.isInstance(cause)) {
				return true;
			}
		}
		return false;
	}

}

package io.github.httppool.autoconfigure;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.util.Collections;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;

/**
 * Checks that the keys of a bundle belong to its certificates. A renewal replaces the key
 * file and the certificate file one after the other. A bundle that is read between the
 * two replacements loads without an error, but no server accepts it.
 */
final class KeyPairCheck {

	private KeyPairCheck() {
	}

	/**
	 * Check a bundle.
	 * @throws IllegalStateException if a key does not belong to its certificate
	 */
	static void check(SslBundle bundle) {
		KeyStore store = bundle.getStores().getKeyStore();
		if (store == null) {
			return;
		}
		try {
			String password = (bundle.getKey().getPassword() != null) ? bundle.getKey().getPassword()
					: bundle.getStores().getKeyStorePassword();
			for (String alias : Collections.list(store.aliases())) {
				check(store, alias, password);
			}
		}
		catch (GeneralSecurityException ex) {
			// This check ignores other errors, because they are reported
			// when the bundle is used.
		}
	}

	private static void check(KeyStore store, String alias, @Nullable String password) throws GeneralSecurityException {
		Key key = store.isKeyEntry(alias) ? store.getKey(alias, (password != null) ? password.toCharArray() : null)
				: null;
		Certificate certificate = store.getCertificate(alias);
		if (key instanceof PrivateKey privateKey && certificate != null
				&& !isPair(privateKey, certificate.getPublicKey())) {
			throw new IllegalStateException(
					"The key '%s' does not belong to its certificate: was only one of both renewed?".formatted(alias));
		}
	}

	static boolean isPair(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
		if (!privateKey.getAlgorithm().equals(publicKey.getAlgorithm())) {
			return false;
		}
		String algorithm = switch (privateKey.getAlgorithm()) {
			case "RSA" -> "SHA256withRSA";
			case "EC" -> "SHA256withECDSA";
			default -> privateKey.getAlgorithm();
		};
		byte[] challenge = new byte[32];
		new SecureRandom().nextBytes(challenge);
		Signature signature = Signature.getInstance(algorithm);
		signature.initSign(privateKey);
		signature.update(challenge);
		byte[] signed = signature.sign();
		signature.initVerify(publicKey);
		signature.update(challenge);
		return signature.verify(signed);
	}

}

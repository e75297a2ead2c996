package io.github.httppool.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate, made by the JDK's keytool when it is first needed, so that
 * no key lies in the repository and none can expire there.
 */
public final class TestCertificates {

	/** Password of the key store, of the key and of the trust store. */
	public static final String PASSWORD = "changeit";

	private static final String ALIAS = "test";

	private static final Path DIRECTORY = temporaryDirectory();

	private static TestCertificates localhost;

	private final Path keyStorePath;

	private final Path trustStorePath;

	private final KeyStore keyStore;

	private TestCertificates(Path keyStorePath, Path trustStorePath) throws GeneralSecurityException, IOException {
		this.keyStorePath = keyStorePath;
		this.trustStorePath = trustStorePath;
		this.keyStore = KeyStore.getInstance("PKCS12");
		try (InputStream stream = Files.newInputStream(keyStorePath)) {
			this.keyStore.load(stream, PASSWORD.toCharArray());
		}
		try (OutputStream stream = Files.newOutputStream(trustStorePath)) {
			trustStore(this).store(stream, PASSWORD.toCharArray());
		}
	}

	/**
	 * Return the certificate for {@code localhost} and {@code 127.0.0.1}, one for each
	 * JVM.
	 */
	public static synchronized TestCertificates localhost() {
		if (localhost == null) {
			localhost = create("localhost");
		}
		return localhost;
	}

	/**
	 * Make one more certificate for {@code localhost} and {@code 127.0.0.1}, which nobody
	 * trusts who trusts only the other.
	 * @param name its common name
	 */
	public static synchronized TestCertificates create(String name) {
		try {
			Path keyStore = Files.createTempFile(DIRECTORY, "keys", ".p12");
			Files.delete(keyStore);
			keytool("-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-validity", "30", "-dname", "CN=" + name, "-ext",
					"san=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", keyStore.toString(),
					"-storepass", PASSWORD);
			TestCertificates certificates = new TestCertificates(keyStore,
					Files.createTempFile(DIRECTORY, "trust", ".p12"));
			List.of(keyStore, certificates.trustStorePath).forEach((file) -> file.toFile().deleteOnExit());
			return certificates;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Path temporaryDirectory() {
		try {
			Path directory = Files.createTempDirectory("http-pool-test");
			directory.toFile().deleteOnExit();
			return directory;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void keytool(String... arguments) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(
				Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
		builder.command().addAll(List.of(arguments));
		Process process = builder.redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		try {
			if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
				throw new IllegalStateException("keytool failed: " + output);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the PKCS12 file with key and certificate.
	 */
	public Path keyStore() {
		return this.keyStorePath;
	}

	/**
	 * Return the PKCS12 file with the certificate alone, as a trusted one.
	 */
	public Path trustStore() {
		return this.trustStorePath;
	}

	/**
	 * Return the certificate as PEM.
	 */
	public String certificatePem() {
		try {
			return pem("CERTIFICATE", this.keyStore.getCertificate(ALIAS).getEncoded());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the private key as PEM.
	 */
	public String keyPem() {
		try {
			return pem("PRIVATE KEY", this.keyStore.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String pem(String what, byte[] content) {
		return "-----BEGIN " + what + "-----\n"
				+ Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content)
				+ "\n-----END " + what + "-----\n";
	}

	/**
	 * Return a context that shows the certificate and trusts it: for servers, and for
	 * clients that show one.
	 */
	public SSLContext serverContext() {
		return context(true, this);
	}

	/**
	 * Return a context that shows the certificate and trusts some others.
	 */
	public SSLContext serverContext(TestCertificates... trusted) {
		return context(true, trusted);
	}

	/**
	 * Return a context that trusts the certificate and shows none.
	 */
	public SSLContext clientContext() {
		return context(false, this);
	}

	private SSLContext context(boolean withKey, TestCertificates... trusted) {
		try {
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(trustStore(trusted));
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(this.keyStore, PASSWORD.toCharArray());
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(withKey ? keys.getKeyManagers() : null, trust.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static KeyStore trustStore(TestCertificates... trusted) throws GeneralSecurityException, IOException {
		KeyStore trustStore = KeyStore.getInstance("PKCS12");
		trustStore.load(null, null);
		for (TestCertificates each : trusted) {
			trustStore.setCertificateEntry(ALIAS + trustStore.size(), each.keyStore.getCertificate(ALIAS));
		}
		return trustStore;
	}

}

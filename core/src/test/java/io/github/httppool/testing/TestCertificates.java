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
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate. The JDK's keytool creates it when it is first needed, so
 * that the repository contains no key and no certificate that can expire.
 */
public final class TestCertificates {

	/** Password of the key store, of the key and of the trust store. */
	public static final String PASSWORD = "changeit";

	private static final String ALIAS = "test";

	private static final String AUTHORITY = "authority";

	private static final String LOCALHOST = "san=dns:localhost,ip:127.0.0.1";

	private static final Path DIRECTORY = temporaryDirectory();

	private final Path keyStorePath;

	private final Path trustStorePath;

	private final KeyStore keyStore;

	/**
	 * Certificates that clients of this one trust.
	 */
	private final List<Certificate> anchors = new ArrayList<>();

	private TestCertificates(Path keyStorePath, Path trustStorePath, String anchor, TestCertificates... others)
			throws GeneralSecurityException, IOException {
		this.keyStorePath = keyStorePath;
		this.trustStorePath = trustStorePath;
		this.keyStore = KeyStore.getInstance("PKCS12");
		try (InputStream stream = Files.newInputStream(keyStorePath)) {
			this.keyStore.load(stream, PASSWORD.toCharArray());
		}
		this.anchors.add(this.keyStore.getCertificate(anchor));
		if (!anchor.equals(ALIAS)) {
			// A server is to show the other one.
			this.keyStore.deleteEntry(anchor);
		}
		for (TestCertificates other : others) {
			this.anchors.addAll(other.anchors);
		}
		try (OutputStream stream = Files.newOutputStream(trustStorePath)) {
			trustStore(this).store(stream, PASSWORD.toCharArray());
		}
	}

	/**
	 * Return the certificate for {@code localhost} and {@code 127.0.0.1}, one for each
	 * JVM.
	 */
	public static TestCertificates localhost() {
		return Localhost.CERTIFICATES;
	}

	/**
	 * Make one more certificate for {@code localhost} and {@code 127.0.0.1}, which
	 * clients that trust only the other one reject.
	 * @param name its common name
	 */
	public static TestCertificates create(String name) {
		return create(name, LOCALHOST);
	}

	/**
	 * Make a certificate for other names than those under which a test reaches it. Its
	 * trust store holds {@link #localhost()} too.
	 * @param host the one name that it is for
	 */
	public static TestCertificates forHost(String host) {
		return create(host, "san=dns:" + host, localhost());
	}

	/**
	 * Make a certificate for several names and addresses.
	 * @param names such as {@code dns:orders.example,ip:127.0.0.1}
	 */
	public static TestCertificates forNames(String names) {
		return create("names", "san=" + names, localhost());
	}

	private static TestCertificates create(String name, String alternativeNames, TestCertificates... others) {
		return withKeyStore((keyStore) -> {
			genkeypair(keyStore, ALIAS, name, "-validity", "30", "-ext", alternativeNames);
			return ALIAS;
		}, others);
	}

	/**
	 * Make a certificate for {@code localhost} that ended some days ago. It is that of an
	 * authority, which is what the trust store holds: nobody looks at the dates of a
	 * certificate that is trusted itself. The trust store holds {@link #localhost()} too.
	 */
	public static TestCertificates expired() {
		return withKeyStore((keyStore) -> {
			Path request = Files.createTempFile(DIRECTORY, "request", ".pem");
			Path certificate = Files.createTempFile(DIRECTORY, "certificate", ".pem");
			genkeypair(keyStore, AUTHORITY, "authority", "-validity", "30", "-ext", "bc:c");
			genkeypair(keyStore, ALIAS, "expired", "-validity", "30");
			keytool(keyStore, "-certreq", "-alias", ALIAS, "-file", request.toString());
			keytool(keyStore, "-gencert", "-alias", AUTHORITY, "-startdate", "-10d", "-validity", "5", "-ext",
					LOCALHOST, "-infile", request.toString(), "-outfile", certificate.toString());
			keytool(keyStore, "-importcert", "-noprompt", "-alias", ALIAS, "-file", certificate.toString());
			List.of(request, certificate).forEach((file) -> file.toFile().delete());
			return AUTHORITY;
		}, localhost());
	}

	private static TestCertificates withKeyStore(KeyStoreScript script, TestCertificates... others) {
		try {
			Path keyStore = Files.createTempFile(DIRECTORY, "keys", ".p12");
			Files.delete(keyStore);
			String anchor = script.create(keyStore);
			TestCertificates certificates = new TestCertificates(keyStore,
					Files.createTempFile(DIRECTORY, "trust", ".p12"), anchor, others);
			List.of(keyStore, certificates.trustStorePath).forEach((file) -> file.toFile().deleteOnExit());
			return certificates;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void genkeypair(Path keyStore, String alias, String name, String... options) throws IOException {
		List<String> all = new ArrayList<>(
				List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=" + name));
		all.addAll(List.of(options));
		keytool(keyStore, all.toArray(String[]::new));
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

	private static void keytool(Path keyStore, String... arguments) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(
				Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
		builder.command().addAll(List.of(arguments));
		builder.command()
			.addAll(List.of("-storetype", "PKCS12", "-keystore", keyStore.toString(), "-storepass", PASSWORD));
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
			for (Certificate anchor : each.anchors) {
				trustStore.setCertificateEntry(ALIAS + trustStore.size(), anchor);
			}
		}
		return trustStore;
	}

	/**
	 * Made when it is first needed, without a lock on those that are made already.
	 */
	private static final class Localhost {

		static final TestCertificates CERTIFICATES = create("localhost");

	}

	/**
	 * Fills a key store.
	 */
	private interface KeyStoreScript {

		/**
		 * Create what belongs into it.
		 * @return the alias of what clients are to trust
		 */
		String create(Path keyStore) throws IOException;

	}

}

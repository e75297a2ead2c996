package io.github.httppool.benchmarks.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A certificate for this host, in a file that is both a key store and, with the same
 * password, a trust store.
 */
public final class Certificate implements AutoCloseable {

	static final String PASSWORD = "changeit";

	private final Path directory = Files.createTempDirectory("http-pool-benchmarks");

	private final Path file = this.directory.resolve("localhost.p12");

	/**
	 * Make one.
	 * @throws IOException if there is no {@code keytool}
	 * @throws InterruptedException if this thread is interrupted
	 */
	public Certificate() throws IOException, InterruptedException {
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "localhost", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
				"san=ip:127.0.0.1", "-validity", "2", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore",
				this.file.toString())
			.redirectErrorStream(true)
			.start();
		String output = new String(keytool.getInputStream().readAllBytes());
		if (keytool.waitFor() != 0) {
			throw new IOException("keytool made no certificate: " + output);
		}
	}

	/**
	 * Return what makes a JVM trust it.
	 * @return arguments of {@code java}
	 */
	public String[] trusting() {
		return new String[] { "-Djavax.net.ssl.trustStore=" + this.file,
				"-Djavax.net.ssl.trustStorePassword=" + PASSWORD };
	}

	/**
	 * Return where it is.
	 * @return the file
	 */
	public Path file() {
		return this.file;
	}

	@Override
	public void close() throws IOException {
		Files.deleteIfExists(this.file);
		Files.delete(this.directory);
	}

}

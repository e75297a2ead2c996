package io.github.httppool.benchmarks.upstream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A server in a process of its own, so that neither its garbage nor its CPU time is the
 * client's.
 */
public final class Upstream implements AutoCloseable {

	private final Process process;

	private final String url;

	/**
	 * Start a server.
	 * @throws IOException if it does not start
	 */
	public Upstream() throws IOException {
		this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:+UseSerialGC", "-Xmx512m", "-cp", System.getProperty("java.class.path"),
				UpstreamServer.class.getName())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		String port = new BufferedReader(
				new InputStreamReader(this.process.getInputStream(), StandardCharsets.US_ASCII))
			.readLine();
		this.url = "http://127.0.0.1:" + port + "/";
	}

	/**
	 * Return where an answer is.
	 * @param answer the answer
	 * @return its address
	 */
	public URI uri(Answer answer) {
		return URI.create(this.url + answer.name());
	}

	/**
	 * Return the number of the process.
	 * @return its pid
	 */
	public long pid() {
		return this.process.pid();
	}

	@Override
	public void close() {
		this.process.destroy();
	}

}

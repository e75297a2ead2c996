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

	private final BufferedReader output;

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
		this.output = new BufferedReader(
				new InputStreamReader(this.process.getInputStream(), StandardCharsets.US_ASCII));
		this.url = "http://127.0.0.1:" + this.output.readLine() + "/";
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
	 * Ask how many connections it has accepted.
	 * @return how many, since it started
	 * @throws IOException if it does not answer
	 */
	public long accepted() throws IOException {
		this.process.getOutputStream().write('\n');
		this.process.getOutputStream().flush();
		return Long.parseLong(this.output.readLine());
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

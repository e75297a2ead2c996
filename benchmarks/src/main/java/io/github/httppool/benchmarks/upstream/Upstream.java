package io.github.httppool.benchmarks.upstream;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A server in a process of its own, so that neither its garbage nor its CPU time is the
 * client's.
 */
public final class Upstream implements AutoCloseable {

	private final Process process;

	private final String scheme;

	private final BufferedReader output;

	private final String[] ports;

	/**
	 * Start a server.
	 * @throws IOException if it does not start
	 */
	public Upstream() throws IOException {
		this(0);
	}

	/**
	 * Start a server that has many ports.
	 * @param further how many, for connections that are mostly idle
	 * @throws IOException if it does not start
	 */
	public Upstream(int further) throws IOException {
		this("http", Integer.toString(further));
	}

	/**
	 * Start a server that speaks TLS.
	 * @param keyStore the file with its {@linkplain Certificate certificate}
	 * @throws IOException if it does not start
	 */
	public Upstream(Path keyStore) throws IOException {
		this("https", "0", keyStore.toString());
	}

	private Upstream(String scheme, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
						"-Xmx512m", "-cp", System.getProperty("java.class.path"), UpstreamServer.class.getName()));
		command.addAll(List.of(arguments));
		this.scheme = scheme;
		this.process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		this.output = this.process.inputReader(StandardCharsets.US_ASCII);
		String line = this.output.readLine();
		if (line == null) {
			throw new IOException("The server did not start: see its message above");
		}
		this.ports = line.split(" ");
	}

	/**
	 * Return where an answer is.
	 * @param answer the answer
	 * @return its address
	 */
	public URI uri(Answer answer) {
		return URI.create(this.scheme + "://127.0.0.1:" + this.ports[0] + "/" + answer.name());
	}

	/**
	 * Return where 1 KB is, on each of the further ports.
	 * @return their addresses
	 */
	public List<URI> furtherUris() {
		return Arrays.stream(this.ports).skip(1).map((port) -> URI.create("http://127.0.0.1:" + port + "/")).toList();
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

package io.github.httppool.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The tinyproxy of the machine, an HTTP proxy on a port of the loopback interface. Where
 * it is not installed tests are skipped with a message; in CI they fail.
 */
public final class TinyProxy implements AutoCloseable {

	private final LocalServer server;

	private TinyProxy(LocalServer server) {
		this.server = server;
	}

	/**
	 * Start a proxy.
	 * @param directives what else belongs into its configuration, such as
	 * {@code BasicAuth user password}; {@code Filter "filter"} names a file with the
	 * pattern {@code forbidden}
	 */
	public static TinyProxy start(String... directives) throws IOException {
		return new TinyProxy(LocalServer.start(Program.TINYPROXY, (local) -> {
			local.write("filter", "forbidden".getBytes(StandardCharsets.US_ASCII));
			local.write("tinyproxy.conf", """
					Port %s
					Listen 127.0.0.1
					Timeout 30
					MaxClients 100
					LogLevel Connect
					%s
					""".formatted(local.port(), String.join("\n", directives)).getBytes(StandardCharsets.US_ASCII));
			return local.run("-d", "-c", "tinyproxy.conf");
		}));
	}

	/**
	 * Return what it has logged.
	 */
	public String log() throws IOException {
		return this.server.output();
	}

	public int port() {
		return this.server.port();
	}

	public String url() {
		return "http://127.0.0.1:" + this.server.port();
	}

	@Override
	public void close() {
		this.server.close();
	}

}

package io.github.httppool.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The microsocks of the machine, a SOCKS proxy on a port of the loopback interface. Where
 * it is not installed tests are skipped with a message; in CI they fail.
 */
public final class MicroSocks implements AutoCloseable {

	private final LocalServer server;

	private MicroSocks(LocalServer server) {
		this.server = server;
	}

	/**
	 * Start a proxy.
	 * @param options further options, such as {@code -u user -P password}
	 */
	public static MicroSocks start(String... options) throws IOException {
		return new MicroSocks(LocalServer.start(Program.MICROSOCKS, (local) -> {
			List<String> all = new ArrayList<>(List.of("-i", "127.0.0.1", "-p", String.valueOf(local.port())));
			all.addAll(List.of(options));
			return local.run(all.toArray(String[]::new));
		}));
	}

	public String url() {
		return "socks5://127.0.0.1:" + this.server.port();
	}

	@Override
	public void close() {
		this.server.close();
	}

}

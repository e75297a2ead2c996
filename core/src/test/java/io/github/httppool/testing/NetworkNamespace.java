package io.github.httppool.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A process in a network of its own, with nothing but the loopback interface, and with
 * mounts of its own. Requires {@link Program#UNSHARE} and {@link Program#IP}.
 */
public final class NetworkNamespace {

	private NetworkNamespace() {
	}

	/**
	 * Skip the test where the kernel allows no such namespace. That cannot be installed,
	 * so it is no failure in CI either.
	 */
	public static void assumePossible() throws IOException, InterruptedException {
		Process process = start("true");
		boolean possible = process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
		assumeTrue(possible, "No network namespace can be made: unshare -rnm");
	}

	/**
	 * Start a shell script as root of the namespace.
	 * @param script the script; {@code ip} is on its path
	 * @param arguments arguments of the script
	 */
	public static Process start(String script, String... arguments) throws IOException {
		String path = Program.IP.require().toAbsolutePath().getParent() + ":" + System.getenv("PATH");
		List<String> command = new ArrayList<>(List.of(Program.UNSHARE.require().toString(), "-rnm", "sh", "-ec",
				"PATH=" + path + "; ip link set lo up; " + script, "sh"));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).redirectErrorStream(true).start();
	}

}

package io.github.httppool.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ComparedClient;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Certificate;
import io.github.httppool.benchmarks.upstream.Upstream;

/**
 * Clients over TLS, in a process that trusts the server's certificate: what a JVM trusts
 * is settled when it first makes a client.
 */
public final class TlsCalls {

	private TlsCalls() {
	}

	/**
	 * Measure and print.
	 * @param effort how thoroughly
	 * @throws Exception if something cannot be run
	 */
	public static void run(Effort effort) throws Exception {
		try (Certificate certificate = new Certificate()) {
			List<String> command = new ArrayList<>();
			command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
			command.addAll(Arrays.asList(certificate.trusting()));
			command.addAll(List.of("-cp", System.getProperty("java.class.path"), TlsCalls.class.getName(),
					Integer.toString(effort.rounds()), Boolean.toString(effort.brief()),
					certificate.file().toString()));
			Process measuring = new ProcessBuilder(command).redirectErrorStream(true).start();
			measuring.inputReader().lines().forEach(System.out::println);
			if (measuring.waitFor() != 0) {
				throw new IOException("Calls over TLS could not be measured: see the message above");
			}
		}
	}

	/**
	 * Measure in the process that trusts.
	 * @param arguments rounds, whether to be brief, and the key store
	 * @throws Exception if something cannot be run
	 */
	public static void main(String[] arguments) throws Exception {
		Effort effort = new Effort(Integer.parseInt(arguments[0]), Boolean.parseBoolean(arguments[1]));
		List<ClientKind> kinds = List.of(ClientKind.TUNED, ClientKind.HTTP_POOL, ClientKind.BARE, ClientKind.BOOT,
				ClientKind.URL_CONNECTION, ClientKind.OKHTTP);
		try (Upstream upstream = new Upstream(Path.of(arguments[2])); Turns<ClientKind> turns = Turns.of(kinds)) {
			Load load = Load.full(ComparedClient::bytes, upstream.uri(Answer.KB1), 8, effort.either(300, 10));
			turns.run(load.during(effort.either(1000, 10)), effort.either(3, 1));
			QuickLook.print("TLS, 8 threads, 1 KB", turns.run(load, effort.rounds(9)), ClientKind::title);
		}
	}

}

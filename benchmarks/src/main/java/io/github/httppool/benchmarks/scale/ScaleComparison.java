package io.github.httppool.benchmarks.scale;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.httppool.benchmarks.Arguments;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.report.Result;

/**
 * The command {@code scale}: many callers at a fixed rate who do not read their bodies.
 * Compares the pool, Spring Boot's default and a Go program.
 */
public final class ScaleComparison {

	/** Names of the options. */
	public static final Set<String> OPTIONS = Load.OPTIONS;

	private ScaleComparison() {
	}

	/**
	 * Compare.
	 * @param arguments the options
	 * @return the result
	 * @throws Exception if a client cannot be measured
	 */
	public static Result run(Arguments arguments) throws Exception {
		Load load = Load.of(arguments);
		Map<String, List<String>> programs = new LinkedHashMap<>();
		programs.put(ClientKind.HTTP_POOL.title(), java(ClientKind.HTTP_POOL));
		programs.put(ClientKind.BOOT.title(), java(ClientKind.BOOT));
		try {
			GoProgram go = GoProgram.compile("go");
			programs.put(go.version() + ", limits set", List.of(go.path()));
		}
		catch (IOException ex) {
			System.out.println("The column of Go is missing: " + ex.getMessage());
		}
		Map<String, Outcome> outcomes = new LinkedHashMap<>();
		for (Map.Entry<String, List<String>> program : programs.entrySet()) {
			System.out.println(program.getKey() + " ...");
			outcomes.put(program.getKey(), Outcome.of(program.getValue(), load));
		}
		return new Result(new OutcomeTable(load, outcomes).toString());
	}

	/**
	 * Return the command that runs a Java client.
	 */
	static List<String> java(ClientKind kind) {
		return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), ScaleCaller.class.getName(), kind.name());
	}

}

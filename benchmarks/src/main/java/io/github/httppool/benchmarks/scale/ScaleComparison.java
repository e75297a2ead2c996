package io.github.httppool.benchmarks.scale;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.httppool.benchmarks.clients.ClientKind;

/**
 * The case of the field reports: 4,000 calls a second from 400 callers over 100
 * connections, bodies not read. Prints what becomes of the pool, of what Spring Boot has
 * by itself, and of a Go program, side by side.
 */
public final class ScaleComparison {

	private ScaleComparison() {
	}

	/**
	 * Compare.
	 * @param options what is to be different: {@code --callers=}, {@code --connections=},
	 * {@code --rate=}, {@code --warm-up=} and {@code --seconds=}, {@code --answer=}
	 * @throws Exception if something cannot be run
	 */
	public static void main(String[] options) throws Exception {
		Load load = Load.parse(Arrays.asList(options));
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
		System.out.println(new OutcomeTable(load, outcomes));
	}

	/**
	 * Return the command that runs a Java client.
	 */
	static List<String> java(ClientKind kind) {
		return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), ScaleCaller.class.getName(), kind.name());
	}

}

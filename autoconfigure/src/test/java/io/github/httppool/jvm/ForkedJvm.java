package io.github.httppool.jvm;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a main class in a JVM of its own, the same one as that of the tests.
 */
public final class ForkedJvm {

	private final List<String> classPath;

	private final List<String> options = new ArrayList<>();

	private final Map<String, String> environment = new HashMap<>();

	private ForkedJvm(List<String> classPath) {
		this.classPath = classPath;
	}

	public static ForkedJvm withTheClassPathOfTheTests() {
		return with(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
	}

	public static ForkedJvm with(List<String> classPath) {
		return new ForkedJvm(classPath);
	}

	public ForkedJvm options(String... options) {
		this.options.addAll(List.of(options));
		return this;
	}

	/**
	 * Set an environment variable.
	 */
	ForkedJvm environment(String variable, String value) {
		this.environment.put(variable, value);
		return this;
	}

	/**
	 * Run to the end, and fail if that is a failure.
	 * @return what was printed
	 */
	public String run(String mainClass, String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		// As the JVMs of the tests: none of them lives for long.
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
		command.addAll(this.options);
		command.addAll(List.of("-cp", String.join(File.pathSeparator, this.classPath), mainClass));
		command.addAll(List.of(arguments));
		Path output = Files.createTempFile("forked-jvm", ".txt");
		try {
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(output.toFile());
			builder.environment().putAll(this.environment);
			Process process = builder.start();
			boolean ended = process.waitFor(300, TimeUnit.SECONDS);
			process.destroyForcibly().waitFor();
			String printed = Files.readString(output);
			if (!ended || process.exitValue() != 0) {
				throw new AssertionError(mainClass + (ended ? " failed:\n" : " did not end:\n") + printed);
			}
			return printed;
		}
		finally {
			Files.delete(output);
		}
	}

}

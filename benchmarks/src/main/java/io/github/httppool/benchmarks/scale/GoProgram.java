package io.github.httppool.benchmarks.scale;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;

/**
 * The Go program, compiled on the machine on which it runs.
 *
 * @param path where it is
 * @param version of the compiler
 */
record GoProgram(String path, String version) {

	/**
	 * Compile the program. It is deleted when this process ends.
	 * @param compiler the command
	 * @return the program
	 * @throws IOException if that is not possible; the message says what is missing
	 */
	static GoProgram compile(String compiler) throws IOException, InterruptedException {
		String version = version(compiler);
		Path directory = Files.createTempDirectory("http-pool-scale");
		Path source = Files.createFile(directory.resolve("scale.go"));
		Path program = Files.createFile(directory.resolve("scale"));
		directory.toFile().deleteOnExit();
		source.toFile().deleteOnExit();
		program.toFile().deleteOnExit();
		try (InputStream resource = GoProgram.class.getResourceAsStream("/scale.go")) {
			Files.copy(Objects.requireNonNull(resource), source, StandardCopyOption.REPLACE_EXISTING);
		}
		run(compiler, "build", "-o", program.toString(), source.toString());
		return new GoProgram(program.toString(), version);
	}

	private static String version(String compiler) throws IOException, InterruptedException {
		try {
			return run(compiler, "env", "GOVERSION");
		}
		catch (IOException ex) {
			throw new IOException("Go is not installed (package golang-go of Debian and Ubuntu): " + ex.getMessage(),
					ex);
		}
	}

	private static String run(String... command) throws IOException, InterruptedException {
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		// The program needs Go's own library only: no module, nothing to download.
		builder.environment()
			.putAll(Map.of("GO111MODULE", "off", "GOFLAGS", "", "GOPROXY", "off", "GOTOOLCHAIN", "local"));
		Process process = builder.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
		if (process.waitFor() != 0) {
			throw new IOException(String.join(" ", command) + " failed: " + output);
		}
		return output;
	}

}

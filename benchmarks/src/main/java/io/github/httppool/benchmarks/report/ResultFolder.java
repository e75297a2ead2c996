package io.github.httppool.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of the results: {@code benchmarks/target/results} of the project.
 *
 * @param path the folder
 */
public record ResultFolder(Path path) {

	/**
	 * Return the folder of a project.
	 * @param project the folder of the project
	 * @return the folder
	 */
	public static ResultFolder of(Path project) {
		Path module = project.resolve("benchmarks");
		return new ResultFolder((Files.isDirectory(module) ? module : project).resolve("target").resolve("results"));
	}

	/**
	 * Print a result and write it into a file.
	 * @param command the name of the command
	 * @param result the result
	 * @throws IOException if it cannot be written
	 */
	public void write(String command, Result result) throws IOException {
		Files.createDirectories(this.path);
		Path file = this.path.resolve(command + ".md");
		Files.writeString(file, "# " + command + "\n\n" + result + "\nMeasured: " + Machine.describe() + ".\n");
		System.out.println("\n" + result + "\nWritten to " + file);
	}

}

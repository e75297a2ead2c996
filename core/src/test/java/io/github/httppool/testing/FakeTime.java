package io.github.httppool.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Debian's libfaketime, which sets the wall clock of another JVM and leaves
 * {@link System#nanoTime()} as it is. Where it is not installed tests are skipped with a
 * message; in CI they fail.
 */
public final class FakeTime {

	private FakeTime() {
	}

	/**
	 * Let the wall clock of a process follow a file.
	 * @param process the process that will be started
	 * @param offset the file, such as {@code +1d} or {@code +0} with a line feed
	 */
	public static void follow(ProcessBuilder process, Path offset) throws IOException {
		process.environment()
			.putAll(Map.of("LD_PRELOAD", library().toString(), "FAKETIME_TIMESTAMP_FILE", offset.toString(),
					"FAKETIME_NO_CACHE", "1", "FAKETIME_DONT_FAKE_MONOTONIC", "1", "FAKETIME_FORCE_MONOTONIC_FIX",
					"0"));
	}

	private static Path library() throws IOException {
		// In lib beside the bin of the program, and there in a directory for the
		// processor.
		Path libraries = Program.FAKETIME.require().toRealPath().getParent().resolveSibling("lib");
		try (Stream<Path> directories = Files.list(libraries)) {
			return Stream.concat(Stream.of(libraries), directories)
				.map((directory) -> directory.resolve("faketime/libfaketimeMT.so.1"))
				.filter(Files::exists)
				.findFirst()
				.orElseThrow(() -> new IOException("There is no libfaketime in " + libraries));
		}
	}

}

package io.github.httppool.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
	public static void follow(ProcessBuilder process, Path offset) {
		process.environment()
			.putAll(Map.of("LD_PRELOAD", library().toString(), "FAKETIME_TIMESTAMP_FILE", offset.toString(),
					"FAKETIME_NO_CACHE", "1", "FAKETIME_DONT_FAKE_MONOTONIC", "1", "FAKETIME_FORCE_MONOTONIC_FIX",
					"0"));
	}

	private static Path library() {
		File[] directories = new File("/usr/lib").listFiles(File::isDirectory);
		Path library = Stream.of((directories != null) ? directories : new File[0])
			.map((directory) -> directory.toPath().resolve("faketime/libfaketimeMT.so.1"))
			.filter(Files::exists)
			.findFirst()
			.orElse(null);
		if (System.getenv("CI") != null && library == null) {
			throw new AssertionError("libfaketime is not installed, and in CI its tests must not be skipped");
		}
		assumeTrue(library != null, "libfaketime is not installed: apt-get install faketime");
		return library;
	}

}

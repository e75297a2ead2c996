package io.github.httppool.benchmarks.startup;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.report.Statistics;

/**
 * How long an application takes to start, in milliseconds from the start of its process,
 * with the starter and without its two jars. Processes take turns.
 *
 * @param without the time without the starter
 * @param with the time with it
 * @param more the differences of neighbours
 */
public record StartUp(Statistics without, Statistics with, Statistics more) {

	/**
	 * Measure and print.
	 * @param effort how thoroughly
	 * @return what was measured
	 * @throws IOException if an application does not start
	 */
	public static StartUp measure(Effort effort) throws IOException {
		int rounds = effort.rounds(13);
		Path classes = Files.createTempDirectory("http-pool-benchmarks");
		try {
			Path application = copy(StartedApplication.class, classes);
			String with = classPath(classes, true);
			String without = classPath(classes, false);
			double[] millisWithout = new double[rounds];
			double[] millisWith = new double[rounds];
			double[] more = new double[rounds];
			if (!effort.brief()) {
				start(with);
			}
			for (int round = 0; round < rounds; round++) {
				boolean withFirst = round % 2 == 0;
				double first = start(withFirst ? with : without);
				double second = start(withFirst ? without : with);
				millisWith[round] = withFirst ? first : second;
				millisWithout[round] = withFirst ? second : first;
				more[round] = millisWith[round] - millisWithout[round];
			}
			Files.delete(application);
			return new StartUp(Statistics.of(millisWithout), Statistics.of(millisWith), Statistics.of(more)).print();
		}
		finally {
			delete(classes);
		}
	}

	private static double start(String classPath) throws IOException {
		long started = System.nanoTime();
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-cp", classPath, StartedApplication.class.getName(), "--server.port=0",
				"--spring.main.banner-mode=off", "--logging.level.root=warn")
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				if (line.equals(StartedApplication.READY)) {
					return (System.nanoTime() - started) / 1e6;
				}
			}
			throw new IOException("The application did not start: see its message above");
		}
		finally {
			process.destroyForcibly();
			process.onExit().join();
		}
	}

	/**
	 * The manifest of the jar of the benchmarks would bring the starter back.
	 */
	private static Path copy(Class<?> type, Path directory) throws IOException {
		String name = type.getName().replace('.', '/') + ".class";
		Path copy = directory.resolve(name);
		Files.createDirectories(copy.getParent());
		try (InputStream bytes = type.getClassLoader().getResourceAsStream(name)) {
			Files.copy(java.util.Objects.requireNonNull(bytes), copy);
		}
		return copy;
	}

	private static String classPath(Path classes, boolean starter) throws IOException {
		List<String> entries = new ArrayList<>(List.of(classes.toString()));
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			Path libraries = Path.of(entry).resolveSibling("lib");
			if (entry.endsWith("http-pool-benchmarks.jar") && Files.isDirectory(libraries)) {
				try (Stream<Path> jars = Files.list(libraries)) {
					jars.map(Path::toString).sorted().forEach(entries::add);
				}
			}
			else {
				entries.add(entry);
			}
		}
		entries
			.removeIf((entry) -> entry.contains("benchmarks" + File.separator + "target" + File.separator + "classes")
					|| (!starter && isOfStarter(entry)));
		return String.join(File.pathSeparator, entries);
	}

	private static boolean isOfStarter(String entry) {
		return entry.contains("http-pool-spring-boot-")
				|| entry.contains("autoconfigure" + File.separator + "target" + File.separator)
				|| entry.contains("starter" + File.separator + "target" + File.separator);
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> paths = Files.walk(directory)) {
			for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
	}

	private StartUp print() {
		System.out.printf("Start-up: %s ms without the starter, %s ms with it, %s ms more%n", this.without.toString(0),
				this.with.toString(0), this.more.toString(0));
		return this;
	}

}

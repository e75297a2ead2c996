package io.github.httppool.benchmarks.startup;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.fork.ClassPath;
import io.github.httppool.benchmarks.report.Goal;
import io.github.httppool.benchmarks.report.Result;
import io.github.httppool.benchmarks.report.Statistics;

/**
 * The time from the start of a process until its application is ready, with the starter
 * and without it. Processes take turns.
 */
public final class StartUp {

	private StartUp() {
	}

	/**
	 * Measure.
	 * @param effort how much to measure
	 * @return the result
	 * @throws IOException if an application does not start
	 */
	public static Result run(Effort effort) throws IOException {
		int rounds = effort.rounds(13);
		ClassPath with = ClassPath.current();
		ClassPath without = with.withoutLibrary();
		double[] millis = new double[rounds];
		double[] more = new double[rounds];
		if (!effort.brief()) {
			start(with);
		}
		for (int round = 0; round < rounds; round++) {
			boolean withFirst = round % 2 == 0;
			double first = start(withFirst ? with : without);
			double second = start(withFirst ? without : with);
			millis[round] = withFirst ? first : second;
			more[round] = withFirst ? first - second : second - first;
		}
		Statistics difference = Statistics.of(more);
		return new Result("Start of a web application with Actuator.\n",
				List.of(new Goal(
						"start-up, more than without the starter", String.format(Locale.ROOT, "%s ms, of %.0f ms",
								difference.toString(0), Statistics.of(millis).median()),
						"at most 60 ms", difference.median() <= 60)));
	}

	private static double start(ClassPath classPath) throws IOException {
		long started = System.nanoTime();
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-cp", classPath.toString(), StartedApplication.class.getName(), "--server.port=0",
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

}

package io.github.httppool.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Another JVM with a main class of the tests. It answers lines with lines, and signals
 * can stop and continue it.
 */
public final class OtherProcess implements AutoCloseable {

	private final Process process;

	private final PrintStream input;

	private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

	private OtherProcess(Process process) {
		this.process = process;
		this.input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
		Thread reader = new Thread(this::read, "other-process");
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Start a main class with the class path of the tests.
	 * @param options options of the JVM
	 */
	public static OtherProcess start(Class<?> main, String... options) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of(options));
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
		return new OtherProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
	}

	private void read() {
		try (BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				this.lines.add(line);
			}
		}
		catch (IOException ex) {
			// It was ended.
		}
	}

	/**
	 * Write a line to the process.
	 */
	public void tell(String line) {
		this.input.println(line);
	}

	/**
	 * Wait for a line that begins with a word.
	 * @return the line
	 */
	public String await(String beginning) throws InterruptedException {
		List<String> others = new ArrayList<>();
		for (int i = 0; i < 600; i++) {
			boolean alive = this.process.isAlive();
			String line = this.lines.poll(100, TimeUnit.MILLISECONDS);
			if (line != null && line.startsWith(beginning)) {
				return line;
			}
			if (line != null) {
				others.add(line);
			}
			else if (!alive) {
				break;
			}
		}
		throw new AssertionError("The other process did not say '%s', but: %s".formatted(beginning, others));
	}

	/**
	 * Returns whether a line that begins with a word waits to be read.
	 */
	public boolean hasSaid(String beginning) {
		return this.lines.stream().anyMatch((line) -> line.startsWith(beginning));
	}

	/**
	 * Suspend the process.
	 */
	public void stop() throws Exception {
		signal(this.process, "STOP");
	}

	/**
	 * Resume the process.
	 */
	public void proceed() throws Exception {
		signal(this.process, "CONT");
	}

	/**
	 * Send a signal to a process.
	 * @param name such as {@code STOP}
	 */
	public static void signal(Process process, String name) throws Exception {
		// The shell's own: not every machine has the program.
		int status = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
		if (status != 0) {
			throw new AssertionError("Signal " + name + " was not sent");
		}
	}

	@Override
	public void close() throws Exception {
		this.process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
	}

}

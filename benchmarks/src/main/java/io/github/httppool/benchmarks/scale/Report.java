package io.github.httppool.benchmarks.scale;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What the process of a client says on its standard output: lines with a prefix, a name
 * and a value. Other lines are its logs, shown if it ends early.
 */
final class Report {

	static final String PREFIX = "scale: ";

	private static final int LOGGED = 50;

	private final BufferedReader output;

	private final Map<String, String> values = new HashMap<>();

	private final Deque<String> log = new ArrayDeque<>();

	Report(BufferedReader output) {
		this.output = output;
	}

	/**
	 * Read on until something was said.
	 * @param name its name
	 * @throws IOException if it was never said
	 */
	void await(String name) throws IOException {
		while (!this.values.containsKey(name)) {
			String line = this.output.readLine();
			if (line == null) {
				throw new IOException("The client ended early. It printed:\n" + String.join("\n", this.log));
			}
			if (line.startsWith(PREFIX)) {
				String[] said = line.substring(PREFIX.length()).split(" ", 2);
				this.values.put(said[0], said[1]);
			}
			else {
				this.log.addLast(line);
				if (this.log.size() > LOGGED) {
					this.log.removeFirst();
				}
			}
		}
	}

	long number(String name) {
		return Long.parseLong(this.values.get(name));
	}

	@Nullable String text(String name) {
		return this.values.get(name);
	}

}

package io.github.httppool.benchmarks.fork;

import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.HashMap;
import java.util.Map;

import io.github.httppool.benchmarks.clients.ClientSpec;
import io.github.httppool.benchmarks.clients.ComparedClient;
import io.github.httppool.benchmarks.measure.Slice;

/**
 * The main class of a {@link Fork}. Reads measurements from its standard input, and
 * writes the slice or the exception of each to its standard output. Ends when its input
 * ends.
 */
final class ForkedMain {

	private final Map<ClientSpec, ComparedClient> clients = new HashMap<>();

	private ForkedMain() {
	}

	/**
	 * Answer until the input ends.
	 * @param arguments none
	 * @throws Exception if the parent process cannot be understood
	 */
	public static void main(String[] arguments) throws Exception {
		ObjectOutputStream output = new ObjectOutputStream(System.out);
		output.flush();
		// Logs and other messages must not come between the answers.
		System.setOut(System.err);
		ObjectInputStream input = new ObjectInputStream(System.in);
		ForkedMain main = new ForkedMain();
		try {
			while (true) {
				output.writeObject(main.answer((Measurement) input.readObject()));
				output.flush();
			}
		}
		catch (EOFException ex) {
			System.exit(0);
		}
	}

	private Object answer(Measurement measurement) {
		try {
			return measure(measurement);
		}
		catch (Exception ex) {
			return new IOException("Calls of " + measurement.client() + " cannot be measured", ex);
		}
	}

	private Slice measure(Measurement measurement) throws InterruptedException {
		ComparedClient client = this.clients.computeIfAbsent(measurement.client(), ClientSpec::open);
		return measurement.load().slice(client.call(measurement.operation(), measurement.uris()));
	}

}

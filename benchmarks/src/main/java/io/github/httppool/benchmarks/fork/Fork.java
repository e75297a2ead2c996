package io.github.httppool.benchmarks.fork;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.httppool.benchmarks.clients.ClientSpec;
import io.github.httppool.benchmarks.clients.Operation;
import io.github.httppool.benchmarks.measure.Load;
import io.github.httppool.benchmarks.measure.Slice;

/**
 * A JVM of its own in which clients are measured: its compiled code, its heap and its CPU
 * time are those of its clients only. Used by one thread.
 */
public final class Fork implements AutoCloseable {

	private static final int EXIT_SECONDS = 10;

	private final Process process;

	private final ObjectOutputStream output;

	private final ObjectInputStream input;

	/**
	 * Start a JVM.
	 * @param classPath its class path
	 * @param jvmOptions further options of {@code java}
	 * @throws IOException if it does not start
	 */
	public Fork(ClassPath classPath, String... jvmOptions) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of(jvmOptions));
		command.addAll(List.of("-cp", classPath.toString(), ForkedMain.class.getName()));
		this.process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		this.output = new ObjectOutputStream(this.process.getOutputStream());
		this.output.flush();
		this.input = new ObjectInputStream(this.process.getInputStream());
	}

	/**
	 * Measure one slice.
	 * @param client the client; opened at its first slice
	 * @param operation the operation of each call
	 * @param uris the addresses that are called
	 * @param load the load
	 * @return the measurements
	 * @throws IOException if it cannot be measured
	 */
	public Slice measure(ClientSpec client, Operation operation, List<URI> uris, Load load) throws IOException {
		this.output.writeObject(new Measurement(client, operation, uris, load));
		this.output.flush();
		try {
			Object answer = this.input.readObject();
			if (answer instanceof IOException failure) {
				throw failure;
			}
			return (Slice) answer;
		}
		catch (ClassNotFoundException ex) {
			throw new IOException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		try {
			this.output.close();
			this.process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.process.destroyForcibly();
		}
	}

}

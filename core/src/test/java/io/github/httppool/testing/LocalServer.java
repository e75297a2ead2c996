package io.github.httppool.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

import org.springframework.util.FileSystemUtils;

/**
 * A server program of the machine with a folder and a port of the loopback interface of
 * its own.
 */
final class LocalServer implements AutoCloseable {

	private static final int TRIES = 3;

	private final Path program;

	private final Path folder;

	private final int port;

	private final List<Process> processes = new ArrayList<>();

	private LocalServer(Path program) throws IOException {
		this.program = program;
		this.folder = Files.createTempDirectory(program.getFileName().toString());
		// Its workers may be another user.
		Files.setPosixFilePermissions(this.folder, PosixFilePermissions.fromString("rwxr-xr-x"));
		this.port = freePort();
	}

	/**
	 * Start a server. If another process takes the port first, the server gets another
	 * one.
	 * @param program the program; where it is not installed the test is skipped with a
	 * message, in CI it fails
	 * @param launch what starts it
	 */
	static LocalServer start(Program program, Launch launch) throws IOException {
		Path installed = program.require();
		for (int attempt = 1;; attempt++) {
			LocalServer server = new LocalServer(installed);
			Process process = launch.launch(server);
			try {
				Awaitility.await(program + " answers")
					.atMost(Duration.ofSeconds(10))
					.until(() -> server.answers() || !process.isAlive());
				if (process.isAlive()) {
					return server;
				}
				if (attempt == TRIES) {
					throw new AssertionError(program + " ended: " + server.output());
				}
			}
			catch (RuntimeException ex) {
				server.close();
				throw ex;
			}
			server.close();
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private boolean answers() {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), 200);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	String output() throws IOException {
		return Files.readString(this.folder.resolve("output"));
	}

	/**
	 * Run the program in the folder.
	 */
	Process run(String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(this.program.toString()));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).directory(this.folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.folder.resolve("output").toFile()))
			.start();
		this.processes.add(process);
		return process;
	}

	/**
	 * Run the program in the folder, and wait for its end.
	 */
	void runToEnd(String... arguments) throws IOException {
		Process process = run(arguments);
		if (!ended(process, Duration.ofSeconds(10)) || process.exitValue() != 0) {
			throw new IOException(String.join(" ", arguments) + " failed: " + output());
		}
	}

	void write(String file, byte[] content) throws IOException {
		Path path = this.folder.resolve(file);
		if (!path.getParent().equals(this.folder)) {
			Files.createDirectories(path.getParent());
			Files.setPosixFilePermissions(path.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
		}
		Files.write(path, content);
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
	}

	int port() {
		return this.port;
	}

	@Override
	public void close() {
		this.processes.forEach(Process::destroy);
		for (Process process : this.processes) {
			if (!ended(process, Duration.ofSeconds(5))) {
				process.destroyForcibly();
			}
		}
		try {
			FileSystemUtils.deleteRecursively(this.folder);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean ended(Process process, Duration timeout) {
		try {
			return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * Writes what the program needs into the folder, and runs it.
	 */
	interface Launch {

		Process launch(LocalServer server) throws IOException;

	}

}

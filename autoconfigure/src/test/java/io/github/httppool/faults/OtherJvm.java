package io.github.httppool.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.Severity;
import io.github.httppool.testing.FakeTime;
import io.github.httppool.testing.OtherProcess;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.ScriptedUpstream;
import org.awaitility.Awaitility;

/**
 * A JVM of its own with a pool and good traffic, which can be held up, and whose wall
 * clock can be set.
 */
final class OtherJvm implements AutoCloseable {

	private final Process process;

	private final Path offset;

	private volatile List<Finding> findings = List.of();

	private volatile String output = "";

	private volatile boolean told;

	private OtherJvm(Process process, Path offset) {
		this.process = process;
		this.offset = offset;
		Thread reader = new Thread(this::read, "other-jvm");
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Start it.
	 * @param fakeTime whether its wall clock is to be set
	 */
	static OtherJvm start(boolean fakeTime) throws Exception {
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-cp", System.getProperty("java.class.path"), OtherJvm.class.getName())
			.redirectErrorStream(true);
		Path offset = Files.createTempFile("offset", ".txt");
		Files.writeString(offset, "+0\n");
		if (fakeTime) {
			FakeTime.follow(builder, offset);
		}
		OtherJvm started = new OtherJvm(builder.start(), offset);
		Awaitility.await()
			.pollInterval(Duration.ofMillis(20))
			.atMost(Duration.ofSeconds(20))
			.until(() -> started.told || !started.process.isAlive());
		if (!started.told) {
			started.close();
			throw new AssertionError("The other JVM says: " + started.output);
		}
		return started;
	}

	private void read() {
		try (BufferedReader lines = this.process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				if (line.startsWith("found")) {
					this.findings = Stream.of(line.split("\u001e")).skip(1).map(OtherJvm::parse).toList();
					this.told = true;
				}
				else {
					this.output += line + "\n";
				}
			}
		}
		catch (IOException ex) {
			// It was ended.
		}
	}

	private static Finding parse(String text) {
		String[] parts = text.split("\u001f");
		return new Finding(FindingCode.valueOf(parts[0]), Severity.valueOf(parts[1]),
				parts[2].equals("null") ? null : parts[2], parts[3], parts[4]);
	}

	List<Finding> findings() {
		if (!this.process.isAlive()) {
			throw new AssertionError("The other JVM has ended: " + this.output);
		}
		return this.findings;
	}

	/**
	 * Let it stand still for some time.
	 */
	void holdUp(Duration time) throws Exception {
		OtherProcess.signal(this.process, "STOP");
		try {
			Pause.of(time);
		}
		finally {
			OtherProcess.signal(this.process, "CONT");
		}
	}

	/**
	 * Set its wall clock.
	 * @param offset such as {@code +1d}
	 */
	void setClock(String offset) throws IOException {
		Files.writeString(this.offset, offset + "\n");
	}

	@Override
	public void close() throws Exception {
		this.process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
		Files.deleteIfExists(this.offset);
	}

	/**
	 * What happens in that JVM.
	 */
	public static void main(String[] args) throws Exception {
		try (Scene scene = new Scene()) {
			ScriptedUpstream upstream = scene.use(ScriptedUpstream.plain((exchange) -> exchange.ok("hello")));
			var pool = scene.pool((settings) -> {
			});
			scene.callers(2, Duration.ofMillis(10), () -> pool.get(upstream.url()));
			while (true) {
				StringBuilder line = new StringBuilder("found");
				for (Finding finding : pool.findings()) {
					line.append('\u001e')
						.append(String.join("\u001f", finding.code().name(), finding.severity().name(),
								String.valueOf(finding.route()), finding.message(), finding.advice()));
				}
				System.out.println(line);
				Pause.ofMillis(50);
			}
		}
	}

}

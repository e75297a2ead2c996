package io.github.httppool.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

import org.apache.hc.core5.util.VersionInfo;

import org.springframework.boot.SpringBootVersion;
import org.springframework.core.SpringVersion;

/**
 * Says where and when something was measured.
 */
public final class Machine {

	private Machine() {
	}

	/**
	 * Describe this machine, this JVM and what runs in it.
	 * @return one line
	 */
	public static String describe() {
		VersionInfo client = VersionInfo.loadVersionInfo("org.apache.hc.client5", Machine.class.getClassLoader());
		VersionInfo core = VersionInfo.loadVersionInfo("org.apache.hc.core5", Machine.class.getClassLoader());
		return LocalDate.now(ZoneOffset.UTC) + ", " + Runtime.getRuntime().availableProcessors() + " × " + processor()
				+ ", " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
				+ System.getProperty("java.vm.name") + " " + Runtime.version() + ", Spring Boot "
				+ SpringBootVersion.getVersion() + ", Spring " + SpringVersion.getVersion() + ", HttpClient "
				+ release(client) + ", HttpCore " + release(core) + ", OkHttp " + okhttp3.OkHttp.VERSION;
	}

	private static String release(VersionInfo info) {
		return (info != null) ? info.getRelease() : "?";
	}

	private static String processor() {
		try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
			return lines.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElseGet(() -> System.getProperty("os.arch"));
		}
		catch (IOException ex) {
			return System.getProperty("os.arch");
		}
	}

}

package io.github.httppool.autoconfigure;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The versions of HttpClient with which an application starts.
 */
class HttpClientVersionsTests {

	@TempDir
	private Path classes;

	@ParameterizedTest
	@CsvSource({ "5.5.2, 5.3.6", "5.5.2, 5.4.3", "5.6.4, 5.3.6", "5.6, 5.3.6", "5.1.3, 5.1.3" })
	void tooOldVersionsStopTheStartWithWhatToWrite(String client, String core) throws IOException {
		Throwable failure = catchThrowable(() -> check(client, core));
		assertThat(failure).isInstanceOf(UnsupportedHttpClientException.class);
		FailureAnalysis analysis = new UnsupportedHttpClientFailureAnalyzer().analyze(new RuntimeException(failure));
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).endsWith("found HttpClient " + client + " on HttpCore " + core + ".");
		assertThat(analysis.getAction()).contains("'httpclient5.version'").contains("'httpcore5.version'");
	}

	@ParameterizedTest
	@CsvSource({ "5.6.4, 5.4.3", "5.6, 5.4", "5.6-beta1, 5.4-alpha1", "5.7-alpha2, 5.5-beta2", "5.10.1, 5.10",
			"6.0, 6.1", "unknown, unknown" })
	void otherVersionsDo(String client, String core) {
		assertThatNoException().isThrownBy(() -> check(client, core));
	}

	@Test
	void versionsThatNobodyWroteDownDo() throws IOException {
		try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
			assertThatNoException().isThrownBy(() -> HttpClientVersions.check(empty));
		}
	}

	@Test
	void theVersionsOfTheseTestsDo() {
		assertThatNoException().isThrownBy(() -> HttpClientVersions.check(getClass().getClassLoader()));
		assertThatThrownBy(() -> check("5.0", "5.0")).isInstanceOf(UnsupportedHttpClientException.class);
	}

	private void check(String client, String core) throws IOException {
		write("client5", client);
		write("core5", core);
		try (URLClassLoader loader = new URLClassLoader(new URL[] { this.classes.toUri().toURL() }, null)) {
			HttpClientVersions.check(loader);
		}
	}

	private void write(String part, String release) throws IOException {
		Path directory = Files.createDirectories(this.classes.resolve("org/apache/hc").resolve(part));
		Files.writeString(directory.resolve("version.properties"), "info.release = " + release + "\n");
	}

}

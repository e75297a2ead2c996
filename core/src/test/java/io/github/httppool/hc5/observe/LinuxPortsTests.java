package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.httppool.findings.LocalPorts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the local port statistics of Linux.
 */
class LinuxPortsTests {

	private static final String SOCKETS = """
			sockets: used 290
			TCP: inuse 14 orphan 1 tw 4711 alloc 60 mem 2
			UDP: inuse 3 mem 1
			RAW: inuse 0
			""";

	@TempDir
	private Path directory;

	@Test
	void rangeAndTimeWaitAreRead() throws IOException {
		assertThat(ports("32768\t60999\n", SOCKETS)).isEqualTo(new LocalPorts(28232, 4711));
	}

	@Test
	void unreadableFileIsUnknown() throws IOException {
		assertThat(new LinuxPorts(this.directory.resolve("none"), this.directory.resolve("neither")).get())
			.isEqualTo(LocalPorts.UNKNOWN);
		assertThat(ports("32768\t60999\n", "")).isEqualTo(new LocalPorts(28232, -1));
		assertThat(ports("", SOCKETS)).isEqualTo(new LocalPorts(-1, 4711));
	}

	@ParameterizedTest
	@ValueSource(strings = { "many\tports", "60999", "60999\t32768", "1 2 3", "-1\t5", "999999\t9999999" })
	void invalidRangeIsUnknown(String range) throws IOException {
		assertThat(ports(range, SOCKETS).range()).isEqualTo(-1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TCP: inuse 14", "TCP: inuse 14 tw many", "UDP: inuse 3 tw 5", "TCP: tw 99999999999" })
	void invalidTimeWaitIsUnknown(String sockets) throws IOException {
		assertThat(ports("32768\t60999\n", sockets).timeWait()).isEqualTo(-1);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void portsOfThisMachineAreRead() {
		LocalPorts ports = LinuxPorts.ofThisMachine().get();
		assertThat(ports.range()).isBetween(1, 65535);
		assertThat(ports.timeWait()).isNotNegative();
	}

	private LocalPorts ports(String range, String sockets) throws IOException {
		return new LinuxPorts(Files.writeString(this.directory.resolve("range"), range),
				Files.writeString(this.directory.resolve("sockets"), sockets))
			.get();
	}

}

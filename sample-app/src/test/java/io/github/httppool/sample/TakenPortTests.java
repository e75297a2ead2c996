package io.github.httppool.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for the start of the sample application where a port of its two is taken.
 */
@ExtendWith(OutputCaptureExtension.class)
class TakenPortTests {

	@Test
	void thePortOfTheApplicationIsNamedWithHowToChooseOthers(CapturedOutput output) throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			assertFailedStart(taken.getLocalPort(), 0, output);
			assertThat(output).contains(
					"Port " + taken.getLocalPort() + " of the sample application ('server.port') is already in use.");
		}
	}

	@Test
	void thePortOfTheUpstreamIsNamedWithHowToChooseOthers(CapturedOutput output) throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertFailedStart(0, taken.getLocalPort(), output);
			assertThat(output).contains("The upstream of the sample application cannot listen on port "
					+ taken.getLocalPort() + " ('sample.upstream.port'): Address already in use");
		}
	}

	@Test
	void aNumberThatIsNoPortIsNamedToo(CapturedOutput output) {
		assertFailedStart(0, 70_000, output);
		assertThat(output).contains("port 70000 ('sample.upstream.port')");
	}

	private static void assertFailedStart(int port, int upstream, CapturedOutput output) {
		Throwable failure = catchThrowable(() -> SampleApplication
			.main(new String[] { "--server.port=" + port, "--sample.upstream.port=" + upstream }));
		assertThat(failure).isNotNull();
		assertThat(output).contains("APPLICATION FAILED TO START", "--server.port=8090 --sample.upstream.port=8091")
			.doesNotContain("\tat ");
	}

}

package io.github.httppool.benchmarks.scale;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;

import io.github.httppool.benchmarks.Arguments;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.upstream.Answer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the comparison at scale, on a small one.
 */
@Tag("waiting")
class ScaleComparisonTests {

	private static final Load SMALL = Load.of(Arguments.parse(List.of("--brief", "--answer=kb2"), Load.OPTIONS));

	@Test
	void aPoolServesTheLoadOverItsConnectionsAndLeavesNoSockets() throws Exception {
		Outcome outcome = Outcome.of(ScaleComparison.java(ClientKind.HTTP_POOL), SMALL);
		assertThat(outcome.firstError()).isNull();
		assertThat(outcome.errors()).isZero();
		assertThat(outcome.calls()).isBetween(1L, 200L);
		assertThat(outcome.openedWarmingUp()).isBetween(1L, 10L);
		assertThat(outcome.openedWarmingUp() + outcome.opened()).isBetween(1L, 10L);
		assertThat(outcome.timeWaitAfter()).isLessThanOrEqualTo(0);
		assertThat(outcome.p50()).isPositive().isLessThanOrEqualTo(outcome.p99());
		assertThat(outcome.p99()).isLessThanOrEqualTo(outcome.max());
		assertThat(new OutcomeTable(SMALL, Map.of("a title", outcome)).toString()).contains("a title", "200 due");
	}

	@Test
	void aClientThatEndsEarlyIsShownWithItsLog() {
		Report report = new Report(new BufferedReader(new StringReader("scale: ready 0\nout of ports\n")));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> report.await("end"))
			.withMessageContaining("out of ports");
	}

	@Test
	void withoutGoItsPackageIsNamed() {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> GoProgram.compile("no-such-go"))
			.withMessageContaining("golang-go");
	}

	@Test
	void aLoadSurvivesTheWayIntoAnotherProcess() {
		Load load = new Load(1, 2, 3, 4, 5, Answer.KB64);
		assertThat(Load.ofArguments(load.arguments())).isEqualTo(load);
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void socketsInTimeWaitAreThoseOfThePort() throws IOException {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
					Socket accepted = server.accept()) {
				assertThat(TimeWait.count(server.getLocalPort())).isZero();
				client.close();
				// End of the stream: the client closed first, so that its side waits.
				assertThat(accepted.getInputStream().read()).isEqualTo(-1);
			}
			await().untilAsserted(() -> assertThat(TimeWait.count(server.getLocalPort())).isOne());
		}
	}

}

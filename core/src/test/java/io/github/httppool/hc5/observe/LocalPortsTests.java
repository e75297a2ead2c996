package io.github.httppool.hc5.observe;

import java.net.BindException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.ExplainedFailure;
import io.github.httppool.testing.NetworkNamespace;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.ExplainedFailure.TIME;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the message of an exception if the operating system has no local port left,
 * and for the count of recently opened connections.
 */
@Tag("waiting")
@Timeout(60)
class LocalPortsTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private static final int PORTS = 10;

	@Test
	void localAddressOfAnotherMachineIsNotTakenForPortsThatHaveRunOut() throws Exception {
		HttpPoolCustomizer foreign = new HttpPoolCustomizer() {

			@Override
			public void customizeClient(String pool, HttpClientBuilder client) {
				client.setRoutePlanner(new DefaultRoutePlanner(null) {

					@Override
					protected InetAddress determineLocalAddress(HttpHost firstHop, HttpContext context) {
						return address("203.0.113.9");
					}

				});
			}

		};
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture pool = PoolFixture.customized((settings) -> {
				}, foreign)) {
			ExplainedFailure
				.ofGet(pool, upstream.uri("/orders"), BindException.class, "No local port for a connection with "
						+ upstream.url() + " \\(pool 'default'\\): 127\\.0\\.0\\.1:" + upstream.port()
						+ " failed after " + TIME
						+ " \\(Cannot assign requested address\\)\\. The pool does not use the ports up: either other sockets of "
						+ "this machine do, which 'ss -s' counts, or it has no local address from which to reach that one, as "
						+ "with IPv6 or a local address that a customizer sets\\. In the last minute the pool opened 0 "
						+ "connections; since its start its reuse ratio is 0\\.000, and it closed none\\. This machine has "
						+ "(\\d+|an unknown number of) local ports for each address of a server "
						+ "\\(net\\.ipv4\\.ip_local_port_range\\) and (\\d+|an unknown number of) sockets in TIME_WAIT, "
						+ "which keep theirs for a minute");
			assertThat(pool.leased()).isZero();
		}
	}

	private static InetAddress address(String address) {
		try {
			return InetAddress.getByName(address);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * In a network namespace of its own, whose range of local ports is small.
	 */
	@Test
	@RequiresProgram({ Program.UNSHARE, Program.IP })
	void messageExplainsWhyPortsRanOut() throws Exception {
		NetworkNamespace.assumePossible();
		String script = "echo '40000 " + (40000 + PORTS - 1)
				+ "' >/proc/sys/net/ipv4/ip_local_port_range; echo 0 >/proc/sys/net/ipv4/tcp_tw_reuse; exec \"$@\"";
		Process client = NetworkNamespace.start(script,
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), Exhaustion.class.getName());
		String output = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8).replace("\n  ", " ");
		assertThat(client.waitFor()).as(output).isZero();
		String begin = "(?s).*No local port for a connection with http://127\\.0\\.0\\.1:\\d+ \\(pool 'default'\\): "
				+ "127\\.0\\.0\\.1:\\d+ failed after " + TIME
				+ " \\(Cannot assign requested address\\)\\. %s\\. In the last minute the pool opened " + PORTS
				+ " connections; since its start its reuse ratio is 0\\.000, and it closed %s\\. This machine has "
				+ PORTS
				+ " local ports for each address of a server \\(net\\.ipv4\\.ip_local_port_range\\) and %s sockets in "
				+ "TIME_WAIT, which keep theirs for a minute.*";
		assertThat(output).as("all leased")
			.matches(begin.formatted(
					"The pool itself has so many connections open at once: check http-pool\\.max-per-route and http-pool\\.max-total",
					"none", 0));
		// The last close may be under way.
		assertThat(output).as("all closed")
			.matches(begin.formatted(
					"The pool closes connections instead of reusing them: check the server's keep-alive, and http-pool\\.keep-alive",
					PORTS + ", " + PORTS + " of them with the reason server-close",
					"(?:" + (PORTS - 1) + "|" + PORTS + ")"));
	}

	@Test
	void openingsOfTheLastMinuteAreCounted() {
		OpeningRate openings = new OpeningRate(0);
		assertThat(openings.lastMinute(0)).isZero();
		openings.count(0);
		openings.count(SECOND / 2);
		openings.count(30 * SECOND);
		assertThat(openings.lastMinute(30 * SECOND)).isEqualTo(3);
		assertThat(openings.lastMinute(60 * SECOND - 1)).isEqualTo(3);
		assertThat(openings.lastMinute(60 * SECOND)).isEqualTo(1);
		openings.count(60 * SECOND);
		assertThat(openings.lastMinute(60 * SECOND)).as("in a slot that was used before").isEqualTo(2);
		assertThat(openings.lastMinute(90 * SECOND)).isEqualTo(1);
		assertThat(openings.lastMinute(1000 * SECOND)).isZero();
	}

	@Test
	void openingsOfManyCallersAreAllCounted() throws Exception {
		OpeningRate openings = new OpeningRate(0);
		try (Crowd crowd = new Crowd(8)) {
			crowd.all(1000, (caller, time) -> openings.count(time % 60 * SECOND));
		}
		assertThat(openings.lastMinute(59 * SECOND)).isEqualTo(8000);
	}

	/**
	 * Uses the ports up, once by connections that are open and once by closed ones.
	 */
	static final class Exhaustion {

		private Exhaustion() {
		}

		public static void main(String[] arguments) {
			// Servers outside of the range, each with a port of its own.
			ScriptedUpstream.Script hello = (exchange) -> exchange.ok("hello");
			List<CloseableHttpResponse> open = new ArrayList<>();
			try (ScriptedUpstream upstream = ScriptedUpstream.plainAt("127.0.0.1", 5001, hello);
					PoolFixture pool = PoolFixture.withDefaults()) {
				untilItFails(() -> open.add(pool.open(new HttpGet(upstream.uri("/")))));
			}
			try (ScriptedUpstream upstream = ScriptedUpstream.plainAt("127.0.0.1", 5002, hello);
					PoolFixture pool = PoolFixture.with((settings) -> settings.keepAlive(false))) {
				untilItFails(() -> pool.get(upstream.uri("/")));
			}
		}

		private static void untilItFails(Callable<?> call) {
			for (int i = 0; i <= PORTS; i++) {
				try {
					call.call();
				}
				catch (Exception ex) {
					System.out.println(ex);
					return;
				}
			}
		}

	}

}

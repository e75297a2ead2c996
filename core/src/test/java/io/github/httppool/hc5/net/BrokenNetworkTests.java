package io.github.httppool.hc5.net;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.github.httppool.testing.NetworkNamespace;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls in a network of their own, through the resolver of the JDK and a DNS server: the
 * server does not answer for some hosts, and packets to some addresses vanish. What the
 * {@linkplain BrokenNetwork callers} see there is printed line by line.
 */
@Tag("slow")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@RequiresProgram({ Program.UNSHARE, Program.IP })
class BrokenNetworkTests {

	/** The static neighbours do not exist: no host answers, and no error comes back. */
	private static final String NETWORK = """
			ip link add here type veth peer name there
			ip link set here up
			ip link set there up
			ip addr add 198.51.100.1/24 dev here
			ip -6 addr add 2001:db8::1/64 dev here nodad
			for host in 7 8 9; do
				ip neigh add 198.51.100.$host lladdr 02:00:00:00:00:0$host dev here
				ip -6 neigh add 2001:db8::$host lladdr 02:00:00:00:00:0$host dev here
			done
			echo nameserver 127.0.0.1 >"$1"
			mount --bind "$1" /etc/resolv.conf
			shift
			exec "$@"
			""";

	@BeforeEach
	void assumeThatNetworksCanBeMade() throws Exception {
		NetworkNamespace.assumePossible();
	}

	@Test
	void callsEndInTimeAndFindTheWayThatWorks() throws Exception {
		String output = run();
		assertThat(output.lines()).contains("silent DNS: 50 calls failed in time, 1 thread",
				"silent DNS, again: 50 calls failed in time, 1 thread", "another host meanwhile: hello",
				"late answer: hello", "IPv6 is broken: hello after the fallback delay",
				"IPv6 is broken, next connection: hello at once", "no address answers: failed in time", "leased: 0");
		assertThat(output)
			.containsPattern(
					"(?s)silent DNS: No address of 'silent\\.test' within 1s.*Its lookup has been running for ")
			.containsPattern("(?s)no address answers: .*2001:db8:0:0:0:0:0:7.*198\\.51\\.100\\.7")
			.contains("plain HttpClient where IPv6 is broken: not in time");
	}

	private static String run() throws Exception {
		Path resolvers = Files.createTempFile("resolv", ".conf");
		try {
			Process process = NetworkNamespace.start(NETWORK, resolvers.toString(),
					Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
					"-XX:+UseSerialGC", "-Djava.net.preferIPv6Addresses=true", "-cp",
					System.getProperty("java.class.path"), BrokenNetwork.class.getName());
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
			assertThat(process.exitValue()).as(output).isZero();
			return output;
		}
		finally {
			Files.delete(resolvers);
		}
	}

}

package io.github.httppool.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that tests await conditions instead of sleeping.
 */
class PauseTests {

	private static final Pattern SLEEP = Pattern.compile("\\bsleep\\(|\\bpark(Nanos|Until)?\\(");

	private static final Pattern PAUSE = Pattern.compile("(?<![.\\w])Pause\\.(of|until)");

	/**
	 * The classes whose subject is time: what a slow server or a busy caller does
	 * meanwhile, or what must not happen. All others await a condition with {@link Soon}.
	 */
	private static final Set<String> PAUSING = Set.of(
			// Fixtures
			"testing/Relay", "testing/ScriptedUpstream",
			// Slow servers, resolvers and callers
			"exceptions/OpeningSituations", "faults/OpeningCases", "hc5/http1/EarlyResponseTests",
			"hc5/http1/WriteTimeoutTests", "hc5/net/SocksProxyTests", "hc5/observe/ExplanationTests",
			"hc5/observe/RouteStatsTests", "hc5/pool/HeldResponseTests", "hc5/pool/InterruptStatusTests",
			"hostile/ConnectionCases", "jvm/VirtualThreadTests", "runbook/Situations",
			// Time limits that pass, or must not pass
			"faults/LimitCases", "faults/ReuseCases", "hc5/pool/CallDeadlineStateTests", "hc5/pool/CallDeadlineTests",
			"hc5/pool/IdleRaceTests", "hc5/pool/IdleTlsTests", "hc5/pool/LeaseTests", "hc5/pool/SilentConnectionsTests",
			"hostile/CaseRun",
			// Processes that stand still
			"faults/OtherJvm", "hc5/net/StoppedProcessTests", "hc5/observe/RecentActivityTests",
			// Checks in a loop, while something must hold
			"faults/FaultRun", "faults/HealthyCase", "faults/HealthyCases",
			// Races and long runs
			"hc5/Soak", "hc5/pool/ConnectionBookStressTests", "hc5/pool/IdleConnectionsTests",
			"hc5/pool/ServerReloadTests", "page/PageCost",
			// Other JVMs
			"jvm/ExitingApplication", "jvm/RestartingJvm", "jvm/UndeployingServer", "apptests/DevToolsApplication");

	@Test
	void onlyPauseSleeps() throws IOException {
		assertThat(classesWith(SLEEP)).as("Await a condition with Soon. If time is the subject, use Pause.")
			.containsExactly("testing/Pause");
	}

	@Test
	void onlyListedClassesPauseAndEachOfThemDoes() throws IOException {
		assertThat(classesWith(PAUSE)).as("Await a condition with Soon. List classes whose subject is time.")
			.containsExactlyElementsOf(new TreeSet<>(PAUSING));
	}

	private static Set<String> classesWith(Pattern pattern) throws IOException {
		Set<String> classes = new TreeSet<>();
		for (String module : List.of("core", "autoconfigure", "sample-app", "benchmarks")) {
			Path root = Path.of("..", module, "src/test/java/io/github/httppool");
			try (Stream<Path> files = Files.walk(root)) {
				for (Path file : files.filter((file) -> file.toString().endsWith(".java")).toList()) {
					if (!file.endsWith("PauseTests.java") && pattern.matcher(Files.readString(file)).find()) {
						classes.add(root.relativize(file).toString().replace('\\', '/').replace(".java", ""));
					}
				}
			}
		}
		return classes;
	}

}

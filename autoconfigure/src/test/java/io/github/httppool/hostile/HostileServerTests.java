package io.github.httppool.hostile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import io.github.httppool.testing.BackgroundRun;
import io.github.httppool.testing.Transport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Plays all hostile cases, several at once because they spend their time waiting, and
 * keeps the table of them in the documentation. {@code -Dhostile.only=} and a regular
 * expression plays those alone whose group and name have a part that matches, such as
 * {@code Bodies: flood}.
 */
@Tag("slow")
class HostileServerTests {

	/** In the order of the table. */
	private static final Map<String, List<HostileCase>> GROUPS = new LinkedHashMap<>();

	static {
		GROUPS.put("Bodies", BodyCases.cases());
		GROUPS.put("Headers", HeaderCases.cases());
		GROUPS.put("Framing", FramingCases.cases());
		GROUPS.put("Timing", TimingCases.cases());
		GROUPS.put("Requests", RequestCases.cases());
		GROUPS.put("Connections", ConnectionCases.cases());
		GROUPS.put("TLS", TlsCases.cases());
		GROUPS.put("Redirects", RedirectCases.cases());
		GROUPS.put("Proxies", ProxyCases.cases());
		GROUPS.put("Callers", CallerCases.cases());
		GROUPS.put("Lost responses", LeakCases.cases());
		GROUPS.put("Whole calls", DeadlineCases.cases());
		GROUPS.put("Replays", ReplayCases.cases());
	}

	private static ExecutorService executor;

	private final List<BackgroundRun<?>> runs = new ArrayList<>();

	/** Not a constant: failed tests run once more, in the same class. */
	@BeforeAll
	static void createExecutor() {
		executor = Executors.newFixedThreadPool(4);
	}

	@AfterAll
	static void endExecutor() {
		executor.shutdownNow();
	}

	@Test
	void everyCaseHasANameOfItsOwn() {
		GROUPS.forEach((group, cases) -> assertThat(cases).as(group)
			.isNotEmpty()
			.extracting(HostileCase::name)
			.doesNotHaveDuplicates());
		assertThat(GROUPS.values().stream().mapToInt(List::size).sum()).isGreaterThanOrEqualTo(80);
	}

	@TestFactory
	Stream<DynamicNode> cases() {
		String only = System.getProperty("hostile.only", "");
		List<DynamicNode> nodes = new ArrayList<>();
		GROUPS.forEach((group,
				cases) -> nodes.add(DynamicContainer.dynamicContainer(group,
						cases.stream()
							.filter((hostile) -> (group + ": " + hostile.name()).matches(".*(" + only + ").*"))
							.map(this::overAllTransports)
							.toList())));
		if (only.isEmpty()) {
			nodes.add(DynamicTest.dynamicTest("docs/hostile-cases.md lists these cases", this::checkTable));
		}
		return nodes.stream();
	}

	private DynamicNode overAllTransports(HostileCase hostile) {
		return DynamicContainer.dynamicContainer(hostile.name(),
				hostile.transports().stream().map((transport) -> overOne(hostile, transport)).toList());
	}

	private DynamicNode overOne(HostileCase hostile, Transport transport) {
		String name = hostile.name() + ", " + transport;
		BackgroundRun<?> run = BackgroundRun.begin(name, executor, () -> {
			new CaseRun(hostile).over(transport);
			return null;
		});
		this.runs.add(run);
		return DynamicTest.dynamicTest(name, run::await);
	}

	private void checkTable() throws Exception {
		for (BackgroundRun<?> run : this.runs) {
			run.resultForTable();
		}
		assertThat(CaseTable.isCurrent(GROUPS))
			.withFailMessage("docs/hostile-cases.md did not say what this run has shown. It does now: look at the "
					+ "difference and commit it together with the change that made it")
			.isTrue();
	}

}

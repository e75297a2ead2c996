package io.github.httppool.exceptions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.httppool.exceptions.Client.Level;
import io.github.httppool.testing.boot.BootVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Makes calls fail in an application with the pool and in one without it, and compares
 * what the callers get.
 */
@Tag("slow")
class ExceptionTableTests {

	private static final Map<String, List<Situation>> GROUPS = new LinkedHashMap<>();

	static {
		GROUPS.put("Opening a connection", OpeningSituations.all());
		GROUPS.put("TLS", TlsSituations.all());
		GROUPS.put("Requests and responses", MessageSituations.all());
		GROUPS.put("Waiting, cancelling and shutting down", CallerSituations.all());
	}

	private static ExecutorService executor;

	/** Not a constant: failed tests run once more, in the same class. */
	@BeforeAll
	static void createExecutor() {
		executor = Executors.newFixedThreadPool(8);
	}

	@AfterAll
	static void end() throws InterruptedException {
		executor.shutdownNow();
		Application.closeShared();
	}

	@TestFactory
	Stream<DynamicNode> failuresHaveTheClassesOfThePlainClient() {
		String only = System.getProperty("exceptions.only", "");
		List<DynamicNode> nodes = new ArrayList<>();
		GROUPS.forEach((group,
				situations) -> nodes.add(DynamicContainer.dynamicContainer(group,
						situations.stream()
							.filter((situation) -> (group + ": " + situation.name).matches(".*(" + only + ").*"))
							.map(this::everywhere)
							.toList())));
		return nodes.stream();
	}

	private DynamicNode everywhere(Situation situation) {
		List<DynamicNode> tests = new ArrayList<>();
		if (situation.virtual && JRE.currentVersionNumber() < 21) {
			return DynamicTest.dynamicTest(situation.name, () -> abort("Java 17 has no virtual threads"));
		}
		for (Way way : situation.ways) {
			for (Level level : situation.levels(way)) {
				String name = situation.name + ", " + way + ", " + level;
				Future<?> run = executor.submit(() -> {
					compare(situation, way, level);
					return null;
				});
				tests.add(DynamicTest.dynamicTest(name, () -> {
					try {
						run.get(3, TimeUnit.MINUTES);
					}
					catch (ExecutionException ex) {
						throw new AssertionError(name + ": " + ex.getCause().getMessage(), ex.getCause());
					}
				}));
			}
		}
		return DynamicContainer.dynamicContainer(situation.name, tests);
	}

	@Test
	void tableSaysWhatARunShows() throws Exception {
		assumeTrue(BootVersion.isAtLeast41(), "Spring Boot 4.0 has no address filter");
		assertThat(ExceptionTable.isCurrent(GROUPS))
			.withFailMessage("docs/exceptions.md did not say what these tests assert. It does now: look at the "
					+ "difference and commit it together with the change that made it")
			.isTrue();
	}

	private static void compare(Situation situation, Way way, Level level) throws Exception {
		Outcome plain = situation.plainNotRun ? null : play(situation, way, level, false);
		Outcome ours = play(situation, way, level, true);
		if (System.getProperty("exceptions.show") != null) {
			System.out.println("EXC " + situation.name + " | " + way + " | " + level + "\n  EXC plain " + plain
					+ "\n  EXC ours  " + ours + ((plain != null && plain.missingIn(ours) != null)
							? "\n  EXC MISSING " + plain.missingIn(ours) : ""));
		}
		if (plain != null) {
			assertThat(situation.expects(plain)).as("plain: %s", plain).isTrue();
		}
		if (situation.ours != null || !situation.isComparable()) {
			assertThat(type(ours)).as("ours: %s", ours).isEqualTo(situation.ours);
		}
		if (situation.isComparable()) {
			assertThat(situation.isMet(plain, ours)).as("%s instead of %s", ours, plain).isTrue();
		}
	}

	private static @Nullable Class<?> type(Outcome outcome) {
		Throwable failure = outcome.unwrapped();
		return (failure != null) ? failure.getClass() : null;
	}

	private static Outcome play(Situation situation, Way way, Level level, boolean ours) throws Exception {
		try (Play play = new Play(situation, way, ours)) {
			return play.at(level);
		}
	}

}

package io.github.httppool.runbook;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import io.github.httppool.testing.BackgroundRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Makes what happens at night, asks what an engineer asks then, and keeps the answers in
 * the runbook.
 */
@Tag("slow")
class RunbookTests {

	private static ExecutorService executor;

	private final Map<String, BackgroundRun<Map<String, Answer>>> runs = new LinkedHashMap<>();

	/**
	 * Not a constant: failed tests run once more, in the same class. One after the other:
	 * an application that ends resets the log of the others.
	 */
	@BeforeAll
	static void createExecutor() {
		executor = Executors.newSingleThreadExecutor();
	}

	@AfterAll
	static void endExecutor() {
		executor.shutdownNow();
	}

	@TestFactory
	Stream<DynamicTest> situations() {
		Situations.all()
			.forEach((name, situation) -> this.runs.put(name, BackgroundRun.begin(name, executor, situation)));
		return Stream.concat(
				this.runs.entrySet()
					.stream()
					.map((run) -> DynamicTest.dynamicTest(run.getKey(), run.getValue()::await)),
				Stream.of(DynamicTest.dynamicTest("docs/runbook.md has these answers", this::checkPage)));
	}

	private void checkPage() throws Exception {
		Map<String, Answer> answers = new LinkedHashMap<>();
		for (BackgroundRun<Map<String, Answer>> run : this.runs.values()) {
			answers.putAll(run.resultForTable());
		}
		assertThat(RunbookPage.isCurrent(answers))
			.withFailMessage(
					"docs/runbook.md did not have the answers of this run. It does now: look at the difference "
							+ "and commit it together with the change that made it")
			.isTrue();
	}

	@Test
	void pageHasTwelveQuestionsAndItsLinksLeadToThem() throws IOException {
		assertThat(RunbookPage.questions()).hasSize(12);
		assertThat(RunbookPage.deadLinks()).isEmpty();
	}

}

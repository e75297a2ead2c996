package io.github.httppool.testing;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link BackgroundRun}.
 */
class BackgroundRunTests {

	private final ExecutorService executor = Executors.newSingleThreadExecutor();

	@AfterEach
	void endExecutor() {
		this.executor.shutdownNow();
	}

	@Test
	void aCaseThatIsSkippedSkipsItsTestAndTheCheckOfTheTable() {
		BackgroundRun<String> run = begin(() -> {
			throw new TestAbortedException("nginx is not installed");
		});
		assertThatExceptionOfType(TestAbortedException.class).isThrownBy(run::await)
			.withMessage("nginx is not installed");
		assertThatExceptionOfType(TestAbortedException.class).isThrownBy(run::resultForTable)
			.withMessageContaining("nginx is not installed");
	}

	@Test
	void aCaseThatFailsFailsItsTestAndSkipsTheCheckOfTheTable() {
		IOException failure = new IOException("broken");
		BackgroundRun<String> run = begin(() -> {
			throw failure;
		});
		assertThatExceptionOfType(AssertionError.class).isThrownBy(run::await)
			.withMessage("a case: broken")
			.withCause(failure);
		assertThatExceptionOfType(TestAbortedException.class).isThrownBy(run::resultForTable)
			.withMessageContaining("A case failed");
	}

	@Test
	void aCaseThatPassesGivesItsResult() throws Exception {
		BackgroundRun<String> run = begin(() -> "found");
		run.await();
		assertThat(run.resultForTable()).isEqualTo("found");
	}

	private BackgroundRun<String> begin(Callable<String> play) {
		return BackgroundRun.begin("a case", this.executor, play);
	}

}

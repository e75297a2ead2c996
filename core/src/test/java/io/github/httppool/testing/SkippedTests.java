package io.github.httppool.testing;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints the number of skipped tests at the end of a run: one line per reason.
 */
public final class SkippedTests implements TestExecutionListener {

	private final Map<String, Integer> reasons = new ConcurrentSkipListMap<>();

	private TestPlan plan;

	@Override
	public void testPlanExecutionStarted(TestPlan plan) {
		this.plan = plan;
	}

	@Override
	public void executionSkipped(TestIdentifier test, String reason) {
		int tests = (int) this.plan.getDescendants(test).stream().filter(TestIdentifier::isTest).count();
		count(reason, test.isTest() ? 1 : Math.max(tests, 1));
	}

	@Override
	public void executionFinished(TestIdentifier test, TestExecutionResult result) {
		if (result.getStatus() == Status.ABORTED) {
			count(result.getThrowable().map(Throwable::getMessage).orElse("no reason given"), 1);
		}
	}

	private void count(String reason, int tests) {
		this.reasons.merge(reason.replaceFirst("^Assumption failed: ", ""), tests, Integer::sum);
	}

	@Override
	public void testPlanExecutionFinished(TestPlan plan) {
		this.reasons.forEach((reason, tests) -> System.out.println("Skipped " + tests + " tests: " + reason));
	}

}

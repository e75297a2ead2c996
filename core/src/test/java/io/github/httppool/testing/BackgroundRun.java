package io.github.httppool.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.opentest4j.TestAbortedException;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Runs a case on a different thread than its test.
 *
 * @param <T> the type of its result
 */
public final class BackgroundRun<T> {

	private final String name;

	private final Future<T> result;

	private BackgroundRun(String name, Future<T> result) {
		this.name = name;
		this.result = result;
	}

	/**
	 * Begin a case.
	 */
	public static <T> BackgroundRun<T> begin(String name, ExecutorService executor, Callable<T> play) {
		return new BackgroundRun<>(name, executor.submit(play));
	}

	/**
	 * Wait for the end: a case that is skipped skips the test, a case that fails fails
	 * it.
	 */
	public void await() throws Exception {
		try {
			this.result.get(2, TimeUnit.MINUTES);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof TestAbortedException skipped) {
				throw skipped;
			}
			// Reports show numbers instead of names.
			throw new AssertionError(this.name + ": " + ex.getCause().getMessage(), ex.getCause());
		}
	}

	/**
	 * Return the result for the table of all cases. That table is neither checked nor
	 * written, and its test skipped, where a case has none.
	 */
	public T resultForTable() throws InterruptedException {
		try {
			return this.result.get();
		}
		catch (ExecutionException ex) {
			boolean skipped = ex.getCause() instanceof TestAbortedException;
			assumeTrue(false,
					skipped ? ex.getCause().getMessage() : "A case failed; the table is checked when all pass");
			throw new IllegalStateException(ex);
		}
	}

}

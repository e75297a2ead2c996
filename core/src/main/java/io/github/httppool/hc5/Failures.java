package io.github.httppool.hc5;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * Reads failures. One that comes from an application's code may throw where it is asked
 * for its message, or have itself as a cause: it must reach the caller all the same.
 */
final class Failures {

	/** So deep are causes looked at, which may be a circle. */
	private static final int DEEPEST = 20;

	private Failures() {
	}

	static @Nullable String message(Throwable failure) {
		try {
			return failure.getMessage();
		}
		catch (Throwable ex) {
			return null;
		}
	}

	/**
	 * Return the message, or the class where there is none.
	 */
	static String words(Throwable failure) {
		String message = message(failure);
		return (message != null) ? message : type(failure);
	}

	/**
	 * Return the class without its package; of one without a name, with it.
	 */
	static String type(Throwable failure) {
		String name = failure.getClass().getSimpleName();
		return !name.isEmpty() ? name : failure.getClass().getName();
	}

	/**
	 * Return a failure, its cause, the cause of that, and so on.
	 */
	static List<Throwable> chain(Throwable failure) {
		List<Throwable> chain = new ArrayList<>();
		for (Throwable one = failure; one != null && chain.size() < DEEPEST; one = cause(one)) {
			chain.add(one);
		}
		return chain;
	}

	static @Nullable Throwable cause(Throwable failure) {
		try {
			return failure.getCause();
		}
		catch (Throwable ex) {
			return null;
		}
	}

	/**
	 * Return a failure as listeners are told of it.
	 */
	static Exception exception(Throwable failure) {
		// Without a message of its own, it would ask the failure for one.
		return (failure instanceof Exception exception) ? exception : new ExecutionException(words(failure), failure);
	}

}

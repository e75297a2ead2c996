package io.github.httppool.hc5.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * Reads exceptions. An exception of an application may itself throw when it is asked for
 * its message or cause: it must reach the caller all the same.
 */
public final class Exceptions {

	/** Causes are followed to this depth, because they may form a circle. */
	private static final int MAX_DEPTH = 20;

	private Exceptions() {
	}

	/**
	 * Add the original exception to its replacement: as the cause if both have the same
	 * class, otherwise as a suppressed exception. Code that examines the root cause finds
	 * the class that it knows.
	 */
	public static <T extends IOException> T causedBy(T exception, @Nullable Throwable seen) {
		if (exception.getClass().isInstance(seen)) {
			exception.initCause(seen);
		}
		else if (seen != null) {
			exception.addSuppressed(seen);
		}
		return exception;
	}

	public static @Nullable String message(Throwable failure) {
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
	public static String words(Throwable failure) {
		String message = message(failure);
		return (message != null) ? message : type(failure);
	}

	/**
	 * Return the class without its package; of one without a name, with it.
	 */
	public static String type(Throwable failure) {
		String name = failure.getClass().getSimpleName();
		return !name.isEmpty() ? name : failure.getClass().getName();
	}

	/**
	 * Return a failure, its cause, the cause of that, and so on.
	 */
	public static List<Throwable> chain(Throwable failure) {
		List<Throwable> chain = new ArrayList<>();
		for (Throwable one = failure; one != null && chain.size() < MAX_DEPTH; one = cause(one)) {
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
	public static Exception exception(Throwable failure) {
		// Without a message of its own, it would ask the failure for one.
		return (failure instanceof Exception exception) ? exception : new ExecutionException(words(failure), failure);
	}

}

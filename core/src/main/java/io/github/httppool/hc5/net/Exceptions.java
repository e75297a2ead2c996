package io.github.httppool.hc5.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * Reads exceptions safely. An application's exception may throw from {@code getMessage()}
 * or {@code getCause()}, and must still reach the caller.
 */
public final class Exceptions {

	/**
	 * Limit for following causes, which may form a cycle.
	 */
	private static final int MAX_DEPTH = 20;

	private Exceptions() {
	}

	/**
	 * Adds the original exception to its replacement: as the cause if both have the same
	 * class, otherwise as a suppressed exception. Code that examines the root cause then
	 * finds the class it expects.
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
	 * Returns the message, or the class name if there is none.
	 */
	public static String messageOrType(Throwable failure) {
		String message = message(failure);
		return (message != null) ? message : type(failure);
	}

	/**
	 * Returns the simple class name, or the full name of an anonymous class.
	 */
	public static String type(Throwable failure) {
		String name = failure.getClass().getSimpleName();
		return !name.isEmpty() ? name : failure.getClass().getName();
	}

	/**
	 * Returns a failure, its cause, the cause of that, and so on.
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
	 * Returns a failure as an {@link Exception}, as listeners expect it.
	 */
	public static Exception exception(Throwable failure) {
		// An explicit message prevents the constructor from calling
		// toString() on the failure.
		return (failure instanceof Exception exception) ? exception
				: new ExecutionException(messageOrType(failure), failure);
	}

}

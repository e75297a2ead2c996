package io.github.httppool.hc5.pool;

/**
 * Identifies the caller, for the case that a class which cannot be changed needs a
 * different answer than all others.
 */
public final class Asker {

	/**
	 * Maximum depth: there may be wrappers between the two.
	 */
	private static final int MAX_FRAMES = 6;

	private static final StackWalker FRAMES = StackWalker.getInstance();

	private Asker() {
	}

	/**
	 * Return whether the given method of a class is among the nearest callers.
	 */
	public static boolean is(Class<?> type, String method) {
		return FRAMES.walk((frames) -> frames.limit(MAX_FRAMES)
			.anyMatch((frame) -> frame.getClassName().equals(type.getName()) && frame.getMethodName().equals(method)));
	}

}

package io.github.httppool.hc5.pool;

/**
 * Finds out who asks, where a class that cannot be changed needs another answer than
 * everybody else.
 */
public final class Asker {

	/** Wrappers stand between the two. */
	private static final int NEAREST = 6;

	private static final StackWalker FRAMES = StackWalker.getInstance();

	private Asker() {
	}

	/**
	 * Return whether a method of some class is among the nearest callers.
	 */
	public static boolean is(Class<?> type, String method) {
		return FRAMES.walk((frames) -> frames.limit(NEAREST)
			.anyMatch((frame) -> frame.getClassName().equals(type.getName()) && frame.getMethodName().equals(method)));
	}

}

package io.github.httppool.hc5.pool;

/**
 * Identifies the caller of a method from the stack. It is used if one class of another
 * library needs a different result than all other callers.
 */
public final class CallerFrames {

	/**
	 * Maximum depth of the search. There may be wrappers between the caller and the
	 * method.
	 */
	private static final int MAX_FRAMES = 6;

	private static final StackWalker FRAMES = StackWalker.getInstance();

	private CallerFrames() {
	}

	/**
	 * Return whether the given method of a class is among the nearest callers.
	 */
	public static boolean contain(Class<?> type, String method) {
		return FRAMES.walk((frames) -> frames.limit(MAX_FRAMES)
			.anyMatch((frame) -> frame.getClassName().equals(type.getName()) && frame.getMethodName().equals(method)));
	}

}

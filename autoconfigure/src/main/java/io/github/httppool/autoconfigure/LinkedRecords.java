package io.github.httppool.autoconfigure;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.runtime.ObjectMethods;
import java.util.List;

/**
 * Releases the record class whose {@code equals}, {@code hashCode} or {@code toString}
 * the JVM linked last. Before Java 19, a cache with one entry refers to that class, and
 * so to the class loader of an undeployed application (JDK-8078641).
 */
final class LinkedRecords {

	private static final List<String> METHODS = List.of("equals", "hashCode", "toString");

	private LinkedRecords() {
	}

	/**
	 * Replace the cached entries with entries for a class of the JDK.
	 */
	static void release() {
		if (Runtime.version().feature() >= 19) {
			return;
		}
		MethodHandle component = MethodHandles.identity(String.class);
		try {
			for (String method : METHODS) {
				ObjectMethods.bootstrap(MethodHandles.lookup(), method, MethodHandle.class, String.class, "value",
						component);
			}
		}
		catch (Throwable ex) {
			// The context must still close. At worst, the last record
			// class stays in memory.
		}
	}

}

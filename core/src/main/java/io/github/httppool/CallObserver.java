package io.github.httppool;

import org.jspecify.annotations.Nullable;

/**
 * Adds events to the observation of a call. For the engine, observations are opaque
 * objects. Implementations must be thread-safe.
 *
 * @since 0.1.0
 */
public interface CallObserver {

	/** An observer without observations. */
	CallObserver NONE = new CallObserver() {

		@Override
		public @Nullable Object current() {
			return null;
		}

		@Override
		public void event(Object observation, String name, String text) {
		}

	};

	/**
	 * Return the observation of the call that this thread is making. The pool calls this
	 * method for every call with a body, so it must not allocate.
	 * @return the observation, or {@code null} if the call has none
	 */
	@Nullable Object current();

	/**
	 * Add an event to an observation, unless the observation has ended. Called in the
	 * thread of the caller.
	 * @param observation the observation of the call, as {@link #current()} returned it
	 * earlier
	 * @param name the kind of event, with low cardinality
	 * @param text a description for people
	 */
	void event(Object observation, String name, String text);

}

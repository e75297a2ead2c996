package io.github.httppool;

import org.jspecify.annotations.Nullable;

/**
 * Adds events to the observation of a call. The engine itself knows no observations: for
 * it, they are plain objects.
 *
 * @since 0.1.0
 */
public interface CallObserver {

	/** Observes no call. */
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
	 * Return the observation of the call that this thread is making. The pool asks for it
	 * on the way of every call with a body, so this must not allocate.
	 * @return the observation, or {@code null} if the call has none
	 */
	@Nullable Object current();

	/**
	 * Add an event to an observation, unless it is over. Called in the thread of the
	 * caller.
	 * @param observation the observation of the call, as {@link #current()} returned it,
	 * maybe some time ago
	 * @param name the kind of event, of which there are few
	 * @param text what happened, for people
	 */
	void event(Object observation, String name, String text);

}

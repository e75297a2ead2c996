package io.github.httppool.hc5.observe;

import io.github.httppool.PoolEvent;
import org.jspecify.annotations.Nullable;

/**
 * Determines which events are similar and so share an entry.
 */
final class EventKind {

	private final PoolEvent.Type type;

	/**
	 * {@code null} if each event has an entry of its own.
	 */
	private final @Nullable String several;

	private EventKind(PoolEvent.Type type, @Nullable String several) {
		this.type = type;
		this.several = several;
	}

	/**
	 * Returns a kind whose events each have an entry of their own.
	 */
	static EventKind single(PoolEvent.Type type) {
		return new EventKind(type, null);
	}

	/**
	 * Returns a kind whose events are counted together.
	 * @param several the text that follows the number of events
	 */
	static EventKind counted(PoolEvent.Type type, String several) {
		return new EventKind(type, several);
	}

	PoolEvent.Type type() {
		return this.type;
	}

	boolean matches(EventKind other) {
		return this.several != null && this.type == other.type && this.several.equals(other.several);
	}

	String several(long count) {
		return count + " " + this.several;
	}

}

package io.github.httppool.hc5.observe;

import io.github.httppool.PoolEvent;
import org.jspecify.annotations.Nullable;

/**
 * What makes events alike.
 */
final class EventKind {

	private final PoolEvent.Type type;

	/** {@code null} if each event stands for itself. */
	private final @Nullable String several;

	private EventKind(PoolEvent.Type type, @Nullable String several) {
		this.type = type;
		this.several = several;
	}

	/**
	 * Return a kind of events of which each stands for itself.
	 */
	static EventKind single(PoolEvent.Type type) {
		return new EventKind(type, null);
	}

	/**
	 * Return a kind of events that are counted together.
	 * @param several what they are called after their number
	 */
	static EventKind counted(PoolEvent.Type type, String several) {
		return new EventKind(type, several);
	}

	PoolEvent.Type type() {
		return this.type;
	}

	boolean isLike(EventKind other) {
		return this.several != null && this.type == other.type && this.several.equals(other.several);
	}

	String several(long count) {
		return count + " " + this.several;
	}

}

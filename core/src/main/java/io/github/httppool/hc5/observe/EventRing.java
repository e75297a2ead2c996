package io.github.httppool.hc5.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The last events, without locks. Events that are alike are counted together: those of a
 * second at first, and of a longer time the longer they go on, so that a storm leaves
 * room for how it began.
 * <p>
 * A writer looks for an entry that it can join, and puts a new one into the next place if
 * there is none. If another writer was faster it looks again, so that no two entries are
 * alike.
 */
final class EventRing {

	/** So many routes have entries of their own for what happens on all of them. */
	static final int MOST_ROUTES = 5;

	private final LongSupplier clock;

	private final int capacity;

	private final AtomicReferenceArray<@Nullable EventEntry> entries;

	private final AtomicLong next = new AtomicLong();

	EventRing(int capacity) {
		this(capacity, System::nanoTime);
	}

	EventRing(int capacity, LongSupplier clock) {
		this.capacity = capacity;
		this.clock = clock;
		this.entries = new AtomicReferenceArray<>(capacity);
	}

	/**
	 * Count an event with those that it is like.
	 * @return whether there are any; otherwise the event is to be {@linkplain #add added}
	 */
	boolean join(EventKind kind, @Nullable String route) {
		long now = this.clock.getAsLong();
		EventEntry alike = find(kind, route, this.next.get(), now);
		return alike != null && alike.join(now);
	}

	/**
	 * Add an event.
	 * @param message makes the text when it is read; keeps what it refers to alive until
	 * then
	 */
	void add(EventKind kind, @Nullable String route, Supplier<String> message) {
		while (true) {
			long number = this.next.get();
			int place = (int) (number % this.capacity);
			EventEntry before = this.entries.get(place);
			if (before != null && before.number() == number) {
				// Another writer was here and is about to say so.
				this.next.compareAndSet(number, number + 1);
				continue;
			}
			long now = this.clock.getAsLong();
			EventEntry alike = find(kind, route, number, now);
			if (alike != null && alike.join(now)) {
				return;
			}
			boolean further = (alike != null) ? alike.isFurther() : isOneOfMany(kind, number, now);
			EventEntry entry = new EventEntry(number, now, kind, route, further, message, alike);
			if (this.entries.compareAndSet(place, before, entry)) {
				this.next.compareAndSet(number, number + 1);
				return;
			}
		}
	}

	/**
	 * Find the newest entry of events that are alike and still go on: those of the same
	 * route, or of further routes if there are many.
	 */
	private @Nullable EventEntry find(EventKind kind, @Nullable String route, long end, long now) {
		EventEntry further = null;
		for (long number = end - 1; number >= Math.max(0, end - this.capacity); number--) {
			EventEntry entry = this.entries.get((int) (number % this.capacity));
			if (entry != null && entry.kind().isLike(kind) && entry.goesOn(now)) {
				if (!entry.isFurther() && Objects.equals(entry.route(), route)) {
					return entry;
				}
				if (entry.isFurther() && further == null) {
					further = entry;
				}
			}
		}
		return (further != null && isOneOfMany(kind, end, now)) ? further : null;
	}

	private boolean isOneOfMany(EventKind kind, long end, long now) {
		List<@Nullable String> routes = new ArrayList<>();
		for (long number = end - 1; number >= Math.max(0, end - this.capacity); number--) {
			EventEntry entry = this.entries.get((int) (number % this.capacity));
			if (entry != null && entry.kind().isLike(kind) && entry.goesOn(now) && !entry.isFurther()
					&& !routes.contains(entry.route())) {
				routes.add(entry.route());
			}
		}
		return routes.size() >= MOST_ROUTES;
	}

	/**
	 * Return the last events, the newest first.
	 */
	List<EventEntry> read() {
		List<EventEntry> read = new ArrayList<>(this.capacity);
		for (int i = 0; i < this.capacity; i++) {
			EventEntry entry = this.entries.get(i);
			if (entry != null) {
				read.add(entry);
			}
		}
		read.sort(EventEntry.NEWEST_FIRST);
		return read;
	}

}

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
 * A lock-free ring of the latest events. Similar events share an entry. An entry covers
 * one second at first and longer periods as the series continues, so that a burst of
 * events does not displace its own beginning.
 * <p>
 * A writer joins a matching entry, or appends a new one if there is none. If another
 * writer appends first, it searches again, so that the ring never holds two matching
 * entries.
 */
final class EventRing {

	/**
	 * Maximum number of routes with entries of their own for the same kind of event.
	 */
	static final int MAX_ROUTES = 5;

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
	 * Counts an event in the entry of similar events.
	 * @return whether there is such an entry; otherwise the caller must {@linkplain #add
	 * add} the event
	 */
	boolean join(EventKind kind, @Nullable String route) {
		long now = this.clock.getAsLong();
		EventEntry alike = find(kind, route, this.next.get(), now);
		return alike != null && alike.join(now);
	}

	/**
	 * Adds an event.
	 * @param message creates the text when the event is read; keeps referenced objects
	 * reachable until then
	 */
	void add(EventKind kind, @Nullable String route, Supplier<String> message) {
		while (true) {
			long number = this.next.get();
			int place = (int) (number % this.capacity);
			EventEntry before = this.entries.get(place);
			if (before != null && before.number() == number) {
				// Another writer has filled this place and is about to advance the index.
				this.next.compareAndSet(number, number + 1);
				continue;
			}
			long now = this.clock.getAsLong();
			EventEntry alike = find(kind, route, number, now);
			if (alike != null && alike.join(now)) {
				return;
			}
			boolean otherRoutes = (alike != null) ? alike.coversOtherRoutes() : isOneOfMany(kind, number, now);
			EventEntry entry = new EventEntry(number, now, kind, route, otherRoutes, message, alike);
			if (this.entries.compareAndSet(place, before, entry)) {
				this.next.compareAndSet(number, number + 1);
				return;
			}
		}
	}

	/**
	 * Finds the newest entry of the same kind whose series continues: for the same route,
	 * or for further routes if many routes are affected.
	 */
	private @Nullable EventEntry find(EventKind kind, @Nullable String route, long end, long now) {
		EventEntry otherRoutes = null;
		for (long number = end - 1; number >= Math.max(0, end - this.capacity); number--) {
			EventEntry entry = this.entries.get((int) (number % this.capacity));
			if (entry != null && entry.kind().matches(kind) && entry.isRunning(now)) {
				if (!entry.coversOtherRoutes() && Objects.equals(entry.route(), route)) {
					return entry;
				}
				if (entry.coversOtherRoutes() && otherRoutes == null) {
					otherRoutes = entry;
				}
			}
		}
		return (otherRoutes != null && isOneOfMany(kind, end, now)) ? otherRoutes : null;
	}

	private boolean isOneOfMany(EventKind kind, long end, long now) {
		List<@Nullable String> routes = new ArrayList<>();
		for (long number = end - 1; number >= Math.max(0, end - this.capacity); number--) {
			EventEntry entry = this.entries.get((int) (number % this.capacity));
			if (entry != null && entry.kind().matches(kind) && entry.isRunning(now) && !entry.coversOtherRoutes()
					&& !routes.contains(entry.route())) {
				routes.add(entry.route());
			}
		}
		return routes.size() >= MAX_ROUTES;
	}

	/**
	 * Returns the latest events, newest first.
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

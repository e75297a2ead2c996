package io.github.httppool.hc5.observe;

import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import io.github.httppool.PoolEvent;
import org.jspecify.annotations.Nullable;

/**
 * One event, or several similar events.
 */
final class EventEntry {

	static final Comparator<EventEntry> NEWEST_FIRST = Comparator.<EventEntry>comparingLong((entry) -> entry.began)
		.thenComparingLong(EventEntry::number)
		.reversed();

	/**
	 * Events that are further apart than this belong to separate series.
	 */
	static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

	private static final long MIN_PERIOD = TimeUnit.SECONDS.toNanos(1);

	private static final long MAX_PERIOD = TimeUnit.MINUTES.toNanos(1);

	private final long number;

	private final EventKind kind;

	private final @Nullable String route;

	private final boolean otherRoutes;

	private final Supplier<String> message;

	private final Instant time = Instant.ofEpochMilli(System.currentTimeMillis());

	private final long began;

	/**
	 * When the current series of events began.
	 */
	private final long runBegan;

	private final AtomicLong count = new AtomicLong(1);

	private volatile long last;

	/**
	 * Creates an entry.
	 * @param otherRoutes whether this entry covers all routes without an entry of their
	 * own
	 * @param before the entry that this one continues, or {@code null}
	 */
	EventEntry(long number, long now, EventKind kind, @Nullable String route, boolean otherRoutes,
			Supplier<String> message, @Nullable EventEntry before) {
		this.number = number;
		this.kind = kind;
		this.route = route;
		this.otherRoutes = otherRoutes;
		this.message = message;
		this.began = now;
		this.last = now;
		this.runBegan = (before != null) ? before.runBegan : now;
	}

	long number() {
		return this.number;
	}

	EventKind kind() {
		return this.kind;
	}

	@Nullable String route() {
		return this.route;
	}

	boolean coversOtherRoutes() {
		return this.otherRoutes;
	}

	/**
	 * Returns whether the series still continues.
	 */
	boolean isRunning(long now) {
		return now - this.last < PAUSE;
	}

	/**
	 * Counts another event, unless this entry already covers its maximum period. That
	 * period is half the age of the series, at least one second and at most one minute.
	 */
	boolean join(long now) {
		long covers = Math.min(Math.max(MIN_PERIOD, (this.began - this.runBegan) / 2), MAX_PERIOD);
		if (now - this.began >= covers) {
			return false;
		}
		this.count.incrementAndGet();
		this.last = now;
		return true;
	}

	PoolEvent event() {
		long count = this.count.get();
		Instant until = this.time.plusMillis(TimeUnit.NANOSECONDS.toMillis(this.last - this.began));
		return new PoolEvent(this.time, until, this.kind.type(), this.otherRoutes ? null : this.route, count,
				text(count));
	}

	private String text(long count) {
		String first = this.message.get();
		if (this.otherRoutes) {
			return "%s, on further routes; the first, on %s: %s".formatted(this.kind.several(count), this.route, first);
		}
		return (count != 1) ? this.kind.several(count) + "; the first: " + first : first;
	}

}

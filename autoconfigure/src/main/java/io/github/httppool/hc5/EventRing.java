package io.github.httppool.hc5;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

import io.github.httppool.PoolEvent;
import org.jspecify.annotations.Nullable;

/**
 * The last events, without locks: a writer takes a number and puts its entry into the
 * place of that number, unless a newer one is there already.
 */
final class EventRing {

	static final int CAPACITY = 100;

	private final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(CAPACITY);

	private final AtomicLong next = new AtomicLong();

	/**
	 * Add an event.
	 * @param message makes the text when it is read; keeps what it refers to alive until
	 * then
	 */
	void add(PoolEvent.Type type, @Nullable String route, Supplier<String> message) {
		long number = this.next.getAndIncrement();
		Entry entry = new Entry(number, System.currentTimeMillis(), type, route, message);
		this.entries.accumulateAndGet((int) (number % CAPACITY), entry, EventRing::newer);
	}

	private static Entry newer(@Nullable Entry one, Entry other) {
		return (one != null && one.number > other.number) ? one : other;
	}

	/**
	 * Return the last events, the newest first.
	 */
	List<PoolEvent> read() {
		List<Entry> read = new ArrayList<>(CAPACITY);
		for (int i = 0; i < CAPACITY; i++) {
			Entry entry = this.entries.get(i);
			if (entry != null) {
				read.add(entry);
			}
		}
		read.sort(Comparator.comparingLong(Entry::number).reversed());
		return read.stream().map(Entry::event).toList();
	}

	private record Entry(long number, long time, PoolEvent.Type type, @Nullable String route,
			Supplier<String> message) {

		PoolEvent event() {
			return new PoolEvent(Instant.ofEpochMilli(this.time), this.type, this.route, this.message.get());
		}

	}

}

package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.github.httppool.PoolEvent;
import io.github.httppool.PoolEvent.Type;
import io.github.httppool.testing.Crowd;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.testing.CallerThread.inThread;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the ring of events.
 */
@Tag("waiting")
@Timeout(60)
class EventRingTests {

	private static final int CAPACITY = 100;

	private static final EventKind FINDING = EventKind.single(Type.FINDING);

	private static final EventKind CLOSED = EventKind.counted(Type.CLOSED, "connections closed: server-close");

	private static final EventKind STALE = EventKind.counted(Type.CLOSED, "connections closed: stale");

	private final AtomicLong now = new AtomicLong();

	private final EventRing ring = new EventRing(CAPACITY, this.now::get);

	@Test
	void newestIsFirst() {
		assertThat(this.ring.read()).isEmpty();
		Instant before = Instant.ofEpochMilli(System.currentTimeMillis());
		add("one");
		this.ring.add(EventKind.single(Type.EVICTED), null, () -> "two");
		assertThat(read()).extracting(PoolEvent::message).containsExactly("two", "one");
		assertThat(read()).extracting(PoolEvent::type).containsExactly(Type.EVICTED, Type.FINDING);
		assertThat(read()).extracting(PoolEvent::route).containsExactly(null, "http://route");
		assertThat(read()).allSatisfy((event) -> {
			assertThat(event.time()).isBetween(before, Instant.now());
			assertThat(event.until()).isEqualTo(event.time());
			assertThat(event.count()).isOne();
		});
	}

	@Test
	void theLastHundredAreKept() {
		IntStream.range(0, 1234).forEach((i) -> add("" + i));
		assertThat(read()).extracting(PoolEvent::message)
			.containsExactlyElementsOf(IntStream.range(0, 100).mapToObj((i) -> "" + (1233 - i)).toList());
	}

	@Test
	void textIsFormattedWhenItIsRead() {
		AtomicInteger made = new AtomicInteger();
		for (int i = 0; i < 50; i++) {
			this.ring.add(FINDING, null, () -> "text " + made.incrementAndGet());
		}
		assertThat(made).hasValue(0);
		assertThat(read()).hasSize(50);
		assertThat(made).hasValue(50);
	}

	@Test
	void similarEventsWithinASecondShareAnEntry() {
		for (int i = 0; i < 12; i++) {
			tell(CLOSED, "http://one", "connection-" + i);
			this.now.addAndGet(Duration.ofMillis(50).toNanos());
		}
		tell(STALE, "http://one", "connection-12");
		tell(CLOSED, "http://other", "connection-13");
		List<PoolEvent> events = read();
		assertThat(events).extracting(PoolEvent::message)
			.containsExactly("connection-13", "connection-12",
					"12 connections closed: server-close; the first: connection-0");
		assertThat(events).extracting(PoolEvent::count).containsExactly(1L, 1L, 12L);
		assertThat(Duration.between(events.get(2).time(), events.get(2).until())).isEqualTo(Duration.ofMillis(550));
	}

	@Test
	void nextSecondIsAnotherEvent() {
		for (int i = 0; i < 40; i++) {
			tell(CLOSED, "http://one", "connection-" + i);
			this.now.addAndGet(Duration.ofMillis(100).toNanos());
		}
		assertThat(read()).extracting(PoolEvent::count).containsExactly(10L, 10L, 10L, 10L);
	}

	@Test
	void burstOfHalfAnHourKeepsItsFirstEvents() {
		add("before");
		long calls = storm(Duration.ofMinutes(30), 2);
		List<PoolEvent> events = read();
		assertThat(events).hasSizeLessThan(CAPACITY);
		assertThat(total(events)).isEqualTo(calls + 1);
		PoolEvent first = events.get(events.size() - 2);
		assertThat(events).last().extracting(PoolEvent::message).isEqualTo("before");
		assertThat(Duration.between(first.time(), first.until())).isLessThan(Duration.ofSeconds(1));
		assertThat(Duration.between(events.get(0).time(), events.get(0).until())).as("the coarsest")
			.isLessThanOrEqualTo(Duration.ofMinutes(1));
	}

	@Test
	void burstOnManyRoutesKeepsItsFirstEvents() {
		add("before");
		long calls = storm(Duration.ofMinutes(2), 1000);
		List<PoolEvent> events = read();
		assertThat(events).last().extracting(PoolEvent::message).isEqualTo("before");
		assertThat(total(events)).isEqualTo(calls + 1);
		assertThat(events.stream().filter((event) -> event.type() == Type.CLOSED).map(PoolEvent::route).distinct())
			.containsExactlyInAnyOrder("http://host-0", "http://host-1", "http://host-2", "http://host-3",
					"http://host-4", null);
		assertThat(events).filteredOn((event) -> event.route() == null)
			.last()
			.satisfies((event) -> assertThat(event.message()).matches(
					"\\d+ connections closed: server-close, on further routes; the first, on http://host-5: closed"));
	}

	/**
	 * Close a connection each 100 ms on each route, or on 50 of them in turn.
	 */
	private long storm(Duration duration, int routes) {
		long end = this.now.get() + duration.toNanos();
		long calls = 0;
		while (this.now.get() < end) {
			for (int i = 0; i < Math.min(routes, 50); i++) {
				tell(CLOSED, "http://host-" + ((i < 10) ? i : calls % routes), "closed");
				calls++;
			}
			this.now.addAndGet(Duration.ofMillis(100).toNanos());
		}
		return calls;
	}

	@Test
	void eventsAfterAPauseStartANewEntry() {
		storm(Duration.ofMinutes(10), 1);
		this.now.addAndGet(EventEntry.PAUSE);
		tell(CLOSED, "http://host-0", "again");
		this.now.addAndGet(Duration.ofMillis(1500).toNanos());
		tell(CLOSED, "http://host-0", "and again");
		assertThat(read()).extracting(PoolEvent::message).startsWith("and again", "again");
	}

	@Test
	void similarEventsOfConcurrentWritersShareAnEntry() throws Exception {
		EventRing ring = new EventRing(CAPACITY);
		try (Crowd crowd = new Crowd(8)) {
			crowd.all(20_000, (writer, time) -> {
				EventKind kind = (writer % 2 == 0) ? CLOSED : STALE;
				if (!ring.join(kind, "http://route")) {
					ring.add(kind, "http://route", () -> "closed");
				}
			});
		}
		List<PoolEvent> events = ring.read().stream().map(EventEntry::event).toList();
		assertThat(total(events)).isEqualTo(160_000);
		for (EventKind kind : List.of(CLOSED, STALE)) {
			List<EventEntry> entries = ring.read().stream().filter((entry) -> entry.kind() == kind).toList();
			for (int i = 1; i < entries.size(); i++) {
				assertThat(Duration.between(entries.get(i).event().time(), entries.get(i - 1).event().time()))
					.isGreaterThan(Duration.ofMillis(900));
			}
		}
	}

	@Test
	void concurrentWritersNeitherLoseNorDuplicateNorReorderEvents() throws Exception {
		int writers = 8;
		int events = 20_000;
		AtomicBoolean ended = new AtomicBoolean();
		CompletableFuture<Integer> reader = inThread("reader", () -> {
			int reads = 0;
			while (!ended.get()) {
				assertInOrder(read());
				reads++;
			}
			return reads;
		});
		try (Crowd crowd = new Crowd(writers)) {
			crowd.all(events, (writer, time) -> add(writer + ":" + time));
		}
		ended.set(true);
		assertThat(reader.get(10, TimeUnit.SECONDS)).isPositive();
		List<PoolEvent> last = read();
		assertInOrder(last);
		assertThat(last).hasSize(CAPACITY);
		// The last event of one of the writers was the last event overall.
		assertThat(last.get(0).message()).endsWith(":" + (events - 1));
		add("after");
		assertThat(read()).extracting(PoolEvent::message).first().isEqualTo("after");
		assertThat(read().subList(1, 100)).extracting(PoolEvent::message)
			.isEqualTo(last.subList(0, 99).stream().map(PoolEvent::message).toList());
	}

	/**
	 * Assert that the events of each writer are complete and in order, back from its
	 * newest one.
	 */
	private static void assertInOrder(List<PoolEvent> events) {
		assertThat(events).hasSizeLessThanOrEqualTo(CAPACITY);
		Map<String, List<Integer>> byWriter = new HashMap<>();
		for (PoolEvent event : events) {
			String[] parts = event.message().split(":");
			byWriter.computeIfAbsent(parts[0], (writer) -> new ArrayList<>()).add(Integer.parseInt(parts[1]));
		}
		byWriter.forEach((writer, times) -> {
			for (int i = 1; i < times.size(); i++) {
				assertThat(times.get(i)).isLessThan(times.get(i - 1));
			}
		});
	}

	private static long total(List<PoolEvent> events) {
		return events.stream().mapToLong(PoolEvent::count).sum();
	}

	private void tell(EventKind kind, String route, String message) {
		if (!this.ring.join(kind, route)) {
			this.ring.add(kind, route, () -> message);
		}
	}

	private List<PoolEvent> read() {
		return this.ring.read().stream().map(EventEntry::event).toList();
	}

	private void add(String message) {
		this.ring.add(FINDING, "http://route", () -> message);
	}

}

package io.github.httppool.hc5;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.httppool.PoolEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.github.httppool.hc5.LeaseLimitTests.inThread;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the ring of events.
 */
@Timeout(60)
class EventRingTests {

	private final EventRing ring = new EventRing();

	@Test
	void newestIsFirst() {
		assertThat(this.ring.read()).isEmpty();
		Instant before = Instant.ofEpochMilli(System.currentTimeMillis());
		add("one");
		this.ring.add(PoolEvent.Type.EVICTED, null, () -> "two");
		assertThat(this.ring.read()).extracting(PoolEvent::message).containsExactly("two", "one");
		assertThat(this.ring.read()).extracting(PoolEvent::type)
			.containsExactly(PoolEvent.Type.EVICTED, PoolEvent.Type.OPENED);
		assertThat(this.ring.read()).extracting(PoolEvent::route).containsExactly(null, "http://route");
		assertThat(this.ring.read()).allSatisfy((event) -> assertThat(event.time()).isBetween(before, Instant.now()));
	}

	@Test
	void theLastHundredAreKept() {
		IntStream.range(0, 1234).forEach((i) -> add("" + i));
		assertThat(this.ring.read()).extracting(PoolEvent::message)
			.containsExactlyElementsOf(IntStream.range(0, 100).mapToObj((i) -> "" + (1233 - i)).toList());
	}

	@Test
	void textIsMadeWhenItIsRead() {
		AtomicInteger made = new AtomicInteger();
		for (int i = 0; i < 50; i++) {
			this.ring.add(PoolEvent.Type.OPENED, null, () -> "text " + made.incrementAndGet());
		}
		assertThat(made).hasValue(0);
		assertThat(this.ring.read()).hasSize(50);
		assertThat(made).hasValue(50);
	}

	@Test
	void nothingIsLostOrTwiceThereOrOutOfOrderThoughManyWriteAtOnce() throws Exception {
		int writers = 8;
		int events = 20_000;
		AtomicBoolean ended = new AtomicBoolean();
		CompletableFuture<Integer> reader = inThread("reader", () -> {
			int reads = 0;
			while (!ended.get()) {
				assertInOrder(this.ring.read());
				reads++;
			}
			return reads;
		});
		try (Crowd crowd = new Crowd(writers)) {
			crowd.all(events, (writer, time) -> add(writer + ":" + time));
		}
		ended.set(true);
		assertThat(reader.get(10, TimeUnit.SECONDS)).isPositive();
		List<PoolEvent> last = this.ring.read();
		assertInOrder(last);
		assertThat(last).hasSize(EventRing.CAPACITY);
		// The very last one of somebody was the last one of all.
		assertThat(last.get(0).message()).endsWith(":" + (events - 1));
		add("after");
		assertThat(this.ring.read()).extracting(PoolEvent::message).first().isEqualTo("after");
		assertThat(this.ring.read().subList(1, 100)).isEqualTo(last.subList(0, 99));
	}

	/**
	 * Say that of each writer the events are there from its newest on, without a gap.
	 */
	private static void assertInOrder(List<PoolEvent> events) {
		assertThat(events).hasSizeLessThanOrEqualTo(EventRing.CAPACITY);
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

	private void add(String message) {
		this.ring.add(PoolEvent.Type.OPENED, "http://route", () -> message);
	}

}

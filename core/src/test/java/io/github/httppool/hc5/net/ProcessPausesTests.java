package io.github.httppool.hc5.net;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the effect of process pauses on deadlines. Times are in milliseconds.
 */
class ProcessPausesTests {

	private static final long GRACE = TimeUnit.NANOSECONDS.toMillis(ProcessPauses.GRACE);

	/**
	 * Close to the overflow of nanoTime.
	 */
	private static final long ORIGIN = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(5000);

	private final ProcessPauses pauses = new ProcessPauses();

	@Test
	void withoutAPauseTheDeadlineStands() {
		assertThat(left(0, 1000, 400)).isEqualTo(600);
		assertThat(left(0, 1000, 1000)).isZero();
		assertThat(since(0)).isZero();
		assertThat(during(1000, 2000)).isZero();
	}

	@Test
	void pauseExplainsATimeoutOfNoMoreThanTenTimesItsLength() {
		long second = Duration.ofSeconds(1).toNanos();
		assertThat(ProcessPauses.ifRelevant(second, 10 * second)).isEqualTo(second);
		assertThat(ProcessPauses.ifRelevant(second, 10 * second + 100)).isZero();
		assertThat(ProcessPauses.ifRelevant(1, 1)).as("too short to be reported").isZero();
	}

	@Test
	void timeOfAPauseDoesNotCount() {
		add(1000, 4000);
		assertThat(left(0, 2000, 4000)).isEqualTo(1000);
		assertThat(since(0)).isEqualTo(3000);
	}

	@Test
	void pauseBeforeTheStartDoesNotCount() {
		add(1000, 4000);
		assertThat(left(4000, 6000, 5000)).isEqualTo(1000);
		assertThat(left(3900, 4500, 4600)).as("its part after the beginning").isZero();
		assertThat(since(4000)).isZero();
		assertThat(since(3900)).isEqualTo(100);
	}

	@Test
	void deadlineThatPassedDuringAPauseLeavesAShortTimeAfterIt() {
		add(2000, 7000);
		assertThat(left(0, 2000, 7000)).isEqualTo(GRACE);
		assertThat(left(0, 2000, 7000 + GRACE)).isZero();
	}

	@Test
	void shortPauseLeavesNoMoreTimeThanItTook() {
		add(2000, 2030);
		assertThat(left(0, 2000, 2030)).isEqualTo(30);
	}

	@Test
	void allPausesCount() {
		for (int i = 1; i <= 10; i++) {
			add(i * 1000, i * 1000 + 500);
		}
		assertThat(since(0)).isEqualTo(5000);
		assertThat(since(9200)).isEqualTo(800);
		assertThat(left(0, 11_000, 10_600)).isEqualTo(5400);
	}

	@Test
	void runningTimeDoesNotIncludePauses() {
		add(1000, 4000);
		add(4500, 5000);
		assertThat(during(400, 5400)).isZero();
		assertThat(during(900, 5400)).as("down to the end of the first pause").isEqualTo(500);
		assertThat(during(1000, 5400)).isEqualTo(3500);
	}

	@Test
	void oldestPausesAreForgotten() {
		for (int i = 0; i < 1000; i++) {
			add(i * 2, i * 2 + 1);
		}
		assertThat(since(0)).isEqualTo(128);
	}

	private void add(long from, long to) {
		this.pauses.add(nanos(from), nanos(to));
	}

	private long since(long began) {
		return TimeUnit.NANOSECONDS.toMillis(this.pauses.since(nanos(began)));
	}

	private long left(long began, long deadline, long now) {
		return TimeUnit.NANOSECONDS.toMillis(this.pauses.left(nanos(began), nanos(deadline), nanos(now)));
	}

	private long during(long running, long now) {
		return TimeUnit.NANOSECONDS.toMillis(this.pauses.during(TimeUnit.MILLISECONDS.toNanos(running), nanos(now)));
	}

	private static long nanos(long millis) {
		return ORIGIN + TimeUnit.MILLISECONDS.toNanos(millis);
	}

}

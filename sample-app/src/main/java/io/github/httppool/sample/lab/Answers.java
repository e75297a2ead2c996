package io.github.httppool.sample.lab;

import java.time.Duration;

/**
 * How the upstream of an experiment answers.
 *
 * @param delay time before each response
 * @param bytes length of each body
 * @param idleLimit time after which the upstream closes an idle connection, or zero if it
 * never does
 */
record Answers(Duration delay, int bytes, Duration idleLimit) {

	static Answers after(Duration delay) {
		return new Answers(delay, 2048, Duration.ZERO);
	}

	Answers withIdleLimit(Duration idleLimit) {
		return new Answers(this.delay, this.bytes, idleLimit);
	}

}

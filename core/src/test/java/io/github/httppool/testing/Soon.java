package io.github.httppool.testing;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Awaits a condition that must hold soon: checks it every millisecond for up to 10 s.
 */
public final class Soon {

	private Soon() {
	}

	public static ConditionFactory soon() {
		return Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.atMost(Duration.ofSeconds(10));
	}

}

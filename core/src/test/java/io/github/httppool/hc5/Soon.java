package io.github.httppool.hc5;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Waits as short as can be for what must happen soon.
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

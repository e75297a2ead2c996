package io.github.httppool;

import java.time.Instant;

/**
 * A sample of the numbers of a pool. A pool in use takes a sample every five seconds.
 * Immutable.
 *
 * @param time when the pool took the sample
 * @param connections what the connections were doing at that time
 * @param activity the activity since the previous sample
 * @since 0.1.0
 */
public record PoolSample(Instant time, PoolSnapshot.Connections connections, PoolActivity activity) {
}

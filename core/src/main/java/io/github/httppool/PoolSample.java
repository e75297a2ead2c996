package io.github.httppool;

import java.time.Instant;

/**
 * A sample of the numbers of a pool. A pool in use takes a sample every five seconds.
 * Immutable.
 *
 * @param time when the pool took the sample
 * @param leased connections that callers held at that time, including those being opened
 * @param idle open connections that no caller held
 * @param pending callers that were waiting for a connection at that time
 * @param activity the activity since the previous sample
 * @since 0.1.0
 */
public record PoolSample(Instant time, int leased, int idle, int pending, PoolActivity activity) {
}
